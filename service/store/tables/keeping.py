"""What watch-keeping rules see of newsvane itself."""

from datetime import datetime
from typing import Any

from sqlalchemy import UniqueConstraint
from sqlmodel import Field, SQLModel

from service.store.tables.columns import id_column, json_column, maybe_time_column, text_column, time_column

__all__ = ["TroubleRow", "WorkReadingRow"]


class TroubleRow(SQLModel, table=True):
    """What a watch-keeping rule finds wrong, until it is over (service/domain/keeping/troubles.py)."""

    __tablename__ = "troubles"
    __table_args__ = (UniqueConstraint("rule", "subject"),)
    id: int = id_column()
    rule: str
    subject: str
    finding: dict[str, Any] = json_column(dict)
    opened_at: datetime = time_column()
    due_at: datetime = time_column()
    why: str = text_column()
    cleared_at: datetime | None = maybe_time_column()
    told_at: datetime | None = maybe_time_column()
    told_level: int = 0
    times: int = 0
    alert_id: str | None = None


class WorkReadingRow(SQLModel, table=True):
    """How many jobs were due at a moment, and how long the oldest had waited; kept for a day, for the trend."""

    __tablename__ = "work_readings"
    id: int = id_column()
    work: str
    at: datetime = time_column(index=True)
    age_seconds: int
    waiting: int = Field(default=0)
