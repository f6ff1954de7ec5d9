"""Alerts with their deliveries: the outbox that commits together with what caused it."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from service.domain.alerting import AlertDraft, alert_object
from service.store import events
from service.store.tables import AlertMentionRow, AlertRow, ChannelRow, DeliveryRow
from service.store.turns import line_up

__all__ = ["raise_alert", "stored_alert", "was_told"]


async def raise_alert(
    session: AsyncSession,
    draft: AlertDraft,
    mention_ids: Sequence[int],
    *,
    now: datetime,
    new_id: Callable[[], str],
    muted: Mapping[str, str] | None = None,
) -> str | None:
    """Store an alert with its deliveries, in the caller's transaction; its id, or None when it was raised before.

    ``new_id`` gives 32 hexadecimal digits, different at each call. ``muted``: channels that get nothing, and why.
    """
    alert_id = f"alt_{new_id()}"
    inserted = await _insert_once(session, draft, alert_id, now)
    if not inserted:
        return None
    events.note(session, alert=alert_id, now=now)
    session.add_all(AlertMentionRow(alert_id=alert_id, mention_id=mention_id) for mention_id in mention_ids)
    enabled = set(
        (
            await session.execute(
                select(col(ChannelRow.name)).where(col(ChannelRow.name).in_(draft.channels), col(ChannelRow.enabled))
            )
        ).scalars()
    )
    refused = {name: f"channel {name} is switched off or does not exist" for name in draft.channels} | dict(muted or {})
    for name in enabled - (muted or {}).keys():
        del refused[name]
    session.add_all(
        DeliveryRow(
            id=f"dlv_{new_id()}",
            alert_id=alert_id,
            channel=name,
            message_id=f"msg_{new_id()}",
            status="suppressed" if name in refused else "pending",
            next_attempt_at=None if name in refused else now,
            last_error=refused.get(name),
            created_at=now,
        )
        for name in dict.fromkeys(draft.channels)
    )
    await session.flush()
    if draft.story:
        await line_up(session, alert_id)
    return alert_id


def was_told() -> ColumnElement[bool]:
    """The condition that an alert went out: neither a silence nor another alert held it back."""
    return and_(col(AlertRow.silenced_by).is_(None), col(AlertRow.inhibited_by).is_(None))


async def stored_alert(session: AsyncSession, alert_id: str) -> tuple[dict[str, Any], datetime] | None:
    """The object that an alert's receivers get, and when it was made; None when there is no such alert."""
    row = await session.get(AlertRow, alert_id)
    return (row.payload, row.created_at) if row is not None else None


async def _insert_once(session: AsyncSession, draft: AlertDraft, alert_id: str, now: datetime) -> bool:
    """The database decides whether this alert was raised before: UNIQUE (rule, dedupe_key)."""
    dialect = sqlite if session.get_bind().dialect.name == "sqlite" else postgresql
    values = {
        "id": alert_id,
        "rule": draft.rule,
        "kind": draft.kind,
        "dedupe_key": draft.dedupe_key,
        "story_id": int(draft.story["id"]) if draft.story else None,
        "title": draft.title,
        "url": draft.url,
        "reason": draft.reason,
        "entities": list(draft.entities),
        "payload": alert_object(draft, alert_id=alert_id, created_at=now),
        "created_at": now,
        "silenced_by": draft.silenced_by,
        "inhibited_by": draft.inhibited_by,
    }
    statement = dialect.insert(AlertRow).values(**values).on_conflict_do_nothing(index_elements=["rule", "dedupe_key"])
    return (await session.execute(statement.returning(col(AlertRow.id)))).first() is not None
