"""Deliveries on their way: which are claimed next, and what an attempt brought.

    due, channel by channel -> fair choice -> claim -> DeliveryJob -> (sent by others) -> Attempt -> record_attempts

A channel's backlog takes at most ``each`` places, and a channel with nothing under way gets one even where all places
are taken: a slow receiver never delays another. A delivery is behind an earlier one of its story over the same channel
until that one has ended.
"""

from collections.abc import Callable, Container, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import BindParameter, Select, and_, bindparam, func, or_, select, tuple_, union_all
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from service.domain.model import ChannelSpec
from service.domain.sending import Attempt, Copy, DeliveryJob
from service.store import copies, health, unsubscribed
from service.store.claims import NOW, Claim, Lease, claim, lock_held, release
from service.store.engine import Database
from service.store.tables import AlertRow, AttemptRow, ChannelRow, DeliveryRow
from service.store.turns import WAITING, line_up, move_up

__all__ = ["claim_due", "mark_copy", "record_attempts", "release_claim"]

_MOST_CHANNELS = 100
"""In one statement; SQLite takes at most 500 parts of a union."""

# Statements are put together once: each runs for nearly every delivery, and putting it together costs as much.
_DUE = and_(
    col(DeliveryRow.behind).is_(None),
    col(DeliveryRow.next_attempt_at) <= NOW,
    col(DeliveryRow.status).in_(WAITING),
)
_FREE = or_(col(DeliveryRow.lease_until).is_(None), col(DeliveryRow.lease_until) <= NOW)
_CHOSEN = Claim(
    DeliveryRow,
    and_(col(DeliveryRow.id).in_(bindparam("chosen", expanding=True)), _DUE),
    col(DeliveryRow.next_attempt_at),
)
_ALERTS = select(AlertRow).where(col(AlertRow.id).in_(bindparam("ids", expanding=True)))
_NAMES: BindParameter[Any] = bindparam("names", expanding=True)
_CHANNELS = select(ChannelRow).where(col(ChannelRow.name).in_(_NAMES))


def _to_serve() -> Select[Any]:
    """Every channel that ever had a delivery, by leaping through the index from name to name."""
    names = select(func.min(col(DeliveryRow.channel)).label("name")).cte("names", recursive=True)
    after = select(func.min(col(DeliveryRow.channel))).where(col(DeliveryRow.channel) > names.c.name)
    names = names.union_all(select(after.scalar_subquery()).where(names.c.name.is_not(None)))
    resting = select(col(ChannelRow.name)).where(col(ChannelRow.enabled), col(ChannelRow.rests_until) > NOW)
    return select(names.c.name).where(names.c.name.is_not(None), names.c.name.not_in(resting))


_TO_SERVE = _to_serve()


@dataclass(frozen=True, slots=True)
class _Candidate:
    id: str
    turn: int
    """How many of its channel are under way or before it."""
    due: datetime


async def claim_due(
    db: Database,
    *,
    limit: int,
    now: datetime,
    lease: Lease,
    each: int | None = None,
    running: Mapping[str, int] | None = None,
    ours: Container[str] = (),
) -> list[DeliveryJob]:
    """At most ``limit`` due deliveries; channels take turns, and within one what has been due longest comes first.

    ``running``: how many are under way, by channel; the first of a channel that has none comes beyond the limit.
    ``each``: the most of one channel at a time (None: no bound). ``ours``: the ids of those that the caller is sending,
    whatever became of their leases: the clock may have leapt, or the database taken no outcome for too long.
    """
    candidates = [found for found in await _candidates(db, limit, now, each, running) if found.id not in ours]
    chosen = _fair(candidates, limit, beyond=running is not None)
    if not chosen:
        return []
    async with db.write() as session:
        rows = await claim(session, _CHOSEN, limit=len(chosen), now=now, lease=lease, chosen=chosen)
        return await _jobs(session, rows)


def _fair(candidates: Sequence[_Candidate], limit: int, *, beyond: bool) -> list[str]:
    ordered = sorted(candidates, key=lambda found: (found.turn, found.due, found.id))
    return [found.id for place, found in enumerate(ordered) if place < limit or (beyond and found.turn == 0)]


async def _candidates(
    db: Database, limit: int, now: datetime, each: int | None, running: Mapping[str, int] | None
) -> list[_Candidate]:
    """The next deliveries of each channel that has room. Only reads: mostly there is nothing to claim."""
    turns = dict(running or {})
    async with db.read() as session:
        asked = []
        for name in await _channels_to_serve(session, now):
            under_way = turns.get(name, 0)
            room = limit if each is None else min(limit, each - under_way)
            room = max(room, 0 if under_way else 1)
            if room:
                asked.append((name, room))
        found: list[_Candidate] = []
        for start in range(0, len(asked), _MOST_CHANNELS):
            part = asked[start : start + _MOST_CHANNELS]
            values: dict[str, Any] = {"now": now}
            for number, (name, room) in enumerate(part):
                values |= {f"name{number}": name, f"room{number}": room}
            rows = await session.execute(_next_of_each(len(part)), values)
            for identity, name, due in sorted(rows.all(), key=lambda row: (row[2], row[0])):
                found.append(_Candidate(identity, turns.get(name, 0), due))
                turns[name] = turns.get(name, 0) + 1
    return found


@cache
def _next_of_each(channels: int) -> Any:  # noqa: ANN401 - a union
    """The next deliveries of so many channels, with the values ``name0``, ``room0`` and so on."""
    parts = []
    for number in range(channels):
        chosen = (
            select(col(DeliveryRow.id), col(DeliveryRow.channel), col(DeliveryRow.next_attempt_at))
            .where(col(DeliveryRow.channel) == bindparam(f"name{number}"), _DUE, _FREE)
            .order_by(col(DeliveryRow.next_attempt_at))
            .limit(bindparam(f"room{number}"))
            .subquery()
        )
        parts.append(select(chosen))
    return union_all(*parts)


