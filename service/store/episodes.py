"""When rules on volume count, and what they found: spikes and quiet times, each from its beginning to its end.

put_rule -> rhythms row, due at once -> claim_due -> settle: episodes begin, last and end -> due again
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import delete, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from service.domain.alerting_policy import Volume
from service.domain.alerting_volume import Episode, Finding, step
from service.store.claims import NOW, Claim, Lease, claim, lock_held, release
from service.store.engine import Database
from service.store.tables import AlertRow, EpisodeRow, RhythmRow

__all__ = ["RhythmJob", "Untold", "claim_due", "end_all", "expect", "held", "release_claim", "settle", "told", "untold"]

_DUE = Claim(RhythmRow, col(RhythmRow.due_at) <= NOW, col(RhythmRow.due_at))


@dataclass(frozen=True, slots=True)
class RhythmJob:
    """A rule on volume that is to count now."""

    rule: str
    lease_token: str


@dataclass(frozen=True, slots=True)
class Untold:
    """An episode of which no alert tells yet. ``ended``: it is over already."""

    subject: str
    episode: Episode
    found: Finding
    ended: datetime | None


async def expect(session: AsyncSession, rule: str, *, now: datetime) -> None:
    """Let a rule on volume count from now on."""
    if await session.get(RhythmRow, rule) is None:
        session.add(RhythmRow(id=rule, due_at=now))
        await session.flush()


async def claim_due(db: Database, *, limit: int, now: datetime, lease: Lease) -> list[RhythmJob]:
    async with db.write() as session:
        rows = await claim(session, _DUE, limit=limit, now=now, lease=lease)
        return [RhythmJob(row.id, row.lease_token or "") for row in rows]


async def release_claim(db: Database, job: RhythmJob) -> None:
    async with db.write() as session:
        await release(session, RhythmRow, job.rule, job.lease_token)


async def held(session: AsyncSession, job: RhythmJob, due: datetime) -> bool:
    """Lock the rule's rhythm and let it be due then; False when the claim was lost."""
    row = await lock_held(session, RhythmRow, job.rule, job.lease_token)
    if row is None:
        return False
    row.due_at, row.lease_until, row.lease_token = due, None, None
    return True


async def settle(
    session: AsyncSession,
    rule: str,
    volume: Volume,
    seen: Mapping[str, Finding | None],
    *,
    now: datetime,
    new_id: Callable[[], str],
) -> None:
    """Write what was seen, by subject: episodes begin, last or end. What is not asked for any more is over; where
    nothing could be seen, all stays as it is."""
    rows = (await session.execute(_standing(rule))).scalars().all()
    standing = {row.subject: row for row in rows}
    if seen:
        await _end(session, [row for row in rows if row.subject not in seen], now)
    for subject, found in seen.items():
        row = standing.get(subject)
        what = step(_episode(row) if row is not None else None, found, volume, now)
        if row is not None and what == "lasts":
            row.seen_at = now if found is not None else row.seen_at
            continue
        if row is not None:
            await _end(session, [row], now)
        if found is not None:
            session.add(
                EpisodeRow(
                    id=f"eps_{new_id()}",
                    rule=rule,
                    subject=subject,
                    kind=found.kind,
                    opened_at=now,
                    seen_at=now,
                    found=_stored(found),
                )
            )
    await session.flush()


async def end_all(session: AsyncSession, rule: str, *, now: datetime, forget: bool) -> None:
    """The rule counts no more; ``forget``: for good."""
    await _end(session, (await session.execute(_standing(rule))).scalars().all(), now)
    await session.execute(update(EpisodeRow).where(*_of_rule_untold(rule)).values(told_at=now))
    if forget:
        await session.execute(delete(RhythmRow).where(col(RhythmRow.id) == rule))


async def untold(session: AsyncSession, rule: str) -> list[Untold]:
    """Episodes that are still to be told, the first to begin first."""
    rows = select(EpisodeRow).where(*_of_rule_untold(rule)).order_by(col(EpisodeRow.opened_at), col(EpisodeRow.subject))
    return [
        Untold(row.subject, _episode(row), _finding(row), row.ended_at)
        for row in (await session.execute(rows)).scalars()
    ]


async def told(session: AsyncSession, episode: str, alert: str | None, *, now: datetime) -> None:
    """An alert tells of it. One that was over when it was told is resolved with it."""
    row = await session.get_one(EpisodeRow, episode)
    row.told_at, row.alert_id = now, alert
    await session.flush()
    if row.ended_at is not None:
        await _resolve(session, [alert], now)


async def _end(session: AsyncSession, rows: Sequence[EpisodeRow], now: datetime) -> None:
    """What is over is resolved: its alert stands no longer."""
    for row in rows:
        row.ended_at = now
    await session.flush()
    await _resolve(session, [row.alert_id for row in rows], now)


async def _resolve(session: AsyncSession, alerts: Sequence[str | None], now: datetime) -> None:
    ids = [alert for alert in alerts if alert is not None]
    open_ = (col(AlertRow.id).in_(ids), col(AlertRow.resolved_at).is_(None))
    await session.execute(update(AlertRow).where(*open_).values(resolved_at=now))


def _standing(rule: str) -> Any:  # noqa: ANN401 - a selection
    return select(EpisodeRow).where(col(EpisodeRow.rule) == rule, col(EpisodeRow.ended_at).is_(None))


def _of_rule_untold(rule: str) -> tuple[Any, ...]:
    return col(EpisodeRow.rule) == rule, col(EpisodeRow.told_at).is_(None)


def _episode(row: EpisodeRow) -> Episode:
    return Episode(row.id, row.kind, row.opened_at, row.seen_at, row.alert_id)


def _stored(found: Finding) -> dict[str, Any]:
    return {
        "from": found.window[0].isoformat(),
        "to": found.window[1].isoformat(),
        "count": found.count,
        "expected": found.expected,
        "low": found.low,
        "high": found.high,
        "weeks": found.weeks,
        "failing": list(found.failing),
    }


def _finding(row: EpisodeRow) -> Finding:
    said = row.found
    window = datetime.fromisoformat(said["from"]), datetime.fromisoformat(said["to"])
    return Finding(
        row.kind,
        window,
        said["count"],
        said["expected"],
        said["low"],
        said["high"],
        said["weeks"],
        tuple(said["failing"]),
    )
