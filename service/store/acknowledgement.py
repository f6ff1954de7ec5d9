"""What people say of an alert: seen, not now, done with."""

from datetime import datetime
from typing import Literal

from sqlalchemy.ext.asyncio import AsyncSession

from service.store.tables import AlertRow

__all__ = ["acknowledge", "resolve", "snooze"]


async def acknowledge(session: AsyncSession, alert: str, *, by: str, now: datetime) -> bool:
    """Somebody has seen to it; who did so first stays. False when there is no such alert."""
    row = await session.get(AlertRow, alert, with_for_update=True)
    if row is not None and row.acknowledged_at is None:
        row.acknowledged_at, row.acknowledged_by = now, by
    return row is not None


async def snooze(session: AsyncSession, alert: str, *, until: datetime) -> Literal["snoozed", "resolved", "unknown"]:
    """What its rule would tell again of its story waits until then; nothing is told of one that is resolved."""
    row = await session.get(AlertRow, alert, with_for_update=True)
    if row is None:
        return "unknown"
    if row.resolved_at is not None:
        return "resolved"
    row.snoozed_until = until
    return "snoozed"


async def resolve(session: AsyncSession, alert: str, *, now: datetime) -> bool:
    """Its rule tells nothing more of its story. False when there is no such alert."""
    row = await session.get(AlertRow, alert, with_for_update=True)
    if row is not None and row.resolved_at is None:
        row.resolved_at = now
    return row is not None
