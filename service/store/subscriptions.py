"""Subscriptions to hubs: which are due to be asked, and what became of it.

Locks are taken in one order, source before subscription before push, so that no two writers wait for each other.
"""

from collections.abc import Callable
from datetime import datetime

from sqlalchemy import bindparam, delete, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from scrapers.types import Hub
from service.domain.websub import (
    HUB_PAUSE,
    Answered,
    Confirmed,
    Denied,
    Ended,
    IntentDecision,
    Refused,
    Subscription,
    describe,
)
from service.store import watchlist
from service.store.claims import NOW, Claim, Lease, claim, lock_held, release
from service.store.engine import Database, lock
from service.store.lines import Line, subscription_line
from service.store.tables import SourceRow, SubscriptionRow

__all__ = [
    "Tidied",
    "at_path",
    "claim_due",
    "line_of",
    "lock_at",
    "offer",
    "record_ask",
    "record_intent",
    "release_claim",
    "tidy",
]

_HUB_KNOWS = ("asked", "active")
_AT_PATH = select(SubscriptionRow).where(col(SubscriptionRow.path) == bindparam("at"))
_AT_PATH_LOCKED = _AT_PATH.with_for_update().execution_options(populate_existing=True)
_DUE = Claim(SubscriptionRow, col(SubscriptionRow.next_try_at) <= NOW, col(SubscriptionRow.next_try_at))


async def offer(
    session: AsyncSession, source_id: int, hub: Hub | None, *, new_secret: Callable[[], str], now: datetime
) -> None:
    """What a source's feed says of its hub today. Another hub than yesterday's, or none: the old subscription ends."""
    row = (
        await session.execute(select(SubscriptionRow).where(col(SubscriptionRow.source_id) == source_id))
    ).scalar_one_or_none()
    if row is not None and hub is not None and (row.hub, row.topic) == (hub.url, hub.topic):
        return
    if row is not None:
        await session.execute(update(SourceRow).where(col(SourceRow.id) == source_id).values(relied_until=None))
        await _let_go(session, row, now)
    if hub is not None:
        path, secret = new_secret(), new_secret()
        session.add(
            SubscriptionRow(
                source_id=source_id,
                hub=hub.url,
                topic=hub.topic,
                path=path,
                secret=secret,
                next_try_at=now,
                created_at=now,
            )
        )


async def _let_go(session: AsyncSession, row: SubscriptionRow, now: datetime) -> None:
    """End a subscription for good: with a word to the hub, if it knows of it."""
    if row.state in _HUB_KNOWS:
        row.source_id = None
        row.state, row.next_try_at, row.failures, row.awaiting = "leaving", now, 0, None
    elif row.state == "leaving":
        row.source_id = None
    else:
        await session.delete(row)
    await session.flush()


async def tidy(session: AsyncSession, *, base: str, now: datetime) -> None:
    """Make subscriptions follow the watch list and our own address, which change elsewhere.

    Those whose source is gone or switched off are ended, or forgotten where the hub knows nothing of them; those of
    a source that was switched on again are wanted again; those that name another callback than ``base`` are renewed.
    """
    watched = select(col(SourceRow.id)).where(
        col(SourceRow.id) == col(SubscriptionRow.source_id), col(SourceRow.enabled)
    )
    wanted = watched.correlate(SubscriptionRow).exists()
    state = col(SubscriptionRow.state)
    await session.execute(delete(SubscriptionRow).where(state.in_(("new", "denied")), ~wanted))
    leave = update(SubscriptionRow).where(state.in_(_HUB_KNOWS), ~wanted)
    await session.execute(leave.values(state="leaving", next_try_at=now, failures=0, awaiting=None))
    again = update(SubscriptionRow).where(state == "leaving", wanted)
    await session.execute(again.values(state="new", next_try_at=now, failures=0, awaiting=None, good_until=None))
    moved = update(SubscriptionRow).where(state.in_(_HUB_KNOWS), col(SubscriptionRow.base) != base)
    await session.execute(moved.values(next_try_at=now))


class Tidied:
    """The watch list's version that the subscriptions were last made to follow; one for a process."""

    def __init__(self) -> None:
        self.version: int | None = None


async def claim_due(
    db: Database, *, limit: int, now: datetime, lease: Lease, base: str, tidied: Tidied
) -> list[Subscription]:
    """Take requests that are due. From here on the hub's verification is awaited: it may come before its answer."""
    async with db.write() as session:
        version = await watchlist.version(session)
        if version != tidied.version:
            await tidy(session, base=base, now=now)
        rows = await claim(session, _DUE, limit=limit, now=now, lease=lease)
        found = []
        for row in rows:
            row.awaiting = _known(row).mode
            row.base = row.base if row.state == "leaving" else base
            found.append(_known(row))
    tidied.version = version
    return found


