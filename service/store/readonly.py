"""A statement of SQL that somebody wrote, over the views of docs/sql.md: it reads, and can do nothing else.

    open_answer() -> Answer.columns, Answer.rows() a batch at a time

SQLite: the file is opened read-only (``mode=ro``, ``query_only``) and an authorizer refuses all but reading.
PostgreSQL: a read-only transaction, and a cursor, which only a query can have. On both: one statement; of the tables
those that hold what was found, not those with secrets; an end after so many seconds.
"""

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Callable, Container, Sequence
from contextlib import asynccontextmanager, closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

import psycopg
from sqlalchemy.engine import URL

from service.store.engine import Database

__all__ = ["VIEWS", "Answer", "SqlError", "open_answer"]

VIEWS = ("articles_v", "mentions_v", "stories_v", "alerts_v", "facts_v")
_UNDER_THEM = ("articles", "mentions", "marks", "stories", "alerts", "facts", "fact_parties")
_OPEN = frozenset((*VIEWS, *_UNDER_THEM))
_OF_SQLITE = frozenset({"sqlite_master", "sqlite_schema", "json_each", "json_tree"})
_REFUSED_FUNCTIONS = frozenset({"load_extension", "fts3_tokenizer", "readfile", "writefile", "edit"})
_LONGEST_VALUE = 50_000_000
_STEPS = 20_000
"""Of SQLite's machine, between two looks at whether time is up: a millisecond or so."""
_FETCHED = 500
Row = Sequence[Any]


class SqlError(ValueError):
    """The statement cannot be answered; one line with the mend."""


@dataclass(frozen=True, slots=True)
class Answer:
    """``rows()`` may be walked once."""

    columns: tuple[str, ...]
    rows: Callable[[], AsyncIterator[Sequence[Row]]]


@asynccontextmanager
async def open_answer(
    db: Database, statement: str, *, seconds: float, clock: Callable[[], float]
) -> AsyncIterator[Answer]:
    """Over a migrated database. ``clock``: seconds that only go forward. Raises SqlError, also while rows are read."""
    if not statement.strip():
        raise SqlError("write a query, such as: SELECT entity, count(*) FROM mentions_v GROUP BY entity")
    opened = _on_postgresql(db.url, statement, seconds, clock)
    if db.file is not None:
        opened = _on_sqlite(db.file, statement, seconds, clock)
    async with opened as answer:
        yield answer


@asynccontextmanager
async def _on_sqlite(file: Path, statement: str, seconds: float, clock: Callable[[], float]) -> AsyncIterator[Answer]:
    refused: list[str] = []
    late = _too_long(seconds)

    def run(work: Callable[[], Any]) -> Any:  # noqa: ANN401 - whatever the work gives
        try:
            return work()
        except (sqlite3.Error, sqlite3.Warning) as error:
            if refused:
                raise SqlError(refused[0]) from error
            if "interrupted" in str(error):
                raise late from error
            raise SqlError(_mended(str(error))) from error

    def begin() -> tuple[sqlite3.Connection, sqlite3.Cursor]:
        connection = sqlite3.connect(f"file:{quote(str(file))}?mode=ro", uri=True, check_same_thread=False)
        connection.execute("PRAGMA query_only = ON")
        connection.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, _LONGEST_VALUE)
        ends = clock() + seconds
        connection.set_progress_handler(lambda: clock() > ends, _STEPS)
        tables = {str(name) for (name,) in connection.execute("SELECT name FROM sqlite_master")}
        connection.set_authorizer(_authorizer(refused, tables))
        try:
            return connection, connection.execute(statement)
        except BaseException:
            connection.close()
            raise

    connection, cursor = await asyncio.to_thread(run, begin)
    with closing(connection):
        if cursor.description is None:
            raise SqlError("this is no query: write SELECT ...")

        async def rows() -> AsyncIterator[Sequence[Row]]:
            while batch := await asyncio.to_thread(run, lambda: cursor.fetchmany(_FETCHED)):
                yield batch

        yield Answer(_distinct(column[0] for column in cursor.description), rows)


