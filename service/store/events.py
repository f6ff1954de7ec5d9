"""What happened, for those who follow along: new mentions and new alerts, numbered in the order of their commits.

A number that PostgreSQL gives out may become visible after a greater one, and who reads on behind the greatest would
never see it. So events are written as the last thing of their transaction, one transaction after the other: whoever has
seen a number has seen, or may ask for, all before it. Mentions that a rescan finds are no events: it works quietly.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, func, insert, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from service.store.engine import Database, at_end, lock
from service.store.tables import EventRow, table_of

__all__ = ["KEPT", "Event", "after", "begin_anew", "forget_old", "newest", "note", "oldest"]

KEPT = timedelta(days=7)
_PENDING = "events"
_LEAP = 1_000_000_000
"""More events than there have been since any backup. Numbers stay such as JavaScript can hold, for millions of them."""
_ADD = insert(table_of(EventRow))


@dataclass(frozen=True, slots=True)
class Event:
    """Exactly one of ``mention`` and ``alert``."""

    id: int
    mention: int | None
    alert: str | None


def note(session: AsyncSession, *, now: datetime, mention: int | None = None, alert: str | None = None) -> None:
    """Write it when the transaction ends, in this order. The session is one of ``Database.write``."""
    pending: list[dict[str, Any]] = session.info.setdefault(_PENDING, [])
    pending.append({"mention_id": mention, "alert_id": alert, "at": now})

    async def write() -> None:
        await lock(session, "events")
        await session.flush()  # the mentions and alerts that these name
        await session.execute(_ADD, session.info.pop(_PENDING))

    at_end(session, _PENDING, write)


async def after(session: AsyncSession, event: int, *, most: int) -> Sequence[Event]:
    """Those behind an event, the next one first."""
    rows = select(EventRow).where(col(EventRow.id) > event).order_by(col(EventRow.id)).limit(most)
    return [Event(row.id, row.mention_id, row.alert_id) for row in (await session.execute(rows)).scalars()]


async def newest(session: AsyncSession) -> int:
    """0 when there is none."""
    return (await session.execute(select(func.max(col(EventRow.id))))).scalar() or 0


async def oldest(session: AsyncSession) -> int:
    """0 when there is none."""
    return (await session.execute(select(func.min(col(EventRow.id))))).scalar() or 0


async def begin_anew(db: Database, *, now: datetime) -> None:
    """The database is an earlier state of itself. Who followed it has seen numbers that it is going to give once more,
    and would pass over what they tell: from now on it gives none of them."""
    async with db.write() as session:
        await lock(session, "events")
        number = await newest(session) + _LEAP
        await session.execute(insert(table_of(EventRow)).values(id=number, at=now))
        if not db.is_sqlite:
            await session.execute(select(func.setval(func.pg_get_serial_sequence("events", "id"), number)))


async def forget_old(db: Database, *, now: datetime) -> int:
    """All but the newest, which keeps the numbers growing, once they are older than ``KEPT``; how many."""
    async with db.write() as session:
        old = delete(EventRow).where(col(EventRow.at) < now - KEPT, col(EventRow.id) < await newest(session))
        return len((await session.execute(old.returning(col(EventRow.id)))).all())
