"""What rules on volume leave: when they count, and what they found."""

from datetime import datetime
from typing import Any

from sqlalchemy import UniqueConstraint
from sqlmodel import Field, SQLModel

from service.store.tables.columns import json_column, maybe_time_column, time_column

__all__ = ["EpisodeRow", "RhythmRow"]


class RhythmRow(SQLModel, table=True):
    """A rule on volume, and when it counts next. ``id``: the rule's name."""

    __tablename__ = "rhythms"
    id: str = Field(primary_key=True)
    due_at: datetime = time_column(index=True)
    lease_until: datetime | None = maybe_time_column()
    lease_token: str | None = None


class EpisodeRow(SQLModel, table=True):
    """A spike or a quiet time of a rule on volume, from when it was seen until it was over.

    ``subject``: an entity, or empty. ``found``: what was counted when it began. ``told_at``: null while its alert is
    held back.
    """

    __tablename__ = "episodes"
    __table_args__ = (UniqueConstraint("rule", "subject", "kind", "opened_at"),)
    id: str = Field(primary_key=True)
    rule: str
    subject: str = ""
    kind: str
    opened_at: datetime = time_column()
    seen_at: datetime = time_column()
    ended_at: datetime | None = maybe_time_column()
    told_at: datetime | None = maybe_time_column()
    alert_id: str | None = None
    found: dict[str, Any] = json_column(dict)
