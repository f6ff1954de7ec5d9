"""What a listing found, looked at again by how well it answers: the best first, and where the words stand.

newest lines -> best_first() -> the same lines in another order
a page's lines -> highlighted() -> lines with ``highlights``
"""

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from service.domain.query import ArticleView, Highlight, Query, highlight, relevance
from service.store.batches import Found
from service.store.keys import Position
from service.store.lines import Line
from service.store.narrowing import Filter
from service.store.spelling import listed
from service.store.tables import ArticleRow
from service.store.views import views_of

__all__ = ["MOST_COMPARED", "NOUNS", "Ranked", "best_first", "highlighted"]

MOST_COMPARED = 500
"""Lines, the newest that answer."""
_AT_ONCE = 200
NOUNS = {"mentions": "article", "articles": "id"}
"""What can be looked at so, with the key of the article."""


@dataclass(frozen=True, slots=True)
class Ranked:
    """``newest``: the position of the newest line that was compared; a later page compares the same ones."""

    lines: list[Line]
    newest: Position | None


async def best_first(
    session: AsyncSession,
    noun: str,
    found: Callable[[AsyncSession, Filter, Position | None], AsyncIterator[Found]],
    wanted: Filter,
    after: Position | None,
) -> Ranked:
    """The newest 500 lines behind ``after``, the best first, with their ``relevance``; of equals the newest first."""
    lines: list[Line] = []
    newest: Position | None = None
    async for position, line in found(session, wanted, after):
        newest = newest or position
        lines.append(line)
        if len(lines) == MOST_COMPARED:
            break
    views = await _views(session, noun, lines)
    compared = [(views[line[NOUNS[noun]]], line.get("entity")) for line in lines]
    weights = await asyncio.to_thread(relevance, wanted.query, compared)  # every word of 500 articles
    order = sorted(range(len(lines)), key=lambda place: (-weights[place], place))
    return Ranked([{**lines[place], "relevance": round(weights[place], 4)} for place in order], newest)


async def highlighted(session: AsyncSession, noun: str, wanted: Filter, lines: Sequence[Line]) -> list[Line]:
    """The lines with ``highlights``: where the query's words and the names of entities stand, in the title and in the
    stretch of the text that has most of them."""
    found: list[Line] = []
    for begin in range(0, len(lines), _AT_ONCE):
        portion = lines[begin : begin + _AT_ONCE]
        views = await _views(session, noun, portion)
        found += await asyncio.to_thread(_with_highlights, noun, wanted.query, portion, views)
    return found


def _with_highlights(
    noun: str, query: Query | None, lines: Sequence[Line], views: Mapping[int, ArticleView]
) -> list[Line]:
    found = []
    for line in lines:
        names = [line["entity"]] if noun == "mentions" else line["entities"]
        found.append({**line, "highlights": _as_object(highlight(query, views[line[NOUNS[noun]]], names))})
    return found


async def _views(session: AsyncSession, noun: str, lines: Sequence[Line]) -> dict[int, ArticleView]:
    ids = sorted({line[NOUNS[noun]] for line in lines})
    rows = (await session.execute(select(ArticleRow).where(col(ArticleRow.id).in_(listed(session, ids))))).scalars()
    return await views_of(session, rows.all())


def _as_object(found: Highlight) -> dict[str, Any]:
    return {
        "title": [[mark.start, mark.end, mark.kind] for mark in found.title],
        "text": found.text,
        "spans": [[mark.start, mark.end, mark.kind] for mark in found.spans],
    }
