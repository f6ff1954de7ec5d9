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
from service.store.entries import NewItems, add_entries
from service.store.tables import PollRow, SourceRow, defaults, table_of

__all__ = ["Outcome", "claim_due", "make_due", "record_polls", "release_claim"]

# Polls are the bulk of all work, so their rows are read and written as plain values, without ORM objects.
_SOURCES, _POLLS = table_of(SourceRow), table_of(PollRow)
_BEFORE = ("id", "url", "lease_token", "title", "site_url", "language", "tags", "baseline_at")
_UPDATE = update(_SOURCES).where(_SOURCES.c.id == bindparam("source"))
_ADD_POLL = insert(_POLLS)
_HELD = (
    select(*(_SOURCES.c[name] for name in _BEFORE))
    .where(_SOURCES.c.id.in_(bindparam("ids", expanding=True)))
    .order_by(_SOURCES.c.id)
    .with_for_update()
)
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
class Outcome:
    """What a poll found and what follows from it. ``at``: when it ended."""

    source: SourceState
    result: PollResult
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


async def record_polls(session: AsyncSession, outcomes: Sequence[Outcome]) -> list[int | None]:
    """Write the outcomes of polls of different sources, and their new articles, in the caller's transaction.

    For each the number of new articles, or None when its claim was lost to another worker and nothing of it was
    written. Any number of outcomes takes the same few statements.
    """
    ids = sorted(outcome.source.id for outcome in outcomes)  # one order, so that no two writers deadlock
    rows = {row.id: row for row in await session.execute(_HELD, {"ids": ids})}
    held = [
        outcome
        for outcome in outcomes
        if (row := rows.get(outcome.source.id)) and row.lease_token == outcome.source.lease_token
    ]
    read = [
        NewItems(rows[outcome.source.id], outcome.result.feed, outcome.decision.moments, outcome.at)
        for outcome in held
        if isinstance(outcome.result, Fresh)
    ]
    added = await add_entries(session, read)
    moves = await _free_addresses(session, held)
    alike: defaultdict[tuple[str, ...], list[dict[str, Any]]] = defaultdict(list)
    history = []
    for outcome in held:
        number = outcome.source.id
        new, moments = added.get(number, (0, ()))
        changes = _changes(rows[number], outcome, moments)
        if number in moves:
            changes["url"] = moves[number]
        alike[tuple(changes)].append(changes | {"source": number})
        history.append(_history(outcome, new))
    for like in alike.values():
        await session.execute(_UPDATE, like)
    if history:
        await session.execute(_ADD_POLL, history)
    written = {outcome.source.id for outcome in held}
    return [added.get(outcome.source.id, (0, ()))[0] if outcome.source.id in written else None for outcome in outcomes]


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


def _changes(row: Row[Any], outcome: Outcome, moments: Sequence[datetime]) -> dict[str, Any]:
    """What a poll writes on its source, which had ``row``. Results of one kind have the same columns."""
    result, decision, now = outcome.result, outcome.decision, outcome.at
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
    if row.baseline_at is None:
        changes["baseline_at"] = now
    if result.validators is not None:
        changes["etag"], changes["last_modified"] = result.validators.etag, result.validators.last_modified
    if isinstance(result, Fresh):
        feed, wishes = result.feed, decision.wishes
        changes |= {
            "body_hash": result.body_hash,
            "item_hashes": b"".join(feed.item_hashes),
            "title": row.title or feed.title,
            "site_url": feed.site_url or row.site_url,
            "language": row.language or feed.language,
            "moments": [int(moment.timestamp()) for moment in moments],
            "ttl_seconds": None if wishes.ttl is None else round(wishes.ttl.total_seconds()),
            "skip_hours": sorted(wishes.skip_hours),
            "skip_days": sorted(wishes.skip_days),
        }
    return changes


def _history(outcome: Outcome, new: int) -> dict[str, Any]:
    poll = _NO_POLL | {
        "source_id": outcome.source.id,
        "at": outcome.at,
        "new_articles": new,
        "milliseconds": outcome.milliseconds,
    }
    match outcome.result:
        case Fresh(feed=feed, size=size):
            entries = len(feed.entries) + feed.known
            return poll | {"outcome": "read", "bytes": size, "entries": entries, "detail": "; ".join(feed.notes)}
        case Same(size=size):
            return poll | {"outcome": "unchanged", "bytes": size}
        case Failed(code=code, status=status, reason=reason):
            return poll | {"outcome": code, "status_code": status, "detail": reason}


async def _free_addresses(session: AsyncSession, outcomes: Sequence[Outcome]) -> dict[int, str]:
    """By source, the address that it moves to; not one that is another source's."""
    wanted = {outcome.decision.new_url: outcome.source.id for outcome in outcomes if outcome.decision.new_url}
    if not wanted:
        return {}
    taken = (await session.execute(select(_SOURCES.c.url).where(_SOURCES.c.url.in_(wanted)))).scalars().all()
    return {number: url for url, number in wanted.items() if url not in taken}
