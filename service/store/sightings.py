"""What watch-keeping rules look at: sources, article bodies, channels, and how late work is.

Each function asks a few statements however many sources there are, over the indices that polls and claims use.
"""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from sqlalchemy import ColumnElement, delete, func, or_, select, union_all
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from scrapers.errors import HOST_CLOSED
from service.domain.addresses import without_credentials
from service.domain.keeping.bodies import BODIES_READ, ReadSource
from service.domain.keeping.silence import PublishingSource, may_be_silent
from service.domain.keeping.sources import RECENT, Answered, FailingSource
from service.domain.keeping.work import READ_FOR, FailingChannel, Reading
from service.store.tables import (
    ArticleRow,
    AttemptRow,
    ChannelRow,
    DeliveryRow,
    PollRow,
    SourceRow,
    WorkReadingRow,
)

__all__ = ["article_bodies", "failing_channels", "failing_sources", "publishing_sources", "work_now", "write_readings"]

_WELL: Final = ("read", "unchanged", "pushed", HOST_CLOSED)
"""Outcomes of polls that are no failure; a closed host was not asked."""
_HISTORY: Final = timedelta(days=30)
_KEEP_READINGS: Final = timedelta(days=1)
_AT_ONCE: Final = 100
_FRESH: Final = timedelta(days=2)


async def failing_sources(session: AsyncSession, now: datetime) -> tuple[list[FailingSource], Answered]:
    """Enabled sources whose last poll failed, and how many others answered lately."""
    good = or_(col(SourceRow.last_success_at).is_(None), col(PollRow.at) > col(SourceRow.last_success_at))
    streaks = (
        select(
            col(PollRow.source_id), func.min(col(PollRow.at)).label("first"), func.max(col(PollRow.at)).label("last")
        )
        .join(SourceRow, col(SourceRow.id) == col(PollRow.source_id))
        .where(col(SourceRow.enabled), col(SourceRow.failures) > 0, good, col(PollRow.outcome).not_in(_WELL))
        .group_by(col(PollRow.source_id))
        .subquery()
    )
    names = (
        "id",
        "title",
        "url",
        "failures",
        "status",
        "last_error",
        "last_success_at",
        "last_polled_at",
        "created_at",
    )
    columns = [getattr(SourceRow, name) for name in names]
    found = (
        select(*columns, streaks.c.first, streaks.c.last, col(PollRow.outcome))
        # The longest pause is as long as polls are remembered: the last one may be forgotten.
        .outerjoin(streaks, streaks.c.source_id == col(SourceRow.id))
        .outerjoin(PollRow, (col(PollRow.source_id) == col(SourceRow.id)) & (col(PollRow.at) == streaks.c.last))
        .where(col(SourceRow.enabled), col(SourceRow.failures) > 0)
        .order_by(col(SourceRow.id))
    )
    sources = {
        row.id: FailingSource(
            id=row.id,
            title=row.title,
            url=without_credentials(row.url),
            failures=row.failures,
            since=row.first or row.last_success_at or row.created_at,
            last_polled_at=row.last_polled_at or row.created_at,
            code=row.outcome or "",
            transient=row.status == "retrying",
            error=row.last_error or "",
            last_success_at=row.last_success_at,
        )
        for row in await session.execute(found)
    }
    well = (col(SourceRow.enabled), col(SourceRow.failures) == 0, col(SourceRow.last_success_at) > now - RECENT)
    count = (await session.execute(select(func.count()).select_from(SourceRow).where(*well))).scalar_one()
    last = (await session.execute(select(func.max(col(SourceRow.last_success_at))))).scalar_one()
    return list(sources.values()), Answered(int(count), last)


async def publishing_sources(session: AsyncSession, now: datetime) -> list[PublishingSource]:
    """Sources that answer well and may be silent, with what came from them in thirty days."""
    names = ("id", "title", "url", "last_polled_at", "created_at", "baseline_at", "moments")
    wanted = select(*(getattr(SourceRow, name) for name in names)).where(
        col(SourceRow.enabled), col(SourceRow.failures) == 0, col(SourceRow.last_polled_at).is_not(None)
    )
    maybe = []
    for row in await session.execute(wanted):
        stated = [datetime.fromtimestamp(moment, UTC) for moment in row.moments]
        if may_be_silent(max(stated, default=row.created_at), row.last_polled_at):
            maybe.append((row, stated))
    came: dict[int, list[tuple[datetime, int]]] = {}
    for some in _slices([row.id for row, _ in maybe]):
        news = select(col(PollRow.source_id), col(PollRow.at), col(PollRow.new_articles)).where(
            col(PollRow.source_id).in_(some), col(PollRow.at) > now - _HISTORY, col(PollRow.new_articles) > 0
        )
        for source, at, count in await session.execute(news.order_by(col(PollRow.at))):
            came.setdefault(source, []).append((at, count))
    found = []
    for row, stated in maybe:
        baseline = row.baseline_at or row.created_at
        seen = [(at, count) for at, count in came.get(row.id, []) if at > baseline]
        if not seen or may_be_silent(max(at for at, _ in seen), row.last_polled_at):
            since = max(baseline, now - _HISTORY)
            found.append(
                PublishingSource(
                    row.id, row.title, without_credentials(row.url), row.last_polled_at, since, seen, stated
                )
            )
    return found


