"""Sources: what is due, what a poll found, what a user reads about them."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import Row, bindparam, insert, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from scrapers.slicing import HASH_BYTES
from scrapers.types import Validators
from service.domain.schedule import Failed, Fresh, PollDecision, PollResult, Same, SourceState, Wishes
from service.store.claims import Lease, claiming, release
from service.store.engine import Database
from service.store.entries import add_entries
from service.store.tables import PollRow, SourceRow, defaults, table_of

__all__ = ["Visit", "claim_due", "make_due", "record_poll", "record_visits", "release_claim"]

# Polls are the bulk of all work, so their rows are read and written as plain values, without ORM objects.
_SOURCES, _POLLS = table_of(SourceRow), table_of(PollRow)
_UPDATE = update(_SOURCES).where(_SOURCES.c.id == bindparam("source"))
_HELD = select(_SOURCES.c.id, _SOURCES.c.lease_token).where(_SOURCES.c.id.in_(bindparam("ids", expanding=True)))
_STATE = [
    _SOURCES.c[name]
    for name in (
        "id", "url", "title", "tags", "etag", "last_modified", "body_hash", "interval_seconds", "failures",
        "baseline_at", "moved_to", "moved_seen", "lease_token", "backoff_seconds", "rhythm_seconds", "moments",
        "ttl_seconds", "skip_hours", "skip_days", "item_hashes",
    )
]  # fmt: skip
_NO_POLL = defaults(PollRow)


@dataclass(frozen=True, slots=True)
class Visit:
    """A poll that read no items, and what follows from it. ``at``: when it ended."""

    source: SourceState
    result: Same | Failed
    decision: PollDecision
    at: datetime
    milliseconds: int


async def claim_due(db: Database, *, limit: int, now: datetime, lease: Lease) -> list[SourceState]:
    due = _SOURCES.c.enabled & (_SOURCES.c.next_poll_at <= now)
    statement = claiming(SourceRow, due, _SOURCES.c.next_poll_at, limit=limit, now=now, lease=lease)
    async with db.write() as session:
        return [_state(row) for row in await session.execute(statement.returning(*_STATE))]


async def release_claim(db: Database, source: SourceState) -> None:
    async with db.write() as session:
        await release(session, SourceRow, source.id, source.lease_token)


async def make_due(session: AsyncSession, now: datetime, urls: Sequence[str] | None = None) -> None:
    """Bring the next poll of these sources (or of all) forward to ``now``."""
    statement = select(SourceRow).where(col(SourceRow.enabled))
    if urls is not None:
        statement = statement.where(col(SourceRow.url).in_(urls))
    for row in (await session.execute(statement)).scalars():
        row.next_poll_at = now


async def record_poll(
    session: AsyncSession,
    source: SourceState,
    result: PollResult,
    decision: PollDecision,
    *,
    now: datetime,
    milliseconds: int,
) -> int | None:
    """Write a poll's outcome and its new articles, in the caller's transaction.

    The number of new articles, or None when the claim was lost to another worker and nothing was written.
    """
    held = select(_SOURCES).where(_SOURCES.c.id == source.id, _SOURCES.c.lease_token == source.lease_token)
    row = (await session.execute(held.with_for_update())).one_or_none()
    if row is None:
        return None
    changes = _changes(result, decision, now, first=row.baseline_at is None)
    new = 0
    if isinstance(result, Fresh):
        changes |= _read_changes(row, result, decision)
        new, moments = await add_entries(session, row, result.feed, decision.moments, now)
        changes["moments"] = [int(moment.timestamp()) for moment in moments]
    if decision.new_url and not await _address_taken(session, decision.new_url):
        changes["url"] = decision.new_url
    await session.execute(_UPDATE, [changes | {"source": source.id}])
    await session.execute(insert(_POLLS), [_history(source.id, result, now, new, milliseconds)])
    return new


async def record_visits(session: AsyncSession, visits: Sequence[Visit]) -> list[bool]:
    """Write the outcomes of polls that read no items, in the caller's transaction; which of them held their claim.

    A few statements for any number of them. Of a source whose claim was lost nothing is written. None of the decisions
    may move its source (``new_url``): that is for ``record_poll``.
    """
    ids = sorted({visit.source.id for visit in visits})  # one order, so that no two writers deadlock
    held = await session.execute(_HELD.order_by(_SOURCES.c.id).with_for_update(), {"ids": ids})
    tokens = {row.id: row.lease_token for row in held}
    is_held = [tokens.get(visit.source.id) == visit.source.lease_token for visit in visits]
    alike: defaultdict[tuple[str, ...], list[dict[str, Any]]] = defaultdict(list)
    history = []
    for visit, still in zip(visits, is_held, strict=True):
        if still:
            changes = _changes(visit.result, visit.decision, visit.at, first=visit.source.first)
            alike[tuple(changes)].append(changes | {"source": visit.source.id})
            history.append(_history(visit.source.id, visit.result, visit.at, 0, visit.milliseconds))
    for rows in alike.values():
        await session.execute(_UPDATE, rows)
    if history:
        await session.execute(insert(_POLLS), history)
    return is_held


def _state(row: Row[Any]) -> SourceState:
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
        item_hashes=_split(row.item_hashes),
    )


def _seconds(number: int | None) -> timedelta | None:
    return None if number is None else timedelta(seconds=number)


def _moments(row: Row[Any]) -> tuple[datetime, ...]:
    return tuple(datetime.fromtimestamp(second, UTC) for second in row.moments)


def _split(hashes: bytes) -> frozenset[bytes]:
    return frozenset(hashes[start : start + HASH_BYTES] for start in range(0, len(hashes), HASH_BYTES))


def _changes(result: PollResult, decision: PollDecision, now: datetime, *, first: bool) -> dict[str, Any]:
    """What every poll writes on its source. Results of one kind have the same columns."""
    changes: dict[str, Any] = {
        "next_poll_at": decision.next_poll_at,
        "status": decision.status,
        "failures": decision.failures,
        "last_error": decision.error,
        "moved_to": decision.moved_to,
        "moved_seen": decision.moved_seen,
        "backoff_seconds": round(decision.backoff.total_seconds()),
        "rhythm_seconds": None if decision.rhythm is None else round(decision.rhythm.total_seconds()),
        "last_polled_at": now,
        "lease_until": None,
        "lease_token": None,
    }
    if isinstance(result, Failed):
        return changes
    changes["last_success_at"] = now
    if first:
        changes["baseline_at"] = now
    if result.validators is not None:
        changes["etag"], changes["last_modified"] = result.validators.etag, result.validators.last_modified
    return changes


def _read_changes(row: Row[Any], result: Fresh, decision: PollDecision) -> dict[str, Any]:
    """What a feed that was read changes besides. Its wishes change with it alone."""
    feed, wishes = result.feed, decision.wishes
    return {
        "body_hash": result.body_hash,
        "item_hashes": b"".join(feed.item_hashes),
        "title": row.title or feed.title,
        "site_url": feed.site_url or row.site_url,
        "language": row.language or feed.language,
        "ttl_seconds": None if wishes.ttl is None else round(wishes.ttl.total_seconds()),
        "skip_hours": sorted(wishes.skip_hours),
        "skip_days": sorted(wishes.skip_days),
    }


def _history(source_id: int, result: PollResult, now: datetime, new: int, milliseconds: int) -> dict[str, Any]:
    poll = _NO_POLL | {"source_id": source_id, "at": now, "new_articles": new, "milliseconds": milliseconds}
    match result:
        case Fresh():
            entries = len(result.feed.entries) + result.feed.known
            notes = "; ".join(result.feed.notes)
            return poll | {"outcome": "read", "bytes": result.size, "entries": entries, "detail": notes}
        case Same():
            return poll | {"outcome": "unchanged", "bytes": result.size}
        case Failed():
            return poll | {"outcome": result.code, "status_code": result.status, "detail": result.reason}


async def _address_taken(session: AsyncSession, url: str) -> bool:
    return (await session.execute(select(_SOURCES.c.id).where(_SOURCES.c.url == url))).first() is not None