def _authorizer(refused: list[str], tables: Container[str]) -> Callable[..., int]:
    """Fills ``refused`` with what was asked for and may not be. ``tables``: all that the database has."""

    def authorize(action: int, first: str | None, second: str | None, *_where: str | None) -> int:
        match action:
            case sqlite3.SQLITE_SELECT | sqlite3.SQLITE_RECURSIVE:
                return sqlite3.SQLITE_OK
            case sqlite3.SQLITE_READ if first in _OPEN or first in _OF_SQLITE:
                return sqlite3.SQLITE_OK
            case sqlite3.SQLITE_READ if not second and first not in tables:
                return sqlite3.SQLITE_OK  # the rows, without a column, of a name that the query itself gives (WITH)
            case sqlite3.SQLITE_READ:
                refused.append(_closed(first or ""))
            case sqlite3.SQLITE_FUNCTION if (second or "").lower() not in _REFUSED_FUNCTIONS:
                return sqlite3.SQLITE_OK
            case _:
                refused.append("only reading is allowed here: write one SELECT")
        return sqlite3.SQLITE_DENY

    return authorize


@asynccontextmanager
async def _on_postgresql(url: URL, statement: str, seconds: float, clock: Callable[[], float]) -> AsyncIterator[Answer]:
    address = url.set(drivername="postgresql").render_as_string(hide_password=False)
    ends = clock() + seconds
    async with await psycopg.AsyncConnection.connect(address) as connection:
        await connection.set_read_only(True)
        await connection.execute(f"SET LOCAL statement_timeout = {max(1, int(seconds * 1000))}")
        try:
            async with connection.cursor(name="answer") as cursor:
                await cursor.execute(statement.strip().rstrip(";"))
                await _only_open_tables(connection)

                async def rows() -> AsyncIterator[Sequence[Row]]:
                    while batch := await cursor.fetchmany(_FETCHED):
                        yield batch
                        if clock() > ends:
                            raise _too_long(seconds)

                yield Answer(_distinct(column.name for column in cursor.description or ()), rows)
        except psycopg.errors.QueryCanceled as error:
            raise _too_long(seconds) from error
        except psycopg.errors.ReadOnlySqlTransaction as error:
            raise SqlError("only reading is allowed here: write one SELECT") from error
        except psycopg.Error as error:
            raise SqlError(_mended((error.diag.message_primary or str(error)).splitlines()[0])) from error


async def _only_open_tables(connection: psycopg.AsyncConnection[Any]) -> None:
    """Planning a query locks each table and view that it reads, before the first row is."""
    locked = await connection.execute(
        "SELECT c.relname FROM pg_locks AS l JOIN pg_class AS c ON c.oid = l.relation "
        "JOIN pg_namespace AS n ON n.oid = c.relnamespace WHERE l.pid = pg_backend_pid() "
        "AND c.relkind IN ('r', 'v', 'm', 'p', 'f') "
        "AND n.nspname NOT IN ('pg_catalog', 'information_schema', 'pg_toast')"
    )
    for (name,) in await locked.fetchall():
        if name not in _OPEN:
            raise SqlError(_closed(name))


def _closed(table: str) -> str:
    return f"{table} cannot be read here; there are {', '.join(VIEWS)} (docs/sql.md)"


def _too_long(seconds: float) -> SqlError:
    return SqlError(f"not done after {seconds:g} s: narrow it down, or give it more time with --timeout")


def _mended(problem: str) -> str:
    """The driver's own words, with what to do where they leave that open."""
    if "multiple commands" in problem or "one statement" in problem:
        return "write one statement only"
    if "unable to open" in problem:
        return "the database file cannot be opened for reading: its folder must be there and writable for SQLite's -shm"
    if problem.startswith(("no such table", "no such column", "relation ", "column ")):
        return f"{problem}; docs/sql.md lists the views and their columns"
    return problem


def _distinct(names: Any) -> tuple[str, ...]:  # noqa: ANN401 - of any driver
    """As the query names them; a name that comes again gets a number."""
    found: list[str] = []
    for name in names:
        number = 2
        unique = str(name)
        while unique in found:
            unique, number = f"{name}_{number}", number + 1
        found.append(unique)
    return tuple(found)
