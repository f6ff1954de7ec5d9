"""Every table on one page. Rows never leave ``service.store``.

    sources --< polls
       |-----< entries >-- articles --< article_addresses
                              |--< mentions >--< alert_mentions >-- alerts --< deliveries --< attempts
                              |>-- stories     |--- marks
                              |--< facts --< fact_parties
                              |--< revisions  what it said before it was edited
                              |--- story_signatures, story_posts: by which stories are found
    hosts: who asked for a pause. host_memory: which lines recur on its pages.
    sources ---- subscriptions --< pushes: hubs that push a source's items, and what they pushed until it is read.
    rescans --< rescan_hits: today's watch list over stored articles, and the mentions that a summary will tell.
    unsubscribed: mail addresses that want nothing more from a channel.
    batches --< waiting >-- mentions: what a rule tells later. silences: what is muted, and until when.
    entities, rules, channels: the watch list. What happened keeps their *names*, so history outlives them.

Uniqueness that the product relies on is a constraint here, never a look-up in code.
"""

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    Table,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy import DateTime as SqlDateTime
from sqlalchemy.dialects import postgresql
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator
from sqlmodel import Field, SQLModel

__all__ = [
    "AlertMentionRow",
    "AlertRow",
    "ArticleAddressRow",
    "ArticleRow",
    "AttemptRow",
    "BatchRow",
    "ChannelRow",
    "DeliveryRow",
    "EntityRow",
    "EntryRow",
    "FactPartyRow",
    "FactRow",
    "HostMemoryRow",
    "HostRow",
    "MarkRow",
    "MentionRow",
    "MetaRow",
    "PollRow",
    "PushRow",
    "RescanHitRow",
    "RescanRow",
    "RevisionRow",
    "RuleRow",
    "SilenceRow",
    "SourceRow",
    "StoryPostRow",
    "StoryRow",
    "StorySignatureRow",
    "StorySplitRow",
    "SubscriptionRow",
    "UnsubscribedRow",
    "WaitingRow",
    "defaults",
    "table_of",
]

metadata = SQLModel.metadata
metadata.naming_convention = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


class UtcTime(TypeDecorator[datetime]):
    """An aware time in UTC. SQLite keeps no zone, so it is put back on the way out; a naive value is a bug."""

    impl = SqlDateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"a naive time reached the database: {value}")
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


JsonType = JSON().with_variant(postgresql.JSONB(), "postgresql")
BigId = BigInteger().with_variant(Integer(), "sqlite")


def _id() -> Any:  # noqa: ANN401 - a SQLModel field
    return Field(default=None, sa_column=Column(BigId, primary_key=True, autoincrement=True))


def _ref(target: str, *, on_delete: str = "CASCADE", nullable: bool = False, index: bool = True) -> Any:  # noqa: ANN401
    column = Column(BigId, ForeignKey(target, ondelete=on_delete), nullable=nullable, index=index)
    return Field(default=None, sa_column=column)


def _json(default: type[list[Any]] | type[dict[str, Any]]) -> Any:  # noqa: ANN401
    return Field(default_factory=default, sa_column=Column(JsonType, nullable=False))


def _text() -> Any:  # noqa: ANN401
    return Field(default="", sa_column=Column(Text, nullable=False))


def _time(*, index: bool = False) -> Any:  # noqa: ANN401
    return Field(sa_column=Column(UtcTime, nullable=False, index=index))


def _maybe_time(*, index: bool = False) -> Any:  # noqa: ANN401
    return Field(default=None, sa_column=Column(UtcTime, nullable=True, index=index))


class MetaRow(SQLModel, table=True):
    """Facts about the database itself: ``watchlist_version``, ``bundled_watchlist``."""

    __tablename__ = "meta"
    key: str = Field(primary_key=True)
    value: str = _text()


