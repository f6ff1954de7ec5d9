"""Walking past many articles on PostgreSQL, where the full-text index is asked for words that many hold.

    share -> width -> window of time -> lowest and highest number -> blocks of the index -> rows, newest first

The index holds, beside an article's words, the block of numbers that it lies in (``fulltext.BLOCK``), so that only
those stretches of a word's articles are read that lie in the wanted blocks. It knows no times. Numbers rise with
time, though not strictly: a rescan finds old articles anew, a clock is set right. So a *window* of time is taken
first, with as many rows as it should take to find enough; the lowest and the highest article number in it say which
blocks to read; and of what the index names there, the rows of the window are kept.
"""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from service.store.fulltext import TextIndex
from service.store.keys import Keys, Narrowing, Position
from service.store.tables import ArticleRow

__all__ = ["by_blocks"]

_SPARE = 1.7
"""Windows are so much wider than what should do: a second one costs far more than what a wider one holds too many."""
_FASTER = 8
"""The next window is at most so many times as wide, and gives at most so many times what is wanted."""
_MOST_WANTED = 5000

_Rows = list[tuple[datetime, int]]


@dataclass(frozen=True, slots=True)
class _Window:
    """``since``: the time of its oldest row; None where nothing is older. ``rows``: 0 where there is nothing left, and
    then neither ``lowest`` nor ``highest``, which are numbers of articles."""

    since: datetime | None
    lowest: int
    highest: int
    rows: int


async def by_blocks(
    session: AsyncSession,
    keys: Keys,
    narrowing: Narrowing,
    index: TextIndex,
    after: Position | None,
    *,
    first: int,
    share: float,
) -> AsyncIterator[_Rows]:
    """Times and numbers of rows, newest first. ``share``: which part of the articles should answer."""
    wanted, width = first, int(first * _SPARE / share)
    while True:
        window = await _window(session, keys, after, max(first, width))
        if not window.rows:
            return
        most = _FASTER * wanted
        found = await _found(session, keys, narrowing, index, after, window, most)
        if found:
            yield found
        if len(found) == most:
            after = Position(*found[-1])
        elif window.since is None:
            return
        else:
            after = Position(window.since, 0)  # numbers begin with 1: all of that time have been looked at
        # Next time, what should hold enough at the rate that was just seen.
        wanted = min(3 * wanted, _MOST_WANTED)
        width = min(int(width * wanted * _SPARE / max(1, len(found))), _FASTER * width)


async def _window(session: AsyncSession, keys: Keys, after: Position | None, width: int) -> _Window:
    """The newest rows behind ``after``: so many, and all that are as old as the last of them."""
    newest = keys.behind(after).with_only_columns(keys.time.label("time"), keys.article.label("article"))
    rows = newest.order_by(keys.time.desc()).fetch(width, with_ties=True).subquery()
    article = rows.c.article
    spanned = select(func.min(rows.c.time), func.min(article), func.max(article), func.count()).select_from(rows)
    since, lowest, highest, count = (await session.execute(spanned)).one()
    return _Window(since if count >= width else None, lowest or 0, highest or 0, count)


async def _found(
    session: AsyncSession,
    keys: Keys,
    narrowing: Narrowing,
    index: TextIndex,
    after: Position | None,
    window: _Window,
    most: int,
) -> _Rows:
    conditions: list[Any] = list(narrowing.conditions)
    of_article: tuple[Any, ...] = narrowing.of_article
    if window.since is not None:
        conditions.append(keys.time >= window.since)
    if keys.table is ArticleRow:  # without the numbers, which would make the planner think that few are left
        of_article = (*of_article, *index.in_blocks(window.lowest, window.highest))
    else:
        conditions.append(keys.article.in_(index.between(window.lowest, window.highest)))
    rows = keys.where(*conditions, of_article=of_article).behind(after)
    found = await session.execute(rows.order_by(keys.time.desc(), keys.number.desc()).limit(most))
    return [(row[0], row[1]) for row in found]
