"""Two deals in one sentence: "X bought A for $2bn, and Y sold B for $3bn". Each clause is read as a sentence."""

import re

from service.domain.facts.amounts import deal_amount
from service.domain.facts.headline import is_headline
from service.domain.facts.kinds import kind_of
from service.domain.facts.money import find_money

__all__ = ["clauses"]

_ENOUGH = 2.0
_MONEY = re.compile(r"[$€£¥₹]\s?\d|\d\s?(?:[bm]illion|bn\b|mrd|mio|milli|億|亿)", re.IGNORECASE)
_BREAK = re.compile(
    r";\s|,?\s(?:while|whereas|but|after|months after|weeks after|having|following|während|nachdem|tandis que|mientras|"
    r"enquanto|mentre|terwijl)\s|,\s(?:and|und|et|y|e|en)\s",
    re.IGNORECASE,
)
_DATELINE = re.compile(r"\((?:Reuters|Bloomberg(?:\sOpinion)?|AP|AFP|dpa|UPI|Xinhua|PTI)\)\s?-{1,2}\s")
_LONGEST_PLACE = 50
_MOST_BREAKS = 6
_AMOUNTS = 2


def clauses(sentence: str) -> list[tuple[int, int]]:
    """(start, end) of each part that tells of a deal with an amount of its own; the whole where there is but one."""
    line = _DATELINE.search(sentence)
    if line is not None and line.start() > _LONGEST_PLACE:  # a headline and a report that ran together
        return [(0, line.start()), *((line.end() + a, line.end() + b) for a, b in clauses(sentence[line.end() :]))]
    whole = [(0, len(sentence))]
    two = sentence.find("; ")
    if two > 0 and is_headline(sentence):
        return [(0, two), (two + 2, len(sentence))]
    if len(_MONEY.findall(sentence)) < _AMOUNTS:
        return whole
    start, parts = 0, []
    for at, gap in enumerate(_BREAK.finditer(sentence)):
        if at == _MOST_BREAKS:
            break
        if _tells(sentence[start : gap.start()]) and _tells(sentence[gap.end() :]):
            parts.append((start, gap.start()))
            start = gap.end()
    return [*parts, (start, len(sentence))]


def _tells(clause: str) -> bool:
    if not _MONEY.search(clause) or deal_amount(find_money(clause), clause) is None:
        return False
    cue = kind_of(clause)
    return cue is not None and cue[1] >= _ENOUGH
