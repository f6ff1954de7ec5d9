"""``newsvane run`` as a process of its own, over the sample world that the test serves."""

import asyncio
import contextlib
import json
import os
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psycopg
import yaml
from sqlalchemy.engine import URL

from service.demo.receivers import MailReceiver, WebhookReceiver
from service.demo.server import WorldServer
from service.demo.show import demo_watchlist
from service.store.engine import normalise_url
from tests.e2e.nursery import Nursery

__all__ = ["Daemon", "Scene", "environment", "scene", "until"]

SECRET = "whsec_bmV3c3ZhbmUtZGVtbw=="
ROOT = Path(__file__).resolve().parents[2]
LONGEST_SECONDS = 90
"""Ends a hang; no machine should ever need it."""
_LONG_AGO = datetime(2026, 1, 1, tzinfo=UTC)


async def until(holds: Callable[[], Any], what: str, *, seconds: float = LONGEST_SECONDS) -> None:
    """Wait until it holds; fails after ``seconds`` with what was waited for."""
    end = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < end, f"after {seconds:g} s still not: {what}"
        await asyncio.sleep(0.05)


def environment(folder: Path, **settings: str) -> dict[str, str]:
    """The daemon's environment: a database in ``folder``, loopback allowed, quick polls, any free port."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("NEWSVANE_")}
    ours = {
        "DATABASE_URL": f"sqlite:///{folder / 'news.db'}",
        "WATCHLIST": str(folder / "watchlist.yaml"),
        "ALLOWED_NETWORKS": "127.0.0.0/8",
        "ALLOWED_ALERT_NETWORKS": "127.0.0.0/8",
        "HOST_SPACING": "0",
        "EMAIL_FROM": "Newsvane <newsvane@example.org>",
        "FIRST_POLL_SPREAD": "0s",
        "MIN_POLL_INTERVAL": "1s",
        "POLL_INTERVAL": "1s",
        "LISTEN": "127.0.0.1:0",
        "LOG_FORMAT": "json",
        "WORKERS": "1",
    } | settings
    kept["PYTHONPATH"] = str(ROOT)  # this checkout's program, wherever the installed one lies
    return kept | {f"NEWSVANE_{name}": value for name, value in ours.items()}


class Daemon:
    """A running ``newsvane run``. Its whole session of processes ends with it. ``nursery``: begins it sooner."""

    def __init__(self, folder: Path, variables: dict[str, str], log: Path, nursery: Nursery | None = None) -> None:
        self.log = log
        log.touch()
        self.process: Any
        if nursery is not None:
            self.process = nursery.start(folder, variables, log)
            return
        with log.open("ab") as err:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "service", "run"],
                cwd=folder,
                env=variables,
                stdin=subprocess.DEVNULL,
                stdout=err,
                stderr=err,
                start_new_session=True,
            )

    @property
    def running(self) -> bool:
        return self.process.poll() is None

    def lines(self, event: str) -> list[dict[str, Any]]:
        """What it logged under this name."""
        logged = [json.loads(line) for line in self.log.read_text("utf-8").splitlines() if line.startswith("{")]
        return [line for line in logged if line["event"] == event]

    async def started(self) -> None:
        await until(lambda: self.lines("running") or not self.running, "the daemon is running")
        assert self.running, self.log.read_text("utf-8")

    async def stop(self) -> int:
        """Ask it to end (SIGTERM); its exit status."""
        self.process.terminate()
        return await asyncio.to_thread(self.process.wait, LONGEST_SECONDS)

    async def kill(self) -> list[int]:
        """End it without warning, and wait for what it started to notice. Those that did not: none, one hopes."""
        self.process.kill()
        await asyncio.to_thread(self.process.wait, LONGEST_SECONDS)
        with contextlib.suppress(AssertionError):
            await until(lambda: not list(_session(self.process.pid)), "its processes are gone", seconds=20)
        return list(_session(self.process.pid))

    def end(self) -> None:
        """Whatever is left of it."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait(LONGEST_SECONDS)


def _session(leader: int) -> Iterator[int]:
    """The living processes of a session (proc(5): state is field 3, session field 6, after the name in brackets)."""
    for entry in Path("/proc").iterdir():
        if entry.name.isdecimal():
            with contextlib.suppress(OSError):
                state, _, _, session = entry.joinpath("stat").read_text().rpartition(")")[2].split()[:4]
                if int(session) == leader and state not in "ZX":
                    yield int(entry.name)


