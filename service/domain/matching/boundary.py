"""Where a name may begin and end.

A found stretch is a name when both its edges are boundaries. Three kinds:

- ``CLEAR``   end of text, a character that is no letter or digit, or a change into a script that is written without
  spaces (Han, hiragana, Hangul, Thai and their like have no word boundaries at all; a run of katakana is a word);
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
_CHAIN = 6
"""Several words stuck together ("were" and "not") hold at least so many letters; then any word may follow."""

_KATAKANA_GOES_ON = (
    "アカデミー", "アジア", "アメリカ", "インターナショナル", "エンジニア",
    "エンタープライズ", "カンパニー", "クラウド", "グループ", "コーポレーション",
    "コンサルティング", "コンピュータ", "サーバ", "サービス", "システム",
    "ジャパン", "ソフト", "ソリューション", "テクノロジ", "データ",
    "ネットワーク", "プラットフォーム", "ホールディングス", "マスター", "ユーザー",
    "ヨーロッパ", "ライセンス",
)  # fmt: skip
"""With what a company's name in katakana goes on without being another word."""


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


def _is_katakana(character: str) -> bool:
    """Katakana and the mark that lengthens a vowel. The middle dot parts words."""
    return "\u30a1" <= character <= "\u30fa" or "\u30fc" <= character <= "\u30ff" or "\u31f0" <= character <= "\u31ff"


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
    fragment = _letters_after(plain, end)
    if _is_katakana(after):
        return Edge.CLEAR if _starts_with_company_word(plain, end) else Edge.NONE
    if fragment == "s" and language in GENITIVE_LANGUAGES and not last.isdigit():
        return Edge.CLEAR
    return _stuck_edge(plain[start:end], after, fragment)


def _parts(outside: str, inside: str) -> bool:
    """Whether two neighbouring characters belong to different words."""
    if outside == " ":  # by far the most frequent
        return True
    if outside.isascii() and inside.isascii():
        return not (outside.isalnum() and inside.isalnum())
    if not inside.isalnum() or is_unspaced(outside) or is_unspaced(inside):
        return not (_is_katakana(outside) and _is_katakana(inside))
    return not (outside.isalnum() or combining(outside))


def _stuck_edge(name: str, after: str, fragment: str) -> Edge:
    """The boundary between ``name`` and the letters or digits that follow at once: ``fragment``, led by ``after``."""
    length, last = len(name), name[-1]
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
    if word == "s" and length >= _LONG_NAME and last.islower() and not is_common_word(name):
        return Edge.GLUED
    if last.isupper() and _is_mixed(name):
        return Edge.GLUED if len(word) > 1 else Edge.NONE
    if (length >= _LONG_NAME or last.isupper()) and _is_chain(word):
        return Edge.GLUED
    if last.isupper():
        return Edge.GLUED if word in GLUED_WORDS and len(word) > 1 else Edge.NONE
    return Edge.GLUED if _is_stuck_word(word, length) else Edge.NONE


def _is_stuck_word(word: str, name_length: int) -> bool:
    """Short names and short words make real words too easily ("Arm" + "or")."""
    if word not in GLUED_WORDS:
        return False
    return (
        (name_length >= _LONG_NAME and len(word) > 1)
        or (name_length >= _MIDDLING_NAME and len(word) >= _MIDDLING_GLUE)
        or len(word) > _LONG_GLUE
    )


def _is_chain(word: str) -> bool:
    """Whether ``word`` begins with several short words that extraction glues to names ("werenotavailable")."""
    reached = {0: 0}  # how many letters are spelled -> by how many words at most
    for start in range(min(len(word), _CHAIN)):
        if start in reached:
            for size in range(2, len(word) - start + 1):
                if word[start : start + size] in GLUED_WORDS:
                    reached[start + size] = max(reached.get(start + size, 0), reached[start] + 1)
    return any(letters >= _CHAIN and words > 1 for letters, words in reached.items())


def _starts_with_company_word(plain: str, at: int) -> bool:
    """Whether the katakana from ``at`` on begins with a word that companies add to their names ("...クラウド")."""
    return plain.startswith(_KATAKANA_GOES_ON, at)


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
