"""What a person may do with the outbox: try a delivery again, send an alert again."""

from collections.abc import Callable
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from service.store.tables import DeliveryRow

__all__ = ["resend", "retry"]


async def retry(session: AsyncSession, delivery_id: str, *, now: datetime) -> bool:
    """Make an unsent delivery due now, as if it had never been tried; False when there is none or it was sent."""
    row = await session.get(DeliveryRow, delivery_id, with_for_update=True)
    if row is None or row.status == "sent":
        return False
    row.status, row.attempts, row.next_attempt_at = "pending", 0, now
    row.lease_until = row.lease_token = None
    return True


async def resend(session: AsyncSession, alert_id: str, *, now: datetime, new_id: Callable[[], str]) -> int:
    """Send an alert again to every channel it went to: new message ids, so that receivers do not drop it as a repeat.

    How many deliveries are due now.
    """
    statement = select(DeliveryRow).where(col(DeliveryRow.alert_id) == alert_id).with_for_update()
    rows = (await session.execute(statement)).scalars().all()
    for row in rows:
        row.message_id = f"msg_{new_id()}"
        row.status, row.attempts, row.next_attempt_at, row.sent_at = "pending", 0, now, None
        row.lease_until = row.lease_token = None
    return len(rows)
