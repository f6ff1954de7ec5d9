"""Sources: what is due, what is known of them, what was pushed. What polls found stands in polls.py."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from itertools import repeat
from typing import Any

from sqlalchemy import Row, bindparam, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from scrapers.types import Feed, FeedEntry, Validators
from service.domain.addresses import short_key
from service.domain.reasons import BY_HAND, CALLED_FOR, HOST_BUSY, pushed
from service.domain.schedule import SourceState, Wishes
from service.domain.websub import PushDecision, ping_at
from service.store.claims import NOW, Lease, claiming, release, values_of
from service.store.engine import Database
from service.store.entries import NewItems, add_entries
from service.store.tables import EntryRow, PollRow, SourceRow, table_of

__all__ = [
    "claim_due",
    "falls_due",
    "make_due",
    "of_sources",
    "put_off",
    "record_ping",
    "record_push",
    "release_claim",
    "unseen",
]

_SOURCES = table_of(SourceRow)
_STATE = [
    _SOURCES.c[name]
    for name in (
        "id", "url", "title", "tags", "etag", "last_modified", "body_hash", "interval_seconds", "failures",
        "baseline_at", "moved_to", "moved_seen", "lease_token", "backoff_seconds", "rhythm_seconds", "moments",
        "ttl_seconds", "skip_hours", "skip_days", "item_hashes", "last_polled_at", "relied_until", "pinged_at",
    )
]  # fmt: skip
_DUE = _SOURCES.c.enabled & (_SOURCES.c.next_poll_at <= NOW)
_CLAIM = claiming(SourceRow, _DUE, _SOURCES.c.next_poll_at).returning(*_STATE)
_OF_SOURCES = select(*_STATE).where(_SOURCES.c.id.in_(bindparam("ids", expanding=True)), _SOURCES.c.enabled)
_LOCKED = select(SourceRow).where(col(SourceRow.id) == bindparam("source")).with_for_update(key_share=True)
_PUT_OFF = (
    update(_SOURCES)
    .where(_SOURCES.c.id == bindparam("source"), _SOURCES.c.lease_token == bindparam("token"))
    .values(next_poll_at=bindparam("at"), due_because=HOST_BUSY, lease_until=None, lease_token=None)
)


async def claim_due(db: Database, *, limit: int, now: datetime, lease: Lease) -> list[SourceState]:
    async with db.write() as session:
        return [_state(row) for row in await session.execute(_CLAIM, values_of(limit, now, lease))]


async def falls_due(session: AsyncSession, *, after: datetime, until: datetime, most: int) -> Sequence[datetime]:
    """When sources will be due that are not yet; at most so many, the soonest first."""
    at = _SOURCES.c.next_poll_at
    statement = select(at).where(_SOURCES.c.enabled, at > after, at <= until).order_by(at).limit(most)
    return (await session.execute(statement)).scalars().all()


async def of_sources(session: AsyncSession, ids: Sequence[int]) -> dict[int, SourceState]:
    """Sources by id, whoever polls them now; those that are switched off or gone are left out."""
    return {row.id: _state(row) for row in await session.execute(_OF_SOURCES, {"ids": list(ids)})}


async def release_claim(db: Database, source: SourceState) -> None:
    async with db.write() as session:
        await release(session, SourceRow, source.id, source.lease_token)


async def put_off(db: Database, turns: Sequence[tuple[SourceState, datetime]]) -> None:
    """Give claims back until the times beside them: their hosts are busy until then."""
    async with db.write() as session:
        await session.execute(
            _PUT_OFF,
            [  # in one order, as polls lock them
                {"source": source.id, "token": source.lease_token, "at": at}
                for source, at in sorted(turns, key=lambda turn: turn[0].id)
            ],
        )


async def make_due(session: AsyncSession, now: datetime, urls: Sequence[str] | None = None) -> None:
    """Bring the next poll of these sources (or of all) forward to ``now``."""
    chosen = [col(SourceRow.enabled)] if urls is None else [col(SourceRow.enabled), col(SourceRow.url).in_(urls)]
    # In one order, as polls lock them.
    locked = select(col(SourceRow.id)).where(*chosen).order_by(col(SourceRow.id))
    await session.execute(locked.with_for_update(key_share=True))
    await session.execute(update(SourceRow).where(*chosen).values(next_poll_at=now, due_because=BY_HAND))


async def record_push(
    session: AsyncSession, source_id: int, feed: Feed, decision: PushDecision, *, size: int, now: datetime, ms: int
) -> int | None:
    """Write what a push brought, as a poll's outcome is written, whoever polls the source meanwhile: its row is locked.

    Validators and the body's hash stay, since they belong to an answer to a request. The number of new articles, or
    None when the source is gone.
    """
    row = await _locked(session, source_id)
    if row is None:
        return None
    new, moments = (await add_entries(session, [NewItems(row, feed, decision.moments, now)]))[source_id]
    row.moments = [int(moment.timestamp()) for moment in moments]
    row.item_hashes = b"".join(decision.item_hashes)
    row.relied_until = decision.relied_until
    if decision.not_before is not None:
        _put_off_by_push(row, decision.not_before, decision.relied_until)
    session.add(_pushed(source_id, now, size, len(feed.entries) + feed.known, new, ms))
    return new


async def record_ping(
    session: AsyncSession, source_id: int, *, relied_until: datetime | None, now: datetime
) -> datetime | None:
    """The publisher says that there is news: poll soon. When, or None when that changes nothing."""
    row = await _locked(session, source_id)
    at = ping_at(_state(row), now=now) if row is not None else None
    if row is None or at is None:
        return None
    row.pinged_at, row.relied_until = now, relied_until
    if at < row.next_poll_at:
        row.next_poll_at, row.due_because = at, CALLED_FOR
    return row.next_poll_at


def _put_off_by_push(row: SourceRow, not_before: datetime, relied_until: datetime | None) -> None:
    if not_before > row.next_poll_at and relied_until is not None:
        row.next_poll_at, row.due_because = not_before, pushed(relied_until)


async def _locked(session: AsyncSession, source_id: int) -> SourceRow | None:
    return (await session.execute(_LOCKED, {"source": source_id})).scalar_one_or_none()


def _pushed(source_id: int, now: datetime, size: int, entries: int, new: int, ms: int) -> PollRow:
    return PollRow(
        source_id=source_id, at=now, outcome="pushed", bytes=size, entries=entries, new_articles=new, milliseconds=ms
    )


async def unseen(session: AsyncSession, url: str, entries: Sequence[FeedEntry]) -> list[FeedEntry] | None:
    """Those items that a source has not brought yet; None when there is no source of that address."""
    source_id = (await session.execute(select(col(SourceRow.id)).where(col(SourceRow.url) == url))).scalar_one_or_none()
    if source_id is None:
        return None
    keys = {short_key(entry.guid): entry for entry in entries}
    seen = select(col(EntryRow.guid)).where(col(EntryRow.source_id) == source_id, col(EntryRow.guid).in_(keys))
    known = set((await session.execute(seen)).scalars())
    return [entry for key, entry in keys.items() if key not in known]


def _state(row: Row[Any] | SourceRow) -> SourceState:
    return SourceState(
        id=row.id,
        url=row.url,
        title=row.title,
        tags=tuple(row.tags),
        validators=Validators(row.etag, row.last_modified),
        body_hash=row.body_hash,
        interval=_seconds(row.interval_seconds or None),
        failures=row.failures,
        first=row.baseline_at is None,
        moved_to=row.moved_to,
        moved_seen=row.moved_seen,
        lease_token=row.lease_token or "",
        backoff=timedelta(seconds=row.backoff_seconds),
        rhythm=_seconds(row.rhythm_seconds),
        moments=_moments(row),
        wishes=Wishes(_seconds(row.ttl_seconds), frozenset(row.skip_hours), frozenset(row.skip_days)),
        item_hashes=row.item_hashes,
        last_polled_at=row.last_polled_at,
        relied_until=row.relied_until,
        pinged_at=row.pinged_at,
    )


def _seconds(number: int | None) -> timedelta | None:
    return None if number is None else timedelta(seconds=number)


def _moments(row: Row[Any] | SourceRow) -> tuple[datetime, ...]:
    return tuple(map(datetime.fromtimestamp, row.moments, repeat(UTC)))