async def article_bodies(session: AsyncSession, now: datetime) -> list[ReadSource]:
    """Sources that brought something lately, with the lengths of their newest bodies."""
    lately = select(col(PollRow.source_id)).where(col(PollRow.at) > now - _FRESH, col(PollRow.new_articles) > 0)
    wanted = select(col(SourceRow.id), col(SourceRow.title), col(SourceRow.url)).where(
        col(SourceRow.enabled), col(SourceRow.id).in_(lately)
    )
    sources = {row.id: row for row in await session.execute(wanted)}
    bodies: dict[int, list[tuple[int, str, datetime]]] = {}
    for some in _slices(list(sources)):
        rows = await session.execute(union_all(*(_newest_of(source) for source in some)))
        for source, _, length, origin, at in sorted(rows.all(), key=lambda row: -row[1]):
            bodies.setdefault(source, []).append((length, origin or "", at))
    return [
        ReadSource(id_, sources[id_].title, without_credentials(sources[id_].url), read) for id_, read in bodies.items()
    ]


def _newest_of(source: int) -> Any:  # noqa: ANN401 - a part of a union
    newest = (
        select(
            col(ArticleRow.source_id),
            col(ArticleRow.id),
            func.length(col(ArticleRow.text)).label("length"),
            col(ArticleRow.origin),
            col(ArticleRow.discovered_at),
        )
        .where(col(ArticleRow.source_id) == source, col(ArticleRow.state) == "read")
        .order_by(col(ArticleRow.id).desc())
        .limit(BODIES_READ)
        .subquery()
    )
    return select(newest)


async def failing_channels(session: AsyncSession) -> list[FailingChannel]:
    """Those that fail, on, or switched off because of it; each with the last attempt's words."""
    wanted = select(ChannelRow).where(
        col(ChannelRow.failing_since).is_not(None),
        or_(col(ChannelRow.enabled), col(ChannelRow.disabled_reason).is_not(None)),
    )
    found = []
    for row in (await session.execute(wanted.order_by(col(ChannelRow.id)))).scalars():
        last = (
            select(col(AttemptRow.excerpt))
            .join(DeliveryRow, col(DeliveryRow.id) == col(AttemptRow.delivery_id))
            .where(col(DeliveryRow.channel) == row.name, col(AttemptRow.outcome).in_(["retrying", "dead"]))
            .order_by(col(AttemptRow.id).desc())
            .limit(1)
        )
        error = (await session.execute(last)).scalar_one_or_none() or "no answer is kept"
        if row.failing_since is not None:
            off = None if row.enabled else row.disabled_reason
            found.append(FailingChannel(row.name, row.failing_since, row.failures or 0, error, off))
    return found


async def work_now(session: AsyncSession, now: datetime) -> dict[str, list[Reading]]:
    """``polls``, ``reads`` and ``deliveries``: the readings of the last half hour, and last the one of this moment."""
    kept = select(WorkReadingRow).where(col(WorkReadingRow.at) > now - READ_FOR).order_by(col(WorkReadingRow.at))
    readings: dict[str, list[Reading]] = {"polls": [], "reads": [], "deliveries": []}
    for row in (await session.execute(kept)).scalars():
        readings[row.work].append(Reading(row.work, row.at, timedelta(seconds=row.age_seconds), row.waiting))
    due: dict[str, tuple[Any, list[ColumnElement[bool]]]] = {
        "polls": (SourceRow.next_poll_at, [col(SourceRow.enabled).is_(True), _free(SourceRow.lease_until, now)]),
        "reads": (ArticleRow.next_read_at, [col(ArticleRow.state) == "due", _free(ArticleRow.lease_until, now)]),
        "deliveries": (
            DeliveryRow.next_attempt_at,
            [
                col(DeliveryRow.status).in_(["pending", "retrying"]),
                col(DeliveryRow.behind).is_(None),
                col(DeliveryRow.channel).not_in(select(col(ChannelRow.name)).where(col(ChannelRow.rests_until) > now)),
                _free(DeliveryRow.lease_until, now),
            ],
        ),
    }
    for work, (column, conditions) in due.items():
        asked = select(func.min(col(column)), func.count()).where(col(column) <= now, *conditions)
        oldest, waiting = (await session.execute(asked)).one()
        readings[work].append(Reading(work, now, now - oldest if oldest else timedelta(), int(waiting)))
    return readings


async def write_readings(session: AsyncSession, readings: Sequence[Reading], *, now: datetime) -> None:
    """Keep these, and forget those of yesterday."""
    await session.execute(delete(WorkReadingRow).where(col(WorkReadingRow.at) < now - _KEEP_READINGS))
    session.add_all(
        WorkReadingRow(work=one.work, at=one.at, age_seconds=int(one.age.total_seconds()), waiting=one.waiting)
        for one in readings
    )


def _free(lease_until: Any, now: datetime) -> ColumnElement[bool]:  # noqa: ANN401 - a column
    return or_(col(lease_until).is_(None), col(lease_until) < now)


def _slices(ids: Sequence[int]) -> Iterator[Sequence[int]]:
    for start in range(0, len(ids), _AT_ONCE):
        yield ids[start : start + _AT_ONCE]
