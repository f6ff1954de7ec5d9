"""Long work that is asked for and left: importing sources, taking a backup. Rescans have a table of their own."""

from datetime import datetime

from sqlmodel import SQLModel

from service.store.tables.columns import id_column, json_column, maybe_time_column, time_column

__all__ = ["JobRow"]


class JobRow(SQLModel, table=True):
    """``about``: the file that is read or written. ``state``: ``open``, ``done`` or ``failed``; open without a lease
    means that it was interrupted. ``done`` of ``total``: steps, and ``counts`` what came of them."""

    __tablename__ = "jobs"
    id: int = id_column()
    kind: str
    about: str
    state: str = "open"
    done: int = 0
    total: int = 0
    counts: dict[str, int] = json_column(dict)
    problem: str | None = None
    created_at: datetime = time_column()
    lease_until: datetime | None = maybe_time_column()
    finished_at: datetime | None = maybe_time_column()
