"""A text as a row of small numbers: one for each word, with a mark on those that are facts (numbers and names).

Scripts without spaces give one number a character, except for runs of Latin letters, digits and katakana. Names are
told by their capital in mid-sentence; in a language that capitalises every noun (German) only by a shape that common
nouns do not have; in katakana by their length. Han characters carry no sign of a name, so there the numbers must do.
"""

import re
import unicodedata
from collections.abc import Iterable
from zlib import crc32

__all__ = ["FIGURE", "NAME", "NUMBER", "marked", "numbered_words", "title_words", "written"]

NUMBER, NAME, FIGURE = 1, 2, 3
"""What the two lowest bits of a word say; 0: a plain word, FIGURE: a number that is rare enough to be looked up by.
The bits above them tell words apart."""

_UNSPACED = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3005-\u3007\u3041-\u309f\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0002fa1f"  # fmt: skip  # noqa: E501
_TOKEN = re.compile(
    rf"[0-9]+(?:[.,:][0-9]+)*|[\u30a1-\u30ff]+|[{_UNSPACED}]|[^\W\d_{_UNSPACED}\u30a1-\u30ff]+|[.!?:;\n。！？「」“”„\"]"
)
_ENDS = frozenset('.!?:;\n。！？「」“”„"')
_ONE_UNSPACED = re.compile(rf"[{_UNSPACED}\u30a1-\u30ff]")
_SEPARATED_THOUSANDS = re.compile(r"[0-9]{1,3}(?:[.,][0-9]{3})+")
_YEAR = re.compile(r"(?:19|20)[0-9]{2}")
_ARTICLES = frozenset({"a", "an", "the"})
# Words that hardly any German text of three lines does without, and that other languages write seldom.
_GERMAN = frozenset(
    [
        *("der", "die", "das", "den", "dem", "des", "ein", "eine", "einen", "und", "nicht", "sich"),
        *("mit", "für", "von", "auf", "im", "zu", "ist", "sind", "wird"),
    ]
)
_GERMAN_SHARE = 0.09
_NOUN_ENDINGS = re.compile(r"(?:ung|ungen|heit|keit|schaft|tion|tionen|tät|nis|mus|ment|ie|ien|er|en|e|ern|ung)$")
_BARE_BEFORE_NAME = frozenset(["in", "aus", "von", "bei", "nach", "durch", "gegen", "und", "sowie", "mit", "an"])
_LONGEST_TITLE, _SHORTEST_KATAKANA_NAME = 24, 3
_TELLING = 4
"""Letters; most words that a language needs for its grammar have fewer."""
_KEY = (1 << 30) - 1
"""Thirty bits: a word takes four bytes with its mark."""


def numbered_words(text: str, *, most: int) -> tuple[tuple[int, ...], bool]:
    """At most ``most`` words of ``text`` in their order, without articles; and whether most of them are of a script
    that puts no spaces between words. Linear; never raises."""
    words, starts = _split(text, most)
    german = sum(word in _GERMAN for word in words) >= _GERMAN_SHARE * len(words) > 0
    names = _german_names(words, starts) if german else _names(words, starts)
    known: dict[str, int] = {}
    numbers = []
    for word in words:
        if word not in known:
            known[word] = _number(word, names)
        if word not in _ARTICLES:
            numbers.append(known[word])
    dense = _ONE_UNSPACED.search("".join(words)) is not None and sum(map(_is_one_unspaced, words)) * 2 > len(words)
    return tuple(numbers), dense


def written(text: str, *, most: int = 500) -> dict[int, str]:
    """By key, each of the first words as it is written first."""
    found: dict[int, str] = {}
    for word in _split(text, most)[0]:
        found.setdefault(_number(word, frozenset()) >> 2, word)
    return found


def title_words(title: str) -> tuple[int, ...]:
    """The different words of a title, in their order. Capitals say nothing there; NAME marks the longer words."""
    words, _ = _split(title, _LONGEST_TITLE * 2)
    kept = list(dict.fromkeys(word.lower() for word in words if word.lower() not in _ARTICLES))[:_LONGEST_TITLE]
    longer = frozenset(word for word in kept if len(word) >= _TELLING or not word.isascii())
    return tuple(_number(word, longer) for word in kept)


def _is_one_unspaced(word: str) -> bool:
    return _ONE_UNSPACED.match(word) is not None


def _split(text: str, most: int) -> tuple[list[str], list[bool]]:
    """Words as they are written, and whether each begins a sentence."""
    if not text.isascii():
        text = unicodedata.normalize("NFKC", text)
    words, starts, begins = [], [], True
    for token in _TOKEN.findall(text[: most * 12]):
        if token in _ENDS:
            begins = True
            continue
        words.append(token)
        starts.append(begins)
        begins = False
        if len(words) == most:
            break
    return words, starts


def _number(word: str, names: frozenset[str]) -> int:
    if word[0].isdigit():
        if _SEPARATED_THOUSANDS.fullmatch(word):
            word = word.replace(",", "").replace(".", "")
        mark = NUMBER if len(word) == 1 or _YEAR.fullmatch(word) else FIGURE
        return (crc32(word.replace(",", ".").encode()) & _KEY) << 2 | mark
    folded = word.lower()
    return (crc32(folded.encode()) & _KEY) << 2 | (NAME if folded in names else 0)


def _names(words: list[str], starts: list[bool]) -> frozenset[str]:
    """Capitalised in mid-sentence somewhere, in small letters; and Japanese words in katakana."""
    found = set()
    for word, begins in zip(words, starts, strict=True):
        if word[0].isupper():
            if len(word) > 1 and (not begins or (word.isascii() and word.isupper())):
                found.add(word.lower())
        elif "\u30a1" <= word[0] <= "\u30ff" and len(word) >= _SHORTEST_KATAKANA_NAME:
            found.add(word)
    return frozenset(found)


def _german_names(words: list[str], starts: list[bool]) -> frozenset[str]:
    """Acronyms, inner capitals, two capitals in a row, and what stands bare behind a preposition or before a comma.

    A common noun mostly has an article or an adjective before it, and often an ending of its own.
    """
    found = set()
    for index, word in enumerate(words):
        if not word[0].isupper() or len(word) == 1:
            continue
        before = words[index - 1] if index else ""
        if any(letter.isupper() for letter in word[1:]):
            found.add(word.lower())
        elif before and before[0].isupper() and not starts[index] and not (index > 0 and starts[index - 1]):
            found.update((word.lower(), before.lower()))
        elif before in _BARE_BEFORE_NAME and not starts[index] and not _NOUN_ENDINGS.search(word):
            found.add(word.lower())
    return frozenset(found)


def marked(words: Iterable[int], *marks: int) -> frozenset[int]:
    """The keys of the words that carry one of the marks."""
    return frozenset([word >> 2 for word in words if word & 3 in marks])
