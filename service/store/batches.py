"""Rows newest first, from behind a position on: pages by key, which stay right while new rows arrive."""

from collections.abc import AsyncIterator, Sequence
from typing import Any

from sqlalchemy import Select, tuple_
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from service.store.keys import Position
from service.store.lines import Line
from service.store.narrowing import Filter

__all__ = ["BATCH", "Found", "between", "in_batches"]

BATCH = 200
"""Rows of which all is read at a time."""
Found = tuple[Position, Line]


def between(statement: Select[Any], wanted: Filter, time: Any) -> Select[Any]:  # noqa: ANN401
    if wanted.since:
        statement = statement.where(time >= wanted.since)
    if wanted.until:
        statement = statement.where(time < wanted.until)
    return statement


async def in_batches(
    session: AsyncSession,
    statement: Select[Any],
    table: Any,  # noqa: ANN401 - one of the tables with a time and an id
    time: Any,  # noqa: ANN401
    after: Position | None,
    size: int,
) -> AsyncIterator[Sequence[Any]]:
    """Rows newest first, from behind ``after`` on, ``size`` of them and then more at a time."""
    identity = col(table.id)
    size = min(size, BATCH)
    while True:
        behind = statement if after is None else statement.where(tuple_(time, identity) < tuple_(after.time, after.id))
        batch = (await session.execute(behind.order_by(time.desc(), identity.desc()).limit(size))).all()
        if batch:
            yield batch
        if len(batch) < size:
            return
        last = batch[-1][0]
        after, size = Position(getattr(last, time.key), last.id), BATCH
