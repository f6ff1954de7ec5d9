"""Stories, and by what they are found."""

from datetime import datetime

from sqlalchemy import BigInteger, Column, ForeignKey, LargeBinary
from sqlmodel import Field, SQLModel

from service.store.tables.columns import BigId, id_column, maybe_time_column, reference, text_column, time_column

__all__ = ["StoryPostRow", "StoryRow", "StorySignatureRow", "StorySplitRow"]


class StoryRow(SQLModel, table=True):
    """Articles that tell the same news; title and address are those of the first to arrive.

    ``merged_into``: the story that this one turned out to be; nothing else refers to it then. ``text_hash`` is
    no longer written.
    """

    __tablename__ = "stories"
    id: int = id_column()
    text_hash: str | None = Field(default=None, unique=True)
    title: str = text_column()
    url: str = ""
    created_at: datetime = time_column(index=True)
    merged_into: int | None = Field(default=None, sa_column=Column(BigId, nullable=True, index=True))
    updated_at: datetime | None = maybe_time_column()
    """When an edit of one of its articles said something new, which ``update_note`` tells."""
    update_note: str | None = None
    arranged_at: datetime | None = maybe_time_column()
    """When a person last merged or split it: no edit moves its articles."""


class StorySignatureRow(SQLModel, table=True):
    """What is kept of an article's words (service/domain/stories/signature.py), for those that posted hashes."""

    __tablename__ = "story_signatures"
    article_id: int = Field(
        sa_column=Column(BigId, ForeignKey("articles.id", ondelete="CASCADE"), primary_key=True, autoincrement=False)
    )
    story_id: int = reference("stories.id")
    at: datetime = time_column(index=True)
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
