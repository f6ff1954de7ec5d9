"""Mail addresses that want nothing more from a channel."""

from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from service.store.tables import UnsubscribedRow

__all__ = ["addresses", "come_back", "leave"]


async def leave(session: AsyncSession, channel: str, address: str, *, now: datetime) -> None:
    """Keep it; doing so twice changes nothing."""
    if await session.get(UnsubscribedRow, (channel, address)) is None:
        session.add(UnsubscribedRow(channel=channel, address=address, at=now))


async def come_back(session: AsyncSession, channel: str, address: str) -> bool:
    """Undo it; False when the address had not left."""
    gone = delete(UnsubscribedRow).where(
        col(UnsubscribedRow.channel) == channel, col(UnsubscribedRow.address) == address
    )
    return bool((await session.execute(gone.returning(col(UnsubscribedRow.address)))).all())


async def addresses(session: AsyncSession, channel: str) -> list[tuple[str, datetime]]:
    """Who left a channel, and when."""
    statement = select(UnsubscribedRow).where(col(UnsubscribedRow.channel) == channel)
    rows = (await session.execute(statement.order_by(col(UnsubscribedRow.address)))).scalars()
    return [(row.address, row.at) for row in rows]
