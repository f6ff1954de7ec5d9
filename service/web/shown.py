"""From lines to what a page shows. Pure.

mention lines -> Entry (an article with its mentions)
text + spans  -> Piece (plain, a name, a look-alike)
AskError      -> Mistake (the query, cut at the place that is wrong)
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from service.domain.difference import Change, difference, shortened
from service.domain.query import QueryError
from service.search import AskError
from service.store.lines import Line

__all__ = [
    "Entry",
    "Mistake",
    "Piece",
    "definition",
    "edits",
    "entries",
    "mistake",
    "paragraphs",
    "snippet",
    "state_of",
    "title",
    "with_snippets",
]

NAME, LOOK_ALIKE = "name", "look-alike"
_SALIENCE = {"main": 0, "secondary": 1, "passing": 2}


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of text. ``kind``: ``name``, ``look-alike``, or empty for the text between."""

    text: str
    kind: str = ""


@dataclass(frozen=True, slots=True)
class Mark:
    start: int
    end: int
    kind: str = NAME


@dataclass(frozen=True, slots=True)
class Entry:
    """An article as the stream shows it; ``mentions`` with the most telling first."""

    article: Line
    mentions: list[Line]


@dataclass(frozen=True, slots=True)
class Mistake:
    """``before``, ``at`` and ``after`` are the query around the place; all empty where the place is not known."""

    message: str
    before: str = ""
    at: str = ""
    after: str = ""


def entries(mentions: Iterable[Line]) -> list[Entry]:
    """Mentions of one article that follow one another become one entry."""
    grouped = [list(group) for _, group in groupby(mentions, key=lambda line: line["article"])]
    return [Entry(group[0], sorted(group, key=_weight)) for group in grouped]


def with_snippets(mentions: Iterable[Line]) -> list[tuple[Entry, list[tuple[Line, list[Piece]]]]]:
    """Entries, each with its mentions and their snippets in pieces."""
    return [(entry, [(line, snippet(line)) for line in entry.mentions]) for entry in entries(mentions)]


def snippet(mention: Line) -> list[Piece]:
    """The snippet with the mention's own names marked."""
    text: str = mention["snippet"]
    names = sorted({name for name in mention["names"] if name}, key=len, reverse=True)
    if not names:
        return [Piece(text)]
    found = re.finditer("|".join(map(re.escape, names)), text)
    return _pieces(text, [Mark(*match.span()) for match in found if _stands_alone(text, *match.span())])


def title(article: Line) -> list[Piece]:
    """The title with every name and look-alike that was found in it."""
    return _pieces(article["title"], _marks(article, "title"))


def paragraphs(article: Line) -> list[list[Piece]]:
    """The text with every name and look-alike that was found in it, by paragraph."""
    marks = _marks(article, "text")
    found, offset = [], 0
    for paragraph in article["text"].split("\n"):
        end = offset + len(paragraph)
        inside = [
            Mark(max(mark.start, offset) - offset, min(mark.end, end) - offset, mark.kind)
            for mark in marks
            if mark.start < end and mark.end > offset
        ]
        found.append(_pieces(paragraph, inside))
        offset = end + 1
    return found


def edits(article: Line) -> list[tuple[str, list[Change]]]:
    """When an edit was seen, and what it changed. CPU-bound for texts that are long and much edited."""
    said = [*article["revisions"], article]
    whole = [f"{line['title']}\n{line['text']}" for line in said]
    return [
        (line["at"], shortened(difference(before, after)))
        for line, before, after in zip(said, whole, whole[1:], strict=False)
    ]


def state_of(source: Line) -> str:
    """``failing``, ``retrying``, ``new``, ``ok`` or ``off``."""
    return str(source["status"]) if source["enabled"] else "off"


_DEFINED = {
    "for": "Evidence for it",
    "against": "Evidence against it",
    "masks": "Longer names that are others",
    "tickers": "Symbols",
    "domains": "Own sites",
}


def definition(entity: Line) -> list[tuple[str, list[str]]]:
    """An entity's definition in words: what each part is, and what stands in it; parts that are empty are left out."""
    aliases = [{"text": alias} if isinstance(alias, str) else alias for alias in entity.get("aliases", [])]
    weak = [alias["text"] for alias in aliases if alias.get("strength") == "weak"]
    strong = [alias["text"] for alias in aliases if alias.get("strength") != "weak"]
    parts = [("Names that are enough alone", strong), ("Names that need evidence", weak)]
    for key, label in _DEFINED.items():
        parts.append((label, [one if isinstance(one, str) else str(one["text"]) for one in entity.get(key) or []]))
    return [(label, words) for label, words in parts if words]


def mistake(error: AskError, query: str) -> Mistake:
    cause = error.__cause__
    message = str(error).removeprefix("query: ")
    if not isinstance(cause, QueryError):
        return Mistake(message)
    place = cause.position
    return Mistake(message, query[:place], query[place : place + 1], query[place + 1 :])


def _weight(mention: Line) -> tuple[int, float, int]:
    return _SALIENCE.get(mention["salience"], 3), -mention["confidence"], mention["id"]


def _marks(article: Line, field: str) -> list[Mark]:
    """Where names and look-alikes stand in ``article[field]``; a span that no longer fits the text is left out."""
    names: list[tuple[Mapping[str, Any], str]] = [(s, NAME) for m in article["mentions"] for s in m["spans"]]
    others = [(rejection["span"], LOOK_ALIKE) for rejection in article["rejected"]]
    text = article[field]
    return [
        Mark(span["start"], span["end"], kind)
        for span, kind in names + others
        if span["field"] == field and text[span["start"] : span["end"]] == span["text"]
    ]


def _pieces(text: str, marks: Sequence[Mark]) -> list[Piece]:
    """``text`` cut at the marks. Of two that overlap the first counts, at the same place a name before a look-alike."""
    pieces, at = [], 0
    for mark in sorted(marks, key=lambda mark: (mark.start, mark.kind != NAME, -mark.end)):
        if mark.start < at or mark.start >= mark.end:
            continue
        pieces += [Piece(text[at : mark.start]), Piece(text[mark.start : mark.end], mark.kind)]
        at = mark.end
    return [piece for piece in [*pieces, Piece(text[at:])] if piece.text]


def _stands_alone(text: str, start: int, end: int) -> bool:
    """False for a name inside a longer word. Scripts without capitals part no words, or glue particles to them."""
    before, after = text[start - 1 : start], text[end : end + 1]
    return not (_parts_words(before) and _parts_words(text[start])) and not (
        _parts_words(after) and _parts_words(text[end - 1])
    )


def _parts_words(char: str) -> bool:
    return char.isdecimal() or char.lower() != char.upper()
