"""What is remembered of a host's pages outlives the process and is shared by all workers."""

import asyncio
from datetime import timedelta

from service.domain.recurrence import LINE_ARTICLES, MOST_BLOCKS, MOST_TEXTS, recurring, sight
from service.store.engine import Database
from service.store.recurrence import learn_host, recall_host
from tests.store.steps import NOW, row, rows

MENU = "Supermicro wins an order"


async def learn(db: Database, number: int, *lines: str, host: str = "news.example", later: int = 0) -> None:
    text = "\n".join([f"This is article {number}.", *lines])
    async with db.write() as session:
        sighting = sight(host, f"Title {number}", [text])
        await learn_host(session, sighting, number, NOW + timedelta(days=later))


async def recurs(db: Database, line: str, host: str = "news.example") -> bool:
    async with db.read() as session:
        return recurring(await recall_host(session, host), line) != ()


async def test_a_restart_forgets_nothing(db: Database) -> None:
    for number in range(LINE_ARTICLES):
        assert not await recurs(db, MENU)
        await learn(db, number, MENU)
    other = Database(db.url)
    try:
        assert await recurs(other, MENU)
        assert not await recurs(other, MENU, "elsewhere.example")
    finally:
        await other.close()


async def test_workers_at_one_host_count_together(db: Database) -> None:
    """Twelve articles at once, of two programs, of a host that is new: none may overwrite another."""
    other = Database(db.url)
    try:
        await asyncio.gather(*(learn(db if number % 2 else other, number, MENU) for number in range(12)))
    finally:
        await other.close()
    async with db.read() as session:
        memory = await recall_host(session, "news.example")
    assert memory.articles == 12
    assert max(seen.articles for seen in memory.blocks.values()) == 12
    assert {seen.article for seen in memory.texts} == set(range(12))


async def test_an_article_read_again_counts_once(db: Database) -> None:
    for _ in range(LINE_ARTICLES + 1):
        await learn(db, 1, MENU)
    assert (await row(db, "host_memory")).articles == 1


async def test_a_row_stays_small(db: Database) -> None:
    for number in range(6):
        await learn(db, number, *(f"Line {line} of article {number}" for line in range(300)))
    kept = await row(db, "host_memory")
    assert len(kept.blocks) <= MOST_BLOCKS * 24
    assert len(kept.texts) <= MOST_TEXTS * 24


async def test_hosts_that_are_long_silent_are_forgotten(db: Database) -> None:
    await learn(db, 1, MENU, host="old.example")
    await learn(db, 2, MENU, later=100)
    await learn(db, 3, MENU, host="new.example", later=200)
    assert [known.host for known in await rows(db, "host_memory")] == ["new.example", "news.example"]


async def test_an_article_without_a_host_or_words_teaches_nothing(db: Database) -> None:
    await learn(db, 1, MENU, host="")
    async with db.write() as session:
        await learn_host(session, sight("news.example", "Title", ["", "123 456"]), 1, NOW)
    assert await rows(db, "host_memory") == []
