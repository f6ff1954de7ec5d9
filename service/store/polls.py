"""What polls found: written for any number of sources with the same few statements, new articles included.

    outcomes -> sources locked, claims compared -> entries and articles -> sources -> history -> hubs offered

Polls are the bulk of all work, so their rows are read and written as plain values, without ORM objects.
"""

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Row, bindparam, insert, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from service.domain.reasons import CALLED_FOR
from service.domain.schedule import Failed, Fresh, PollDecision, PollResult, Same, SourceState
from service.domain.websub import ping_at, was_missed
from service.store import subscriptions
from service.store.entries import NewItems, add_entries
from service.store.tables import PollRow, SourceRow, defaults, table_of

__all__ = ["Outcome", "record_polls"]

_SOURCES, _POLLS = table_of(SourceRow), table_of(PollRow)
_BEFORE = (
    "id",
    "url",
    "listed_url",
    "lease_token",
    "title",
    "site_url",
    "language",
    "tags",
    "baseline_at",
    "pinged_at",
)
_UPDATE = update(_SOURCES).where(_SOURCES.c.id == bindparam("source"))
_ADD_POLL = insert(_POLLS)
_HELD = (
    select(*(_SOURCES.c[name] for name in _BEFORE))
    .where(_SOURCES.c.id.in_(bindparam("ids", expanding=True)))
    .order_by(_SOURCES.c.id)
    # Who reads an article of the source refers to it, and may hold what this waits for.
    .with_for_update(key_share=True)
)
_NO_POLL = defaults(PollRow)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a poll found and what follows from it. ``at``: when it ended.

    ``new_secret``: unguessable text for the subscription to the hub that the feed names; None: nobody can push to us.
    """

    source: SourceState
    result: PollResult
    decision: PollDecision
    at: datetime
    milliseconds: int
    new_secret: Callable[[], str] | None = None


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
    taken = await _taken_addresses(session, held)
    alike: defaultdict[tuple[str, ...], list[dict[str, Any]]] = defaultdict(list)
    history = []
    for outcome in held:
        number = outcome.source.id
        new, moments = added.get(number, (0, ()))
        changes = _changes(rows[number], outcome, moments) | _changes_by_pushes(rows[number], outcome, new)
        visit = _history(outcome, new)
        move = outcome.decision.new_url
        if move in taken:
            visit["detail"] = "; ".join(filter(None, [f"It moved to {move}, a source of its own.", visit["detail"]]))
        elif move:
            changes["url"], changes["listed_url"] = move, rows[number].listed_url or rows[number].url
            taken.add(move)
        alike[tuple(changes)].append(changes | {"source": number})
        history.append(visit)
    for like in alike.values():
        await session.execute(_UPDATE, like)
    if history:
        await session.execute(_ADD_POLL, history)
    await _offer_hubs(session, held)
    written = {outcome.source.id for outcome in held}
    return [added.get(outcome.source.id, (0, ()))[0] if outcome.source.id in written else None for outcome in outcomes]


async def _offer_hubs(session: AsyncSession, outcomes: Sequence[Outcome]) -> None:
    for outcome in outcomes:
        if outcome.new_secret is not None and isinstance(outcome.result, Fresh):
            hub, new_secret = outcome.result.hub, outcome.new_secret
            await subscriptions.offer(session, outcome.source.id, hub, new_secret=new_secret, now=outcome.at)


def _changes(row: Row[Any], outcome: Outcome, moments: Sequence[datetime]) -> dict[str, Any]:
    """What a poll writes on its source, which had ``row``. Results of one kind have the same columns."""
    result, decision, now = outcome.result, outcome.decision, outcome.at
    changes: dict[str, Any] = {
        "next_poll_at": decision.next_poll_at,
        "due_because": decision.because,
        "fault": decision.fault,
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


def _changes_by_pushes(row: Row[Any], outcome: Outcome, new: int) -> dict[str, Any]:
    """An article that should have been pushed ends the reliance on pushes; a hint that came meanwhile brings the next
    poll forward: it was given perhaps after the feed was sent."""
    source, decision = outcome.source, outcome.decision
    changes: dict[str, Any] = {}
    if new and decision.alone_at is not None and was_missed(source, row.pinged_at):
        changes = {"relied_until": None, "next_poll_at": decision.alone_at, "due_because": decision.alone_because}
    if row.pinged_at != source.pinged_at:
        polled = replace(source, failures=decision.failures, last_polled_at=outcome.at)
        at, soon = changes.get("next_poll_at") or decision.next_poll_at, ping_at(polled, now=outcome.at)
        if soon is not None and soon < at:
            changes |= {"next_poll_at": soon, "due_because": CALLED_FOR}
    return changes


def _history(outcome: Outcome, new: int) -> dict[str, Any]:
    poll = _NO_POLL | {
        "source_id": outcome.source.id,
        "at": outcome.at,
        "new_articles": new,
        "milliseconds": outcome.milliseconds,
    }
    match outcome.result:
        case Fresh(feed=feed, size=size, status=status, redirects=hops):
            read = {"outcome": "read", "entries": len(feed.entries) + feed.known, "detail": "; ".join(feed.notes)}
            return poll | read | {"status_code": status, "redirects": list(hops) or None, "bytes": size}
        case Same(size=size, status=status, redirects=hops):
            answer = {"status_code": status, "redirects": list(hops) or None, "bytes": size}
            return poll | answer | {"outcome": "unchanged"}
        case Failed(code=code, status=status, reason=reason):
            return poll | {"outcome": code, "status_code": status, "detail": reason}


async def _taken_addresses(session: AsyncSession, outcomes: Sequence[Outcome]) -> set[str]:
    """Those that sources move to although another source has them."""
    wanted = {outcome.decision.new_url for outcome in outcomes if outcome.decision.new_url}
    if not wanted:
        return set()
    return set((await session.execute(select(_SOURCES.c.url).where(_SOURCES.c.url.in_(wanted)))).scalars())
