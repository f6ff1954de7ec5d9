"""Requests that change something once, however often they come (the IETF's draft on the Idempotency-Key header).

The answer is kept in the same transaction as the effect. Where the effect lies outside the database, the request is
noted before and its answer after, and nobody does it again meanwhile.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from service.store.engine import Database, lock
from service.store.tables import OnceRow

__all__ = ["KEPT", "Answer", "Key", "answered", "forget", "forget_old", "keep"]

KEPT = timedelta(hours=24)
_WORKED_ON = timedelta(minutes=10)
"""Longer than anything takes: whoever worked on it has died."""


@dataclass(frozen=True, slots=True)
class Key:
    """``caller`` and ``value`` together name it; ``request`` is a hash of what was asked under it."""

    caller: str
    value: str
    request: str


@dataclass(frozen=True, slots=True)
class Answer:
    """``status`` 0: the request is being worked on. ``same``: whether it is the very request that is asked about."""

    status: int
    body: str
    same: bool


async def answered(session: AsyncSession, key: Key, *, now: datetime) -> Answer | None:
    """What was answered under the key, or None; None also for what somebody has worked on for too long, who must have
    died. Others that ask the same wait until the caller's transaction ends."""
    await lock(session, f"once {key.caller} {key.value}")
    row = await session.get(OnceRow, (key.caller, key.value))
    if row is None:
        return None
    if row.created_at <= now - (KEPT if row.status else _WORKED_ON):
        await session.delete(row)
        await session.flush()
        return None
    return Answer(row.status, row.answer, row.request == key.request)


async def keep(session: AsyncSession, key: Key, status: int, body: str, *, now: datetime) -> None:
    """The answer to the first request under the key; status 0 before there is one."""
    row = await session.get(OnceRow, (key.caller, key.value))
    if row is None:
        session.add(OnceRow(caller=key.caller, key=key.value, request=key.request, created_at=now))
        await session.flush()
        row = await session.get_one(OnceRow, (key.caller, key.value))
    row.status, row.answer = status, body


async def forget(session: AsyncSession, key: Key) -> None:
    """It had no effect, and may be asked again."""
    row = await session.get(OnceRow, (key.caller, key.value))
    if row is not None:
        await session.delete(row)


async def forget_old(db: Database, *, now: datetime) -> int:
    """How many."""
    async with db.write() as session:
        old = delete(OnceRow).where(col(OnceRow.created_at) <= now - KEPT)
        return len((await session.execute(old.returning(col(OnceRow.key)))).all())
