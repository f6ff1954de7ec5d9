"""Due times that were written while the clock was ahead: they lie further off than anybody meant.

What has happened at a time that is yet to come tells of it: a source was polled then, an article found, an alert made.
Digests and the ends of quiet hours are moments of the day, and stay.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import bindparam, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from service.store.engine import Database
from service.store.tables import ArticleRow, BatchRow, DeliveryRow, SourceRow, table_of
from service.store.turns import WAITING

__all__ = ["bring_back"]

_AHEAD: Final = timedelta(seconds=5)
"""Clocks of several machines differ a little."""
_AT_ONCE: Final = 500


async def bring_back(db: Database, *, now: datetime) -> int:
    """Let what was due by the clock that was ahead be due by this one; how much of it there was.

    A source keeps its pause, and a group its wait, from now on. What was found or made then is due at once.
    """
    soon, moved = now + _AHEAD, 0
    polled, opened = col(SourceRow.last_polled_at), col(BatchRow.opened_at)
    for table, since, due, wanted in (
        (SourceRow, polled, col(SourceRow.next_poll_at), polled > soon),
        (BatchRow, opened, col(BatchRow.due_at), (opened > soon) & (col(BatchRow.kind) == "group")),
    ):
        async with db.read() as session:
            of_table = select(col(table.id), since, due).where(wanted).order_by(col(table.id))
            rows = (await session.execute(of_table)).all()
        for start in range(0, len(rows), _AT_ONCE):
            async with db.write() as session:
                await _shift(session, table, due, rows[start : start + _AT_ONCE], now)
        moved += len(rows)
    async with db.write() as session:
        found = update(ArticleRow).where(
            col(ArticleRow.state) == "due", col(ArticleRow.discovered_at) > soon, col(ArticleRow.next_read_at) > now
        )
        made = update(DeliveryRow).where(
            col(DeliveryRow.status).in_(WAITING),
            col(DeliveryRow.created_at) > soon,
            col(DeliveryRow.next_attempt_at) > now,
        )
        moved += len((await session.execute(found.values(next_read_at=now).returning(col(ArticleRow.id)))).all())
        moved += len((await session.execute(made.values(next_attempt_at=now).returning(col(DeliveryRow.id)))).all())
    return moved


async def _shift(session: AsyncSession, table: Any, due: Any, rows: Sequence[Any], now: datetime) -> None:  # noqa: ANN401 - a table and its column
    """Only where nobody has written another time meanwhile."""
    columns = table_of(table).c
    later = update(table_of(table)).where(columns.id == bindparam("row"), columns[due.key] == bindparam("was"))
    values = [{"row": number, "was": at, "at": now + max(at - since, timedelta())} for number, since, at in rows]
    await session.execute(later.values({due.key: bindparam("at")}), values)
