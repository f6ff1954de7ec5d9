"""Long work that somebody asked for and may leave."""

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, Column, ForeignKey, Integer
from sqlmodel import Field, SQLModel

from service.store.tables.columns import BigId, id_column, json_column, maybe_time_column, text_column, time_column

__all__ = ["JobPartRow", "JobRow"]


class JobRow(SQLModel, table=True):
    """``kind``: ``backup``, ``prune``, ``rescan preview`` or ``import``; ``state``: ``open``, ``done``, ``failed`` or
    ``cancelled``.

    ``done`` of ``total`` in units of the kind's own. While ``open`` its process renews the lease; one whose lease is
    over, and that has parts, is gone on with. ``result``: what came of it; ``problem``: why nothing did.
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


class JobPartRow(SQLModel, table=True):
    """A part of a job that is not done yet, in the order of their numbers; it goes in the transaction that does it."""

    __tablename__ = "job_parts"
    job_id: int = Field(
        sa_column=Column(BigId, ForeignKey("jobs.id", ondelete="CASCADE"), primary_key=True, autoincrement=False)
    )
    number: int = Field(sa_column=Column(Integer, primary_key=True, autoincrement=False))
    content: list[Any] = json_column(list)
