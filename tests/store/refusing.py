"""A real database that takes nothing for a while: a file system without room, or a server that only lets read."""

import resource
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import psycopg

from service.store.engine import Database
from service.store.tables import MetaRow

__all__ = ["takes_nothing"]

_ROOM = 400_000
"""Bytes: less than the log of SQLite holds by then, and more than anything else that is written meanwhile."""


@asynccontextmanager
async def takes_nothing(db: Database) -> AsyncIterator[None]:
    async with _no_room(db) if db.is_sqlite else _only_reading(db):
        yield


@asynccontextmanager
async def _no_room(db: Database) -> AsyncIterator[None]:
    """No file grows beyond a size that SQLite's log has. A reader keeps that from being begun anew."""
    assert signal.getsignal(signal.SIGXFSZ) is signal.SIG_IGN, "Python leaves it at an error to whoever writes"
    async with db.read() as reading:
        await reading.get(MetaRow, "filling")
        async with db.write() as session:
            session.add(MetaRow(key="filling", value="x" * 2 * _ROOM))
        before = resource.getrlimit(resource.RLIMIT_FSIZE)
        resource.setrlimit(resource.RLIMIT_FSIZE, (_ROOM, before[1]))
        try:
            yield
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, before)


@asynccontextmanager
async def _only_reading(db: Database) -> AsyncIterator[None]:
    """As after a switch to a server that follows another: who was connected is not, and nobody writes."""

    def say(setting: str) -> None:
        address = db.url.set(drivername="postgresql").render_as_string(hide_password=False)
        with psycopg.connect(address, autocommit=True) as connection:
            connection.execute("SET default_transaction_read_only = off")
            connection.execute(f"ALTER DATABASE {db.url.database} {setting}".encode())
            connection.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                "WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )

    say("SET default_transaction_read_only = on")
    try:
        yield
    finally:
        say("RESET default_transaction_read_only")
