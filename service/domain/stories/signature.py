"""What is kept of an article to tell its copies: its words as numbers, and the hashes under which it can be found."""

import sys
from array import array
from dataclasses import dataclass
from functools import cached_property

from service.domain.stories.words import FIGURE, NAME, NUMBER, marked, numbered_words, title_words

__all__ = ["Signature", "posted_hashes", "sign"]

_MOST_WORDS = 500
_SPACED, _DENSE = 4, 6
"""Words in a shingle; characters in one of a script without spaces."""
_SAMPLE, _LEAD = 24, 10
_STEP, _SPREAD, _ALL = 0x9E3779B97F4A7C15, 0xD6E8FEB86659FD93, (1 << 64) - 1
_PAIRED_NAMES, _PAIRED_FIGURES = 3, 3
_TITLE_WORDS = 5
"""A title of fewer words is too common to be looked up by."""
_FORMAT, _WORD_BYTES = 1, 4
Row = tuple[int, ...]


@dataclass(frozen=True)
class Signature:
    """Equal for equal texts. ``pack`` and ``unpack`` are its stored form: four bytes a word."""

    title: tuple[int, ...]
    words: tuple[int, ...]
    dense: bool
    """In a script without spaces."""

    @cached_property
    def keys(self) -> tuple[int, ...]:
        return tuple([word >> 2 for word in self.words])

    @cached_property
    def width(self) -> int:
        return _DENSE if self.dense else _SPACED

    @cached_property
    def rows(self) -> tuple[Row, ...]:
        """Every ``width`` words in a row, in their order."""
        return tuple(zip(*[self.keys[shift:] for shift in range(self.width)], strict=False))

    @cached_property
    def shingles(self) -> tuple[int, ...]:
        """A hash of each of ``rows``. Only what is posted needs it: to compare two texts, the rows do."""
        return _shingles(self.rows, self.width)

    @cached_property
    def places(self) -> dict[Row, int]:
        """Where each of ``rows`` stands first."""
        return dict(zip(reversed(self.rows), range(len(self.rows) - 1, -1, -1), strict=True))

    @cached_property
    def posted(self) -> tuple[int, ...]:
        return _posted(self)

    @cached_property
    def posted_rows(self) -> dict[int, Row]:
        """Which of ``rows`` a posted hash stands for; not those of title and pairs."""
        found = dict(zip(self.shingles, self.rows, strict=True))
        return {h: found[h] for h in self.posted if h in found}

    @cached_property
    def title_keys(self) -> frozenset[int]:
        return frozenset([word >> 2 for word in self.title])

    @cached_property
    def telling(self) -> frozenset[int]:
        """The title's longer words, and its numbers."""
        return marked(self.title, NAME, NUMBER, FIGURE)

    @cached_property
    def vocabulary(self) -> frozenset[int]:
        return frozenset(self.keys) | self.title_keys

    @cached_property
    def numbers(self) -> frozenset[int]:
        return marked(self.words, NUMBER, FIGURE)

    @cached_property
    def figures(self) -> frozenset[int]:
        return marked(self.words, FIGURE)

    @cached_property
    def names(self) -> frozenset[int]:
        return marked(self.words, NAME)

    @cached_property
    def facts(self) -> frozenset[int]:
        return self.numbers | self.names

    def pack(self) -> bytes:
        return bytes((_FORMAT, len(self.title), self.dense, 0)) + _little(array("I", (*self.title, *self.words)))

    @classmethod
    def unpack(cls, data: bytes) -> "Signature":
        """Raises ValueError for bytes that ``pack`` did not make."""
        if (
            len(data) < _WORD_BYTES
            or data[0] != _FORMAT
            or len(data) % _WORD_BYTES
            or data[1] * _WORD_BYTES >= len(data)
        ):
            raise ValueError("these bytes are no signature")
        flat = array("I", data[_WORD_BYTES:])
        if sys.byteorder == "big":
            flat.byteswap()
        return cls(tuple(flat[: data[1]]), tuple(flat[data[1] :]), bool(data[2]))


def _little(words: "array[int]") -> bytes:
    if sys.byteorder == "big":
        words.byteswap()
    return words.tobytes()


def sign(title: str, text: str) -> Signature:
    """The signature of an article's text; ``title`` and ``text`` may hold anything."""
    words, dense = numbered_words(text, most=_MOST_WORDS)
    return Signature(title_words(title), words, dense)


def posted_hashes(signature: Signature) -> tuple[int, ...]:
    """Under which hashes an article is found; told once."""
    return signature.posted


def _posted(signature: Signature) -> tuple[int, ...]:
    """Under which hashes an article is found: a sample of its shingles, its first ones, and its title.

    The sample keeps the shingles whose hash is a multiple of the smallest power of two that leaves few enough. Texts of
    different length therefore choose alike.
    """
    shingles = signature.shingles
    step = 1
    sample = list(dict.fromkeys(shingles))
    while len(sample) > _SAMPLE:
        step *= 2
        sample = [h for h in sample if h % step == 0]
    chosen = dict.fromkeys((*sample, *shingles[:_LEAD]))
    if len(signature.title) >= _TITLE_WORDS:
        chosen[_title_hash(signature.title)] = None
    chosen.update(dict.fromkeys(_pairs(signature)))
    return tuple(chosen)


def _pairs(signature: Signature) -> list[int]:
    """Names, each with telling figures. A version in other words keeps both; those with the smallest keys are taken, so
    that versions which put them in another order choose alike."""
    figures = sorted(signature.figures)[:_PAIRED_FIGURES]
    names = sorted(signature.names)[:_PAIRED_NAMES] if figures else []
    return [_mix(_polynomial((name, figure))) for name in names for figure in figures]


def _shingles(rows: tuple[Row, ...], width: int) -> tuple[int, ...]:
    """Hashes of 52 bits. Their low bits are as good as the others: the sample is chosen by them."""
    if width == _SPACED:  # _mix(_polynomial(row)), written out: it is most of what a new article costs
        sums = [((a * _STEP + b) * _STEP + c) * _STEP + d for a, b, c, d in rows]
        return tuple([(((n & _ALL) ^ (n >> 31 & _ALL)) * _SPREAD & _ALL) >> 12 for n in sums])
    return tuple([_mix(_polynomial(row)) for row in rows])


def _polynomial(row: tuple[int, ...]) -> int:
    total = 0
    for key in row:
        total = (total * _STEP + key) & _ALL
    return total


def _mix(number: int) -> int:
    return (((number & _ALL) ^ (number >> 31 & _ALL)) * _SPREAD & _ALL) >> 12


def _title_hash(title: tuple[int, ...]) -> int:
    return _mix(_polynomial((len(title), *(word >> 2 for word in title))))
