"""Silences as they are stored. One that is over stays, for alerts name it."""

from collections.abc import Callable, Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from service.domain.alerting_silence import Silence
from service.domain.query import parse
from service.store.lines import Line, silence_line
from service.store.tables import SilenceRow

__all__ = ["add", "end", "listed", "standing"]


async def add(
    session: AsyncSession,
    *,
    query: str | None,
    rule: str | None,
    channel: str | None,
    starts: datetime,
    ends: datetime,
    author: str,
    comment: str,
    now: datetime,
    new_id: Callable[[], str],
) -> str:
    """Its id. Raises QueryError."""
    if query is not None:
        parse(query)
    row = SilenceRow(
        id=f"sil_{new_id()}",
        query=query,
        rule=rule,
        channel=channel,
        starts_at=starts,
        ends_at=ends,
        author=author,
        comment=comment,
        created_at=now,
    )
    session.add(row)
    await session.flush()
    return row.id


async def end(session: AsyncSession, silence: str, now: datetime) -> bool:
    """Let it mute nothing from now on; False when there is none that would."""
    row = await session.get(SilenceRow, silence, with_for_update=True)
    if row is None or row.ends_at <= now:
        return False
    row.ends_at = now
    return True


async def listed(session: AsyncSession) -> list[Line]:
    """All of them, the last to end first."""
    return [silence_line(row) for row in await _rows(session)]


async def standing(session: AsyncSession) -> list[Silence]:
    """All of them as decisions need them; whether one holds now, the reader asks it."""
    return [
        Silence(
            row.id,
            parse(row.query) if row.query is not None else None,
            row.rule,
            row.channel,
            row.starts_at,
            row.ends_at,
            row.author,
            row.comment,
        )
        for row in await _rows(session)
    ]


async def _rows(session: AsyncSession) -> Sequence[SilenceRow]:
    return (await session.execute(select(SilenceRow).order_by(col(SilenceRow.ends_at).desc()))).scalars().all()
