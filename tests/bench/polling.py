"""What an unchanged feed costs: a whole poll of ours beside a bare request of httpx and an update of ``reader``.

Every source has an origin of its own (127.x.y.z), which answers 304. Processor time of the measured process alone, its
threads included; the origins are served by another. Our figure holds everything that the daemon does for a poll: the
claim, the request, the decision, the state and the history written and committed, and the log line.
"""

import asyncio
import importlib
import os
import ssl
import statistics
import sys
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any, TextIO

import httpx
import trustme
from pydantic import SecretStr
from sqlalchemy import insert, text

from scrapers.guard import AddressGuard
from scrapers.hosts import HostLimits
from scrapers.http import WebClient
from scrapers.types import Validators
from service import loop
from service.bootstrap import App, Settings, now, open_app
from service.logs import configure
from service.store.tables import SourceRow, defaults, table_of
from tests.bench.apart import apart, beside, cpu
from tests.bench.origins import address, serve

SOURCES = 5_000
AT_ONCE = Settings().poll_concurrency
ROUNDS = 2


def main() -> None:
    with beside(serve, 0.03) as port:
        ours, plain, peer = [], [], []
        for _ in range(ROUNDS):
            ours.append(apart(our_polls, port, SOURCES, AT_ONCE))
            plain.append(apart(plain_requests, port, SOURCES, AT_ONCE))
            peer.append(apart(reader_updates, port, SOURCES // 5))
    print(f"CPU of an unchanged feed, {SOURCES:,} origins in clear text, {AT_ONCE} at once:")
    _line("newsvane, the whole poll", ours)
    _line("httpx, only the request", plain)
    _line("reader, its update", peer)
    print(f"  newsvane is {_ratio(ours, plain):.2f} of httpx (aim: at most 0.45)")
    print(f"  newsvane is {_ratio(peer, ours):.1f} times cheaper than reader (aim: at least 3)")
    with beside(serve, 0.05) as port:
        few, many = ([apart(our_polls, port, SOURCES // 2, places) for _ in range(ROUNDS)] for places in (20, 400))
    print(f"  at 400 in flight {_ratio(many, few):.2f} of that at 20 (aim: at most 1.15)")
    with tempfile.TemporaryDirectory(prefix="newsvane-bench-") as folder:
        authority, certificate = _certificates(Path(folder))
        with beside(serve) as port, beside(serve, 0.0, certificate) as secure:
            clear = apart(our_requests, f"http://127.0.0.1:{port}/quiet/feed", SOURCES // 4, None)
            tls = apart(our_requests, f"https://127.0.0.1:{secure}/quiet/feed", SOURCES // 4, authority)
    print(f"  our request alone {clear * 1000:.2f} ms, over TLS {tls * 1000:.2f} ms, each with a new handshake")


def _line(name: str, costs: list[float]) -> None:
    print(f"  {name:<26} {statistics.median(costs) * 1000:6.2f} ms")


def _ratio(over: list[float], under: list[float]) -> float:
    """The median of the rounds' ratios: what else the machine did fell on both."""
    return statistics.median(a / b for a, b in zip(over, under, strict=True))


def our_polls(port: int, count: int, at_once: int) -> float:
    """Seconds of CPU a poll."""
    return loop.run(_our_polls(port, count, at_once))


async def _our_polls(port: int, count: int, at_once: int) -> float:
    async with monitoring(poll_concurrency=at_once) as app:
        await watch(app, [f"http://{address(number)}:{port}/quiet/feed" for number in range(count)])
        await pretend_polled(app)
        started = cpu()
        await all_due(app)
        spent = cpu() - started
        assert app.polls.done == count
        async with app.db.read() as session:
            outcomes = (await session.execute(text("SELECT outcome, count(*) FROM polls GROUP BY 1"))).all()
            assert [tuple(row) for row in outcomes] == [("unchanged", count)], outcomes
    return spent / count


async def all_due(app: App) -> None:
    app.polls.kick()
    await app.polls.idle()


@asynccontextmanager
async def monitoring(watched: str = "{}", **settings: Any) -> AsyncIterator[App]:
    """The daemon's application on an empty database, its log thrown away as it is written. ``watched``: YAML."""
    with tempfile.TemporaryDirectory(prefix="newsvane-bench-") as folder, _nowhere() as nowhere:
        watchlist = Path(folder) / "watch.yaml"
        watchlist.write_text(watched)
        sys.stderr = nowhere
        configure("json", "info")
        try:
            chosen = Settings(
                database_url=SecretStr(f"sqlite:///{folder}/newsvane.db"),
                watchlist=watchlist,
                allowed_networks=("127.0.0.0/8",),
                **settings,
            )
            async with open_app(chosen, first_poll_spread=timedelta()) as app:
                yield app
        finally:
            sys.stderr = sys.__stderr__


def _nowhere() -> TextIO:
    return Path(os.devnull).open("w")


async def watch(app: App, urls: list[str]) -> None:
    plain = defaults(SourceRow) | {"created_at": now(), "next_poll_at": now()}
    async with app.db.write() as session:
        await session.execute(insert(table_of(SourceRow)), [plain | {"url": url} for url in urls])


async def pretend_polled(app: App) -> None:
    """As after a first poll: validators, the hashes of thirty items and when those came out."""
    moments = [int(now().timestamp()) - 1000 * number for number in range(30)]
    polled = (
        "UPDATE sources SET etag = '\"0\"', body_hash = 'x', baseline_at = created_at, item_hashes = :h, moments = :m"
    )
    async with app.db.write() as session:
        await session.execute(text(polled), {"h": os.urandom(16 * 30), "m": str(moments)})


def plain_requests(port: int, count: int, at_once: int) -> float:
    return asyncio.run(_plain_requests(port, count, at_once))


async def _plain_requests(port: int, count: int, at_once: int) -> float:
    limits = httpx.Limits(max_connections=at_once, max_keepalive_connections=0)
    async with httpx.AsyncClient(limits=limits, timeout=30, headers={"If-None-Match": '"0"'}) as client:
        numbers = iter(range(count))

        async def visit() -> None:
            for number in numbers:
                answer = await client.get(f"http://{address(number)}:{port}/quiet/feed")
                assert answer.status_code == 304

        started = cpu()
        await asyncio.gather(*(visit() for _ in range(at_once)))
        return (cpu() - started) / count


def _certificates(folder: Path) -> tuple[str, str]:
    """Files: an authority's certificate, and a key with the certificate of 127.0.0.1 signed by it."""
    authority = trustme.CA()
    files = folder / "authority.pem", folder / "server.pem"
    authority.cert_pem.write_to_path(str(files[0]))
    authority.issue_cert("127.0.0.1").private_key_and_cert_chain_pem.write_to_path(str(files[1]))
    return str(files[0]), str(files[1])


def our_requests(url: str, count: int, authority: str | None) -> float:
    return loop.run(_our_requests(url, count, authority))


async def _our_requests(url: str, count: int, authority: str | None) -> float:
    verify = ssl.create_default_context(cafile=authority) if authority else None
    guard, hosts = AddressGuard(["127.0.0.0/8"]), HostLimits(0, AT_ONCE)
    async with WebClient(user_agent="bench", guard=guard, hosts=hosts, verify=verify) as web:
        numbers = iter(range(count))

        async def visit() -> None:
            for _ in numbers:
                await web.fetch(url, validators=Validators('"0"'), now=now())

        started = cpu()
        await asyncio.gather(*(visit() for _ in range(AT_ONCE)))
        return (cpu() - started) / count


def reader_updates(port: int, count: int) -> float:
    """Its second update of feeds that have not changed since the first."""
    with tempfile.TemporaryDirectory(prefix="newsvane-bench-") as folder, open_reader(folder) as reader:
        for number in range(count):
            reader.add_feed(f"http://{address(number)}:{port}/quiet/feed")
        reader.update_feeds(scheduled=False)
        started = cpu()
        reader.update_feeds(scheduled=False)
        return (cpu() - started) / count


def open_reader(folder: str) -> Any:
    """A context manager. reader brings a feedparser of its own that looks for this module under its old name."""
    sys.modules.setdefault("sgmllib", importlib.import_module("feedparser_sgmllib"))
    return importlib.import_module("reader").make_reader(f"{folder}/reader.sqlite")


if __name__ == "__main__":
    main()