async def _channels_to_serve(session: AsyncSession, now: datetime) -> list[str]:
    """Every channel that ever had a delivery, removed ones included, but those that rest.

    Found by leaping through the index from name to name: a backlog of any size costs one step.
    """
    return list((await session.execute(_TO_SERVE, {"now": now})).scalars())


async def _jobs(session: AsyncSession, rows: Sequence[DeliveryRow]) -> list[DeliveryJob]:
    names = {row.channel for row in rows}
    asked = {"ids": list({row.alert_id for row in rows})}
    alerts = {alert.id: alert for alert in (await session.execute(_ALERTS, asked)).scalars()}
    channels = {
        channel.name: ChannelSpec(channel.name, channel.type, channel.config, channel.enabled)
        for channel in (await session.execute(_CHANNELS, {"names": list(names)})).scalars()
    }
    mailing = [name for name, channel in channels.items() if channel.type == "email"]
    left = await unsubscribed.who_left(session, mailing)
    mails = [(row, alerts[row.alert_id].story_id) for row in rows if row.channel in mailing]
    made = await copies.copies_of(session, [row.id for row, _ in mails])
    waits_for = await copies.waiting_before(session, mails)
    return [
        DeliveryJob(
            id=row.id,
            alert=alerts[row.alert_id].payload,
            created_at=alerts[row.alert_id].created_at,
            message_id=row.message_id,
            channel_name=row.channel,
            channel=channels.get(row.channel),
            attempts=row.attempts,
            lease_token=row.lease_token or "",
            unsubscribed=left.get((row.channel, None), frozenset())
            | left.get((row.channel, alerts[row.alert_id].rule), frozenset()),
            copies={address: copies.as_value(copy) for address, copy in made.get(row.id, {}).items()},
            waits_for=waits_for.get(row.id, {}),
        )
        for row in rows
    ]


async def mark_copy(session: AsyncSession, job: DeliveryJob, copy: Copy, *, at: datetime) -> bool:
    """Keep how a delivery stands with one recipient while it goes on; False when the claim was lost to another."""
    if await lock_held(session, DeliveryRow, job.id, job.lease_token) is None:
        return False
    await copies.write(session, job.id, [copy], at=at)
    return True


async def release_claim(db: Database, job: DeliveryJob) -> None:
    async with db.write() as session:
        await release(session, DeliveryRow, job.id, job.lease_token)


async def record_attempts(
    session: AsyncSession, made: Sequence[tuple[DeliveryJob, Attempt]], *, new_id: Callable[[], str]
) -> list[bool]:
    """Write what attempts brought, and what follows for their channels; False where the claim was lost to another.

    ``new_id``: for the alert about a channel that is switched off.
    """
    held = await _lock(session, [job for job, _ in made])
    kept = [held.get((job.id, job.lease_token)) for job, _ in made]
    for row, (_, attempt) in zip(kept, made, strict=True):
        if row is not None:
            await _write(session, row, attempt)
    await session.flush()
    pairs = [(row, job, attempt) for row, (job, attempt) in zip(kept, made, strict=True) if row is not None]
    # What only some recipients still wait for holds up nobody else.
    await move_up(
        session, [row.id for row, job, attempt in pairs if row.status not in WAITING or _has_some(job, attempt)]
    )
    told = [(job.channel_name, attempt) for _, job, attempt in pairs]
    await health.note(
        session,
        sent={name for name, attempt in told if attempt.got_through},
        failed=[
            health.Failure(name, attempt.at, attempt.gone, attempt.retry_after)
            for name, attempt in told
            if attempt.outcome in {"retrying", "dead"} and not (attempt.by_address or attempt.behind)
        ],
        new_id=new_id,
    )
    return [row is not None for row in kept]


def _has_some(job: DeliveryJob, attempt: Attempt) -> bool:
    return attempt.got_through or any(copy.outcome == "sent" for copy in job.copies.values())


async def _lock(session: AsyncSession, jobs: Sequence[DeliveryJob]) -> dict[tuple[str, str], DeliveryRow]:
    """The rows that are still held, by id and token; locked in one order by all, so that no two wait for each other."""
    statement = (
        select(DeliveryRow)
        .where(
            tuple_(col(DeliveryRow.id), col(DeliveryRow.lease_token)).in_([(job.id, job.lease_token) for job in jobs])
        )
        .order_by(col(DeliveryRow.created_at), col(DeliveryRow.id))
        .with_for_update()
    )
    return {(row.id, row.lease_token or ""): row for row in (await session.execute(statement)).scalars()}


async def _write(session: AsyncSession, row: DeliveryRow, attempt: Attempt) -> None:
    row.status, row.next_attempt_at = attempt.outcome, attempt.next_attempt_at
    row.last_error = None if attempt.outcome == "sent" else attempt.excerpt
    row.sent_at = attempt.at if attempt.outcome == "sent" else None
    row.lease_until = row.lease_token = None
    await copies.write(session, row.id, attempt.copies, at=attempt.at)
    if attempt.behind is not None:
        await line_up(session, row, attempt.behind)
        if not attempt.got_through:  # nobody was asked
            return
    row.attempts = 1 if attempt.got_on else row.attempts + 1
    session.add(
        AttemptRow(
            delivery_id=row.id,
            at=attempt.at,
            outcome=attempt.outcome,
            status_code=attempt.status_code,
            excerpt=attempt.excerpt,
            milliseconds=attempt.milliseconds,
            recipients=[copies.as_line(copy) for copy in attempt.copies] or None,
        )
    )
