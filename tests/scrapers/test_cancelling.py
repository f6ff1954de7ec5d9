"""Requests that are given up at any moment leave nothing behind: no slot, no connection, no descriptor."""

import asyncio
import random
from collections.abc import Callable
from pathlib import Path

import pytest
from aiohttp import web

from scrapers.errors import FetchError
from scrapers.guard import AddressGuard
from scrapers.hosts import HostLimits
from scrapers.http import WebClient
from service.loop import new_event_loop
from tests.store.steps import NOW

REQUESTS = 10_000
AT_ONCE = 200
GENEROUS = 120
"""Seconds. Ends a hang, decides nothing."""


def descriptors() -> int:
    return len(list(Path("/proc/self/fd").iterdir()))


@pytest.mark.skipif(not Path("/proc/self/fd").is_dir(), reason="descriptors are counted in /proc")
@pytest.mark.parametrize("new_loop", [asyncio.new_event_loop, new_event_loop], ids=["asyncio's loop", "the daemon's"])
def test_ten_thousand_cancelled_requests_leave_every_slot(new_loop: Callable[[], asyncio.AbstractEventLoop]) -> None:
    with asyncio.Runner(loop_factory=new_loop) as runner:
        runner.run(_cancel_many())


async def _cancel_many() -> None:  # noqa: C901 - a server, its visitors and what is left of them
    source = random.Random(5)

    async def answer(request: web.Request) -> web.StreamResponse:
        """Some answers come at once, some in two parts, some not before the client is gone."""
        kind = int(request.query["n"]) % 4
        if kind == 0:
            return web.Response(text="at once")
        response = web.StreamResponse()
        if kind > 1:
            await response.prepare(request)
            await response.write(b"half")
        await asyncio.sleep(0.01 if kind < 3 else 0.2)
        return response if kind > 1 else web.Response(text="late")

    application = web.Application()
    application.router.add_get("/", answer)
    server = web.AppRunner(application, access_log=None)
    await server.setup()
    site = web.TCPSite(server, "127.0.0.1", 0, backlog=1024)
    await site.start()
    port = server.addresses[0][1]
    hosts = HostLimits(spacing=0, concurrency=20)
    fetched = cancelled = 0
    async with WebClient(user_agent="x", guard=AddressGuard(["127.0.0.0/8"]), hosts=hosts, deadline=30) as client:

        async def visit(number: int) -> None:
            nonlocal fetched, cancelled
            url = f"http://127.0.0.1:{port}/?n={number}"
            task = asyncio.create_task(client.fetch(url, now=NOW))
            for _ in range(source.choice((0, 1, 2, 4, 8, 16, 32))):
                await asyncio.sleep(0)
            if source.random() < 0.3:
                await asyncio.sleep(source.random() * 0.01)
            task.cancel()
            try:
                await task
                fetched += 1
            except asyncio.CancelledError:
                cancelled += 1
            except FetchError:
                pass

        await client.fetch(f"http://127.0.0.1:{port}/?n=0", now=NOW)
        before = descriptors()
        numbers = iter(range(REQUESTS))

        async def worker() -> None:
            for number in numbers:
                await visit(number)

        async with asyncio.timeout(GENEROUS):
            await asyncio.gather(*(worker() for _ in range(AT_ONCE)))
            assert cancelled > REQUESTS / 2
            # every place of the origin is free: as many requests as it has places go through at the same time
            everything = await asyncio.gather(
                *(client.fetch(f"http://127.0.0.1:{port}/?n=0", now=NOW) for _ in range(30))
            )
            assert [answered.body for answered in everything] == [b"at once"] * 30  # type: ignore[union-attr]
            for _ in range(500):  # the server closes its ends when it notices
                if descriptors() <= before:
                    break
                await asyncio.sleep(0.02)
        assert descriptors() <= before
    await server.cleanup()
