"""How deliveries stand with the recipients of email channels, each of whom gets a copy of their own.

    Copy (an address and its outcome) -> write, as soon as it is known -> copies_of, for the next attempt
    a later delivery of the story     -> waiting_before: for whom its turn has not come

A delivery that somebody has, while others are tried again, is *passed*: what stood behind it in its story goes on, and
only those others wait. So one full mailbox holds up nobody else's news, and nobody gets a story's mails out of order.
"""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, bindparam, delete, exists, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from service.domain.sending import Copy
from service.store.tables import AlertRow, CopyRow, DeliveryRow

__all__ = ["as_line", "as_value", "copies_of", "forget", "is_passed", "waiting_before", "write"]

_UNENDED = ("pending", "retrying")
_OF = select(CopyRow).where(col(CopyRow.delivery_id).in_(bindparam("ids", expanding=True)))
_WAITING = (
    select(col(CopyRow.address), col(DeliveryRow.id), col(DeliveryRow.created_at), col(DeliveryRow.channel))
    .add_columns(col(AlertRow.story_id))
    .join(DeliveryRow, col(DeliveryRow.id) == col(CopyRow.delivery_id))
    .join(AlertRow, col(AlertRow.id) == col(DeliveryRow.alert_id))
    .where(
        col(AlertRow.story_id).in_(bindparam("stories", expanding=True)),
        col(DeliveryRow.channel).in_(bindparam("channels", expanding=True)),
        col(DeliveryRow.status) == "retrying",
        col(CopyRow.outcome) == "retrying",
    )
    .order_by(col(DeliveryRow.created_at), col(DeliveryRow.id))
)


def is_passed(row: type[DeliveryRow]) -> ColumnElement[bool]:
    """The condition that somebody has a copy, while others wait for theirs."""
    taken = exists().where(col(CopyRow.delivery_id) == col(row.id), col(CopyRow.outcome) == "sent")
    return and_(col(row.status) == "retrying", taken)


def as_value(row: CopyRow) -> Copy:
    return Copy(row.address, row.outcome, row.status_code, row.excerpt)  # type: ignore[arg-type]


def as_line(copy: Copy) -> dict[str, Any]:
    """As docs/formats.md has it."""
    return {
        "address": copy.address,
        "outcome": copy.outcome,
        "status_code": copy.status,
        "excerpt": copy.excerpt,
    }


async def copies_of(session: AsyncSession, deliveries: Collection[str]) -> dict[str, dict[str, CopyRow]]:
    """By delivery and address."""
    found: dict[str, dict[str, CopyRow]] = {}
    if deliveries:
        for row in (await session.execute(_OF, {"ids": list(deliveries)})).scalars():
            found.setdefault(row.delivery_id, {})[row.address] = row
    return found


async def waiting_before(
    session: AsyncSession, asked: Sequence[tuple[DeliveryRow, int | None]]
) -> dict[str, dict[str, str]]:
    """For each delivery (with its alert's story): by address, the last earlier delivery of the story over its channel
    of which that recipient waits for a copy."""
    stories = {story for _, story in asked if story is not None}
    if not stories:
        return {}
    channels = {row.channel for row, _ in asked}
    waiting = (await session.execute(_WAITING, {"stories": list(stories), "channels": list(channels)})).all()
    return {
        row.id: {
            address: earlier
            for address, earlier, at, channel, of in waiting
            if (channel, of) == (row.channel, story) and (at, earlier) < (row.created_at, row.id)
        }
        for row, story in asked
    }


async def write(session: AsyncSession, delivery: str, copies: Sequence[Copy], *, at: datetime) -> None:
    """Whoever calls this holds the delivery's claim, so nobody else writes these rows."""
    for copy in copies:
        row = await session.get(CopyRow, (delivery, copy.address)) or CopyRow(
            delivery_id=delivery, address=copy.address, outcome=copy.outcome, at=at
        )
        row.outcome, row.at, row.status_code, row.excerpt = copy.outcome, at, copy.status, copy.excerpt
        session.add(row)


async def forget(session: AsyncSession, deliveries: Collection[str], *, taken: bool = False) -> None:
    """Refused recipients are tried again; with ``taken`` everybody gets a new copy."""
    if deliveries:
        which = delete(CopyRow).where(col(CopyRow.delivery_id).in_(deliveries))
        await session.execute(which if taken else which.where(col(CopyRow.outcome) != "sent"))
