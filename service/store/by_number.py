"""Where many articles hold the words, SQLite's first rows: guessed by number, then proved by time.

    index -> nearest() -> Near -> proved() -> rows, newest first, or None

FTS5 names articles from the highest number down, and numbers rise with time, though not strictly (windows.py). So the
rows of the highest numbered articles are taken to be the newest. What proves it is the index of times: whatever else is
as new as the oldest of these rows must be an article of a lower number (or of a higher one, on a later page). Mostly
there is no such row, or some that were late; after a rescan there may be thousands. The full-text index is asked about
them, one by one or all at once.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final

from sqlalchemy import func, not_, select
from sqlalchemy.ext.asyncio import AsyncSession

from service.store.fulltext import TextIndex
from service.store.keys import Keys, Narrowing, Position
from service.store.spelling import apart, listed
from service.store.tables import ArticleRow

__all__ = ["Near", "nearest", "proved"]

_FEW: Final = 400
"""Articles of which each one's rows are looked up: at places far apart, which takes 10 µs each, and on a cold disk ten
times as long. Of more that hold the words, the newest are found sooner than all are put in order."""
_SPARE: Final = 4
"""So many times as many articles are looked at as rows are wanted: what was read late is then mostly among them."""
_STRAYS: Final = 20_000
"""Rows that may be as new and belong to other articles: as many as a rescan finds."""
_LOOKED_UP: Final = 25
"""One of them is looked up in the full-text index in the time in which the index names so many: 12 µs."""
_BEHIND: Final = 500
"""Rows of which the highest number is where to look on: some of them may have been late."""

_Rows = list[tuple[datetime, int]]


@dataclass(frozen=True, slots=True)
class Near:
    """The highest numbers that the index names, from that of the row behind which to look on, the highest first.

    ``more``: it names more below. ``whole``: else these are all that it names, wherever one looks on.
    """

    numbers: Sequence[int]
    more: bool
    whole: bool

    @property
    def share(self) -> float:
        """Which part of the articles answers, around here."""
        return len(self.numbers) / max(len(self.numbers), self.numbers[0] - self.numbers[-1]) if self.numbers else 1.0


async def nearest(
    session: AsyncSession, keys: Keys, narrowing: Narrowing, index: TextIndex, after: Position | None, *, first: int
) -> Near:
    """Those that should hold ``first`` rows behind ``after``, and as many as tell whether they are few."""
    most = max(first, min(narrowing.few, _FEW) + 1)
    numbers = (await session.execute(index.some(most, up_to=_ceiling(keys, after)))).scalars().all()
    more = len(numbers) == most
    return Near(numbers, more, whole=not more and after is None)


async def proved(
    session: AsyncSession,
    keys: Keys,
    narrowing: Narrowing,
    index: TextIndex,
    after: Position | None,
    near: Near,
    *,
    first: int,
) -> _Rows | None:
    """The newest ``first`` rows behind ``after``. None where these articles have not so many, or there is no proof."""
    if len(near.numbers) < 2:
        return None
    near = replace(near, numbers=near.numbers[: _SPARE * first])
    guessed = _guessed(session, keys, narrowing, after, near).limit(first).cte("guessed")
    oldest = select(guessed.c[0]).order_by(guessed.c[0].desc()).offset(first - 1).limit(1).scalar_subquery()
    # Among twice as many rows as should hold enough, windows of time find enough sooner (windows.py).
    most = min(_STRAYS, int(2 * first / near.share))
    others = _others(keys, after, near, oldest).limit(most + 1).subquery()
    some = select(func.count()).select_from(others).scalar_subquery()
    found = (await session.execute(select(guessed.c[0], guessed.c[1], some))).all()
    if len(found) < first or found[0][2] > most:
        return None
    rows = [(row[0], row[1]) for row in found]
    if found[0][2]:
        since, named = min(rows)[0], near.share * near.numbers[-1]
        held = index.of(_others(keys, after, near, since)) if _LOOKED_UP * found[0][2] < named else index.all
        these = (keys.time >= since, _outside(keys, after, near), apart(keys.article).in_(held))
        strays = keys.where(*these, *narrowing.conditions, of_article=narrowing.of_article).behind(after)
        rows += [(row[0], row[1]) for row in await session.execute(strays)]
    return sorted(rows, reverse=True)[:first]


def _guessed(session: AsyncSession, keys: Keys, narrowing: Narrowing, after: Position | None, near: Near) -> Any:  # noqa: ANN401 - a statement
    if keys.table is ArticleRow and not narrowing.of_article:
        keys = keys.hinted("INDEXED BY ix_articles_heads")
    time = apart(keys.time)
    these = keys.article.in_(listed(session, list(near.numbers)))
    rows = keys.where(these, *narrowing.conditions, of_article=narrowing.of_article).behind(after, time=time)
    return rows.order_by(time.desc(), keys.number.desc())


def _others(keys: Keys, after: Position | None, near: Near, since: Any) -> Any:  # noqa: ANN401 - a time; a statement
    """Articles of rows that are as new, of which nothing is known."""
    rows = keys.statement.with_only_columns(keys.article).where(keys.time >= since, _outside(keys, after, near))
    return rows if after is None else rows.where(keys.time <= after.time)


def _outside(keys: Keys, after: Position | None, near: Near) -> Any:  # noqa: ANN401 - a condition
    article = apart(keys.article)
    if after is None:
        return article < near.numbers[-1]
    return not_(article.between(near.numbers[-1], _ceiling(keys, after)))


def _ceiling(keys: Keys, after: Position | None) -> Any:  # noqa: ANN401 - a subquery
    """About the number of the article at ``after``."""
    if after is None:
        return None
    rows = select(keys.article.label("article")).where(keys.time <= after.time).order_by(keys.time.desc())
    return select(func.max(rows.limit(_BEHIND).correlate(None).subquery().c.article)).scalar_subquery()
