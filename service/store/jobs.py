"""Long work that was asked for, as a row: who asked, how far it is, what came of it.

The process that was asked does it and renews a lease; ``cancel`` ends the row, which that process sees the next time.
One whose process died is ``stopped``: nobody goes on with it, and it can be asked for again.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import delete, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from service.domain.alerting import rfc3339
from service.store.engine import Database, lock
from service.store.lines import Line
from service.store.tables import JobRow

__all__ = ["LEASE", "at_work", "begin", "cancel", "finish", "forget_old", "leave", "listed", "named", "renew"]

LEASE: Final = timedelta(seconds=30)
"""Renewed each second or so while it is worked on."""


async def at_work(session: AsyncSession, kind: str, *, now: datetime) -> int | None:
    """The job of that kind that somebody works on. Nobody else begins one until the transaction ends."""
    await lock(session, f"jobs {kind}")
    working = select(col(JobRow.id)).where(
        col(JobRow.kind) == kind, col(JobRow.state) == "open", col(JobRow.lease_until) > now
    )
    return (await session.execute(working.limit(1))).scalar_one_or_none()


async def begin(session: AsyncSession, kind: str, asked: Mapping[str, Any], *, by: str, now: datetime) -> Line:
    """A new one, which the caller works on from the moment that the transaction ends."""
    row = JobRow(kind=kind, asked=dict(asked), asked_by=by, created_at=now, updated_at=now, lease_until=now + LEASE)
    session.add(row)
    await session.flush()
    return _line(row, now)


async def renew(db: Database, job: int, *, done: int, total: int, now: datetime) -> bool:
    """Note how far it is; False when it was cancelled."""
    return await _change(db, job, done=done, total=total, updated_at=now, lease_until=now + LEASE)


async def finish(db: Database, job: int, *, now: datetime, result: Mapping[str, Any], problem: str = "") -> bool:
    """It is done, or failed because of ``problem``; False when it was cancelled meanwhile."""
    ends = {"updated_at": now, "finished_at": now, "lease_until": None, "result": dict(result), "problem": problem}
    return await _change(db, job, state="failed" if problem else "done", **ends)


async def leave(db: Database, job: int, *, now: datetime) -> None:
    """The process ends before the work does."""
    await _change(db, job, updated_at=now, lease_until=None)


async def cancel(session: AsyncSession, job: int, *, now: datetime) -> bool:
    """End one, wherever it is worked on; False when it was over."""
    ended = {"state": "cancelled", "updated_at": now, "finished_at": now, "lease_until": None}
    gone = await session.execute(_open(job).values(**ended).returning(col(JobRow.id)))
    return gone.first() is not None


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
