"""The database: one engine that writes, one that reads, and what differs between SQLite and PostgreSQL.

SQLite takes one writer at a time. Writers therefore share one connection and begin with ``BEGIN IMMEDIATE``: the
default (deferred) transaction takes its lock at the first write, and two read-then-write transactions would lose
one another's increments or fail with "database is locked". Readers have connections of their own (WAL).

``synchronous=NORMAL``: the end of a process loses nothing; a power cut may lose the newest commits but always leaves
an earlier, consistent state, in which the validators of a feed are as old as its entries: what was lost is read again.
"""

import hashlib
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, TypeVar

import psycopg
from sqlalchemy import event, text
from sqlalchemy.engine import URL, make_url
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, create_async_engine

from service.store import sqlite_thread
from service.store.connecting import Connecting
from service.store.together import Together

__all__ = ["Database", "at_end", "lock", "lock_articles", "normalise_url", "undone"]

ItemT = TypeVar("ItemT")
ResultT = TypeVar("ResultT")
_READERS = 4
_POSTGRES_CONNECTIONS = 10
_BUSY_MS = 10_000
_AT_END = "written at the end"
_ALONE = "SELECT set_config(name, '2s', false) FROM pg_settings WHERE name = 'client_connection_check_interval'"
"""A statement whose asker is gone ends then by itself (PostgreSQL 14 and newer): the driver asks the server once to
cancel what it gives up, and that may come before the statement does."""


def normalise_url(url: str) -> URL:
    """Accept ``sqlite:///file`` and ``postgresql://...`` as well as the names with a driver.

    Raises ValueError with the mend for any other engine.
    """
    try:
        parsed = make_url(url)
    except Exception as error:
        message = "this is no database address; write sqlite:///newsvane.db or postgresql://user@host/name"
        raise ValueError(message) from error
    backend = parsed.get_backend_name()
    if backend == "sqlite":
        return parsed.set(drivername="sqlite+aiosqlite")
    if backend in {"postgresql", "postgres"}:
        return parsed.set(drivername="postgresql+psycopg")
    raise ValueError(f"{backend} is not supported; use sqlite:///newsvane.db or postgresql://user@host/name")


class Database:
    """Opens sessions. ``read()`` sees committed data; ``write()`` is one transaction: all of it or nothing."""

    def __init__(self, url: str | URL) -> None:
        self.url = url if isinstance(url, URL) else normalise_url(url)
        self.is_sqlite = self.url.get_backend_name() == "sqlite"
        self.begun = False
        """Whether it was empty when it was opened."""
        if self.is_sqlite:
            self._connecting = Connecting(sqlite_thread.connect, lambda connection: connection.stop())
            self._writer, self._reader = _sqlite_engines(self.url, self._connecting)
        else:
            self._connecting = Connecting(
                psycopg.AsyncConnection.connect, lambda connection: connection.pgconn.finish()
            )
            self._writer, self._reader = _postgres_engines(self.url, self._connecting)
        self._together: dict[object, Together[Any, Any]] = {}

    @property
    def file(self) -> Path | None:
        """The SQLite file, absolute; None on PostgreSQL."""
        return Path(self.url.database or "").absolute() if self.is_sqlite else None

    @asynccontextmanager
    async def read(self, *, lean: bool = False) -> AsyncIterator[AsyncSession]:
        """``lean``: for what reads much, every page of the file once. SQLite then gives its cache back at the end."""
        try:
            async with AsyncSession(self._reader, expire_on_commit=False, autoflush=False) as session:
                yield session
                if lean and self.is_sqlite:
                    await session.execute(text("PRAGMA shrink_memory"))
        finally:
            self._connecting.given_up()

    @asynccontextmanager
    async def write(self) -> AsyncIterator[AsyncSession]:
        """Commits when the block ends, rolls back when it raises. Never held open over network I/O."""
        try:
            async with AsyncSession(self._writer, expire_on_commit=False) as session, session.begin():
                yield session
                for write in session.info.pop(_AT_END, {}).values():
                    await write()
        finally:
            self._connecting.given_up()

    async def write_together(
        self, write: Callable[[AsyncSession, Sequence[ItemT]], Awaitable[Sequence[ResultT]]], item: ItemT
    ) -> ResultT:
        """For a small write of which many come at once: those that come within a moment share one transaction.

        ``write(session, items)``: one function for all of them; see together.py.
        """
        together = self._together.get(write)
        if together is None:
            together = self._together[write] = Together(self.write, write)
        result: ResultT = await together(item)
        return result

    async def close(self) -> None:
        for together in self._together.values():
            await together.finish()
        await self._connecting.finish()
        await self._writer.dispose()
        if self._reader is not self._writer:
            await self._reader.dispose()


