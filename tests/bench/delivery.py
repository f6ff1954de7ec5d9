"""Sending: 10,000 due deliveries to a fast receiver, and what a backlog of 100,000 does to polling.

On loopback, over SQLite; sender and receiver share the process, so that the sender's own pace is a little higher.
"""

import asyncio
import statistics
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from aiohttp import web
from sqlalchemy import func, insert, select
from sqlmodel import col

from scrapers.guard import AddressGuard
from scrapers.hosts import HostLimits
from scrapers.http import WebClient
from service.bootstrap import Settings, delivery_lane, new_id
from service.domain.model import ChannelSpec
from service.logs import configure
from service.notify import Channel, build_channel
from service.store import deliveries, sources, watchlist
from service.store.claims import Lease
from service.store.engine import Database, normalise_url
from service.store.migrate import migrate
from service.store.tables import AlertRow, DeliveryRow
from service.store.watchlist import Changes, SourceSpec

NOW = datetime(2026, 11, 22, 8, tzinfo=UTC)
SENT = 10_000
BACKLOG = 100_000
SOURCES = 2_000


def main() -> None:
    configure("console", "error")
    print(f"{SENT:,} due deliveries to a fast receiver (aim: at least 300 a second)")
    for channels in (1, 5):
        wall, cpu = asyncio.run(_send(channels))
        print(f"  {SENT / wall:6.0f} a second, {1000 * cpu / SENT:5.2f} ms of CPU each   ({channels} channels)")
    print(f"a backlog of {BACKLOG:,} due deliveries beside polling (aim: no slower)")
    for name, backlog in (("no backlog", 0), ("backlog", BACKLOG)):
        poll, claim = asyncio.run(_beside(backlog))
        print(f"  claim of 50 sources {poll:6.2f} ms, claim of deliveries {claim:6.2f} ms   ({name})")


async def _filled(folder: str, count: int, channels: int, url: str) -> Database:
    address = normalise_url(f"sqlite:///{Path(folder) / 'bench.db'}")
    await asyncio.to_thread(migrate, address)
    db = Database(address)
    alert: dict[str, Any] = {
        "id": "alt",
        "rule": "r",
        "kind": "mention",
        "title": "HPE wins",
        "url": "https://news.example/hpe",
    }
    alert |= {"reason": "why", "story": None, "entities": ["HPE"], "mentions": [], "mention_count": 0, "facts": []}
    async with db.write() as session:
        for number in range(channels):
            spec = ChannelSpec(f"hook {number}", "webhook", {"url": url, "secret": "open sesame"})
            await watchlist.put_channel(session, spec, Changes(), now=NOW)
        made = [
            {
                "id": f"alt_{n}",
                "rule": "r",
                "kind": "mention",
                "dedupe_key": f"{n}",
                "payload": alert,
                "created_at": NOW,
            }
            for n in range(count)
        ]
        made = [{**row, "title": "HPE wins", "url": "", "reason": "why", "entities": ["HPE"]} for row in made]
        for start in range(0, count, 5000):
            part = made[start : start + 5000]
            await session.execute(insert(AlertRow), part)
            await session.execute(
                insert(DeliveryRow),
                [
                    {
                        "id": f"dlv_{n}",
                        "alert_id": f"alt_{n}",
                        "channel": f"hook {n % channels}",
                        "message_id": f"msg_{n}",
                        "status": "pending",
                        "attempts": 0,
                        "next_attempt_at": NOW - timedelta(seconds=count - n),
                        "created_at": NOW,
                    }
                    for n in range(start, start + len(part))
                ],
            )
    return db


async def _send(channels: int) -> tuple[float, float]:
    application = web.Application()

    async def take(request: web.Request) -> web.Response:
        await request.read()
        return web.Response()

    application.router.add_post("/", take)
    runner = web.AppRunner(application, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    url = f"http://127.0.0.1:{runner.addresses[0][1]}/"
    with tempfile.TemporaryDirectory(prefix="newsvane-bench-") as folder:
        db = await _filled(folder, SENT, channels, url)
        guard = AddressGuard(["127.0.0.1/32"])
        async with WebClient(user_agent="bench", guard=guard, hosts=HostLimits(0, 1000)) as poster:

            def open_channel(spec: ChannelSpec) -> Channel:
                return build_channel(spec, poster=poster, smtp=None, email_from=None)

            lane = delivery_lane(Settings(), db, open_channel, lambda: NOW)
            wall, cpu = time.perf_counter(), time.process_time()
            lane.kick()
            await lane.idle()
            wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
        async with db.read() as session:
            sent = select(func.count()).where(col(DeliveryRow.status) == "sent")
            found = (await session.execute(sent)).scalar_one()
        if found != SENT:
            raise SystemExit(f"{found} of {SENT} were sent")
        await db.close()
    await runner.cleanup()
    return wall, cpu


async def _beside(backlog: int) -> tuple[float, float]:
    """Milliseconds of CPU, medians."""
    with tempfile.TemporaryDirectory(prefix="newsvane-bench-") as folder:
        db = await _filled(folder, backlog, 3, "https://hooks.example/")
        async with db.write() as session:
            for n in range(SOURCES):
                spec = SourceSpec(f"https://news.example/{n}")
                await watchlist.put_source(session, spec, Changes(), now=NOW, first_poll_at=NOW)

        async def timed(claim: Any) -> float:
            took = []
            for _ in range(20):
                lease = Lease(new_id(), NOW + timedelta(minutes=5))
                started = time.process_time()
                await claim(lease)
                took.append(1000 * (time.process_time() - started))
            return statistics.median(took)

        polls = await timed(lambda lease: sources.claim_due(db, limit=50, now=NOW, lease=lease))
        claims = await timed(
            lambda lease: deliveries.claim_due(db, limit=40, now=NOW, lease=lease, each=10, running={"hook 0": 5})
        )
        await db.close()
        return polls, claims


if __name__ == "__main__":
    main()
