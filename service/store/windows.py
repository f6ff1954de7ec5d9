"""Walking past many articles on SQLite, where the full-text index is asked for words that many hold.

The index gives article numbers, in their order and a thousand in a third of a millisecond, but knows no
times. Numbers rise with time, though not strictly: a rescan finds old articles anew, a clock is set right. So a
*window* of time is taken first, as wide as it should take to find enough; the lowest and the highest article number in
it say which stretch of the index to read; and of what the index names there, the rows of the window are kept. Only they
leave the database.
"""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from service.store.fulltext import TextIndex
from service.store.keys import Keys, Narrowing, Position
from service.store.spelling import apart

__all__ = ["by_words"]

_WIDEST = 100_000
"""Rows of a window: going through their index takes 7 ms."""
_SCATTERED = 2_000
"""The same where article numbers lie so far apart that each is looked up in the full-text index: 24 ms."""
_FAR = 8
"""A stretch of numbers so many times as long as its window has rows is looked up instead."""
_SPARE = 1.3
"""Windows are so much wider than what should do, for words come in bursts."""
_FASTER = 8
"""The next window is at most so many times as wide, and gives at most so many times what is wanted."""
_MOST_WANTED = 5000

_Rows = list[tuple[datetime, int]]


async def by_words(
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
    widest = _WIDEST
    while True:
        width = max(first, min(width, widest))
        since = await _time_of(session, keys, after, width)
        bounds = await _bounds(session, keys, since, after)
        if bounds.scattered and bounds.rows > 2 * _SCATTERED:
            width = widest = _SCATTERED
            continue
        most = _FASTER * wanted
        found = await _found(session, keys, narrowing, index, since, after, bounds, most)
        if found:
            yield found
        if len(found) == most:
            after = Position(*found[-1])
        elif since is None:
            return
        else:
            after = Position(since, 0)  # numbers begin with 1: all of that time have been looked at
        # Next time, what should hold enough at the rate that was just seen.
        wanted = min(3 * wanted, _MOST_WANTED)
        width = min(int(width * wanted * _SPARE / max(1, len(found))), _FASTER * width)


async def _time_of(session: AsyncSession, keys: Keys, after: Position | None, place: int) -> datetime | None:
    """Of the row so many places behind ``after``, or a few more; None where there are no more."""
    rows = keys.statement.with_only_columns(keys.time)
    if after is not None:
        rows = rows.where(keys.time <= after.time)
    return (await session.execute(rows.order_by(keys.time.desc()).offset(place).limit(1))).scalar_one_or_none()


@dataclass(frozen=True, slots=True)
class _Bounds:
    """Of a window: the lowest and highest article number, and how many rows it has."""

    lowest: int
    highest: int
    rows: int

    @property
    def scattered(self) -> bool:
        return self.highest - self.lowest > _FAR * self.rows + 100


async def _bounds(session: AsyncSession, keys: Keys, since: datetime | None, after: Position | None) -> _Bounds:
    window = _window(keys, since, after).subquery()
    article = window.c[2]
    lowest, highest, rows = (
        await session.execute(select(func.min(article), func.max(article), func.count()).select_from(window))
    ).one()
    return _Bounds(lowest or 0, highest or 0, rows)


def _window(keys: Keys, since: datetime | None, after: Position | None) -> Any:  # noqa: ANN401 - a statement
    rows = keys.statement
    if after is not None:
        rows = rows.where(keys.time <= after.time)
    return rows if since is None else rows.where(keys.time >= since)


async def _found(
    session: AsyncSession,
    keys: Keys,
    narrowing: Narrowing,
    index: TextIndex,
    since: datetime | None,
    after: Position | None,
    bounds: _Bounds,
    most: int,
) -> _Rows:
    """The few that the index names are looked up; the index of times, which SQLite would rather walk, is kept apart."""
    time = apart(keys.time)
    conditions: list[Any] = list(narrowing.conditions)
    if since is not None:
        conditions.append(time >= since)
    if bounds.scattered:
        conditions.append(keys.article.in_(index.of(_window(keys, since, after).with_only_columns(keys.article))))
    else:
        conditions.append(keys.article.in_(index.between(bounds.lowest, bounds.highest)))
    rows = keys.where(*conditions, of_article=narrowing.of_article).behind(after, time=time)
    found = await session.execute(rows.order_by(time.desc(), keys.number.desc()).limit(most))
    return [(row[0], row[1]) for row in found]
