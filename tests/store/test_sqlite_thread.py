"""SQLite in its thread: what a statement brings, what it raises, and what a caller who gave up leaves behind."""

import asyncio
import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from sqlalchemy import insert, select, text, update
from sqlalchemy.exc import IntegrityError, OperationalError
from sqlmodel import col

from service.store.engine import Database
from service.store.tables import ChannelRow
from tests.store.steps import NOW

COUNT = text("WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < :most) SELECT count(*) FROM n")


@pytest.fixture
async def file(sqlite_template: Path, tmp_path: Path) -> AsyncIterator[Database]:
    made = shutil.copyfile(sqlite_template, tmp_path / "news.db")
    database = Database(f"sqlite:///{made}")
    yield database
    await database.close()


def channels(*names: str) -> list[dict[str, object]]:
    return [{"name": name, "type": "webhook", "config": {}, "enabled": True, "created_at": NOW} for name in names]


async def add(db: Database, *new: str) -> None:
    async with db.write() as session:
        for name in new:
            await session.execute(insert(ChannelRow), channels(name))


async def names(db: Database) -> list[str]:
    async with db.read() as session:
        return list((await session.execute(select(col(ChannelRow.name)).order_by(col(ChannelRow.id)))).scalars())


async def test_rows_counts_and_what_is_returned(file: Database) -> None:
    async with file.write() as session:
        await session.execute(insert(ChannelRow), channels("a", "b", "c"))
        made = await session.execute(insert(ChannelRow).values(channels("d")).returning(col(ChannelRow.name)))
        assert made.scalars().all() == ["d"]
        changed = update(ChannelRow).where(col(ChannelRow.name) > "b").values(enabled=False)
        assert (await session.execute(changed)).rowcount == 2  # type: ignore[attr-defined]
    assert await names(file) == ["a", "b", "c", "d"]


async def test_what_fails_leaves_nothing_and_the_next_one_works(file: Database) -> None:
    with pytest.raises(IntegrityError):
        await add(file, "a", "b", "a")
    async with file.read() as session:
        with pytest.raises(OperationalError):
            await session.execute(text("SELECT nothing FROM nowhere"))
    assert await names(file) == []
    await add(file, "a")
    assert await names(file) == ["a"]


async def test_who_gives_up_leaves_no_transaction_open(file: Database) -> None:
    async def slow(begun: asyncio.Event) -> None:
        async with file.write() as session:
            await session.execute(insert(ChannelRow), channels("lost"))
            begun.set()
            await session.execute(COUNT, {"most": 300_000})

    for _ in range(3):
        begun = asyncio.Event()
        task = asyncio.create_task(slow(begun))
        await begun.wait()
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
    await add(file, "kept")
    assert await names(file) == ["kept"]
