"""One text, three ways: as stored, plain (normal forms), folded (for searching), and the way back by offset.

    stored ──normalise()──> NormalText(plain, folded) ──origin(start, end)──> offsets into the stored text

``plain`` and ``folded`` always have the same length. Rules, in this order:

- typographic quotes and apostrophes become ``'`` and ``"``; every dash becomes ``-``; every space a plain one;
- characters that show nothing (soft hyphen, zero-width, bidirectional marks, variation selectors) vanish;
- Unicode NFKC (UAX 15), cluster by cluster: ligatures, full-width letters, composed accents;
- a run of spaces with at most one line break becomes one character;
- ``folded`` is case-folded, and its hyphens and line breaks are spaces, so "Coca-Cola" reads like "Coca Cola".
"""

import re
import unicodedata
from bisect import bisect_right

__all__ = ["NormalText", "normalise"]

_ONE_TO_ONE = {
    "’": "'", "‘": "'", "‛": "'", "ʼ": "'", "´": "'", "`": "'", "′": "'", "＇": "'",
    "“": '"', "”": '"', "„": '"', "‟": '"', "«": '"', "»": '"',
    "–": "-", "—": "-", "‐": "-", "‑": "-", "‒": "-", "―": "-", "−": "-",
    "\u00a0": " ", "\u202f": " ", "\u2009": " ", "\u2002": " ", "\u2003": " ", "\u3000": " ",
    "\u2028": "\n", "\u2029": "\n", "\u0085": "\n",
}  # fmt: skip
_TYPOGRAPHIC = re.compile("[" + "".join(_ONE_TO_ONE) + "]")
_SILENT = re.compile("[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff]")  # fmt: skip  # noqa: E501
_SPACES = re.compile(r"[ \t\r\n\f\v]{2,}")
_BEYOND_ASCII = re.compile(r"[\x00-\x7f]?[^\x00-\x7f]+", re.DOTALL)
_BLANKS = "-\n\t\r\f\v"
_ASCII_FOLD = bytes(ord(" " if chr(c) in _BLANKS else chr(c).lower()) for c in range(128)) + bytes(range(128, 256))
_WORTH_A_RUN = 2
_HEAD, _TELLING, _RARELY = 2_000, 30, 200
"""Characters that show whether a writer uses capitals, how many letters they must hold at least, and how many letters
stand there for each word with a capital where a writer uses none."""
_CAPITALISED = re.compile(r"(?<![\w/=&?%-])(?:[A-ZÀ-ÖØ-ÞА-ЯΑ-Ω][^\W\d_A-Z]|I )")
"""A word that begins with a capital and goes on; "B200", "GPU" and parts of addresses tell nothing."""


class NormalText:
    """A text ready to be searched, with the way back to the stored one."""

    __slots__ = ("_pieces", "_starts", "_without_capitals", "folded", "plain", "source")

    def __init__(self, source: str, plain: str, pieces: list[tuple[int, int, int, int]] | None) -> None:
        self.source = source
        self.plain = plain
        self.folded = _fold(plain)
        self._pieces = pieces or [(0, len(plain), 0, len(plain))]
        self._starts = [piece[0] for piece in self._pieces]
        self._without_capitals: bool | None = None

    @property
    def without_capitals(self) -> bool:
        """Whether its writer uses no capitals at all, so that small letters say nothing."""
        if self._without_capitals is None:
            head = self.plain[:_HEAD]
            letters = sum(map(str.isalpha, head))
            words = sum(1 for _ in _CAPITALISED.finditer(head))
            shouted = sum(map(str.isupper, head)) * 2 > letters
            self._without_capitals = letters >= _TELLING and words * _RARELY <= letters and not shouted
        return self._without_capitals

    def origin(self, start: int, end: int) -> tuple[int, int]:
        """Offsets in the stored text of the half-open, non-empty stretch ``start..end`` of ``plain``."""
        return self._locate(start)[0], self._locate(end - 1)[1]

    def _locate(self, index: int) -> tuple[int, int]:
        """The stored stretch that the character at ``index`` came from."""
        begin, length, stored, width = self._pieces[bisect_right(self._starts, index) - 1]
        if length == width:
            place = stored + index - begin
            return place, place + 1
        return stored, stored + width


