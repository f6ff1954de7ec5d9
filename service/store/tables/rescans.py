"""Rescans of the past, and what their summaries will tell."""

from datetime import datetime

from sqlalchemy import BigInteger, Column, ForeignKey
from sqlmodel import Field, SQLModel

from service.store.tables.columns import BigId, id_column, json_column, maybe_time_column, time_column

__all__ = ["RescanHitRow", "RescanRow"]


class RescanRow(SQLModel, table=True):
    """Today's watch list over stored articles, from the newest to the oldest. At most one holds a lease at a time.

    ``scope``: what was asked, in words, by which an unfinished one is found again; ``state``: ``open``, ``done`` or
    ``cancelled``; ``made_with``: versions of watch list and program, for another one begins anew. Articles with an id
    of ``position`` or more are done.
    """

    __tablename__ = "rescans"
    id: int = id_column()
    scope: str = Field(index=True)
    entity: str | None = None
    since: datetime | None = maybe_time_column()
    until: datetime | None = maybe_time_column()
    summary: bool = False
    made_with: str
    state: str = "open"
    position: int = Field(sa_column=Column(BigInteger, nullable=False))
    total: int = 0
    counts: dict[str, int] = json_column(dict)
    created_at: datetime = time_column()
    finished_at: datetime | None = maybe_time_column()
    lease_until: datetime | None = maybe_time_column()
    lease_token: str | None = None
    updated_at: datetime | None = maybe_time_column()
    """When somebody took it up, or last wrote what a batch found."""
    seconds: float | None = None
    """How long it was worked on so far."""
    in_daemon: bool | None = None
    """Asked of a daemon, which goes on with it after an end of its own; what a command began is that command's."""


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
