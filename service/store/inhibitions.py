"""Inhibitions as they are stored, and the alerts that stand."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from service.domain.alerting_inhibition import Inhibition, Standing
from service.store.tables import AlertRow, InhibitionRow

__all__ = ["definitions", "standing", "stood"]

_PAYLOAD: Any = col(AlertRow.payload)
_STANDING: tuple[Any, ...] = (
    col(AlertRow.id),
    col(AlertRow.rule),
    col(AlertRow.kind),
    _PAYLOAD["how"]["priority"].as_string(),
    col(AlertRow.entities),
    col(AlertRow.story_id),
    col(AlertRow.created_at),
)
_MOST = 2000
"""Alerts that are looked at, the newest."""


async def definitions(session: AsyncSession) -> list[dict[str, Any]]:
    """Each in the watch list's own form, with ``name`` and ``enabled``."""
    rows = (await session.execute(select(InhibitionRow).order_by(col(InhibitionRow.id)))).scalars()
    return [{"name": row.name, **row.definition, "enabled": row.enabled} for row in rows]


async def stood(
    session: AsyncSession, inhibitions: Sequence[Inhibition], *, since: datetime, but: Collection[str]
) -> list[Standing]:
    """What stood from ``since`` on, with when it was resolved; ``but``: leaving out the alerts of these rules."""
    if not inhibitions:
        return []
    oldest = since - max(one.lasts for one in inhibitions)
    statement = select(*(*_STANDING, col(AlertRow.resolved_at))).where(
        col(AlertRow.created_at) > oldest, col(AlertRow.inhibited_by).is_(None), col(AlertRow.rule).not_in(but)
    )
    return [
        Standing(alert, rule, kind, priority or "normal", tuple(entities), story, at, until)
        for alert, rule, kind, priority, entities, story, at, until in await session.execute(statement)
    ]


async def standing(session: AsyncSession, inhibitions: Sequence[Inhibition], now: datetime) -> list[Standing]:
    """Alerts that may hold back others: not resolved, not held back themselves, and young enough."""
    if not inhibitions:
        return []
    await session.flush()
    oldest = now - max(one.lasts for one in inhibitions)
    statement = (
        select(*_STANDING)
        .where(
            col(AlertRow.created_at) > oldest, col(AlertRow.resolved_at).is_(None), col(AlertRow.inhibited_by).is_(None)
        )
        .order_by(col(AlertRow.created_at).desc())
        .limit(_MOST)
    )
    return [
        Standing(alert, rule, kind, priority or "normal", tuple(entities), story, at)
        for alert, rule, kind, priority, entities, story, at in await session.execute(statement)
    ]