class SourceRow(SQLModel, table=True):
    """A feed that is polled. ``next_poll_at`` is the schedule; the lease says who is polling now.

    ``moments`` (seconds since 1970), ``ttl_seconds``, ``skip_hours`` and ``skip_days`` are kept because most answers
    say only that nothing changed.
    """

    __tablename__ = "sources"
    __table_args__ = (Index("ix_sources_due", "enabled", "next_poll_at"),)
    id: int = _id()
    url: str = Field(unique=True)
    title: str = ""
    site_url: str | None = None
    language: str | None = None
    tags: list[str] = _json(list)
    enabled: bool = True
    interval_seconds: int | None = None
    created_at: datetime = _time()
    etag: str | None = None
    last_modified: str | None = None
    body_hash: str | None = None
    item_hashes: bytes = Field(default=b"", sa_column=Column(LargeBinary, nullable=False))
    """Those of the last feed's items, one behind the other; what left the feed is known by its guid."""
    next_poll_at: datetime = _time()
    lease_until: datetime | None = _maybe_time()
    lease_token: str | None = None
    status: str = "new"
    failures: int = 0
    last_error: str | None = None
    last_polled_at: datetime | None = _maybe_time()
    last_success_at: datetime | None = _maybe_time()
    baseline_at: datetime | None = _maybe_time()
    moved_to: str | None = None
    moved_seen: int = 0
    backoff_seconds: int = 0
    rhythm_seconds: int | None = None
    moments: list[int] = _json(list)
    ttl_seconds: int | None = None
    skip_hours: list[int] = _json(list)
    skip_days: list[int] = _json(list)
    relied_until: datetime | None = _maybe_time()
    """Its hub pushes and is counted on until then, so that polls are rarer."""
    pinged_at: datetime | None = _maybe_time()
    """Its hub last said then that there is news, without the news."""


class SubscriptionRow(SQLModel, table=True):
    """A hub that pushes, or is to push, a source's items. Without a source: it is to be ended.

    ``path`` is the end of our callback, which only the hub knows; ``base`` what stood before it when the hub was asked.
    ``state`` and ``awaiting``: service/domain/websub.py. ``good_until`` ends the hub's lease, ``lease_until`` ours.
    ``pushed_hash``: of the last push that was read, to know it again.
    """

    __tablename__ = "subscriptions"
    id: int = _id()
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
    good_until: datetime | None = _maybe_time()
    next_try_at: datetime = _time(index=True)
    failures: int = 0
    last_error: str | None = None
    last_push_at: datetime | None = _maybe_time()
    pushed_hash: str | None = None
    lease_until: datetime | None = _maybe_time()
    lease_token: str | None = None
    created_at: datetime = _time()


class PushRow(SQLModel, table=True):
    """What a hub pushed and nobody has read yet; deleted once its items are kept. An empty body: only a hint."""

    __tablename__ = "pushes"
    __table_args__ = (UniqueConstraint("subscription_id", "body_hash"),)
    id: int = _id()
    subscription_id: int = _ref("subscriptions.id", index=False)
    received_at: datetime = _time(index=True)
    content_type: str | None = None
    body: bytes = Field(default=b"", sa_column=Column(LargeBinary, nullable=False))
    body_hash: str
    lease_until: datetime | None = _maybe_time()
    lease_token: str | None = None


class HostRow(SQLModel, table=True):
    """An origin that asked for a pause, until it ends: ``url`` was refused; ``closed`` when others were, too."""

    __tablename__ = "hosts"
    origin: str = Field(primary_key=True)
    url: str = _text()
    until: datetime = _time()
    closed: bool = False


class HostMemoryRow(SQLModel, table=True):
    """Which lines recur on a host's pages (service/domain/recurrence.py). ``blocks`` and ``texts``: records of fixed
    size one behind the other, so that a row is at most 18 kB."""

    __tablename__ = "host_memory"
    host: str = Field(primary_key=True)
    articles: int = 0
    blocks: bytes = Field(default=b"", sa_column=Column(LargeBinary, nullable=False))
    texts: bytes = Field(default=b"", sa_column=Column(LargeBinary, nullable=False))
    learned_at: datetime = _time()


