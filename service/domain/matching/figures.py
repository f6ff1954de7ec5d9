"""Figures, places, programs and events that bear an everyday word or a short acronym as their name, by what is said of
them: nobody smiles for a company, and no company is three miles from a farm.
"""

import re
from collections.abc import Iterator
from itertools import islice

from service.domain.matching.lexicon import is_common_word
from service.domain.matching.patterns import Shape
from service.domain.matching.proper_names import is_known_company
from service.domain.matching.scan import Candidate

__all__ = ["figure_signs", "program_signs", "series_signs"]

Sign = tuple[float, str]

_LOOK = 80
_AS_SOMEBODY = re.compile(r"\bas (?:the )?[\"']?$", re.IGNORECASE)
_PERSON_FOLLOWS = re.compile(r"[\"']?,? (?:she|he)\b")
_OWN_NAME = re.compile(r"[\"']?,? as (?:she|he|they) (?:calls?|called|names?|named) (?:herself|himself|themselves)\b")
_FEELS = re.compile(
    r" (smiles?|smiled|laugh(?:s|ed)|nod(?:s|ded)|sigh(?:s|ed)|whisper(?:s|ed)|weeps?|wept|shrug(?:s|ged)|"
    r"grin(?:s|ned)|bak(?:es|ed)|sleeps|slept|kiss(?:es|ed)|blush(?:es|ed)|frown(?:s|ed)|faint(?:s|ed)|kneels|knelt|"
    r"heals|dreamt|winks?|winked|dances|danced|sings|sang)\b"
)
_HERE_IT_IS = re.compile(
    r"\b(?:towards?|(?:north|south|east|west)(?:east|west)?(?:ern)? of|"
    r"(?:miles?|km|kilomet(?:er|re)s|minutes) (?:from|of|outside)|"
    r"(?:drove|drive|drives|hiked?|rode|walked|bus) (?:from|to)|"
    r"(?:road|trail|highway|route) (?:to|from)|"
    r"(?:raised|lives?|lived|ranch|house|home|horses) (?:in|near)|"
    r"(?:village|town|hamlet) of|deputies in|people of) $",
    re.IGNORECASE,
)
_PLACE_ENDS = re.compile(
    r"[.,;:!?)\"]|$| (?:and|to|in|on|is|was|were|for|by|at|where|with|after|before|overnight|\w+ly)\b"
)
_PART_OF = re.compile(
    r"\b(?:for|plays?|played|playing|in|lands?|landed|won|got) the (?:part|role|character) of (?:the )?[\"']?$"
)
_EARLY = re.compile(r" v?0\.\d")
_RUN_BEFORE = re.compile(
    r"\b(?:run|runs|running|ran|rerun|point|pointed|invoke|invoked|unleash(?:ed)?|let|lets) [\"'`]?$", re.IGNORECASE
)
_ON_CODE = re.compile(
    r"[\"'`]?(?: loose)? (?:on|over|against|at|with) (?:[\w-]+ ){0,3}?"
    r"\w*(?:code ?base|code|repo|repository|crate|files?|folder|sources?)\b"
)
_ITEM = r"[A-Z][a-z]+"
_ROW_BEFORE = re.compile(rf"((?:{_ITEM}, ){{1,6}}(?:(?:and|or) )?|{_ITEM} (?:and|or) )$")
_ROW_AFTER = re.compile(rf"((?:, {_ITEM}){{1,6}}(?:,? (?:and|or) {_ITEM})?|,? (?:and|or) {_ITEM})(?! ?[\w-])")
_WORD = re.compile(_ITEM)
_ROW = 2
"""So many other everyday words make a row of roles."""
_CLUE = re.compile(r"\b\d{1,2} (?:across|down|waagerecht|senkrecht)\b[:.]? [^.]{0,60}$", re.IGNORECASE)
_MODEL = re.compile(r" \d{2,4} (?:has|have|is|comes|weighs|costs|delivers|puts)\b")
_THE = re.compile(r"\b[Tt]he $")
_MOST = 50
_ISSUE = re.compile(r" (\d{1,3})(?![\w%]|[.,:]\d)")


def figure_signs(candidate: Candidate, plain: str) -> Iterator[Sign]:
    """The signs of one everyday word, written with a capital, that a figure, a place or a program is meant."""
    start, end = candidate.start, candidate.end
    before = plain[max(0, start - _LOOK) : start]
    if (_AS_SOMEBODY.search(before) and _PERSON_FOLLOWS.match(plain, end)) or _OWN_NAME.match(plain, end):
        yield -3.5, "given as the name of a person"
    feels = _FEELS.match(plain, end)
    if feels is not None:
        yield -2.5, f"“{feels.group(1)}” after it, as persons do"
    if _HERE_IT_IS.search(before) and _PLACE_ENDS.match(plain, end):
        yield -2.5, f"“{' '.join(before.split()[-2:])}” before it, as before a place"
    if _PART_OF.search(before):
        yield -3.5, "given as the name of a part that somebody plays"
    yield from program_signs(candidate, plain)
    if _CLUE.search(before):
        yield -4.0, "stands in the clue of a crossword"
    if _MODEL.match(plain, end) and _THE.search(before):
        yield -1.5, "a number after it, as models have"
    yield from _row_of_roles(candidate, plain, before)


def program_signs(candidate: Candidate, plain: str) -> Iterator[Sign]:
    """The signs of one everyday word, in any letters, that a program is meant."""
    before = plain[max(0, candidate.start - _LOOK) : candidate.start]
    if _EARLY.match(plain, candidate.end):
        yield -3.5, "given as the name of a program, with a version below one"
    if _RUN_BEFORE.search(before) and _ON_CODE.match(plain, candidate.end):
        yield -3.0, "run on code, as tools are"


def _row_of_roles(candidate: Candidate, plain: str, before: str) -> Iterator[Sign]:
    """ "Priest, NAME and Paladin": everyday words with a capital, none of them a company."""
    if not candidate.written.istitle():
        return
    hits = (_ROW_BEFORE.search(before), _ROW_AFTER.match(plain, candidate.end))
    items = [word for hit in hits if hit is not None for word in _WORD.findall(hit.group(1))]
    if any(is_known_company(word) for word in items):
        return
    everyday = [word for word in items if is_common_word(word)]
    if len(everyday) >= _ROW:
        yield -2.5, f"in a row with “{'”, “'.join(everyday[:2])}”"


def series_signs(candidate: Candidate, shape: Shape, plain: str) -> Iterator[Sign]:
    """ "NAME 12 ... NAME 13": an acronym that is counted on, as events and issues are."""
    own = _ISSUE.match(plain, candidate.end) if shape is Shape.ACRONYM else None
    if own is None:
        return
    number = int(own.group(1))
    for hit in islice(re.finditer(rf"(?<!\w){re.escape(candidate.written)}{_ISSUE.pattern}", plain), _MOST):
        if abs(int(hit.group(1)) - number) == 1:
            yield -2.0, f"counted on: “{candidate.written} {min(number, int(hit.group(1)))}” and the next"
            return
