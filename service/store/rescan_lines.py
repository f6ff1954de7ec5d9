"""Rescans as other programs and people read them: how far each is, at what rate, and in which state."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from service.domain.alerting import rfc3339
from service.store.lines import Line
from service.store.past import Period
from service.store.rescans import Wanted
from service.store.tables import RescanRow

__all__ = ["listed", "named", "wanted_again"]

_COUNTS = ("added", "restored", "withdrawn", "changed", "alerts")
_SHORTEST = 0.001


async def listed(session: AsyncSession, *, now: datetime, limit: int = 100) -> list[Line]:
    """The newest first."""
    rows = (await session.execute(select(RescanRow).order_by(col(RescanRow.id).desc()).limit(limit))).scalars()
    return [_line(row, now) for row in rows]


async def named(session: AsyncSession, rescan: int, *, now: datetime) -> Line | None:
    row = await session.get(RescanRow, rescan)
    return _line(row, now) if row is not None else None


async def wanted_again(session: AsyncSession, rescan: int, *, made_with: str) -> Wanted | None:
    """What an unfinished rescan was asked for, to ask for it again; None when there is none."""
    row = await session.get(RescanRow, rescan)
    if row is None or row.state != "open":
        return None
    return Wanted(row.scope, row.entity, Period(row.since, row.until), row.summary, made_with)


def _line(row: RescanRow, now: datetime) -> Line:
    done, seconds = row.counts.get("articles", 0), row.seconds or 0.0
    rate = done / seconds if seconds >= _SHORTEST else None
    works = row.state == "open" and row.lease_until is not None and row.lease_until > now
    left = (row.total - done) / rate if rate and works else None
    return {
        "id": row.id,
        "state": "working" if works else "stopped" if row.state == "open" else row.state,
        "entity": row.entity,
        "since": _time(row.since),
        "until": _time(row.until),
        "summary": row.summary,
        "total": row.total,
        "done": done,
        "rate": round(rate, 1) if rate is not None else None,
        "seconds_left": max(round(left), 0) if left is not None else None,
        **{name: row.counts.get(name, 0) for name in _COUNTS},
        "created_at": _time(row.created_at),
        "updated_at": _time(row.updated_at),
        "finished_at": _time(row.finished_at),
    }


def _time(moment: datetime | None) -> str | None:
    return rfc3339(moment) if moment is not None else None
