import asyncio
import random
from itertools import pairwise

import pytest

from scrapers.hosts import HostLimits, host_of, origin_of


@pytest.mark.parametrize(
    ("url", "origin"),
    [
        ("http://a.org", ("http", "a.org", 80)),
        ("HTTPS://A.org./x?y", ("https", "a.org", 443)),
        ("http://u:p@a.org:8080/", ("http", "a.org", 8080)),
        ("http://[::1]/", ("http", "::1", 80)),
    ],
)
def test_origins(url: str, origin: tuple[str, str, int]) -> None:
    assert origin_of(url) == origin


async def test_starts_are_spaced_and_places_are_few() -> None:
    limits = HostLimits(spacing=0.02, concurrency=2)
    loop = asyncio.get_running_loop()
    starts: list[float] = []
    running = most = 0

    async def use() -> None:
        nonlocal running, most
        async with limits.slot("http://a.org/x"):
            starts.append(loop.time())
            running += 1
            most = max(most, running)
            await asyncio.sleep(0.05)
            running -= 1

    await asyncio.gather(*(use() for _ in range(6)))
    gaps = [later - earlier for earlier, later in pairwise(starts)]
    assert most == 2
    assert min(gaps) > 0.015


async def test_origins_do_not_wait_for_each_other() -> None:
    limits = HostLimits(spacing=0, concurrency=1)
    async with limits.slot("http://a.org/"), limits.slot("http://b.org/"), limits.slot("https://a.org:8443/"):
        assert len(limits) == 3


async def test_a_host_is_one_over_http_and_https() -> None:
    limits = HostLimits(spacing=0, concurrency=1)
    async with limits.slot("http://a.org/"):
        waiting = asyncio.create_task(use(limits, "https://a.org/"))
        await asyncio.sleep(0)
        assert (len(limits), limits.waiting(host_of("https://a.org/feed"))) == (1, 1)
    await waiting


async def use(limits: HostLimits, url: str) -> None:
    async with limits.slot(url):
        pass


async def test_idle_origins_are_forgotten() -> None:
    limits = HostLimits(spacing=0, concurrency=1)
    for number in range(500):
        async with limits.slot(f"http://h{number}.org/"):
            pass
    assert len(limits) <= 8


async def test_random_cancelling_loses_no_place() -> None:
    limits = HostLimits(spacing=0.0005, concurrency=3)
    chance = random.Random(7)
    running = most = 0

    async def use(seconds: float) -> None:
        nonlocal running, most
        async with limits.slot("http://a.org/"):
            running += 1
            most = max(most, running)
            try:
                await asyncio.sleep(seconds)
            finally:
                running -= 1

    for _ in range(150):
        tasks = [asyncio.create_task(use(chance.random() / 500)) for _ in range(8)]
        await asyncio.sleep(chance.random() / 300)
        for task in tasks:
            if chance.random() < 0.7:
                task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
    assert (running, most) == (0, 3)
    # Every place is still there: three users at once meet at the barrier.
    barrier = asyncio.Barrier(3)

    async def meet() -> None:
        async with limits.slot("http://a.org/"):
            await barrier.wait()

    await asyncio.wait_for(asyncio.gather(*(meet() for _ in range(3))), 5)
    assert len(limits) <= 1
