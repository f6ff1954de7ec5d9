"""What hubs pushed: kept before the hub is answered, claimed like other work, deleted once its items are kept."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import bindparam, delete, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from scrapers.types import Feed
from service.domain.schedule import SourceState
from service.domain.websub import PushDecision, Subscription, relied
from service.store import sources
from service.store.claims import Claim, Lease, claim, release
from service.store.engine import Database
from service.store.tables import PushRow, SubscriptionRow, table_of

__all__ = [
    "MOST_WAITING",
    "PushJob",
    "claim_due",
    "drop",
    "forget_old",
    "keep",
    "record",
    "record_hint",
    "release_claim",
]

MOST_WAITING = 20
"""Pushes of one subscription that wait to be read. A hub that sends more is taken at its word, and polled."""
_OLDEST = timedelta(days=1)
"""A push that could not be read for so long is left to polling."""
_DUE = Claim(PushRow, col(PushRow.received_at) > bindparam("oldest"), col(PushRow.received_at))
_KNOWN = select(SubscriptionRow).where(col(SubscriptionRow.id).in_(bindparam("ids", expanding=True)))
_WAITING = select(col(PushRow.body_hash)).where(col(PushRow.subscription_id) == bindparam("subscription"))
_NOTE = update(table_of(SubscriptionRow)).where(col(SubscriptionRow.id) == bindparam("subscription"))
_DROP = delete(PushRow).where(col(PushRow.id) == bindparam("push"))


@dataclass(frozen=True, slots=True)
class PushJob:
    """A claimed push. ``source`` None: it is switched off or gone. ``good_until``: the end of the hub's lease."""

    id: int
    subscription_id: int
    topic: str
    content_type: str | None
    body: bytes
    body_hash: str
    good_until: datetime | None
    source: SourceState | None
    lease_token: str


async def keep(
    db: Database, known: Subscription, *, body: bytes, body_hash: str, content_type: str | None, now: datetime
) -> bool:
    """Keep a pushed body until it is read, or a mere hint that there is news when it has none or too many wait.

    False: it is the last one once more, or waits already. It is committed when this returns.
    """
    try:
        async with db.write() as session:
            row = await session.get(SubscriptionRow, known.id)
            if row is None or (body and row.pushed_hash == body_hash):
                return False
            waiting = (await session.execute(_WAITING, {"subscription": known.id})).scalars().all()
            if len(waiting) >= MOST_WAITING:
                body, body_hash = b"", ""
            if body_hash in waiting:
                return False
            session.add(
                PushRow(
                    subscription_id=known.id,
                    received_at=now,
                    content_type=content_type,
                    body=body,
                    body_hash=body_hash,
                )
            )
    except IntegrityError:  # another process took the same bytes at the same moment, or the subscription has ended
        return False
    return True


async def claim_due(db: Database, *, limit: int, now: datetime, lease: Lease) -> list[PushJob]:
    async with db.write() as session:
        rows = await claim(session, _DUE, limit=limit, now=now, lease=lease, oldest=now - _OLDEST)
        return await _jobs(session, rows)


async def _jobs(session: AsyncSession, rows: Sequence[PushRow]) -> list[PushJob]:
    if not rows:
        return []
    ids = {row.subscription_id for row in rows}
    found = (await session.execute(_KNOWN, {"ids": list(ids)})).scalars()
    known = {row.id: row for row in found}
    of_source = await sources.of_sources(session, [row.source_id for row in known.values() if row.source_id])
    return [
        PushJob(
            id=row.id,
            subscription_id=row.subscription_id,
            topic=known[row.subscription_id].topic,
            content_type=row.content_type,
            body=row.body,
            body_hash=row.body_hash,
            good_until=known[row.subscription_id].good_until,
            source=of_source.get(known[row.subscription_id].source_id or 0),
            lease_token=row.lease_token or "",
        )
        for row in rows
    ]


async def release_claim(db: Database, job: PushJob) -> None:
    async with db.write() as session:
        await release(session, PushRow, job.id, job.lease_token)


async def record(
    session: AsyncSession,
    job: PushJob,
    source: SourceState,
    feed: Feed,
    decision: PushDecision,
    *,
    now: datetime,
    ms: int,
) -> int | None:
    """Write what a push brought, in the caller's transaction; how many new articles. None: the source is gone."""
    new = await sources.record_push(session, source.id, feed, decision, size=len(job.body), now=now, ms=ms)
    await _note_push(session, job, now)
    await drop(session, job)
    return new


async def record_hint(session: AsyncSession, job: PushJob, source: SourceState, *, now: datetime) -> datetime | None:
    """The push says that there is news, but not what: poll soon. When; None: the source's own time stands."""
    at = await sources.record_ping(session, source.id, relied_until=relied(job.good_until, now=now), now=now)
    await _note_push(session, job, now)
    await drop(session, job)
    return at


async def _note_push(session: AsyncSession, job: PushJob, now: datetime) -> None:
    values: dict[str, Any] = {"subscription": job.subscription_id, "last_push_at": now}
    if job.body_hash:
        values["pushed_hash"] = job.body_hash
    await session.execute(_NOTE, values)


async def drop(session: AsyncSession, job: PushJob) -> None:
    """It is done with; whoever else has claimed it meanwhile will find all of it known."""
    await session.execute(_DROP, {"push": job.id}, execution_options={"synchronize_session": False})


async def forget_old(db: Database, *, now: datetime) -> int:
    """Delete pushes that nobody could read for a day; how many."""
    async with db.write() as session:
        gone = delete(PushRow).where(col(PushRow.received_at) <= now - _OLDEST).returning(col(PushRow.id))
        return len((await session.execute(gone)).all())
