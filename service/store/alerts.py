"""Alerts and their deliveries: the outbox that commits together with what caused it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import and_, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from service.domain.alerting import AlertDraft, alert_object
from service.domain.model import ChannelSpec
from service.store.claims import Lease, claim, lock_held, release
from service.store.engine import Database
from service.store.tables import AlertMentionRow, AlertRow, AttemptRow, ChannelRow, DeliveryRow

__all__ = ["Attempt", "DeliveryJob", "claim_due", "raise_alert", "record_attempt", "release_claim"]


@dataclass(frozen=True, slots=True)
class DeliveryJob:
    """One message to send. ``channel`` is None when the channel was removed after the alert was made."""

    id: str
    alert: dict[str, Any]
    created_at: datetime
    message_id: str
    channel_name: str
    channel: ChannelSpec | None
    attempts: int
    lease_token: str


@dataclass(frozen=True, slots=True)
class Attempt:
    """How one try went, and what follows from it."""

    outcome: str
    """``sent``, ``retrying``, ``dead`` or ``suppressed``: the delivery's status from now on."""
    at: datetime
    status_code: int | None
    excerpt: str
    milliseconds: int
    next_attempt_at: datetime | None = None
    disable_channel: str | None = None
    """Why the channel is switched off from now on."""


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
    return alert_id


async def claim_due(db: Database, *, limit: int, now: datetime, lease: Lease) -> list[DeliveryJob]:
    due = and_(col(DeliveryRow.status).in_(["pending", "retrying"]), col(DeliveryRow.next_attempt_at) <= now)
    async with db.write() as session:
        rows = await claim(
            session, DeliveryRow, due, col(DeliveryRow.next_attempt_at), limit=limit, now=now, lease=lease
        )
        alerts = {
            alert.id: alert
            for alert in (
                await session.execute(select(AlertRow).where(col(AlertRow.id).in_({row.alert_id for row in rows})))
            ).scalars()
        }
        channels = {
            channel.name: ChannelSpec(channel.name, channel.type, channel.config, channel.enabled)
            for channel in (
                await session.execute(select(ChannelRow).where(col(ChannelRow.name).in_({row.channel for row in rows})))
            ).scalars()
        }
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
            )
            for row in rows
        ]


async def release_claim(db: Database, job: DeliveryJob) -> None:
    async with db.write() as session:
        await release(session, DeliveryRow, job.id, job.lease_token)


async def record_attempt(session: AsyncSession, job: DeliveryJob, attempt: Attempt) -> bool:
    """False when the claim was lost to another worker."""
    row = await lock_held(session, DeliveryRow, job.id, job.lease_token)
    if row is None:
        return False
    row.attempts += 1
    row.status, row.next_attempt_at = attempt.outcome, attempt.next_attempt_at
    row.last_error = None if attempt.outcome == "sent" else attempt.excerpt
    row.sent_at = attempt.at if attempt.outcome == "sent" else None
    row.lease_until = row.lease_token = None
    session.add(
        AttemptRow(
            delivery_id=job.id,
            at=attempt.at,
            outcome=attempt.outcome,
            status_code=attempt.status_code,
            excerpt=attempt.excerpt,
            milliseconds=attempt.milliseconds,
        )
    )
    if attempt.disable_channel:
        channel = (
            await session.execute(select(ChannelRow).where(col(ChannelRow.name) == job.channel_name))
        ).scalar_one_or_none()
        if channel is not None:
            channel.enabled, channel.disabled_reason = False, attempt.disable_channel
    return True


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
    }
    statement = dialect.insert(AlertRow).values(**values).on_conflict_do_nothing(index_elements=["rule", "dedupe_key"])
    return (await session.execute(statement.returning(col(AlertRow.id)))).first() is not None