class PollRow(SQLModel, table=True):
    """One visit to a source, for the history a user reads."""

    __tablename__ = "polls"
    __table_args__ = (Index("ix_polls_source_id_at", "source_id", "at"),)
    id: int = _id()
    source_id: int = _ref("sources.id", index=False)
    at: datetime = _time(index=True)
    outcome: str
    status_code: int | None = None
    bytes: int = 0
    entries: int = 0
    new_articles: int = 0
    milliseconds: int = 0
    detail: str = _text()


class StoryRow(SQLModel, table=True):
    """Articles that tell the same news; title and address are those of the first to arrive.

    ``merged_into``: the story that this one turned out to be; nothing else refers to it then. ``text_hash`` is
    no longer written.
    """

    __tablename__ = "stories"
    id: int = _id()
    text_hash: str | None = Field(default=None, unique=True)
    title: str = _text()
    url: str = ""
    created_at: datetime = _time()
    merged_into: int | None = Field(default=None, sa_column=Column(BigId, nullable=True, index=True))
    updated_at: datetime | None = _maybe_time()
    """When an edit of one of its articles said something new, which ``update_note`` tells."""
    update_note: str | None = None


class StorySignatureRow(SQLModel, table=True):
    """What is kept of an article's words (service/domain/stories/signature.py), for those that posted hashes."""

    __tablename__ = "story_signatures"
    article_id: int = Field(
        sa_column=Column(BigId, ForeignKey("articles.id", ondelete="CASCADE"), primary_key=True, autoincrement=False)
    )
    story_id: int = _ref("stories.id")
    at: datetime = _time(index=True)
    """When it was published, or else found."""
    data: bytes = Field(sa_column=Column(LargeBinary, nullable=False))


class StoryPostRow(SQLModel, table=True):
    """Under which hashes a story can be found. Article 0: so many stories posted the hash that it finds nobody.

    No foreign key: a row costs a score of bytes, and there are dozens for an article. One whose article has no
    signature means nothing.
    """

    __tablename__ = "story_posts"
    __table_args__ = ({"sqlite_with_rowid": False},)
    hash: int = Field(sa_column=Column(BigInteger, primary_key=True, autoincrement=False))
    article_id: int = Field(sa_column=Column(BigInteger, primary_key=True, autoincrement=False))


class StorySplitRow(SQLModel, table=True):
    """Two stories that a person told apart (``one`` < ``other``): no article makes them one again."""

    __tablename__ = "story_splits"
    one: int = Field(
        sa_column=Column(BigId, ForeignKey("stories.id", ondelete="CASCADE"), primary_key=True, autoincrement=False)
    )
    other: int = Field(
        sa_column=Column(
            BigId, ForeignKey("stories.id", ondelete="CASCADE"), primary_key=True, autoincrement=False, index=True
        )
    )


