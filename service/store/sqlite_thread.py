"""A SQLite connection whose every statement is one errand to its thread.

aiosqlite runs each call of the driver in the connection's own thread, and SQLAlchemy makes four of them for a
statement: a cursor, the statement, its rows, the cursor's end. Each is a way to another thread and back, of which a
mention used to take two hundred. Here all four are done at once, in that same thread. Results cannot be read bit by
bit: a session's ``stream`` does not work. A plain ``BEGIN``, which by itself does nothing yet, goes along with the
statement that follows.

Whoever is cancelled in the middle of a statement ends it: a question that nobody waits for any more keeps no thread
busy and no reader's place taken, and its transaction does not keep the log from being written back.
"""

import asyncio
import sqlite3
from collections.abc import Callable, Iterable, Sequence
from functools import partial
from typing import Any, NamedTuple, Self

import aiosqlite

__all__ = ["connect"]

_CHUNK = 64
"""Rows at a time of a cursor that is read bit by bit: aiosqlite asks for it, nothing here does so."""
_BEGIN = "BEGIN"
_Run = Callable[[sqlite3.Cursor], object]


async def connect(*arguments: Any, **options: Any) -> aiosqlite.Connection:  # noqa: ANN401 - those of sqlite3.connect
    """An open connection, for SQLAlchemy's ``async_creator_fn``. Its thread ends no later than the process."""
    connection = _Connection(partial(sqlite3.connect, *arguments, **options), _CHUNK)
    connection._thread.daemon = True  # noqa: SLF001 - as SQLAlchemy does with connections of its own making
    return await connection


class _Found(NamedTuple):
    rows: Sequence[Any] = ()
    description: Any = None
    rowcount: int = -1
    lastrowid: int | None = None


def _errand(connection: sqlite3.Connection, run: _Run, begin: bool) -> _Found:
    """Runs in the thread."""
    cursor = connection.cursor()
    try:
        if begin:
            cursor.execute(_BEGIN)
        run(cursor)
        description = cursor.description
        rows = cursor.fetchall() if description else ()
        return _Found(rows, description, cursor.rowcount, cursor.lastrowid)
    finally:
        cursor.close()


class _Cursor:
    """What SQLAlchemy uses of aiosqlite's cursor. All rows are there once a statement was run."""

    arraysize = 1

    def __init__(self, connection: "_Connection") -> None:
        self._connection = connection
        self._found = _Found()

    async def __aenter__(self) -> Self:
        return self

    @property
    def description(self) -> Any:  # noqa: ANN401 - PEP 249's
        return self._found.description

    @property
    def rowcount(self) -> int:
        return self._found.rowcount

    @property
    def lastrowid(self) -> int | None:
        return self._found.lastrowid

    async def execute(self, sql: str, parameters: Any = ()) -> None:  # noqa: ANN401 - PEP 249's
        if sql == _BEGIN:
            self._connection.begin = True
            return
        self._found = await self._connection.errand(lambda cursor: cursor.execute(sql, parameters))

    async def executemany(self, sql: str, parameters: Iterable[Any]) -> None:
        self._found = await self._connection.errand(lambda cursor: cursor.executemany(sql, parameters))

    async def fetchall(self) -> Sequence[Any]:
        rows, self._found = self._found.rows, self._found._replace(rows=())
        return rows

    async def close(self) -> None:
        """It was closed when its rows were fetched."""


class _Connection(aiosqlite.Connection):
    begin = False
    """Whether the next statement begins a transaction."""
    _stopped: "asyncio.Future[Any] | None" = None

    async def errand(self, run: _Run) -> _Found:
        begin, self.begin = self.begin, False
        try:
            found: _Found = await self._execute(_errand, self._conn, run, begin)  # type: ignore[no-untyped-call]
        except asyncio.CancelledError:
            if self._connection is not None:
                self._connection.interrupt()
            raise
        return found

    def stop(self) -> "asyncio.Future[Any] | None":
        """Once: what is asked of the thread behind its end is never answered, and who closes would wait for ever."""
        if self._running:
            self._stopped = super().stop()
        return self._stopped

    def cursor(self) -> Any:  # noqa: ANN401 - aiosqlite's would be made in the thread
        return _Cursor(self)

    async def rollback(self) -> None:
        """Where nothing was begun there is nothing to roll back: SQLAlchemy's pool asks for it after each use."""
        self.begin = False
        if self.in_transaction:
            await super().rollback()
