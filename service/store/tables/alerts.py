"""What was told or waits to be: alerts, batches, silences, deliveries and their attempts."""

from datetime import datetime
from typing import Any

from sqlalchemy import Column, ForeignKey, Index, UniqueConstraint
from sqlmodel import Field, SQLModel

from service.store.tables.columns import (
    BigId,
    NullJson,
    id_column,
    json_column,
    maybe_time_column,
    reference,
    text_column,
    time_column,
)

__all__ = [
    "AlertMentionRow",
    "AlertRow",
    "AttemptRow",
    "BatchRow",
    "CopyRow",
    "DeliveryRow",
    "NotToldRow",
    "SilenceRow",
    "WaitingRow",
]


class AlertRow(SQLModel, table=True):
    """What a rule raised, once for each ``dedupe_key``. ``payload`` is what every receiver gets, frozen."""

    __tablename__ = "alerts"
    __table_args__ = (UniqueConstraint("rule", "dedupe_key"),)
    id: str = Field(primary_key=True)
    rule: str
    kind: str
    dedupe_key: str
    story_id: int | None = reference("stories.id", on_delete="SET NULL", nullable=True)
    title: str = text_column()
    url: str = ""
    reason: str = text_column()
    entities: list[str] = json_column(list)
    payload: dict[str, Any] = json_column(dict)
    created_at: datetime = time_column(index=True)
    silenced_by: str | None = None
    """The silence that muted it on every channel."""
    inhibited_by: str | None = None
    """The alert that stood and held it back on every channel."""
    acknowledged_at: datetime | None = maybe_time_column()
    acknowledged_by: str | None = None
    snoozed_until: datetime | None = maybe_time_column()
    resolved_at: datetime | None = maybe_time_column()


class AlertMentionRow(SQLModel, table=True):
    """Which mentions an alert was made of."""

    __tablename__ = "alert_mentions"
    alert_id: str = Field(sa_column=Column(ForeignKey("alerts.id", ondelete="CASCADE"), primary_key=True))
    mention_id: int = Field(
        sa_column=Column(BigId, ForeignKey("mentions.id", ondelete="CASCADE"), primary_key=True, index=True)
    )


class BatchRow(SQLModel, table=True):
    """Mentions that a rule tells together, at ``due_at``: then an alert takes its place. One of a kind and key a rule.

    ``fires_at``: a digest's own moment, which names it for good; quiet hours may put ``due_at`` off.
    """

    __tablename__ = "batches"
    __table_args__ = (UniqueConstraint("rule", "kind", "key"),)
    id: str = Field(primary_key=True)
    rule: str
    kind: str
    key: str
    opened_at: datetime = time_column()
    due_at: datetime = time_column(index=True)
    fires_at: datetime | None = maybe_time_column()
    lease_until: datetime | None = maybe_time_column()
    lease_token: str | None = None


class WaitingRow(SQLModel, table=True):
    """A mention in a batch, and why it waits."""

    __tablename__ = "waiting"
    __table_args__ = (UniqueConstraint("batch_id", "mention_id"),)
    id: int = id_column()
    batch_id: str = Field(sa_column=Column(ForeignKey("batches.id", ondelete="CASCADE"), nullable=False))
    mention_id: int = reference("mentions.id")
    why: str = text_column()
    at: datetime = time_column()


class NotToldRow(SQLModel, table=True):
    """A mention that a rule met and did not tell, the last time that it was asked, and why.

    ``alert_id``: the alert that had told its story already, where that is why.
    """

    __tablename__ = "not_told"
    rule: str = Field(primary_key=True)
    mention_id: int = Field(
        sa_column=Column(BigId, ForeignKey("mentions.id", ondelete="CASCADE"), primary_key=True, index=True)
    )
    alert_id: str | None = Field(
        default=None, sa_column=Column(ForeignKey("alerts.id", ondelete="SET NULL"), nullable=True, index=True)
    )
    why: str = text_column()
    at: datetime = time_column()


class SilenceRow(SQLModel, table=True):
    """What is muted from ``starts_at`` up to ``ends_at``. Matchers that are null hold for everything."""

    __tablename__ = "silences"
    id: str = Field(primary_key=True)
    query: str | None = None
    rule: str | None = None
    channel: str | None = None
    starts_at: datetime = time_column()
    ends_at: datetime = time_column(index=True)
    author: str = text_column()
    comment: str = text_column()
    created_at: datetime = time_column()


class DeliveryRow(SQLModel, table=True):
    """One alert to one channel: the outbox. ``message_id`` never changes over attempts.

    ``behind``: an earlier delivery of the same story over the same channel that has not ended yet; until it has, this
    one is not due.
    """

    __tablename__ = "deliveries"
    __table_args__ = (
        UniqueConstraint("alert_id", "channel"),
        Index("ix_deliveries_due", "channel", "behind", "next_attempt_at"),
        Index("ix_deliveries_status_next_attempt_at", "status", "next_attempt_at"),
    )
    id: str = Field(primary_key=True)
    alert_id: str = Field(sa_column=Column(ForeignKey("alerts.id", ondelete="CASCADE"), nullable=False))
    channel: str
    message_id: str = Field(unique=True)
    status: str = "pending"
    attempts: int = 0
    next_attempt_at: datetime | None = maybe_time_column()
    behind: str | None = Field(default=None, index=True)
    lease_until: datetime | None = maybe_time_column()
    lease_token: str | None = None
    last_error: str | None = None
    created_at: datetime = time_column(index=True)
    sent_at: datetime | None = maybe_time_column()


class AttemptRow(SQLModel, table=True):
    """One try of a delivery, with what the receiver said."""

    __tablename__ = "attempts"
    id: int = id_column()
    delivery_id: str = Field(
        sa_column=Column(ForeignKey("deliveries.id", ondelete="CASCADE"), nullable=False, index=True)
    )
    at: datetime = time_column()
    outcome: str
    status_code: int | None = None
    excerpt: str = text_column()
    milliseconds: int = 0
    recipients: list[dict[str, Any]] | None = Field(default=None, sa_column=Column(NullJson, nullable=True))
    """Of a channel whose recipients get a copy each: how it went with each whose copy this try was to bring."""


class CopyRow(SQLModel, table=True):
    """How a delivery stands with one recipient of an email channel: ``sent``, ``retrying`` or ``dead``.

    Written as soon as it is known, each in a transaction of its own, so that nobody who has a copy gets a second one.
    """

    __tablename__ = "copies"
    delivery_id: str = Field(sa_column=Column(ForeignKey("deliveries.id", ondelete="CASCADE"), primary_key=True))
    address: str = Field(primary_key=True)
    outcome: str
    at: datetime = time_column()
    status_code: int | None = None
    excerpt: str = text_column()
