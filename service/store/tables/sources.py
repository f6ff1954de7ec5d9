"""Sources and their polls, hubs and what they pushed, and what is known of hosts."""

from datetime import datetime

from sqlalchemy import Column, ForeignKey, Index, LargeBinary, UniqueConstraint
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

__all__ = ["HostMemoryRow", "HostRow", "PollRow", "PushRow", "SourceRow", "SubscriptionRow"]


class SourceRow(SQLModel, table=True):
    """A feed that is polled. ``next_poll_at`` is the schedule; the lease says who is polling now.

    ``moments`` (seconds since 1970), ``ttl_seconds``, ``skip_hours`` and ``skip_days`` are kept because most answers
    say only that nothing changed.
    """

    __tablename__ = "sources"
    __table_args__ = (
        Index("ix_sources_due", "enabled", "next_poll_at"),
        Index("ix_sources_enabled_status", "enabled", "status"),
    )
    id: int = id_column()
    url: str = Field(unique=True)
    title: str = ""
    site_url: str | None = None
    language: str | None = None
    tags: list[str] = json_column(list)
    enabled: bool = True
    interval_seconds: int | None = None
    created_at: datetime = time_column()
    etag: str | None = None
    last_modified: str | None = None
    body_hash: str | None = None
    item_hashes: bytes = Field(default=b"", sa_column=Column(LargeBinary, nullable=False))
    """Those of the last feed's items, one behind the other; what left the feed is known by its guid."""
    next_poll_at: datetime = time_column()
    due_because: str | None = None
    """Why then, in words (service/domain/reasons.py)."""
    lease_until: datetime | None = maybe_time_column()
    lease_token: str | None = None
    status: str = "new"
    failures: int = 0
    last_error: str | None = None
    fault: str | None = None
    """What the last failure weighs (service/domain/faults.py)."""
    last_polled_at: datetime | None = maybe_time_column()
    last_success_at: datetime | None = maybe_time_column()
    baseline_at: datetime | None = maybe_time_column()
    listed_url: str | None = Field(default=None, index=True)
    """Where it was before it moved: so the watch list may go on to name it."""
    moved_to: str | None = None
    moved_seen: int = 0
    backoff_seconds: int = 0
    rhythm_seconds: int | None = None
    moments: list[int] = json_column(list)
    ttl_seconds: int | None = None
    skip_hours: list[int] = json_column(list)
    skip_days: list[int] = json_column(list)
    relied_until: datetime | None = maybe_time_column()
    """Its hub pushes and is counted on until then, so that polls are rarer."""
    pinged_at: datetime | None = maybe_time_column()
    """Its hub last said then that there is news, without the news."""


class PollRow(SQLModel, table=True):
    """One visit to a source, for the history a user reads.

    ``status_code``: of the answer; ``redirects``: those of the answers that led to it, null for none.
    """

    __tablename__ = "polls"
    __table_args__ = (Index("ix_polls_source_id_at", "source_id", "at"),)
    id: int = id_column()
    source_id: int = reference("sources.id", index=False)
    at: datetime = time_column(index=True)
    outcome: str
    status_code: int | None = None
    redirects: list[int] | None = Field(default=None, sa_column=Column(NullJson, nullable=True))
    bytes: int = 0
    entries: int = 0
    new_articles: int = 0
    milliseconds: int = 0
    detail: str = text_column()


class SubscriptionRow(SQLModel, table=True):
    """A hub that pushes, or is to push, a source's items. Without a source: it is to be ended.

    ``path`` is the end of our callback, which only the hub knows; ``base`` what stood before it when the hub was asked.
    ``state`` and ``awaiting``: service/domain/websub.py. ``good_until`` ends the hub's lease, ``lease_until`` ours.
    ``pushed_hash``: of the last push that was read, to know it again.
    """

    __tablename__ = "subscriptions"
    id: int = id_column()
    source_id: int | None = Field(
        default=None,
        sa_column=Column(BigId, ForeignKey("sources.id", ondelete="SET NULL"), nullable=True, unique=True),
    )
    hub: str = Field(index=True)
    topic: str
    path: str = Field(unique=True)
    secret: str
    base: str = ""
    state: str = "new"
    awaiting: str | None = None
    good_until: datetime | None = maybe_time_column()
    next_try_at: datetime = time_column(index=True)
    failures: int = 0
    last_error: str | None = None
    last_push_at: datetime | None = maybe_time_column()
    pushed_hash: str | None = None
    lease_until: datetime | None = maybe_time_column()
    lease_token: str | None = None
    created_at: datetime = time_column()


class PushRow(SQLModel, table=True):
    """What a hub pushed and nobody has read yet; deleted once its items are kept. An empty body: only a hint."""

    __tablename__ = "pushes"
    __table_args__ = (UniqueConstraint("subscription_id", "body_hash"),)
    id: int = id_column()
    subscription_id: int = reference("subscriptions.id", index=False)
    received_at: datetime = time_column(index=True)
    content_type: str | None = None
    body: bytes = Field(default=b"", sa_column=Column(LargeBinary, nullable=False))
    body_hash: str
    lease_until: datetime | None = maybe_time_column()
    lease_token: str | None = None


class HostRow(SQLModel, table=True):
    """An origin that asked for a pause, until it ends: ``url`` was refused; ``closed`` when others were, too."""

    __tablename__ = "hosts"
    origin: str = Field(primary_key=True)
    url: str = text_column()
    until: datetime = time_column()
    closed: bool = False


class HostMemoryRow(SQLModel, table=True):
    """Which lines recur on a host's pages (service/domain/recurrence.py). ``blocks`` and ``texts``: records of fixed
    size one behind the other, so that a row is at most 18 kB."""

    __tablename__ = "host_memory"
    host: str = Field(primary_key=True)
    articles: int = 0
    blocks: bytes = Field(default=b"", sa_column=Column(LargeBinary, nullable=False))
    texts: bytes = Field(default=b"", sa_column=Column(LargeBinary, nullable=False))
    learned_at: datetime = time_column()
