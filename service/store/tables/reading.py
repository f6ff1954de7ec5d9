"""What each reader has gone through."""

from datetime import datetime

from sqlalchemy import Column, ForeignKey
from sqlmodel import Field, SQLModel

from service.store.tables.columns import BigId, time_column

__all__ = ["TriageRow"]


class TriageRow(SQLModel, table=True):
    """``reader``: the key of who asks (``user 3``), one for all where nobody needs to sign in. There is a row only
    while something holds."""

    __tablename__ = "triage"
    reader: str = Field(primary_key=True)
    article_id: int = Field(
        sa_column=Column(
            BigId, ForeignKey("articles.id", ondelete="CASCADE"), primary_key=True, autoincrement=False, index=True
        )
    )
    read: bool = False
    starred: bool = False
    done: bool = False
    touched_at: datetime = time_column()