class ArticleRow(SQLModel, table=True):
    """One page, whatever number of sources carry it.

    ``state``: ``due`` (to be read at ``next_read_at``), ``read``, or ``duplicate`` (its page turned out to be that
    of ``duplicate_of``). ``baseline``: it stood in its source's feed at the very first poll, so it is past, not news;
    ``held`` then keeps which rules its mentions met, for the one summary. ``recurring``: stretches of ``text``, as
    [start, end], that recur on the host's pages and were not matched; null for none.

    ``reread_at``: its feed says something new of it, ``feed_title`` and ``feed_text``; it stays ``read`` until then.
    ``claimed_key``: a canonical address at another site, which counts when the article there says the same.
    """

    __tablename__ = "articles"
    __table_args__ = (
        Index("ix_articles_due", "state", "next_read_at"),
        Index(
            "ix_articles_reread_at",
            "reread_at",
            sqlite_where=text("reread_at IS NOT NULL"),
            postgresql_where=text("reread_at IS NOT NULL"),
        ),
    )
    id: int = _id()
    url: str
    canonical_url: str | None = None
    title: str = _text()
    text: str = _text()
    feed_text: str = _text()
    author: str | None = None
    language: str | None = None
    image_url: str | None = None
    published_at: datetime | None = _maybe_time(index=True)
    discovered_at: datetime = _time(index=True)
    source_id: int | None = _ref("sources.id", on_delete="SET NULL", nullable=True)
    source: str = ""
    tags: list[str] = _json(list)
    baseline: bool = False
    held: list[dict[str, Any]] = _json(list)
    state: str = "due"
    duplicate_of: int | None = _ref("articles.id", on_delete="SET NULL", nullable=True)
    attempts: int = 0
    next_read_at: datetime = _time()
    lease_until: datetime | None = _maybe_time()
    lease_token: str | None = None
    origin: str | None = None
    origin_note: str | None = None
    read_at: datetime | None = _maybe_time()
    story_id: int | None = _ref("stories.id", on_delete="SET NULL", nullable=True)
    rejected: list[dict[str, Any]] = _json(list)
    recurring: list[list[int]] | None = Field(default=None, sa_column=Column(JsonType, nullable=True))
    updated_at: datetime | None = _maybe_time()
    """As its feed states it."""
    date_note: str | None = None
    """Why ``published_at`` is not what the publisher states."""
    feed_title: str | None = None
    reread_at: datetime | None = _maybe_time()
    rereads: int | None = None
    claimed_key: str | None = Field(default=None, index=True)


class RevisionRow(SQLModel, table=True):
    """What an article said until it was edited. ``read_at``: when this was read; ``at``: when other words were."""

    __tablename__ = "revisions"
    id: int = _id()
    article_id: int = _ref("articles.id")
    at: datetime = _time()
    read_at: datetime | None = _maybe_time()
    title: str = _text()
    text: str = _text()
    origin: str | None = None


class ArticleAddressRow(SQLModel, table=True):
    """Every normalised address under which an article is known; the same address never means two articles.

    ``shared``: redirects of different articles ended there (a consent wall, a log-in page), so it is nobody's.
    """

    __tablename__ = "article_addresses"
    key: str = Field(primary_key=True)
    article_id: int = _ref("articles.id")
    shared: bool | None = None


class EntryRow(SQLModel, table=True):
    """An item of a feed, by its own id."""

    __tablename__ = "entries"
    __table_args__ = (UniqueConstraint("source_id", "guid"),)
    id: int = _id()
    source_id: int = _ref("sources.id", index=False)
    article_id: int = _ref("articles.id")
    guid: str
    url: str | None = None
    title: str = _text()
    first_seen_at: datetime = _time()
    digest: str | None = None
    """Of what the item says, to notice an edit."""


class EntityRow(SQLModel, table=True):
    """What is tracked; ``definition`` is the watch list's own form of it."""

    __tablename__ = "entities"
    id: int = _id()
    name: str = Field(unique=True)
    enabled: bool = True
    definition: dict[str, Any] = _json(dict)
    created_at: datetime = _time()


class MentionRow(SQLModel, table=True):
    """An entity named in an article, with the proof."""

    __tablename__ = "mentions"
    __table_args__ = (
        UniqueConstraint("article_id", "entity"),
        Index("ix_mentions_entity_discovered_at", "entity", "discovered_at"),
    )
    id: int = _id()
    article_id: int = _ref("articles.id", index=False)
    entity: str
    confidence: float
    salience: str
    count: int
    spans: list[dict[str, Any]] = _json(list)
    evidence: list[str] = _json(list)
    snippet: str = _text()
    discovered_at: datetime = _time(index=True)
    backfilled: bool = False
    withdrawn_at: datetime | None = _maybe_time()
    """It holds no longer, and ``withdrawn_reason`` says why."""
    withdrawn_reason: str | None = None
    updated_at: datetime | None = _maybe_time()
    """When an edit of the article said something new of it, which ``update_note`` tells."""
    update_note: str | None = None


