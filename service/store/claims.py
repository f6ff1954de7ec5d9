"""Claiming due work with a lease: one statement on both engines, safe with any number of workers.

A claim writes who works on a row and until when. A worker that dies loses its claim when the lease ends, and the
row is due again. Only the holder of the token writes the outcome (``lock_held``): a worker that overslept its
lease finds that its work has been given away and drops it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, Update, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from service.store.tables import (
    ArticleRow,
    BatchRow,
    DeliveryRow,
    PushRow,
    RhythmRow,
    SourceRow,
    SubscriptionRow,
    table_of,
)

__all__ = ["Lease", "claim", "claiming", "lock_held", "release", "release_all"]

RowT = TypeVar("RowT", SourceRow, ArticleRow, DeliveryRow, SubscriptionRow, PushRow, BatchRow, RhythmRow)
_CLAIMABLE = (SourceRow, ArticleRow, DeliveryRow, SubscriptionRow, PushRow, BatchRow, RhythmRow)


@dataclass(frozen=True, slots=True)
class Lease:
    """``token`` names this claim alone; it ends at ``until``."""

    token: str
    until: datetime


async def claim(
    session: AsyncSession,
    table: type[RowT],
    due: ColumnElement[bool],
    order_by: Any,  # noqa: ANN401 - any column
    *,
    limit: int,
    now: datetime,
    lease: Lease,
) -> Sequence[RowT]:
    """Take at most ``limit`` rows for which ``due`` holds and that nobody holds; the rows as claimed."""
    statement = claiming(table, due, order_by, limit=limit, now=now, lease=lease)
    found = await session.execute(select(table).from_statement(statement.returning(*table_of(table).c)))
    return found.scalars().all()


def claiming(
    table: type[RowT],
    due: ColumnElement[bool],
    order_by: Any,  # noqa: ANN401 - any column
    *,
    limit: int,
    now: datetime,
    lease: Lease,
) -> Update:
    """The statement; what it returns is for the caller to say."""
    free = or_(col(table.lease_until).is_(None), col(table.lease_until) <= now)
    # A common table expression that locks rows is run once; PostgreSQL may run a plain subquery again and again.
    locked = select(col(table.id)).where(due, free).order_by(order_by).limit(limit).with_for_update(skip_locked=True)
    chosen = locked.cte("chosen")
    return (
        update(table_of(table))
        .where(col(table.id).in_(select(chosen.c.id)))
        .values(lease_until=lease.until, lease_token=lease.token)
    )


async def lock_held(session: AsyncSession, table: type[RowT], row_id: int | str, token: str) -> RowT | None:
    """The row, locked until the transaction ends, if this claim still holds it; else None.

    Others may refer to it meanwhile: a poll that adds an item of this article does not wait.
    """
    held = select(table).where(col(table.id) == row_id, col(table.lease_token) == token)
    statement = held.with_for_update(key_share=True)
    return (await session.execute(statement)).scalar_one_or_none()


async def release(session: AsyncSession, table: type[RowT], row_id: int | str, token: str) -> None:
    """Give a claim back undone: the row is due again at once."""
    await session.execute(
        update(table)
        .where(col(table.id) == row_id, col(table.lease_token) == token)
        .values(lease_until=None, lease_token=None)
    )


async def release_all(session: AsyncSession) -> None:
    """Give back every claim. Only for the one process that holds an embedded database: all others are dead."""
    for table in _CLAIMABLE:
        await session.execute(
            update(table).where(col(table.lease_token).is_not(None)).values(lease_until=None, lease_token=None)
        )
