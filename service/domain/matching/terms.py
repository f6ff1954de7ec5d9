"""Longer terms and names of figures that hold an everyday word: "the XYZ NAME", "NAME-guided", "the NAME of Hum"."""

import re
from collections.abc import Iterator

from service.domain.matching.firm_words import GENERIC_FIRM_WORDS, ROLES
from service.domain.matching.lexicon import AFTER_COMPANY, BEFORE_NAMES, BUSINESS_WORDS, VERB_LIKE
from service.domain.matching.proper_names import is_known_company
from service.domain.matching.scan import Candidate

__all__ = ["term_signs"]

Sign = tuple[float, str]

_LOOK = 60
_ARTICLE_AND_ACRONYM = re.compile(r"\b(?:[Tt]he|[Aa]n?) ([A-Z][A-Z0-9]+) $")
_QUOTED_TERM = re.compile(r"[\"']((?:[A-Z][\w-]*[ -])+)$")
_ARTICLE_BEFORE = re.compile(r"\b(?:[Tt]he|[Aa]n?) [\"']?$")
_BEARER_OF_PLACE = re.compile(r" ([A-Z][a-z]+) (?:of|from) (?:the )?[A-Z]")
_OWN_PART = ROLES | AFTER_COMPANY | BUSINESS_WORDS | GENERIC_FIRM_WORDS | {
    "board", "office", "university", "department", "school", "director", "directors", "bank", "head", "users",
}  # fmt: skip
"""What, with a capital after a company's name, is a part of the company."""
_TIED = re.compile(
    r"-(?:guided|level|free|aided|assisted|aware|efficient|optimal|informed|driven policy)\b", re.IGNORECASE
)
"""Compounds of a word that means an ideal answer; firms lead, back and make."""


def term_signs(candidate: Candidate, plain: str) -> Iterator[Sign]:
    """The signs of one occurrence that it is a part of a term, or of a figure's name."""
    before = plain[max(0, candidate.start - _LOOK) : candidate.start]
    acronym = _ARTICLE_AND_ACRONYM.search(before)
    follows = plain[candidate.end : candidate.end + _LOOK]
    if acronym is not None and not is_known_company(acronym.group(1)) and acronym.group(1).lower() not in BEFORE_NAMES:
        words = follows.split(None, 1)
        if follows[:1] != " " or follows[1:2] == "(" or (words and words[0] in VERB_LIKE):
            yield -2.4, f"part of a longer name, “{acronym.group(1)} {candidate.written}”"
    quoted = _QUOTED_TERM.search(before)
    if quoted is not None and follows[:1] in {'"', "'"} and not follows.startswith("'s"):
        yield -2.4, f"part of a quoted term, “{quoted.group(1)}{candidate.written}”"
    bearer = _BEARER_OF_PLACE.match(follows)
    if bearer is not None and _ARTICLE_BEFORE.search(before) and bearer.group(1).lower() not in _OWN_PART:
        yield -2.4, f"part of a longer name, “{candidate.written}{bearer.group()[:-2]}”"
    tied = _TIED.match(plain, candidate.end)
    if tied is not None:
        yield -2.2, f"“{candidate.written}{tied.group()}”, as researchers say of an ideal"
