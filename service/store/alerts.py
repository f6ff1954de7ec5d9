"""Alerts with their deliveries: the outbox that commits together with what caused it."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, bindparam, insert, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from service.domain.alerting import AlertDraft, alert_object
from service.store import events
from service.store.tables import AlertMentionRow, AlertRow, ChannelRow, DeliveryRow, defaults, table_of
from service.store.turns import last_of_story

__all__ = ["raise_alert", "raised_as", "stored_alert", "was_told"]

_ALERTS = table_of(AlertRow)
_ADD_ONCE = {
    dialect.dialect.name: dialect.insert(_ALERTS)
    .on_conflict_do_nothing(index_elements=["rule", "dedupe_key"])
    .returning(_ALERTS.c.id)
    for dialect in (sqlite, postgresql)
}
_ADD_MENTIONS, _ADD_DELIVERIES = insert(table_of(AlertMentionRow)), insert(table_of(DeliveryRow))
_NO_DELIVERY = defaults(DeliveryRow)
_ENABLED = select(col(ChannelRow.name)).where(
    col(ChannelRow.name).in_(bindparam("names", expanding=True)), col(ChannelRow.enabled)
)


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
    if mention_ids:
        of_alert = [{"alert_id": alert_id, "mention_id": mention_id} for mention_id in mention_ids]
        await session.execute(_ADD_MENTIONS, of_alert)
    enabled = set((await session.execute(_ENABLED, {"names": list(draft.channels)})).scalars())
    refused = {name: f"channel {name} is switched off or does not exist" for name in draft.channels} | dict(muted or {})
    for name in enabled - (muted or {}).keys():
        del refused[name]
    names = list(dict.fromkeys(draft.channels))
    before: dict[str, str] = {}
    if draft.story:
        before = await last_of_story(session, int(draft.story["id"]), [name for name in names if name not in refused])
    made = [
        _NO_DELIVERY
        | {
            "id": f"dlv_{new_id()}",
            "alert_id": alert_id,
            "channel": name,
            "message_id": f"msg_{new_id()}",
            "status": "suppressed" if name in refused else "pending",
            "next_attempt_at": None if name in refused else now,
            "behind": before.get(name),
            "last_error": refused.get(name),
            "created_at": now,
        }
        for name in names
    ]
    if made:
        await session.execute(_ADD_DELIVERIES, made)
    return alert_id


async def raised_as(session: AsyncSession, draft: AlertDraft) -> str | None:
    """The alert that was raised before under the same key."""
    same = select(_ALERTS.c.id).where(_ALERTS.c.rule == draft.rule, _ALERTS.c.dedupe_key == draft.dedupe_key)
    return (await session.execute(same)).scalar_one_or_none()


def was_told() -> ColumnElement[bool]:
    """The condition that an alert went out: neither a silence nor another alert held it back."""
    return and_(col(AlertRow.silenced_by).is_(None), col(AlertRow.inhibited_by).is_(None))


async def stored_alert(session: AsyncSession, alert_id: str) -> tuple[dict[str, Any], datetime] | None:
    """The object that an alert's receivers get, and when it was made; None when there is no such alert."""
    row = await session.get(AlertRow, alert_id)
    return (row.payload, row.created_at) if row is not None else None


async def _insert_once(session: AsyncSession, draft: AlertDraft, alert_id: str, now: datetime) -> bool:
    """The database decides whether this alert was raised before: UNIQUE (rule, dedupe_key)."""
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
    return (await session.execute(_ADD_ONCE[session.get_bind().dialect.name], values)).first() is not None
