"""One daemon an embedded database: an exclusive lock on a file beside it.

Whoever holds the lock knows that every other claim in the database belongs to a dead process and may give it back at
once. The system drops the lock when the process ends, however it ends. PostgreSQL needs none of this: there, leases run
out by time.
"""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

__all__ = ["DatabaseInUse", "exclusive"]


class DatabaseInUse(Exception):  # noqa: N818 - reads as what it says
    """Another daemon works on this database."""


@contextmanager
def exclusive(database: Path | None) -> Iterator[None]:
    """Raises DatabaseInUse. ``None``: not an embedded database, nothing to lock."""
    if database is None:
        yield
        return
    database.parent.mkdir(parents=True, exist_ok=True)
    handle = os.open(database.with_name(database.name + ".lock"), os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise DatabaseInUse(f"another newsvane runs on {database}; stop it first, or let it do the work") from error
        yield
    finally:
        os.close(handle)
