"""Where a name may begin and end.

A found stretch is a name when both its edges are boundaries. Three kinds:

- ``CLEAR``   end of text, a character that is no letter or digit, or a change into a script that is written without
  spaces (Han, kana, Hangul, Thai and their like have no word boundaries at all);
- ``GLUED``   no boundary is left, but extraction seems to have dropped one: a change of case ("dAcme",
  "AcmeCorp'sDrill") or a common word stuck to the name ("at Acmealone");
- ``NONE``    inside another word.
"""

from enum import IntEnum
from unicodedata import combining

from service.domain.matching.lexicon import GENITIVE_LANGUAGES, GLUED_WORDS, is_common_word

__all__ = ["Edge", "is_unspaced", "left_edge", "right_edge"]

_LONG_NAME, _LONG_GLUE = 5, 4
_MIDDLING_NAME, _MIDDLING_GLUE = 4, 3
_MIN_CAPITALS = 3
_LINKING_ENDS = ("and", "with", "from", "und", "avec", "including")
"""Two names and the word between them may be stuck together ("AcmeandXcorp")."""
_FRAGMENT = 24
"""No stuck word is longer; keeps the look at a neighbour constant in time."""


class Edge(IntEnum):
    NONE = 0
    GLUED = 1
    CLEAR = 2


def is_unspaced(character: str) -> bool:
    """Whether the character belongs to a script without spaces between words (or one that adds particles)."""
    code = ord(character)
    return code >= 0x0E00 and (
        0x0E00 <= code <= 0x0EFF  # Thai, Lao
        or 0x1000 <= code <= 0x109F  # Burmese
        or 0x1100 <= code <= 0x11FF  # Hangul letters
        or 0x1780 <= code <= 0x17FF  # Khmer
        or 0x2E80 <= code <= 0x9FFF  # Han, kana, bopomofo
        or 0xA960 <= code <= 0xA97F
        or 0xAC00 <= code <= 0xD7FF  # Hangul syllables
        or 0xF900 <= code <= 0xFAFF
        or 0x20000 <= code <= 0x3FFFF
    )


def left_edge(plain: str, start: int, end: int) -> Edge:
    """What kind of boundary lies before ``plain[start:end]``."""
    if start == 0:
        return Edge.CLEAR
    before, first = plain[start - 1], plain[start]
    if _parts(before, first):
        return Edge.CLEAR
    fragment = _letters_before(plain, start)
    if first.isupper() and before.islower():
        if fragment.islower() and end - start >= _MIN_CAPITALS:
            return Edge.GLUED
        capitals = plain[start:end].isupper() and end - start >= _MIDDLING_NAME
        return Edge.GLUED if capitals or fragment.endswith(_LINKING_ENDS) else Edge.NONE
    if first.islower() and before.islower() and not plain[start:end].islower():
        return Edge.GLUED if fragment in GLUED_WORDS and len(fragment) > 1 else Edge.NONE
    return Edge.NONE


def right_edge(plain: str, start: int, end: int, language: str | None = None) -> Edge:
    """What kind of boundary lies after ``plain[start:end]``; ``language`` as in Document."""
    if end == len(plain):
        return Edge.CLEAR
    last, after = plain[end - 1], plain[end]
    if _parts(after, last):
        return Edge.CLEAR
    length = end - start
    fragment = _letters_after(plain, end)
    if fragment == "s" and language in GENITIVE_LANGUAGES and not last.isdigit():
        return Edge.CLEAR
    if length < _MIN_CAPITALS:
        return Edge.NONE
    if after.isdigit() and last.isalpha():
        return Edge.GLUED
    if after.isupper():
        starts_word = len(fragment) > 1 and fragment[1].islower()
        return Edge.GLUED if last.islower() or starts_word else Edge.NONE
    if not after.islower():
        return Edge.NONE
    word = _lower_run(fragment)
    if word == "s" and length >= _LONG_NAME and last.islower() and not is_common_word(plain[start:end]):
        return Edge.GLUED
    if last.isupper() and _is_mixed(plain[start:end]):
        return Edge.GLUED if len(word) > 1 else Edge.NONE
    if last.isupper():
        return Edge.GLUED if word in GLUED_WORDS and len(word) > 1 else Edge.NONE
    return Edge.GLUED if _is_stuck_word(word, length) else Edge.NONE


def _parts(outside: str, inside: str) -> bool:
    """Whether two neighbouring characters belong to different words."""
    if outside == " ":  # by far the most frequent
        return True
    if not inside.isalnum() or is_unspaced(outside) or is_unspaced(inside):
        return True
    return not (outside.isalnum() or combining(outside))


def _is_stuck_word(word: str, name_length: int) -> bool:
    """Short names and short words make real words too easily ("Arm" + "or")."""
    if word not in GLUED_WORDS:
        return False
    return (
        (name_length >= _LONG_NAME and len(word) > 1)
        or (name_length >= _MIDDLING_NAME and len(word) >= _MIDDLING_GLUE)
        or len(word) > _LONG_GLUE
    )


def _is_mixed(name: str) -> bool:
    """Whether small and capital letters stand in an order that no ordinary word has ("iOS"): it ends where it ends."""
    return name.isalpha() and not name.isupper() and name[-1].isupper()


def _letters_before(plain: str, start: int) -> str:
    floor = max(0, start - _FRAGMENT)
    at = start
    while at > floor and plain[at - 1].isalpha():
        at -= 1
    return plain[at:start]


def _letters_after(plain: str, end: int) -> str:
    ceiling = min(len(plain), end + _FRAGMENT)
    at = end
    while at < ceiling and plain[at].isalpha():
        at += 1
    return plain[end:at]


def _lower_run(fragment: str) -> str:
    """The small letters before the first capital: "and" of "andSAP"."""
    for index, character in enumerate(fragment):
        if character.isupper():
            return fragment[:index]
    return fragment
