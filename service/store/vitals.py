"""What a scrape of metrics looks at: work that is due, what is stored, how large the database is.

Work that is due is found by the indices that claims use, and costs the same however much is stored. To count all that
is stored takes tens of milliseconds at a million articles: ``stored`` is for now and then.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import ColumnElement, func, literal_column, or_, select, text
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from service.store.engine import Database
from service.store.spelling import is_sqlite
from service.store.tables import (
    AlertRow,
    ArticleRow,
    BatchRow,
    ChannelRow,
    DeliveryRow,
    MentionRow,
    PushRow,
    RhythmRow,
    SourceRow,
    StoryRow,
    SubscriptionRow,
)
from service.store.turns import WAITING

__all__ = ["Due", "Standing", "Stored", "database_bytes", "due_work", "standing", "stored"]

_LARGE: Final[tuple[Any, ...]] = (ArticleRow, MentionRow, StoryRow, AlertRow, DeliveryRow)


@dataclass(frozen=True, slots=True)
class Due:
    """Jobs of a lane that are due and that nobody is at. ``oldest_seconds``: since the first of them was due."""

    lane: str
    waiting: int
    oldest_seconds: float


@dataclass(frozen=True, slots=True)
class Standing:
    """How sources, deliveries that are not sent, and subscriptions to hubs stand."""

    sources: dict[str, int]
    """By ``well``, ``failing`` and ``off``."""
    deliveries: dict[tuple[str, str], int]
    """By channel and state: ``pending``, ``retrying``, ``dead``."""
    subscriptions: dict[str, int]


@dataclass(frozen=True, slots=True)
class Stored:
    """Rows by table."""

    rows: dict[str, int]


async def due_work(session: AsyncSession, now: datetime) -> list[Due]:
    """One for each lane that there may be."""
    resting = select(col(ChannelRow.name)).where(col(ChannelRow.rests_until) > now)
    lanes: tuple[tuple[str, Any, Any, tuple[ColumnElement[bool], ...]], ...] = (
        ("subscribe", SubscriptionRow, SubscriptionRow.next_try_at, ()),
        ("push", PushRow, PushRow.received_at, ()),
        ("poll", SourceRow, SourceRow.next_poll_at, (col(SourceRow.enabled).is_(True),)),
        ("read", ArticleRow, ArticleRow.next_read_at, (col(ArticleRow.state) == "due",)),
        ("compose", BatchRow, BatchRow.due_at, ()),
        ("measure", RhythmRow, RhythmRow.due_at, ()),
        (
            "deliver",
            DeliveryRow,
            DeliveryRow.next_attempt_at,
            (
                col(DeliveryRow.status).in_(WAITING),
                col(DeliveryRow.behind).is_(None),
                col(DeliveryRow.channel).not_in(resting),
            ),
        ),
    )
    found = []
    for lane, table, at, conditions in lanes:
        free = or_(col(table.lease_until).is_(None), col(table.lease_until) <= now)
        asked = select(func.count(), func.min(col(at))).where(col(at) <= now, free, *conditions)
        waiting, oldest = (await session.execute(asked)).one()
        found.append(Due(lane, waiting, (now - oldest).total_seconds() if oldest else 0.0))
    return found


async def standing(session: AsyncSession) -> Standing:
    sources = {"well": 0, "failing": 0, "off": 0}
    fails = col(SourceRow.failures) > literal_column("0")  # PostgreSQL takes two parameters for two expressions
    by_source = select(col(SourceRow.enabled), fails, func.count()).group_by(col(SourceRow.enabled), fails)
    for enabled, failing, count in await session.execute(by_source):
        sources["off" if not enabled else "failing" if failing else "well"] += count
    unsent = (
        select(col(DeliveryRow.channel), col(DeliveryRow.status), func.count())
        .where(col(DeliveryRow.status).in_([*WAITING, "dead"]))
        .group_by(col(DeliveryRow.channel), col(DeliveryRow.status))
    )
    deliveries = {(channel, status): count for channel, status, count in await session.execute(unsent)}
    hubs = select(col(SubscriptionRow.state), func.count()).group_by(col(SubscriptionRow.state))
    return Standing(sources, deliveries, {state: count for state, count in await session.execute(hubs)})  # noqa: C416


async def stored(session: AsyncSession) -> Stored:
    counts = [select(func.count()).select_from(table).scalar_subquery() for table in _LARGE]
    row = (await session.execute(select(*counts))).one()
    return Stored({str(table.__tablename__): count for table, count in zip(_LARGE, row, strict=True)})


async def database_bytes(session: AsyncSession, db: Database) -> int:
    """The space that the database takes; of an embedded one its file and the log beside it."""
    if not is_sqlite(session):
        return int((await session.execute(text("SELECT pg_database_size(current_database())"))).scalar_one())
    size = "SELECT page_count * page_size FROM pragma_page_count(), pragma_page_size()"
    pages = int((await session.execute(text(size))).scalar_one())
    log = db.file.with_name(db.file.name + "-wal") if db.file is not None else None
    return pages + (log.stat().st_size if log is not None and log.exists() else 0)