class FactRow(SQLModel, table=True):
    """A deal that an article tells of, with the sentence that says so. ``place``: its number within the article.

    The amount stands in units of its own currency; nothing is converted.
    """

    __tablename__ = "facts"
    __table_args__ = (UniqueConstraint("article_id", "place"),)
    id: int = _id()
    article_id: int = _ref("articles.id", index=False)
    place: int
    kind: str
    status: str
    amount: float | None = Field(default=None, index=True)
    upper: float | None = None
    currency: str | None = None
    bound: str | None = None
    quantities: list[dict[str, Any]] = _json(list)
    reported_by: str | None = None
    sentence: str = _text()
    discovered_at: datetime = _time(index=True)


class FactPartyRow(SQLModel, table=True):
    """Who takes part in a fact, in reading order: an entity by its own name, others as the article writes them."""

    __tablename__ = "fact_parties"
    fact_id: int = Field(
        sa_column=Column(BigId, ForeignKey("facts.id", ondelete="CASCADE"), primary_key=True, autoincrement=False)
    )
    place: int = Field(primary_key=True)
    name: str = Field(index=True)
    role: str | None = None
    tracked: bool = False


class MarkRow(SQLModel, table=True):
    """What a person said of a mention."""

    __tablename__ = "marks"
    mention_id: int = Field(
        sa_column=Column(BigId, ForeignKey("mentions.id", ondelete="CASCADE"), primary_key=True, autoincrement=False)
    )
    right: bool
    marked_at: datetime = _time()


class RuleRow(SQLModel, table=True):
    """Which mentions raise an alert, and where it goes."""

    __tablename__ = "rules"
    id: int = _id()
    name: str = Field(unique=True)
    query: str = _text()
    channels: list[str] = _json(list)
    options: dict[str, Any] = _json(dict)
    enabled: bool = True
    created_at: datetime = _time()


class ChannelRow(SQLModel, table=True):
    """Where alerts go. ``config`` may hold a secret: it is shown nowhere.

    ``failing_since`` and ``failures``: the first failed attempt since the last one that went well, and how many there
    were (null: none). ``rests_until``: the receiver asked for a pause until then.
    """

    __tablename__ = "channels"
    id: int = _id()
    name: str = Field(unique=True)
    type: str
    config: dict[str, Any] = _json(dict)
    enabled: bool = True
    disabled_reason: str | None = None
    failing_since: datetime | None = _maybe_time()
    failures: int | None = None
    rests_until: datetime | None = _maybe_time()
    created_at: datetime = _time()


class UnsubscribedRow(SQLModel, table=True):
    """A mail address that wants nothing more from a channel; deleting the row undoes it."""

    __tablename__ = "unsubscribed"
    channel: str = Field(primary_key=True)
    address: str = Field(primary_key=True)
    at: datetime = _time()


class AlertRow(SQLModel, table=True):
    """What a rule raised, once for each ``dedupe_key``. ``payload`` is what every receiver gets, frozen."""

    __tablename__ = "alerts"
    __table_args__ = (UniqueConstraint("rule", "dedupe_key"),)
    id: str = Field(primary_key=True)
    rule: str
    kind: str
    dedupe_key: str
    story_id: int | None = _ref("stories.id", on_delete="SET NULL", nullable=True)
    title: str = _text()
    url: str = ""
    reason: str = _text()
    entities: list[str] = _json(list)
    payload: dict[str, Any] = _json(dict)
    created_at: datetime = _time(index=True)
    silenced_by: str | None = None
    """The silence that muted it on every channel."""
    acknowledged_at: datetime | None = _maybe_time()
    acknowledged_by: str | None = None
    snoozed_until: datetime | None = _maybe_time()
    resolved_at: datetime | None = _maybe_time()


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
    opened_at: datetime = _time()
    due_at: datetime = _time(index=True)
    fires_at: datetime | None = _maybe_time()
    lease_until: datetime | None = _maybe_time()
    lease_token: str | None = None


class WaitingRow(SQLModel, table=True):
    """A mention in a batch, and why it waits."""

    __tablename__ = "waiting"
    __table_args__ = (UniqueConstraint("batch_id", "mention_id"),)
    id: int = _id()
    batch_id: str = Field(sa_column=Column(ForeignKey("batches.id", ondelete="CASCADE"), nullable=False))
    mention_id: int = _ref("mentions.id")
    why: str = _text()
    at: datetime = _time()