@dataclass
class Scene:
    """The sample world, the receivers and one database, over which daemons may run one after the other."""

    folder: Path
    url: URL
    world: WorldServer
    hook: WebhookReceiver
    mail: MailReceiver
    settings: dict[str, str]
    daemons: list[Daemon]
    nursery: Nursery | None = None

    def start(self) -> Daemon:
        address = self.url.render_as_string(hide_password=False)
        settings = {"DATABASE_URL": address, "SMTP_URL": f"{self.mail.url}?starttls=never"} | self.settings
        variables = environment(self.folder, **settings)
        daemon = Daemon(self.folder, variables, self.folder / f"log-{len(self.daemons)}", self.nursery)
        self.daemons.append(daemon)
        return daemon

    @property
    def is_sqlite(self) -> bool:
        return self.url.get_backend_name() == "sqlite"

    def sql(self, statement: str, *values: object) -> list[Any]:
        """Rows of the database, read beside the daemon; none before its tables are there. Times are given aware."""
        if not self.is_sqlite:
            return self._postgres(statement, values)
        file = Path(self.url.database or "")
        if not file.exists():
            return []
        told = [value.replace(tzinfo=None).isoformat(" ") if isinstance(value, datetime) else value for value in values]
        with contextlib.closing(sqlite3.connect(file, timeout=30)) as database:
            if not database.execute("SELECT 1 FROM sqlite_master WHERE name = 'deliveries'").fetchall():
                return []
            with database:
                return database.execute(statement, told).fetchall()

    def _postgres(self, statement: str, values: tuple[object, ...]) -> list[Any]:
        address = self.url.set(drivername="postgresql").render_as_string(hide_password=False)
        with psycopg.connect(address) as database:
            if database.execute("SELECT to_regclass('deliveries')").fetchone() == (None,):
                return []
            found = database.execute(statement.replace("?", "%s").encode(), values)
            return found.fetchall() if found.description else []

    def leases_end(self) -> None:
        """Time passes until what the dead had claimed is free again. On SQLite the next daemon frees it at once."""
        if not self.is_sqlite:
            for table in ("sources", "articles", "deliveries", "batches", "rhythms"):
                self.sql(f"UPDATE {table} SET lease_until = ? WHERE lease_token IS NOT NULL", _LONG_AGO)  # noqa: S608

    @property
    def requests(self) -> int:
        """How many requests the world has answered so far."""
        return len(self.world.requests)

    @property
    def received(self) -> int:
        """How many messages the receivers have got so far."""
        return len(self.hook.records) + len(self.mail.records)

    def settled(self, since: datetime) -> bool:
        """Every source that works was visited after this moment, and nothing that it brought is left to do."""
        [(sources, waiting, due, unsent)] = self.sql(
            "SELECT (SELECT count(*) FROM sources),"
            " (SELECT count(*) FROM sources WHERE last_polled_at IS NULL OR (failures = 0 AND last_polled_at < ?)),"
            " (SELECT count(*) FROM articles WHERE state = 'due'),"
            " (SELECT count(*) FROM deliveries WHERE status IN ('pending', 'retrying'))",
            since,
        ) or [(0, 0, 0, 0)]
        return bool(sources) and not (waiting or due or unsent)

    async def done(self, since: datetime) -> None:
        await until(lambda: self.settled(since), "all is polled, read and sent")


@asynccontextmanager
async def scene(
    folder: Path, opened_at: datetime, *, url: URL | None = None, nursery: Nursery | None = None, **settings: str
) -> AsyncIterator[Scene]:
    """Ends with every daemon gone. ``url``: an empty database of the caller's; else a file in ``folder``."""
    async with AsyncExitStack() as stack:
        world = await stack.enter_async_context(WorldServer(opened_at))
        hook = await stack.enter_async_context(WebhookReceiver(SECRET))
        mail = await stack.enter_async_context(MailReceiver())
        watchlist = yaml.safe_load(demo_watchlist(world, hook))
        for source in watchlist["sources"]:
            source["interval"] = "1s"  # beats what a feed asks for
        (folder / "watchlist.yaml").write_text(yaml.safe_dump(watchlist), encoding="utf-8")
        url = url or normalise_url(f"sqlite:///{folder / 'news.db'}")
        made = Scene(folder, url, world, hook, mail, settings, [], nursery)
        try:
            yield made
        finally:
            for daemon in made.daemons:
                daemon.end()
