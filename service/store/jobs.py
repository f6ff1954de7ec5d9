"""Long work that was asked for, as a row: who asked, how far it is, what came of it.

The process that was asked does it and renews a lease; ``cancel`` ends the row, which that process sees the next time.
One whose process died is ``stopped``. One that was begun in parts is then gone on with: a part is a row that goes in
the transaction that does it, so none is done twice. Any other can be asked for again.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import delete, insert, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from service.domain.alerting import rfc3339
from service.store.engine import Database, lock
from service.store.lines import Line
from service.store.tables import JobPartRow, JobRow

__all__ = [
    "LEASE",
    "Part",
    "at_work",
    "begin",
    "cancel",
    "finish",
    "first_left",
    "forget_old",
    "go_on",
    "leave",
    "listed",
    "named",
    "next_part",
    "part_done",
    "renew",
]

LEASE: Final = timedelta(seconds=30)
"""Renewed each second or so while it is worked on."""


@dataclass(frozen=True, slots=True)
class Part:
    """``of``: how many the whole job is; ``counts``: what came of the parts before it."""

    number: int
    of: int
    content: list[Any]
    counts: Mapping[str, int]


async def at_work(session: AsyncSession, kind: str, *, now: datetime) -> int | None:
    """The job of that kind that somebody works on. Nobody else begins one until the transaction ends."""
    await lock(session, f"jobs {kind}")
    working = select(col(JobRow.id)).where(
        col(JobRow.kind) == kind, col(JobRow.state) == "open", col(JobRow.lease_until) > now
    )
    return (await session.execute(working.limit(1))).scalar_one_or_none()


async def begin(
    session: AsyncSession,
    kind: str,
    asked: Mapping[str, Any],
    *,
    by: str,
    now: datetime,
    parts: Sequence[Sequence[Any]] = (),
) -> Line:
    """A new one, which the caller works on from the moment that the transaction ends; ``parts`` are plain JSON."""
    row = JobRow(kind=kind, asked=dict(asked), asked_by=by, created_at=now, updated_at=now, lease_until=now + LEASE)
    row.total = sum(map(len, parts))
    session.add(row)
    await session.flush()
    if parts:
        values = [{"job_id": row.id, "number": number, "content": list(part)} for number, part in enumerate(parts)]
        await session.execute(insert(JobPartRow), values)
    return _line(row, now)


async def first_left(session: AsyncSession, kind: str, *, now: datetime) -> int | None:
    """The oldest of that kind that has parts left, and that nobody works on."""
    over = or_(col(JobRow.lease_until).is_(None), col(JobRow.lease_until) <= now)
    open_ = select(col(JobRow.id)).where(col(JobRow.kind) == kind, col(JobRow.state) == "open", over, _HAS_PARTS)
    return (await session.execute(open_.order_by(col(JobRow.id)).limit(1))).scalar_one_or_none()


async def go_on(session: AsyncSession, job: int, *, now: datetime) -> bool:
    """Work on it from the moment that the transaction ends; False when it has no parts, or is over."""
    taken = _open(job).where(_HAS_PARTS).values(updated_at=now, lease_until=now + LEASE)
    return (await session.execute(taken.returning(col(JobRow.id)))).first() is not None


async def next_part(session: AsyncSession, job: int) -> Part | None:
    """What is to be done in the caller's transaction, in which nobody else does it or ends the job; None at the end,
    also that of a cancelled one."""
    open_ = select(JobRow).where(col(JobRow.id) == job, col(JobRow.state) == "open").with_for_update()
    row = (await session.execute(open_)).scalar_one_or_none()
    if row is None:
        return None
    left = select(JobPartRow).where(col(JobPartRow.job_id) == job).order_by(col(JobPartRow.number)).limit(1)
    part = (await session.execute(left)).scalar_one_or_none()
    return Part(part.number, row.total, part.content, dict(row.result)) if part is not None else None


async def part_done(session: AsyncSession, job: int, part: Part, *, counts: Mapping[str, int], now: datetime) -> None:
    """In the same transaction. ``counts``: what came of it and of those before it."""
    this = [col(JobPartRow.job_id) == job, col(JobPartRow.number) == part.number]
    await session.execute(delete(JobPartRow).where(*this))
    far = {"done": col(JobRow.done) + len(part.content), "result": dict(counts)}
    await session.execute(_open(job).values(**far, updated_at=now, lease_until=now + LEASE))


async def renew(db: Database, job: int, *, now: datetime, done: int | None = None, total: int | None = None) -> bool:
    """Note how far it is, where its parts do not; False when it was cancelled."""
    return await _change(db, job, **_far(done, total), updated_at=now, lease_until=now + LEASE)


async def finish(db: Database, job: int, *, now: datetime, result: Mapping[str, Any], problem: str = "") -> bool:
    """It is done, or failed because of ``problem``; False when it was cancelled meanwhile."""
    ends = {"updated_at": now, "finished_at": now, "lease_until": None, "result": dict(result), "problem": problem}
    return await _change(db, job, state="failed" if problem else "done", **ends)


async def leave(db: Database, job: int, *, now: datetime, done: int | None = None, total: int | None = None) -> None:
    """The process ends before the work does."""
    await _change(db, job, **_far(done, total), updated_at=now, lease_until=None)


async def cancel(session: AsyncSession, job: int, *, now: datetime) -> bool:
    """End one, wherever it is worked on; False when it was over."""
    ended = {"state": "cancelled", "updated_at": now, "finished_at": now, "lease_until": None}
    gone = await session.execute(_open(job).values(**ended).returning(col(JobRow.id)))
    if gone.first() is None:
        return False
    await session.execute(delete(JobPartRow).where(col(JobPartRow.job_id) == job))
    return True


async def listed(session: AsyncSession, *, now: datetime, limit: int = 100) -> list[Line]:
    """The newest first."""
    rows = (await session.execute(select(JobRow).order_by(col(JobRow.id).desc()).limit(limit))).scalars()
    return [_line(row, now) for row in rows]


async def named(session: AsyncSession, job: int, *, now: datetime) -> Line | None:
    row = await session.get(JobRow, job)
    return _line(row, now) if row is not None else None


async def forget_old(db: Database, *, before: datetime) -> int:
    """How many."""
    async with db.write() as session:
        old = delete(JobRow).where(col(JobRow.updated_at) < before)
        return len((await session.execute(old.returning(col(JobRow.id)))).all())


_HAS_PARTS = select(JobPartRow).where(col(JobPartRow.job_id) == col(JobRow.id)).exists()


def _far(done: int | None, total: int | None) -> dict[str, int]:
    return {name: value for name, value in (("done", done), ("total", total)) if value is not None}


def _open(job: int) -> Any:  # noqa: ANN401 - an update without values
    return update(JobRow).where(col(JobRow.id) == job, col(JobRow.state) == "open")


async def _change(db: Database, job: int, **values: Any) -> bool:  # noqa: ANN401 - of any column
    async with db.write() as session:
        changed = await session.execute(_open(job).values(**values).returning(col(JobRow.id)))
        return changed.first() is not None


def _line(row: JobRow, now: datetime) -> Line:
    works = row.lease_until is not None and row.lease_until > now
    return {
        "id": row.id,
        "kind": row.kind,
        "state": ("working" if works else "stopped") if row.state == "open" else row.state,
        "asked": dict(row.asked),
        "asked_by": row.asked_by,
        "done": row.done,
        "total": row.total,
        "result": dict(row.result),
        "problem": row.problem or None,
        "created_at": rfc3339(row.created_at),
        "updated_at": rfc3339(row.updated_at),
        "finished_at": rfc3339(row.finished_at) if row.finished_at else None,
    }
