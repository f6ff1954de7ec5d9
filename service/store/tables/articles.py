"""Articles, the items and addresses under which they are known, and what they said before an edit."""

from datetime import datetime
from typing import Any

from sqlalchemy import Column, Index, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from service.store.tables.columns import (
    JsonType,
    id_column,
    json_column,
    maybe_time_column,
    reference,
    text_column,
    time_column,
)

__all__ = ["ArticleAddressRow", "ArticleRow", "EntryRow", "RevisionRow"]


class ArticleRow(SQLModel, table=True):
    """One page, whatever number of sources carry it.

    ``state``: ``due`` (to be read at ``next_read_at``), ``read``, ``duplicate`` (its page turned out to be that of
    ``duplicate_of``), or ``pruned`` (old; all that is left of it keeps it from being news again). ``baseline``: it
    stood in its source's feed at the very first poll, so it is past, not news; ``held`` then keeps which rules its
    mentions met, for the one summary. ``recurring``: stretches of ``text``, as [start, end], that recur on the host's
    pages and were not matched; null for none.

    ``reread_at``: its feed says something new of it, ``feed_title`` and ``feed_text``; it stays ``read`` until then.
    ``claimed_key``: a canonical address at another site, which counts when the article there says the same.
    """

    __tablename__ = "articles"
    __table_args__ = (
        Index("ix_articles_due", "state", "next_read_at"),
        # The time, story and source of an article without its text, by number and by time.
        Index("ix_articles_heads", "id", "discovered_at", "story_id", "source"),
        Index("ix_articles_discovered_at", "discovered_at", postgresql_include=["id", "story_id", "source"]),
        Index("ix_articles_baseline", "id", sqlite_where=text("baseline = 1"), postgresql_where=text("baseline")),
        Index(
            "ix_articles_reread_at",
            "reread_at",
            sqlite_where=text("reread_at IS NOT NULL"),
            postgresql_where=text("reread_at IS NOT NULL"),
        ),
    )
    id: int = id_column()
    url: str
    canonical_url: str | None = None
    title: str = text_column()
    text: str = text_column()
    feed_text: str = text_column()
    author: str | None = None
    language: str | None = None
    image_url: str | None = None
    published_at: datetime | None = maybe_time_column(index=True)
    discovered_at: datetime = time_column()
    source_id: int | None = reference("sources.id", on_delete="SET NULL", nullable=True)
    source: str = ""
    tags: list[str] = json_column(list)
    baseline: bool = False
    held: list[dict[str, Any]] = json_column(list)
    state: str = "due"
    duplicate_of: int | None = reference("articles.id", on_delete="SET NULL", nullable=True)
    attempts: int = 0
    next_read_at: datetime = time_column()
    lease_until: datetime | None = maybe_time_column()
    lease_token: str | None = None
    origin: str | None = None
    origin_note: str | None = None
    cut_note: str | None = None
    """What was left out of ``text``, because there is more than is kept."""
    read_at: datetime | None = maybe_time_column()
    story_id: int | None = reference("stories.id", on_delete="SET NULL", nullable=True)
    rejected: list[dict[str, Any]] = json_column(list)
    recurring: list[list[int]] | None = Field(default=None, sa_column=Column(JsonType, nullable=True))
    updated_at: datetime | None = maybe_time_column()
    """As its feed states it."""
    date_note: str | None = None
    """Why ``published_at`` is not what the publisher states."""
    feed_title: str | None = None
    reread_at: datetime | None = maybe_time_column()
    rereads: int | None = None
    claimed_key: str | None = Field(default=None, index=True)


class RevisionRow(SQLModel, table=True):
    """What an article said until it was edited. ``read_at``: when this was read; ``at``: when other words were."""

    __tablename__ = "revisions"
    id: int = id_column()
    article_id: int = reference("articles.id")
    at: datetime = time_column()
    read_at: datetime | None = maybe_time_column()
    title: str = text_column()
    text: str = text_column()
    origin: str | None = None


class ArticleAddressRow(SQLModel, table=True):
    """Every normalised address under which an article is known; the same address never means two articles.

    ``shared``: redirects of different articles ended there (a consent wall, a log-in page), so it is nobody's.
    """

    __tablename__ = "article_addresses"
    key: str = Field(primary_key=True)
    article_id: int = reference("articles.id")
    shared: bool | None = None


class EntryRow(SQLModel, table=True):
    """An item of a feed, by its own id."""

    __tablename__ = "entries"
    __table_args__ = (UniqueConstraint("source_id", "guid"),)
    id: int = id_column()
    source_id: int = reference("sources.id", index=False)
    article_id: int = reference("articles.id")
    guid: str
    url: str | None = None
    title: str = text_column()
    first_seen_at: datetime = time_column()
    digest: str | None = None
    """Of what the item says, to notice an edit."""
