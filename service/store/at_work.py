"""Whether a silence may be believed: was newsvane at work, and do the sources answer?"""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from math import ceil
from typing import Any, Final

from sqlalchemy import and_, exists, func, or_, select, tuple_
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from service.domain.addresses import without_credentials
from service.domain.volume import Window
from service.store.tables import ArticleRow, PollRow, SourceRow
from service.store.volume import moment_of, quarter_of

__all__ = ["failed_at", "failing_sources", "signs", "slices_of", "watched"]

_SLICE: Final = timedelta(hours=6)
_SUCCESS: Final = ("read", "unchanged", "pushed")


async def watched(session: AsyncSession, windows: Sequence[Window]) -> list[bool]:
    """Was newsvane at work in each of these windows? It was where each six hours of it, counted from its end, saw a
    poll that was answered, or an article."""
    parts = [(number, part) for number, window in enumerate(windows) for part in slices_of(window)]
    signs = [
        or_(
            exists().where(_in(PollRow.at, part), col(PollRow.outcome).in_(_SUCCESS)),
            exists().where(_in(ArticleRow.discovered_at, part)),
        ).label(f"part_{place}")
        for place, (_, part) in enumerate(parts)
    ]
    if not signs:
        return []
    seen = (await session.execute(select(*signs))).one()
    missing = {number for (number, _), sign in zip(parts, seen, strict=True) if not sign}
    return [number not in missing for number in range(len(windows))]


async def signs(session: AsyncSession, window: Window) -> list[datetime]:
    """The quarters of an hour of a window in which newsvane was at work."""
    answered = select(quarter_of(session, col(PollRow.at))).where(
        _in(PollRow.at, window), col(PollRow.outcome).in_(_SUCCESS)
    )
    found = select(quarter_of(session, col(ArticleRow.discovered_at))).where(_in(ArticleRow.discovered_at, window))
    numbers = await session.execute(answered.union(found))
    return sorted(moment_of(int(number)) for (number,) in numbers)


async def failed_at(
    session: AsyncSession, ids: Iterable[int], now: datetime, *, silent_since: datetime
) -> dict[int, str]:
    """What ``failing_sources`` would have said then, as far as polls are kept: one without a known poll was well."""
    polled = select(col(PollRow.source_id)).where(col(PollRow.source_id).in_(set(ids)), col(PollRow.at) <= now)
    answered = polled.where(col(PollRow.at) >= silent_since, col(PollRow.outcome).in_(_SUCCESS))
    last = polled.add_columns(func.max(col(PollRow.at))).group_by(col(PollRow.source_id)).subquery()
    failed = (
        select(col(PollRow.source_id), col(SourceRow.title), col(SourceRow.url))
        .join(SourceRow, col(SourceRow.id) == col(PollRow.source_id))
        .where(
            tuple_(col(PollRow.source_id), col(PollRow.at)).in_(select(*last.c)),
            col(PollRow.outcome).not_in(_SUCCESS),
            col(PollRow.source_id).not_in(answered),
        )
    )
    return {source: title or url for source, title, url in await session.execute(failed)}


async def failing_sources(session: AsyncSession, ids: Iterable[int], *, silent_since: datetime) -> dict[int, str]:
    """Of these sources, those that bring nothing because they fail, are switched off, or were removed; with their
    names. One failed poll is none: it fails when it was not heard since ``silent_since`` either."""
    wanted = set(ids)
    rows = (await session.execute(select(SourceRow).where(col(SourceRow.id).in_(wanted)))).scalars().all()
    well = {
        row.id
        for row in rows
        if row.enabled
        and (row.failures == 0 or (row.last_success_at is not None and row.last_success_at >= silent_since))
    }
    names = {row.id: row.title or without_credentials(row.url) for row in rows}
    return {source: names.get(source, "a source that was removed") for source in sorted(wanted - well)}


def _in(column: Any, window: Window) -> Any:  # noqa: ANN401 - a column; a condition
    return and_(col(column) >= window[0], col(column) < window[1])


def slices_of(window: Window) -> list[Window]:
    """The stretches of a window each of which has to see a sign of work, from its end backwards; the first may begin
    before it."""
    return [
        (window[1] - (number + 1) * _SLICE, window[1] - number * _SLICE)
        for number in range(ceil((window[1] - window[0]) / _SLICE))
    ]
