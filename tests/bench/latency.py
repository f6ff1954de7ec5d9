"""From an item's appearance to the webhook: so many new mentions a second, the daemon in a process of its own.

Polled: from the first answer of the feed that holds the item. Pushed: from the hub's request. Default politeness, a
second between two requests to a host; pages lie on other hosts than feeds. What the outside world costs is on the same
machine, so figures stand beside its load. ``NEWSVANE_LATENCY_SECONDS`` (60) is how long items appear and
``NEWSVANE_LATENCY_RATE`` (20) how many a second; the aim is set for 600 and 20. With ``NEWSVANE_LATENCY_DATABASE`` the
daemon works on that empty database.
"""

import asyncio
import os
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import yaml

from tests.bench.wire import Wire, open_wire
from tests.e2e.daemon import SECRET, Daemon, environment, until

SECONDS = int(os.environ.get("NEWSVANE_LATENCY_SECONDS", "60"))
DATABASE = os.environ.get("NEWSVANE_LATENCY_DATABASE")
RATE = int(os.environ.get("NEWSVANE_LATENCY_RATE", "20"))
POLLED, PUSHED, PAGES = 100, 20, 100
PUBLIC_URL = "https://news.example.org"
_PATIENCE = 20
"""Seconds without an arrival after which no more is waited for."""


@dataclass(frozen=True)
class Run:
    waits: list[float]
    to_page: list[float]
    """From appearance until its page is asked for."""
    published: int
    again: int
    milliseconds: float
    """Of processor time of daemon and workers, an item."""
    load: float


def main() -> None:
    print(f"{RATE} new mentions a second for {SECONDS} s, from appearance to webhook")
    for name, aim, pushed in (
        (f"{POLLED} feeds polled each second, from the answer with the item", "p99 at most 1 s", False),
        (f"{PUSHED} feeds pushed, from the hub's request", "p95 at most 2 s", True),
    ):
        with tempfile.TemporaryDirectory(prefix="newsvane-bench-") as folder:
            run = asyncio.run(_measured(Path(folder), pushed=pushed))
        print(f"  {name} (aim: {aim})")
        print(f"    webhook: {_shown(run.waits)}   page asked for: {_shown(run.to_page)}")
        print(
            f"    {len(run.waits)} of {run.published} arrived, {run.again} twice, {run.milliseconds:.0f} ms of CPU each"
            f", load average {run.load:.1f}"
        )


async def _measured(folder: Path, *, pushed: bool) -> Run:
    async with open_wire(feeds=PUSHED if pushed else POLLED, pages=PAGES) as wire:
        wire.hubs = pushed
        settings = {"HOST_SPACING": "1.0", "WORKERS": "2", "FIRST_POLL_SUMMARY": "false"}
        if pushed:
            settings |= {"POLL_INTERVAL": "6h", "MIN_POLL_INTERVAL": "1m", "PUBLIC_URL": PUBLIC_URL}
            wire.hub.reached.clear()
        if DATABASE:
            settings["DATABASE_URL"] = DATABASE
        _write_watch_list(folder, wire, pushed=pushed)
        for _ in range(wire.feeds):
            wire.publish()  # what stands in a feed at its first poll raises no alert
        old = wire.published
        daemon = Daemon(folder, environment(folder, **settings), folder / "log")
        try:
            await _ready(daemon, wire, pushed=pushed, pages=old)
            before = _cpu(daemon.process.pid)
            await _publish(wire, pushed=pushed)
            await _all_arrived(wire, wire.published - old)
            spent = _cpu(daemon.process.pid) - before
            assert daemon.running, daemon.log.read_text("utf-8")
            load = os.getloadavg()[0]
            await daemon.stop()
        finally:
            daemon.end()
    came = sorted(wire.arrived)
    return Run(
        waits=sorted(wire.arrived[item] - wire.shown[item] for item in came),
        to_page=sorted(wire.asked[item] - wire.shown[item] for item in came if item in wire.asked),
        published=wire.published - old,
        again=wire.again,
        milliseconds=1000 * spent / (wire.published - old),
        load=load,
    )


async def _ready(daemon: Daemon, wire: Wire, *, pushed: bool, pages: int) -> None:
    """It knows every feed, has read what stood there, and hubs reach it."""
    if pushed:
        await until(lambda: _listening(daemon), "its pages are served")
        wire.hub.via = (PUBLIC_URL, f"http://127.0.0.1:{_listening(daemon)}")
        wire.hub.reached.set()
        await until(lambda: len(wire.hub.subscribers) == wire.feeds, "it has subscribed to every feed", seconds=300)
    else:
        await until(lambda: wire.polls >= wire.feeds, "every feed was polled", seconds=300)
    await until(lambda: len(wire.asked) >= pages, "the first pages were read", seconds=300)
    await asyncio.sleep(3)


def _listening(daemon: Daemon) -> int | None:
    """The port of its pages."""
    assert daemon.running, daemon.log.read_text("utf-8")
    return next((urlsplit(line["page"]).port for line in daemon.lines("running")), None)


async def _publish(wire: Wire, *, pushed: bool) -> None:
    pushes: set[asyncio.Task[None]] = set()
    start = time.perf_counter()
    for number in range(SECONDS * RATE):
        await asyncio.sleep(max(0.0, start + number / RATE - time.perf_counter()))
        feed = wire.publish()
        if pushed:
            task = asyncio.create_task(wire.push(feed))
            pushes.add(task)
            task.add_done_callback(pushes.discard)
    if pushes:
        await asyncio.wait(pushes)


async def _all_arrived(wire: Wire, wanted: int) -> None:
    last, changed = -1, time.perf_counter()
    while len(wire.arrived) < wanted and time.perf_counter() - changed < _PATIENCE:
        if len(wire.arrived) != last:
            last, changed = len(wire.arrived), time.perf_counter()
        await asyncio.sleep(0.1)


def _write_watch_list(folder: Path, wire: Wire, *, pushed: bool) -> None:
    often = {} if pushed else {"interval": "1s"}
    watchlist = {
        "sources": [{"url": wire.feed(number), "title": f"News {number}", **often} for number in range(wire.feeds)],
        "entities": [{"name": "HPE", "aliases": ["HPE"]}],
        "rules": [{"name": "all", "query": "entity:*", "channels": ["hook"]}],
        "channels": [{"name": "hook", "type": "webhook", "url": wire.hook, "secret": SECRET}],
    }
    (folder / "watchlist.yaml").write_text(yaml.safe_dump(watchlist), encoding="utf-8")


def _cpu(daemon: int) -> float:
    """Seconds of processor time of the daemon and of its workers (proc(5): utime and stime are fields 14 and 15)."""
    spent = 0
    for pid in (daemon, *_children_of(daemon)):
        fields = Path(f"/proc/{pid}/stat").read_text("ascii").rpartition(")")[2].split()
        spent += int(fields[11]) + int(fields[12])
    return spent / os.sysconf("SC_CLK_TCK")


def _children_of(pid: int) -> list[int]:
    tasks = Path(f"/proc/{pid}/task").iterdir()
    return [int(child) for task in tasks for child in (task / "children").read_text("ascii").split()]


def _shown(waits: list[float]) -> str:
    if not waits:
        return "none"
    at = {share: waits[min(len(waits) - 1, int(len(waits) * share / 100))] for share in (50, 95, 99)}
    return "  ".join(f"p{share} {value:.2f}" for share, value in at.items()) + f"  max {waits[-1]:.2f} s"


if __name__ == "__main__":
    main()