async def release_claim(db: Database, known: Subscription) -> None:
    async with db.write() as session:
        await release(session, SubscriptionRow, known.id, known.lease_token)


async def record_ask(
    session: AsyncSession, known: Subscription, answered: Answered, refused: Refused | None, *, now: datetime
) -> bool:
    """Write what a request led to. False: the claim was lost, or the hub has said more on the callback meanwhile."""
    await lock(session, f"hub {known.hub.url}")
    if refused is not None and refused.transient:
        await _put_off(session, known, max(now + HUB_PAUSE, refused.retry_after or now), now)
    row = await lock_held(session, SubscriptionRow, known.id, known.lease_token)
    if row is None:
        return False
    row.lease_until = row.lease_token = None
    if row.awaiting != known.awaiting or row.state != known.state:
        return False
    if answered.next_try_at is None:
        await session.delete(row)
        return True
    row.state, row.failures, row.last_error = answered.state, answered.failures, answered.error
    row.next_try_at = answered.next_try_at
    return True


async def _put_off(session: AsyncSession, known: Subscription, until: datetime, now: datetime) -> None:
    """A hub in trouble is not asked for its other topics either."""
    others = update(SubscriptionRow).where(
        col(SubscriptionRow.hub) == known.hub.url,
        col(SubscriptionRow.id) != known.id,
        col(SubscriptionRow.next_try_at) < until,
        or_(col(SubscriptionRow.lease_until).is_(None), col(SubscriptionRow.lease_until) <= now),
    )
    await session.execute(others.values(next_try_at=until))


async def at_path(session: AsyncSession, path: str) -> Subscription | None:
    """The subscription whose callback ends so."""
    row = await _row_at(session, path)
    return None if row is None else _known(row)


async def lock_at(session: AsyncSession, path: str) -> Subscription | None:
    """The same, with its source and itself locked until the transaction ends."""
    seen = await _row_at(session, path)
    if seen is None:
        return None
    if seen.source_id is not None:
        source = select(col(SourceRow.id)).where(col(SourceRow.id) == seen.source_id)
        await session.execute(source.with_for_update(key_share=True))
    row = await _row_at(session, path, lock=True)
    return None if row is None else _known(row)


async def record_intent(session: AsyncSession, known: Subscription, decision: IntentDecision) -> None:
    """Write what a hub said on the callback; ``known`` is locked. Pushes are no longer relied on after a denial."""
    row = await session.get(SubscriptionRow, known.id)
    if row is None or decision is None:
        return
    match decision:
        case Ended():
            await session.delete(row)
        case Confirmed():
            row.state, row.awaiting, row.failures, row.last_error = "active", None, 0, None
            row.good_until, row.next_try_at = decision.good_until, decision.renew_at
        case Denied():
            row.state, row.awaiting, row.last_error = "denied", None, decision.reason
            row.good_until, row.next_try_at = None, decision.next_try_at
    if not isinstance(decision, Confirmed) and row.source_id is not None:
        await session.execute(update(SourceRow).where(col(SourceRow.id) == row.source_id).values(relied_until=None))


async def line_of(session: AsyncSession, source_id: int) -> Line | None:
    """A source's subscription as programs and people read it; neither its callback nor its secret."""
    row = (
        await session.execute(select(SubscriptionRow).where(col(SubscriptionRow.source_id) == source_id))
    ).scalar_one_or_none()
    if row is None:
        return None
    words = describe(_known(row), next_try_at=row.next_try_at, last_push_at=row.last_push_at, error=row.last_error)
    return subscription_line(row, words)


async def _row_at(session: AsyncSession, path: str, *, lock: bool = False) -> SubscriptionRow | None:
    if not (path.isascii() and path.isprintable()):  # a stranger's guess, which PostgreSQL may not even take
        return None
    statement = _AT_PATH_LOCKED if lock else _AT_PATH
    return (await session.execute(statement, {"at": path})).scalar_one_or_none()


def _known(row: SubscriptionRow) -> Subscription:
    return Subscription(
        id=row.id,
        hub=Hub(row.hub, row.topic),
        path=row.path,
        secret=row.secret,
        state=row.state,
        failures=row.failures,
        good_until=row.good_until,
        awaiting=row.awaiting,
        base=row.base,
        lease_token=row.lease_token or "",
    )