def _fold(plain: str) -> str:
    if plain.isascii():
        return plain.encode().translate(_ASCII_FOLD).decode()
    folded = plain.casefold()
    for blank in _BLANKS:  # six quick passes beat one str.translate() by far
        folded = folded.replace(blank, " ")
    return folded


def normalise(text: str) -> NormalText:
    """Bring ``text`` into normal form. Linear in its length; never raises."""
    plain = text if text.isascii() else _straighten(text)
    simple = plain.isascii() or (
        not _SILENT.search(plain) and unicodedata.is_normalized("NFKC", plain) and len(plain.casefold()) == len(plain)
    )
    if simple:
        normal = NormalText(text, plain, None)
        if "  " not in normal.folded or not any(_is_soft(run.group()) for run in _SPACES.finditer(plain)):
            return normal
    return _Mapper(text, plain).result()


def _straighten(text: str) -> str:
    """Typographic quotes, dashes and spaces become their plain relatives, one for one."""
    for character in set(_TYPOGRAPHIC.findall(text)):
        text = text.replace(character, _ONE_TO_ONE[character])
    return text


def _is_soft(run: str) -> bool:
    """Whether a run of spaces reads as a single space (two line breaks part paragraphs)."""
    return run.count("\n") < _WORTH_A_RUN


class _Mapper:
    """Builds the plain text piece by piece: (start in plain, length in plain, start as stored, length as stored).

    A piece of equal lengths maps character by character; any other maps as a whole.
    """

    def __init__(self, source: str, text: str) -> None:
        self._source = source
        self._text = text
        self._ascii = text.isascii()
        self._out: list[str] = []
        self._pieces: list[tuple[int, int, int, int]] = []
        self._length = 0

    def result(self) -> NormalText:
        at = 0
        for run in _SPACES.finditer(self._text):
            if not _is_soft(run.group()):
                continue
            self._stretch(at, run.start())
            self._emit("\n" if "\n" in run.group() else " ", run.start(), run.end() - run.start())
            at = run.end()
        self._stretch(at, len(self._text))
        return NormalText(self._source, "".join(self._out), self._pieces)

    def _emit(self, normal: str, stored: int, width: int) -> None:
        if not normal:
            return
        if self._pieces and len(normal) == width:
            begin, length, start, wide = self._pieces[-1]
            if length == wide and start + wide == stored:
                self._pieces[-1] = (begin, length + width, start, wide + width)
                self._out.append(normal)
                self._length += width
                return
        self._pieces.append((self._length, len(normal), stored, width))
        self._out.append(normal)
        self._length += len(normal)

    def _stretch(self, start: int, end: int) -> None:
        """Everything from ``start`` to ``end``: ASCII as it is, the rest run by run."""
        if self._ascii:
            self._emit(self._text[start:end], start, end - start)
            return
        at = start
        for run in _BEYOND_ASCII.finditer(self._text, start, end):
            if run.start() > at:
                self._emit(self._text[at : run.start()], at, run.start() - at)
            self._run(run.group(), run.start())
            at = run.end()
        if at < end:
            self._emit(self._text[at:end], at, end - at)

    def _run(self, run: str, stored: int) -> None:
        if not _SILENT.search(run) and unicodedata.is_normalized("NFKC", run) and len(run.casefold()) == len(run):
            self._emit(run, stored, len(run))
            return
        start = 0
        for index in range(1, len(run) + 1):
            if index < len(run) and _continues(run[index]):
                continue
            end = index
            while end > start and _SILENT.match(run, end - 1):  # what shows nothing at a name's end is no part of it
                end -= 1
            self._emit(_normal_cluster(run[start:end]), stored + start, end - start)
            start = index


def _continues(character: str) -> bool:
    """Whether a character belongs to the one before it: a combining mark, a Hangul vowel or final, a kana mark."""
    return (
        unicodedata.combining(character) != 0
        or "\u1160" <= character <= "\u11ff"
        or character in "\uff9e\uff9f"
        or _SILENT.match(character) is not None
    )


def _normal_cluster(cluster: str) -> str:
    normal = _straighten(unicodedata.normalize("NFKC", _SILENT.sub("", cluster)))
    if len(normal.casefold()) == len(normal):
        return normal
    return "".join(c if len(c.casefold()) == 1 else c.casefold() for c in normal)
