"""What a person may do with the outbox: try deliveries again, send an alert again.

What is being sent at this moment is left alone: sending it a second time would make two of it.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from sqlalchemy import func, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from service.store import copies
from service.store.tables import DeliveryRow
from service.store.turns import WAITING

__all__ = ["Resent", "Retried", "kept_back", "resend", "retry", "retry_channel"]

Retried = Literal["due", "sent", "under way", "unknown"]


@dataclass(frozen=True, slots=True)
class Resent:
    """``due``: deliveries that will be sent. ``under_way``: those that are being sent now, and were left alone."""

    due: int
    under_way: int


async def retry(session: AsyncSession, delivery_id: str, *, now: datetime) -> Retried:
    """Make an unsent delivery due now, as if it had never been tried, and say what came of it. Recipients of a mail who
    have their copy get no other.

    ``due``: it will be sent. ``sent``: it was sent before. ``under way``: it is being sent. ``unknown``: there is none.
    """
    row = await session.get(DeliveryRow, delivery_id, with_for_update=True)
    if row is None:
        return "unknown"
    if row.status == "sent":
        return "sent"
    if _is_held(row, now):
        return "under way"
    _make_due(row, now)
    await copies.forget(session, [row.id])
    return "due"


async def retry_channel(
    session: AsyncSession, channel: str, statuses: Sequence[str], *, now: datetime, since: datetime | None = None
) -> int:
    """Make a channel's deliveries with one of ``statuses`` (``retrying``, ``dead``, ``suppressed``) due now; how many.

    ``since``: only those made at or after it.
    """
    statement = (
        update(DeliveryRow)
        .where(
            col(DeliveryRow.channel) == channel,
            col(DeliveryRow.status).in_(statuses),
            or_(col(DeliveryRow.lease_until).is_(None), col(DeliveryRow.lease_until) <= now),
        )
        .values(status="pending", attempts=0, next_attempt_at=now, behind=None, lease_until=None, lease_token=None)
    )
    if since is not None:
        statement = statement.where(col(DeliveryRow.created_at) >= since)
    made = await session.execute(statement.returning(col(DeliveryRow.id)).execution_options(synchronize_session=False))
    due = list(made.scalars())
    await copies.forget(session, due)
    return len(due)


async def kept_back(session: AsyncSession, channel: str) -> int:
    """How many of a channel's deliveries were not even tried, because it was switched off or missing."""
    statement = select(func.count()).where(col(DeliveryRow.channel) == channel, col(DeliveryRow.status) == "suppressed")
    return int((await session.execute(statement)).scalar_one())


async def resend(session: AsyncSession, alert_id: str, *, now: datetime, new_id: Callable[[], str]) -> Resent | None:
    """Send an alert again to every channel it went to; None when it has no delivery.

    What has ended gets a new message id, so that receivers do not drop it as a repeat. What has not keeps its own and
    is due now: its receiver may have taken it although we never heard.
    """
    statement = (
        select(DeliveryRow)
        .where(col(DeliveryRow.alert_id) == alert_id)
        .order_by(col(DeliveryRow.created_at), col(DeliveryRow.id))
        .with_for_update()
    )
    rows = (await session.execute(statement)).scalars().all()
    free = [row for row in rows if not _is_held(row, now)]
    await copies.forget(session, [row.id for row in free if row.status in WAITING])
    await copies.forget(session, [row.id for row in free if row.status not in WAITING], taken=True)
    for row in free:
        if row.status not in WAITING:
            row.message_id = f"msg_{new_id()}"
        _make_due(row, now)
    return Resent(len(free), len(rows) - len(free)) if rows else None


def _is_held(row: DeliveryRow, now: datetime) -> bool:
    return row.lease_token is not None and row.lease_until is not None and row.lease_until > now


def _make_due(row: DeliveryRow, now: datetime) -> None:
    row.status, row.attempts, row.next_attempt_at, row.sent_at = "pending", 0, now, None
    row.lease_until = row.lease_token = None
