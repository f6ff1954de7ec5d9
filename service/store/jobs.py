"""Long work that people ask for and leave: how far each is, and how it ended. Who works on one holds a lease, which
each step renews; one that is open and held by nobody was interrupted."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Final, Literal

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from service.domain.alerting import rfc3339
from service.store.lines import Line
from service.store.tables import JobRow

__all__ = ["Kind", "advance", "begin", "end", "give_back", "line_of", "listed"]

Kind = Literal["import", "backup"]
_LEASE: Final = timedelta(minutes=2)


async def begin(session: AsyncSession, kind: Kind, about: str, *, total: int, now: datetime) -> int:
    """Its number. ``about``: the file that is read or written."""
    row = JobRow(kind=kind, about=about, total=total, created_at=now, lease_until=now + _LEASE)
    session.add(row)
    await session.flush()
    return row.id


async def advance(
    session: AsyncSession, job: int, done: int, *, total: int, counts: Mapping[str, int], now: datetime
) -> None:
    """``counts``: what came of it so far."""
    await _write(session, job, done=done, total=total, counts=dict(counts), lease_until=now + _LEASE)


async def end(session: AsyncSession, job: int, *, now: datetime, problem: str | None = None) -> None:
    """It is done, or has failed."""
    state = "done" if problem is None else "failed"
    await _write(session, job, state=state, problem=problem, finished_at=now, lease_until=None)


async def give_back(session: AsyncSession, job: int) -> None:
    """Nobody works on it any more, though it is not done."""
    await _write(session, job, lease_until=None)


async def listed(session: AsyncSession, *, now: datetime, limit: int) -> list[Line]:
    """The newest first."""
    rows = (await session.execute(select(JobRow).order_by(col(JobRow.id).desc()).limit(limit))).scalars()
    return [_line(row, now) for row in rows]


async def line_of(session: AsyncSession, job: int, *, now: datetime) -> Line | None:
    row = await session.get(JobRow, job)
    return _line(row, now) if row is not None else None


async def _write(session: AsyncSession, job: int, **values: Any) -> None:  # noqa: ANN401 - of the columns
    await session.execute(update(JobRow).where(col(JobRow.id) == job, col(JobRow.state) == "open").values(**values))


def _line(row: JobRow, now: datetime) -> Line:
    works = row.state == "open" and row.lease_until is not None and row.lease_until > now
    return {
        "id": row.id,
        "kind": row.kind,
        "about": row.about,
        "state": "working" if works else "stopped" if row.state == "open" else row.state,
        "done": row.done,
        "total": row.total,
        "counts": dict(row.counts),
        "problem": row.problem,
        "created_at": rfc3339(row.created_at),
        "finished_at": rfc3339(row.finished_at) if row.finished_at else None,
    }
