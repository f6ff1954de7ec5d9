"""How long a user waits: for help, for the first poll after a start, and for the sample world's last delivery."""

import asyncio
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from service.bootstrap import now
from tests.e2e.daemon import scene

RUNS = 5


def main() -> None:
    print(f"newsvane --help              {_help():6.2f} s   (median of {RUNS}; aim: under 0.3)")
    first, again, phases = asyncio.run(_daemon())
    print(f"start to first poll, empty   {first:6.2f} s   (migrates and applies the watch list)")
    print(f"start to first poll, again   {again:6.2f} s   (aim: under 2)")
    for name, seconds in zip(("yesterday's items", "today's items"), phases, strict=True):
        print(f"first poll to last delivery  {seconds:6.2f} s   ({name} of the sample world)")


def _help() -> float:
    def once() -> float:
        started = time.perf_counter()
        subprocess.run([sys.executable, "-m", "service", "--help"], check=True, stdout=subprocess.DEVNULL)
        return time.perf_counter() - started

    return statistics.median(once() for _ in range(RUNS))


async def _daemon() -> tuple[float, float, tuple[float, float]]:
    with tempfile.TemporaryDirectory(prefix="newsvane-bench-") as folder:
        async with scene(Path(folder), now()) as at:
            started = time.perf_counter()
            daemon = at.start()
            first = await _next_request(at.world.requests, started)
            polled = time.perf_counter()
            await at.done(now())
            yesterday = time.perf_counter() - polled
            polled = time.perf_counter()
            at.world.advance()
            await at.done(now())
            today = time.perf_counter() - polled
            await daemon.stop()
            started, at.world.requests = time.perf_counter(), type(at.world.requests)(maxlen=100)
            daemon = at.start()
            again = await _next_request(at.world.requests, started)
            await daemon.stop()
    return first, again, (yesterday, today)


async def _next_request(requests: object, started: float) -> float:
    for _ in range(60_000):
        if requests:
            return time.perf_counter() - started
        await asyncio.sleep(0.001)
    raise TimeoutError("no request within a minute")
