"""How late the event loop is while feeds are parsed, pages extracted, matched and stored as fast as it can.

A timer of 5 ms runs beside the whole work of the daemon, all three lanes; what it is late by is the lag.
"""

import asyncio
import time
from json import dumps

from sqlalchemy import text

from service import loop
from tests.bench.apart import apart, beside
from tests.bench.origins import address, serve
from tests.bench.polling import monitoring, watch

SOURCES = 20
BEAT = 0.005
QUIET_SECONDS = 5
_WATCHED = dumps({"entities": [{"name": name} for name in ("Oracle", "Supermicro", "HPE", "Zorblat", "Intel", "AMD")]})


def main() -> None:
    late, _ = apart(measure_nothing)
    print(f"event-loop lag in ms of a loop that does nothing, on this machine now: {_shown(late)}")
    with beside(serve) as port:
        for name, size in (("articles of 5 KB", 5_000), ("one article in thirty of 200,000 characters", 200_000)):
            late, read = apart(measure, port, size)
            print(f"event-loop lag in ms, {SOURCES} feeds, {read} articles read, {name}:")
            print(f"  {_shown(late)} (aim: p99 at most 15)")


def _shown(late: list[float]) -> str:
    late = sorted(late)
    shown = "  ".join(f"p{share:g} {late[int(len(late) * share / 100)] * 1000:.1f}" for share in (50, 99, 99.9))
    return f"{shown}  max {late[-1] * 1000:.1f}"


def measure_nothing() -> tuple[list[float], int]:
    return asyncio.run(_measure_nothing())


async def _measure_nothing() -> tuple[list[float], int]:
    late: list[float] = []
    beating = asyncio.create_task(_beat(late))
    await asyncio.sleep(QUIET_SECONDS)
    beating.cancel()
    return late, 0


def measure(port: int, size: int) -> tuple[list[float], int]:
    return loop.run(_measure(port, size))


async def _measure(port: int, size: int) -> tuple[list[float], int]:
    async with monitoring(_WATCHED, host_spacing=0) as app:
        await watch(app, [f"http://{address(number)}:{port}/local/{size}/{number}" for number in range(SOURCES)])
        late: list[float] = []
        beating = asyncio.create_task(_beat(late))
        await app.one_pass()
        beating.cancel()
        async with app.db.read() as session:
            (read,) = (await session.execute(text("SELECT count(*) FROM articles WHERE state <> 'due'"))).one()
        return late, read


async def _beat(late: list[float]) -> None:
    while True:
        started = time.perf_counter()
        await asyncio.sleep(BEAT)
        late.append(time.perf_counter() - started - BEAT)
