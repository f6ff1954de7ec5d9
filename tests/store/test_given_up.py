"""Whoever is cancelled in the middle of reading or writing leaves nothing behind: no session at PostgreSQL, no thread,
no open file, no transaction. At once, not when garbage is collected."""

import asyncio
import contextlib
import gc
import random
import sqlite3
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import select, text
from sqlmodel import col

from service.store.engine import Database
from service.store.tables import MetaRow

ROUNDS = 40
AT_ONCE = 6
GENEROUS = 60
"""Seconds. Ends a hang, decides nothing."""
SLOW = {
    True: text(
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 30000) SELECT count(*) FROM n"
    ),
    False: text("SELECT pg_sleep(0.01)"),
}
ENDLESS = {
    True: text("WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n"),
    False: text("SELECT pg_sleep(100000)"),
}


@pytest.fixture(autouse=True)
def nobody_tidies_up() -> Iterator[None]:
    gc.collect()
    gc.disable()
    yield
    gc.enable()


async def read(db: Database) -> None:
    async with db.read() as session:
        await session.execute(SLOW[db.is_sqlite])
        await session.execute(SLOW[db.is_sqlite])


async def write(db: Database) -> None:
    async with db.write() as session:
        session.add(MetaRow(key="given up", value="never seen"))
        await session.execute(SLOW[db.is_sqlite])
        await session.execute(SLOW[db.is_sqlite])
        raise ValueError


async def given_up(db: Database, moments: random.Random, *, times: int) -> None:
    """Some read and write, and are all cancelled at one moment, perhaps again before they have tidied up."""
    tasks = [asyncio.create_task(moments.choice([read, write])(db)) for _ in range(AT_ONCE)]
    await asyncio.sleep(moments.choice([0, 0.001, 0.004, 0.02]) * moments.random())
    for _ in range(times):
        for task in tasks:
            task.cancel()
        await asyncio.sleep(moments.choice([0, 0.0005]))
    for ended in await asyncio.gather(*tasks, return_exceptions=True):
        assert isinstance(ended, asyncio.CancelledError | ValueError)


def held(db: Database) -> list[str]:
    """What this process has open of the database: threads and files, or sessions at the server with what they do."""
    if db.file is None:
        address = db.url.set(drivername="postgresql").render_as_string(hide_password=False)
        with psycopg.connect(address) as asking:
            found = asking.execute(
                "SELECT state FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
            return [state for (state,) in found.fetchall()]
    threads = [one.name for one in threading.enumerate() if "_connection_worker_thread" in one.name]
    files = []
    for descriptor in Path("/proc/self/fd").iterdir():
        with contextlib.suppress(FileNotFoundError):  # that of this very look
            files.append(descriptor.readlink())
    return threads + [file.name for file in files if file == db.file]


async def until(holds: Callable[[], bool], what: Callable[[], object]) -> None:
    for _ in range(500):
        if holds():
            return
        await asyncio.sleep(0.01)
    pytest.fail(f"it stays so: {what()}")


@pytest.mark.skipif(not Path("/proc/self/fd").is_dir(), reason="descriptors are counted in /proc")
@pytest.mark.parametrize("times", [1, 3])
async def test_many_that_are_given_up_leave_nothing(db: Database, times: int) -> None:
    moments = random.Random(times)
    pooled = 10  # threads and files of SQLite's five connections, or PostgreSQL's ten
    async with asyncio.timeout(GENEROUS):
        for _ in range(ROUNDS):
            await given_up(db, moments, times=times)
        await until(lambda: len(held(db)) <= pooled and set(held(db)) != {"active"}, lambda: held(db))
        async with db.write() as session:
            session.add(MetaRow(key="afterwards", value="kept"))
        async with db.read() as session:
            assert (await session.execute(select(col(MetaRow.value)).where(col(MetaRow.key) == "given up"))).all() == []
        await db.close()
        await until(lambda: held(db) == [], lambda: held(db))


async def test_a_statement_that_nobody_waits_for_is_ended(db: Database) -> None:
    """Were it left to end by itself, this would hang."""

    async def asks(begun: asyncio.Event) -> None:
        async with db.read() as session:
            await session.execute(select(col(MetaRow.key)))
            begun.set()
            await session.execute(ENDLESS[db.is_sqlite])

    async with asyncio.timeout(GENEROUS):
        for _ in range(8):  # more than there are readers on SQLite
            begun = asyncio.Event()
            task = asyncio.create_task(asks(begun))
            await begun.wait()
            await asyncio.sleep(0.01)
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task
        async with db.write() as session:
            session.add(MetaRow(key="afterwards", value="kept"))
        if db.file is not None:
            with contextlib.closing(sqlite3.connect(db.file)) as beside:
                busy, log, written_back = beside.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
                assert (busy, log) == (0, written_back), "an open reader keeps the log from being written back"
        else:
            await until(lambda: "active" not in held(db), lambda: held(db))
            assert "idle in transaction" not in held(db)