def at_end(session: AsyncSession, name: str, write: Callable[[], Awaitable[None]]) -> None:
    """Have ``write`` called when a ``Database.write`` block ends, before it commits; of one name only the last."""
    session.info.setdefault(_AT_END, {})[name] = write


async def lock(session: AsyncSession, name: str) -> None:
    """Let only one transaction at a time pass here, until it ends. On SQLite every writer is alone already."""
    if session.get_bind().dialect.name == "postgresql":
        key = int.from_bytes(hashlib.blake2b(name.encode(), digest_size=8).digest(), signed=True)
        # Past SQLAlchemy to the driver: there are several for every article, and this halves what each costs.
        raw: Any = (await (await session.connection()).get_raw_connection()).driver_connection
        await raw.execute("SELECT pg_advisory_xact_lock(%(key)s)", {"key": key})


async def lock_articles(session: AsyncSession) -> None:
    """Let only one transaction at a time give articles their addresses and stories, or write several articles' rows.

    It comes behind rows of sources, and before any row of an article (docs/adr/0028).
    """
    await lock(session, "articles")


@asynccontextmanager
async def undone(session: AsyncSession) -> AsyncIterator[None]:
    """What is written in the block is taken back at its end, and the transaction goes on."""
    nested = await session.begin_nested()
    try:
        yield
    finally:
        await nested.rollback()
        session.expire_all()


def _sqlite_engines(url: URL, connecting: Connecting) -> tuple[AsyncEngine, AsyncEngine]:
    if url.database and url.database != ":memory:":
        Path(url.database).absolute().parent.mkdir(parents=True, exist_ok=True)
    driver = {"async_creator_fn": connecting}
    writer = create_async_engine(url, pool_size=1, max_overflow=0, connect_args=driver)
    reader = create_async_engine(url, pool_size=_READERS, max_overflow=0, connect_args=driver)
    for engine, begin in ((writer, "BEGIN IMMEDIATE"), (reader, "BEGIN")):
        event.listen(engine.sync_engine, "connect", _prepare_sqlite)
        event.listen(engine.sync_engine, "connect", connecting.whole)
        event.listen(engine.sync_engine, "begin", _begin_with(begin))
    return writer, reader


def _postgres_engines(url: URL, connecting: Connecting) -> tuple[AsyncEngine, AsyncEngine]:
    """One pool for both. Each statement that reads sees what is committed when it begins, with or without a transaction
    around it (READ COMMITTED), so readers go without and save two round trips."""
    driver = {"async_creator_fn": connecting}
    engine = create_async_engine(
        url, pool_size=_POSTGRES_CONNECTIONS, max_overflow=0, pool_pre_ping=True, connect_args=driver
    )
    event.listen(engine.sync_engine, "connect", _prepare_postgres)
    event.listen(engine.sync_engine, "connect", connecting.whole)
    return engine, engine.execution_options(isolation_level="AUTOCOMMIT")


def _prepare_postgres(connection: Any, _record: object) -> None:  # noqa: ANN401 - the driver's own type
    cursor = connection.cursor()
    cursor.execute("SET jit = off")  # compiling a statement that counts takes longer than counting
    cursor.execute(_ALONE)
    cursor.close()
    connection.commit()


def _prepare_sqlite(connection: Any, _record: object) -> None:  # noqa: ANN401 - the driver's own type
    connection.isolation_level = None  # we say BEGIN ourselves, see above
    cursor = connection.cursor()
    for pragma in (
        f"busy_timeout={_BUSY_MS}",
        "journal_mode=WAL",
        "synchronous=NORMAL",
        "foreign_keys=ON",
        "temp_store=MEMORY",
        "cache_size=-16000",
    ):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin_with(statement: str) -> Any:  # noqa: ANN401 - an event listener
    def begin(connection: Any) -> None:  # noqa: ANN401 - SQLAlchemy's Connection
        connection.exec_driver_sql(statement)

    return begin
