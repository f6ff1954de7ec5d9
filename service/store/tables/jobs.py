"""Long work that somebody asked for and may leave."""

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, Column
from sqlmodel import Field, SQLModel

from service.store.tables.columns import id_column, json_column, maybe_time_column, text_column, time_column

__all__ = ["JobRow"]


class JobRow(SQLModel, table=True):
    """``kind``: ``backup``, ``prune``, ``rescan preview``; ``state``: ``open``, ``done``, ``failed`` or ``cancelled``.

    ``done`` of ``total`` in units of the kind's own. While ``open`` its process renews the lease; nobody goes on with
    one whose lease is over. ``result``: what came of it; ``problem``: why nothing did.
    """

    __tablename__ = "jobs"
    id: int = id_column()
    kind: str
    asked: dict[str, Any] = json_column(dict)
    asked_by: str
    state: str = "open"
    done: int = Field(default=0, sa_column=Column(BigInteger, nullable=False))
    total: int = Field(default=0, sa_column=Column(BigInteger, nullable=False))
    result: dict[str, Any] = json_column(dict)
    problem: str = text_column()
    created_at: datetime = time_column(index=True)
    updated_at: datetime = time_column()
    finished_at: datetime | None = maybe_time_column()
    lease_until: datetime | None = maybe_time_column()
