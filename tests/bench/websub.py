"""From publishing to the webhook: a hub pushes an item, the running daemon reads its page and tells the receiver.

One item after the other, on loopback, over SQLite, with a daemon in a process of its own. With the politeness that is
the default, the page behind an item waits for its host's turn: a second after the page before.
"""

import asyncio
import statistics
import tempfile
import time
from pathlib import Path

from tests.e2e.pushing import newsroom

PUSHES = 100


def main() -> None:
    print(f"publish to webhook, {PUSHES} pushes one after the other (aim: p95 at most 2 s)")
    for name, spacing in (("no spacing", "0"), ("a second between requests to a host", "1.0")):
        waits = sorted(asyncio.run(_waits(spacing)))
        p50, p95 = statistics.median(waits), waits[int(len(waits) * 0.95) - 1]
        print(f"  p50 {p50:5.2f} s   p95 {p95:5.2f} s   longest {waits[-1]:5.2f} s   ({name})")


async def _waits(spacing: str) -> list[float]:
    waits = []
    with tempfile.TemporaryDirectory(prefix="newsvane-bench-") as folder:
        async with newsroom(Path(folder), HOST_SPACING=spacing) as at:
            daemon = await at.start()
            await at.subscribed()
            for number in range(1, PUSHES + 1):
                body = at.write()
                started = time.perf_counter()
                await at.hub.push(at.topic, body)
                if not await at.hook.wait_for(number, seconds=60):
                    raise SystemExit(f"item {number} did not arrive within a minute")
                waits.append(time.perf_counter() - started)
            await daemon.stop()
    return waits


if __name__ == "__main__":
    main()
