"""Real worker processes: killed, starved and closed."""

import asyncio
import multiprocessing
import os
import signal
from collections.abc import AsyncIterator

import pytest

from scrapers.errors import ParseError
from scrapers.workers import ParserPool

URL = "https://news.example/"
FEED = b'<rss version="2.0"><channel><title>t</title><item><guid>1</guid></item></channel></rss>'
SLOW = (
    b"<html><body><p>"
    + b"hello " * 100
    + b"</p>"
    + b'<div class="x"><a href=q>hi</a></div>' * 40_000
    + b"</body></html>"
)


@pytest.fixture
async def pool() -> AsyncIterator[ParserPool]:
    pool = ParserPool(1, seconds=1, memory_mb=512)
    await pool.warm()
    yield pool
    await pool.close()
    assert multiprocessing.active_children() == []


async def works(pool: ParserPool) -> bool:
    feed = await asyncio.wait_for(pool.parse_feed(FEED, url=URL, content_type=None), 15)
    return feed.title == "t"


def workers() -> list[int]:
    return [child.pid for child in multiprocessing.active_children() if child.pid is not None]


async def test_results_and_errors_come_back(pool: ParserPool) -> None:
    assert await works(pool)
    with pytest.raises(ParseError, match="an HTML page titled") as caught:
        await pool.parse_feed(b"<html><title>x</title>", url=URL, content_type=None)
    assert caught.value.code == "not-a-feed"


async def test_a_slow_page_costs_one_worker(pool: ParserPool) -> None:
    with pytest.raises(ParseError) as caught:
        await pool.extract_article(SLOW, url=URL, content_type="text/html")
    assert caught.value.code == "overran-time"
    assert await works(pool)


async def test_memory_is_bounded() -> None:
    pool = ParserPool(1, seconds=15, memory_mb=256)
    body = b'<rss version="2.0"><channel><title>' + b"x" * 60_000_000 + b"</title></channel></rss>"
    try:
        with pytest.raises(ParseError) as caught:
            await pool.parse_feed(body, url=URL, content_type=None)
        assert caught.value.code == "overran-memory"
        assert await works(pool)
    finally:
        await pool.close()


async def test_a_worker_that_dies_at_work(pool: ParserPool) -> None:
    task = asyncio.create_task(pool.extract_article(SLOW, url=URL, content_type="text/html"))
    await asyncio.sleep(0.3)
    os.kill(workers()[0], signal.SIGKILL)
    with pytest.raises(ParseError) as caught:
        await task
    assert caught.value.code == "crashed"
    assert await works(pool)


async def test_a_worker_that_dies_idle(pool: ParserPool) -> None:
    os.kill(workers()[0], signal.SIGKILL)
    await asyncio.sleep(0.3)
    assert await works(pool)


async def test_workers_leave_signals_to_the_parent(pool: ParserPool) -> None:
    before = workers()
    for number in (signal.SIGINT, signal.SIGTERM):
        os.kill(before[0], number)
    await asyncio.sleep(0.2)
    assert await works(pool)
    assert workers() == before


async def test_a_cancelled_call_frees_its_worker(pool: ParserPool) -> None:
    task = asyncio.create_task(pool.extract_article(SLOW, url=URL, content_type="text/html"))
    await asyncio.sleep(0.2)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert await works(pool)


async def test_closing_ends_what_is_under_way() -> None:
    pool = ParserPool(2, seconds=60)
    await pool.warm()
    tasks = [asyncio.create_task(pool.extract_article(SLOW, url=URL, content_type="text/html")) for _ in range(4)]
    await asyncio.sleep(0.2)
    await asyncio.wait_for(pool.close(), 5)
    results = await asyncio.wait_for(asyncio.gather(*tasks, return_exceptions=True), 5)
    assert [result.code for result in results if isinstance(result, ParseError)] == ["crashed"] * 4
    assert multiprocessing.active_children() == []
    with pytest.raises(RuntimeError, match="closed"):
        await pool.warm()
