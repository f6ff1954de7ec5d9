"""Which part a party plays, read from the sentence's own construction.

The sentence is masked first: each name is one private character, each amount another. A frame is then a short
expression in which a group of names stands where a verb or preposition gives it its part.
"""

import re
from collections.abc import Collection
from functools import cache

from service.domain.facts.fact import Kind, Role
from service.domain.facts.foreign_frames import FOREIGN_FRAMES, is_foreign
from service.domain.facts.frame_parts import AMOUNT, FIRST_NAME, JOINT, PARTY
from service.domain.facts.frames import FRAMES

__all__ = ["AMOUNT", "FIRST_NAME", "are_linked", "partners_in", "roles_in"]

_LINKED = re.compile(
    rf"[{PARTY}]{JOINT}(?:\S+\s){{0,2}}?[{PARTY}]|[{PARTY}].*\b(?:with|mit|avec|con|com|met)\s(?:the\s|la\s)?[{PARTY}]|[{PARTY}](?:와|과|는|은)\s?[{PARTY}]",
    re.IGNORECASE,
)


_WITH = re.compile(
    rf"(?<!clients )(?<!customers )(?<!compete )(?<!competes )(?<!competing )(?<!rival )"
    rf"\b(?:with|mit|avec|con|com|met)\s(?:the\s|la\s)?[{PARTY}](?:{JOINT}[{PARTY}])*",
    re.IGNORECASE,
)
_SUBJECT = re.compile(
    rf"\W*(?:(?:\w+\s){{0,2}}|[^,{PARTY}]{{3,40}},\s)[{PARTY}](?:{JOINT}[{PARTY}]){{0,4}}\s(?:will|has|have|had|would|is|are|was|"
    rf"plans?|agree[sd]?|announce[sd]?|sign(?:s|ed)|w[oi]ns?|said|expand(?:s|ed)|reach(?:es|ed)|remportent)\s",
    re.IGNORECASE,
)
"""Whom the sentence is about: "A and B have signed"."""
_AND = re.compile(rf"[{PARTY}]\s?(?:and|und|et|y|e|en|och|&)\s?[{PARTY}]", re.IGNORECASE)


@cache
def _frames(kind: Kind, *, foreign: bool) -> tuple[tuple[tuple[str, ...], re.Pattern[str]], ...]:
    """Stems, one of which the text needs (none: it is tried on any), and the frame."""
    frames = (*FOREIGN_FRAMES, *FRAMES) if foreign else FRAMES
    return tuple(
        (tuple(needed[0].split()) if needed else (), re.compile(frame))
        for kinds, frame, *needed in frames
        if kind in kinds
    )


def roles_in(masked: str, kind: Kind) -> dict[int, Role]:
    """Number of the name -> its part. The first frame that gives a name a part decides."""
    found: dict[int, Role] = {}
    masked = masked.lower()  # much quicker than frames that ignore case
    named = len(_numbers(masked))
    for needed, frame in _frames(kind, foreign=is_foreign(masked)) if named else ():
        if len(found) == named:
            break
        if needed and not any(stem in masked for stem in needed):
            continue
        for match in frame.finditer(masked):
            for group, names in match.groupdict().items():
                for character in names or "":
                    number = ord(character) - FIRST_NAME
                    if 0 <= number < ord(AMOUNT) - FIRST_NAME:
                        found.setdefault(number, Role(group.replace("_", " ")))
    return found


def partners_in(masked: str, roles: Collection[int]) -> set[int]:
    """Numbers of the names that stand as a partner: "with B", or "A and B", and of the sentence's subject.

    The latter counts where one of the two, or nobody at all, is in ``roles``.
    """
    found = {number for match in _WITH.finditer(masked) for number in _numbers(match.group())}
    subject = _SUBJECT.match(masked)
    if subject is not None:
        found |= _numbers(subject.group())
    for match in _AND.finditer(masked):
        pair = _numbers(match.group())
        if not roles or not pair.isdisjoint(roles):
            found |= pair
    return found


def _numbers(masked: str) -> set[int]:
    return {ord(character) - FIRST_NAME for character in masked if FIRST_NAME <= ord(character) < ord(AMOUNT)}


def are_linked(masked: str) -> bool:
    """Whether two parties stand as partners: "A and B", "A ... with B"."""
    return _LINKED.search(masked) is not None