class SilenceRow(SQLModel, table=True):
    """What is muted from ``starts_at`` up to ``ends_at``. Matchers that are null hold for everything."""

    __tablename__ = "silences"
    id: str = Field(primary_key=True)
    query: str | None = None
    rule: str | None = None
    channel: str | None = None
    starts_at: datetime = _time()
    ends_at: datetime = _time(index=True)
    author: str = _text()
    comment: str = _text()
    created_at: datetime = _time()


class AlertMentionRow(SQLModel, table=True):
    """Which mentions an alert was made of."""

    __tablename__ = "alert_mentions"
    alert_id: str = Field(sa_column=Column(ForeignKey("alerts.id", ondelete="CASCADE"), primary_key=True))
    mention_id: int = Field(
        sa_column=Column(BigId, ForeignKey("mentions.id", ondelete="CASCADE"), primary_key=True, index=True)
    )


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
    next_attempt_at: datetime | None = _maybe_time()
    behind: str | None = Field(default=None, index=True)
    lease_until: datetime | None = _maybe_time()
    lease_token: str | None = None
    last_error: str | None = None
    created_at: datetime = _time(index=True)
    sent_at: datetime | None = _maybe_time()


class AttemptRow(SQLModel, table=True):
    """One try of a delivery, with what the receiver said."""

    __tablename__ = "attempts"
    id: int = _id()
    delivery_id: str = Field(
        sa_column=Column(ForeignKey("deliveries.id", ondelete="CASCADE"), nullable=False, index=True)
    )
    at: datetime = _time()
    outcome: str
    status_code: int | None = None
    excerpt: str = _text()
    milliseconds: int = 0


class RescanRow(SQLModel, table=True):
    """Today's watch list over stored articles, from the newest to the oldest. At most one holds a lease at a time.

    ``scope``: what was asked, in words, by which an unfinished one is found again; ``state``: ``open``, ``done`` or
    ``cancelled``; ``made_with``: versions of watch list and program, for another one begins anew. Articles with an id
    of ``position`` or more are done.
    """

    __tablename__ = "rescans"
    id: int = _id()
    scope: str = Field(index=True)
    entity: str | None = None
    since: datetime | None = _maybe_time()
    until: datetime | None = _maybe_time()
    summary: bool = False
    made_with: str
    state: str = "open"
    position: int = Field(sa_column=Column(BigInteger, nullable=False))
    total: int = 0
    counts: dict[str, int] = _json(dict)
    created_at: datetime = _time()
    finished_at: datetime | None = _maybe_time()
    lease_until: datetime | None = _maybe_time()
    lease_token: str | None = None
    updated_at: datetime | None = _maybe_time()
    """When somebody took it up, or last wrote what a batch found."""
    seconds: float | None = None
    """How long it was worked on so far."""


class RescanHitRow(SQLModel, table=True):
    """A mention that a rule's summary is to tell of; gone when the summary is made."""

    __tablename__ = "rescan_hits"
    rescan_id: int = Field(
        sa_column=Column(BigId, ForeignKey("rescans.id", ondelete="CASCADE"), primary_key=True, autoincrement=False)
    )
    rule: str = Field(primary_key=True)
    mention_id: int = Field(
        sa_column=Column(
            BigId, ForeignKey("mentions.id", ondelete="CASCADE"), primary_key=True, autoincrement=False, index=True
        )
    )


def table_of(row: type[SQLModel]) -> Table:
    """For statements that read and write plain values, which cost a fraction of what row objects do."""
    return metadata.tables[str(row.__tablename__)]


def defaults(row: type[SQLModel]) -> dict[str, Any]:
    """What a new row holds in the columns that its maker does not name. Not to be changed."""
    fields = row.model_fields.items()
    return {
        name: field.get_default(call_default_factory=True)
        for name, field in fields
        if name != "id" and not field.is_required()
    }
