"""Claiming due work with a lease: one statement on both engines, safe with any number of workers.

A claim writes who works on a row and until when. A worker that dies loses its claim when the lease ends, and the
row is due again. Only the holder of the token writes the outcome (``lock_held``): a worker that overslept its
lease finds that its work has been given away and drops it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any, Generic, TypeVar

from sqlalchemy import BindParameter, ColumnElement, Select, Update, bindparam, or_, select, update
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

__all__ = ["NOW", "Claim", "Lease", "claim", "claiming", "lock_held", "release", "release_all", "values_of"]

RowT = TypeVar("RowT", SourceRow, ArticleRow, DeliveryRow, SubscriptionRow, PushRow, BatchRow, RhythmRow)
_CLAIMABLE = (SourceRow, ArticleRow, DeliveryRow, SubscriptionRow, PushRow, BatchRow, RhythmRow)


@dataclass(frozen=True, slots=True)
class Lease:
    """``token`` names this claim alone; it ends at ``until``."""

    token: str
    until: datetime


NOW: BindParameter[Any] = bindparam("now")
"""The time of a claim, in the condition that says what is due."""


class Claim(Generic[RowT]):
    """Takes rows of ``table`` for which ``due`` holds and that nobody holds, in this order. Made once: putting the
    statement together costs as much as running it."""

    def __init__(self, table: type[RowT], due: ColumnElement[bool], order_by: Any) -> None:  # noqa: ANN401 - any column
        statement = claiming(table, due, order_by)
        self.statement = select(table).from_statement(statement.returning(*table_of(table).c))


async def claim(
    session: AsyncSession,
    what: Claim[RowT],
    *,
    limit: int,
    now: datetime,
    lease: Lease,
    **more: Any,  # noqa: ANN401 - what else its condition asks for
) -> Sequence[RowT]:
    """Take at most ``limit`` rows; the rows as claimed."""
    found = await session.execute(what.statement, values_of(limit, now, lease) | more)
    rows: Sequence[RowT] = found.scalars().all()
    return rows


def claiming(table: type[RowT], due: ColumnElement[bool], order_by: Any) -> Update:  # noqa: ANN401 - any column
    """The statement, to be run with ``values_of``; what it returns is for the caller to say."""
    free = or_(col(table.lease_until).is_(None), col(table.lease_until) <= NOW)
    # A common table expression that locks rows is run once; PostgreSQL may run a plain subquery again and again.
    taken = select(col(table.id)).where(due, free).order_by(order_by).limit(bindparam("most"))
    chosen = taken.with_for_update(skip_locked=True).cte("chosen")
    return (
        update(table_of(table))
        .where(col(table.id).in_(select(chosen.c.id)))
        .values(lease_until=bindparam("holds_until"), lease_token=bindparam("holder"))
    )


def values_of(limit: int, now: datetime, lease: Lease) -> dict[str, Any]:
    return {"most": limit, "now": now, "holds_until": lease.until, "holder": lease.token}


async def lock_held(session: AsyncSession, table: type[RowT], row_id: int | str, token: str) -> RowT | None:
    """The row, locked until the transaction ends, if this claim still holds it; else None.

    Others may refer to it meanwhile: a poll that adds an item of this article does not wait.
    """
    found = await session.execute(_held(table), {"row": row_id, "holder": token})
    row: RowT | None = found.scalar_one_or_none()
    return row


@cache
def _held(table: type[RowT]) -> Select[Any]:
    held = select(table).where(col(table.id) == bindparam("row"), col(table.lease_token) == bindparam("holder"))
    return held.with_for_update(key_share=True)


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
