"""Text -> the words that queries compare and full-text indexes hold.

    text -> runs of letters, digits and marks -> folded -> terms

One rule serves articles, queries and both stores, so that an index made from ``index_text`` agrees with the evaluator:

* Words are runs of letters, digits and combining marks; everything else parts them. Soft hyphens, zero-width characters
  and variation selectors inside a word are skipped.
* Folding is NFKC, case folding, and the removal of accents from Latin and Greek letters ("Zürich" is found by
  "zurich").
  Accents of other scripts are kept: a Devanagari vowel sign, a kana's voicing or a Cyrillic breve makes another word.
  ``=term`` in a query compares case and accents.
* Han, kana, Hangul, Thai, Lao, Myanmar and Khmer give one term a letter (with its marks), and a word in them is
  searched as a phrase, thus anywhere inside a longer run. Han, kana and the South-East Asian scripts put no spaces
  between words.
  Hangul does, but particles stick to the noun ("HPE는", "삼성전자가"), so whole runs would hide nearly every name.
* A term is cut after ``MAX_TERM`` code points (PostgreSQL refuses lexemes of 2 KiB; nobody searches for longer words).
"""

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

__all__ = ["MAX_TERM", "Token", "index_text", "plain", "terms", "tokenize"]

MAX_TERM = 100

_SKIPPED = "\u00ad\u034f\u061c\u180b-\u180f\u200b-\u200f\u2060-\u2064\ufe00-\ufe0f\ufeff"
"""Invisible inside a word: soft hyphen, joiners, zero-width space and marks, variation selectors."""
_SINGLE = (
    "\u3005-\u3007\u3031-\u3035\u303b\u3041-\u3096\u309d-\u309f\u30a1-\u30ff\u31f0-\u31ff\uff66-\uff9d"  # kana
    "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"  # Han
    "\uac00-\ud7a3"  # Hangul syllables
    "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff"  # Thai, Lao, Myanmar, Khmer
)
"""Letters that are a term each."""
_JAMO = "\u1100-\u11ff\ua960-\ua97f\ud7b0-\ud7ff"
"""Parts of Hangul syllables; NFKC joins them."""
_ATTACHED = "\uff9e\uff9f\u11a8-\u11ff"
"""Letters that NFKC joins to a single letter before them: half-width voicing marks, a syllable's last consonant."""

_ASCII_WORD = re.compile(r"[A-Za-z0-9]+")
_SKIP = re.compile(f"[{_SKIPPED}]")
_ACCENT = re.compile("([a-z\u00df-\u024f\u0370-\u03ff])[\u0300-\u036f]+")


class Token(NamedTuple):
    """A word of a text: the folded ``term``, found at ``text[start:end]``.

    Terms hold letters, digits and marks only: no space, no quote, never empty. One run may give several terms ("½"
    gives "1" and "2"); they share its place.
    """

    term: str
    start: int
    end: int


def tokenize(text: str) -> list[Token]:
    """The words of the text in reading order, in time linear in its length."""
    if text.isascii():
        return [Token(m.group().lower()[:MAX_TERM], m.start(), m.end()) for m in _ASCII_WORD.finditer(text)]
    return list(_tokens(text))


def terms(text: str) -> list[str]:
    """The term of each token of ``tokenize``, many times quicker where all is ASCII."""
    if text.isascii():
        return [word[:MAX_TERM] for word in _ASCII_WORD.findall(text.lower())]
    return [token.term for token in _tokens(text)]


def index_text(text: str) -> str:
    """The terms joined by spaces: what a full-text index stores.

    For SQLite FTS5 use ``tokenize='ascii'``, which takes every character outside ASCII as part of a word; for
    PostgreSQL
    ``array_to_tsvector(string_to_array(..., ' '))`` of the distinct terms.
    """
    return " ".join(terms(text))


def plain(text: str) -> str:
    """What ``=term`` compares: the text as written, but for its Unicode form (NFC) and invisible characters."""
    return text if text.isascii() else unicodedata.normalize("NFC", _SKIP.sub("", text))


def _tokens(text: str) -> Iterator[Token]:
    for match in _word(_marks(text)).finditer(text):
        run = match.group()
        if run.isascii():
            yield Token(run.lower()[:MAX_TERM], match.start(), match.end())
            continue
        folded = _fold(run)
        for part in _word(_marks(folded)).finditer(folded):
            yield Token(part.group()[:MAX_TERM], match.start(), match.end())


def _fold(run: str) -> str:
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", _SKIP.sub("", run)).casefold())
    if folded.isascii():
        return folded
    return unicodedata.normalize("NFC", _ACCENT.sub(r"\1", unicodedata.normalize("NFD", folded)))


def _marks(text: str) -> str:
    """The combining marks that occur in the text. ``re`` knows no class for them, and listing all costs start-up
    time."""
    return "".join(sorted(c for c in set(text) if not c.isascii() and unicodedata.category(c)[0] == "M"))


@lru_cache(maxsize=256)
def _word(marks: str) -> re.Pattern[str]:
    tail = re.escape(marks) + _SKIPPED
    letter = rf"[^\W_{_SINGLE}{_JAMO}]"
    return re.compile(rf"(?=[^\W_])[{_SINGLE}][{tail}{_ATTACHED}]*|[{_JAMO}]+|{letter}(?:{letter}|[{tail}])*")
