"""What the API keeps: answers to requests that may come again, and what happened, in the order of the commits."""

from datetime import datetime

from sqlalchemy import BigInteger, Column
from sqlmodel import Field, SQLModel

from service.store.tables.columns import id_column, text_column, time_column

__all__ = ["EventRow", "OnceRow"]


class OnceRow(SQLModel, table=True):
    """A request that changed something under an ``Idempotency-Key``, and what it was answered.

    ``caller``: ``token 7``, ``user 3``; a token and a user may have the same name.
    ``request``: SHA-256 of the request. ``status`` 0: it is being worked on, or was when its process ended.
    """

    __tablename__ = "once"
    caller: str = Field(primary_key=True)
    key: str = Field(primary_key=True)
    request: str
    status: int = 0
    answer: str = text_column()
    created_at: datetime = time_column(index=True)


class EventRow(SQLModel, table=True):
    """A new mention or a new alert. Ids grow in the order in which transactions commit (service/store/events.py).

    No foreign keys: were the newest row deleted with what it names, SQLite would give its id again.
    """

    __tablename__ = "events"
    id: int = id_column()
    mention_id: int | None = Field(default=None, sa_column=Column(BigInteger, nullable=True))
    alert_id: str | None = None
    at: datetime = time_column(index=True)
