"""What articles were found to say: mentions, what people said of them, and facts."""

from datetime import datetime
from typing import Any

from sqlalchemy import Column, ForeignKey, Index, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from service.store.tables.columns import (
    BigId,
    id_column,
    json_column,
    maybe_time_column,
    reference,
    text_column,
    time_column,
)

__all__ = ["FactPartyRow", "FactRow", "MarkRow", "MentionRow"]


class MentionRow(SQLModel, table=True):
    """An entity named in an article, with the proof."""

    __tablename__ = "mentions"
    __table_args__ = (
        UniqueConstraint("article_id", "entity"),
        # All that counting needs (service/store/shares.py), so that no row is read for it.
        Index("ix_mentions_counted", "entity", "discovered_at", "article_id", "salience", "withdrawn_at", "backfilled"),
        # With the article, and by it: listings go through many mentions and need nothing else of most (docs/adr/0023).
        Index(
            "ix_mentions_withdrawn",
            "discovered_at",
            sqlite_where=text("withdrawn_at IS NOT NULL"),
            postgresql_where=text("withdrawn_at IS NOT NULL"),
        ),
        Index(
            "ix_mentions_discovered_at_article_id",
            "discovered_at",
            "article_id",
            postgresql_include=["id", "withdrawn_at"],
        ),
        Index("ix_mentions_article_id_discovered_at", "article_id", "discovered_at"),
    )
    id: int = id_column()
    article_id: int = reference("articles.id", index=False)
    entity: str
    confidence: float
    salience: str
    count: int
    spans: list[dict[str, Any]] = json_column(list)
    evidence: list[str] = json_column(list)
    snippet: str = text_column()
    discovered_at: datetime = time_column()
    backfilled: bool = False
    withdrawn_at: datetime | None = maybe_time_column()
    """It holds no longer, and ``withdrawn_reason`` says why."""
    withdrawn_reason: str | None = None
    updated_at: datetime | None = maybe_time_column()
    """When an edit of the article said something new of it, which ``update_note`` tells."""
    update_note: str | None = None


class MarkRow(SQLModel, table=True):
    """What a person said of a mention."""

    __tablename__ = "marks"
    mention_id: int = Field(
        sa_column=Column(BigId, ForeignKey("mentions.id", ondelete="CASCADE"), primary_key=True, autoincrement=False)
    )
    right: bool
    marked_at: datetime = time_column()


class FactRow(SQLModel, table=True):
    """A deal that an article tells of, with the sentence that says so. ``place``: its number within the article.

    The amount stands in units of its own currency; nothing is converted.
    """

    __tablename__ = "facts"
    __table_args__ = (UniqueConstraint("article_id", "place"),)
    id: int = id_column()
    article_id: int = reference("articles.id", index=False)
    place: int
    kind: str
    status: str
    amount: float | None = Field(default=None, index=True)
    upper: float | None = None
    currency: str | None = None
    bound: str | None = None
    quantities: list[dict[str, Any]] = json_column(list)
    reported_by: str | None = None
    sentence: str = text_column()
    discovered_at: datetime = time_column(index=True)


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
