"""Origins that asked for a pause, kept so that a restart does not forget it.

A table of its own, because a page's refusal closes a host for feeds and the other way round, and a pause belongs to no
source. It is nearly always empty: a pause that has ended is deleted when the next one is written.
"""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from scrapers.refusals import Refusal
from service.store.tables import HostRow

__all__ = ["keep_refusals", "running_refusals"]


async def keep_refusals(session: AsyncSession, refusals: Iterable[Refusal], now: datetime) -> None:
    changed = list(refusals)
    if not changed:
        return
    await session.execute(delete(HostRow).where(col(HostRow.until) <= now))
    for refusal in sorted(changed, key=lambda refusal: refusal.origin):  # one order, so that no two writers deadlock
        await session.merge(HostRow(origin=refusal.origin, url=refusal.url, until=refusal.until, closed=refusal.closed))


async def running_refusals(session: AsyncSession, now: datetime) -> list[Refusal]:
    rows = (await session.execute(select(HostRow).where(col(HostRow.until) > now))).scalars()
    return [Refusal(row.origin, row.url, row.until, row.closed) for row in rows]
