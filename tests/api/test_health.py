"""Alive, and able to work: two questions with two answers."""

import httpx
import pytest
from sqlalchemy import text

from scrapers.workers import ParserPool
from service.counters import Counters
from service.dispatch import Pulse, Works
from service.web.app import create_app
from tests.web.serving import Site, on_loopback


async def test_a_process_over_a_current_database_is_alive_and_ready(site: Site) -> None:
    assert (await site.get("/healthz")).json() == {"status": "alive"}
    ready = await site.get("/readyz")
    assert ready.status_code == 200
    assert ready.json()["status"] == "ready"


async def test_an_older_schema_is_not_ready_and_says_what_to_do(site: Site) -> None:
    async with site.db.write() as session:
        await session.execute(text("UPDATE alembic_version SET version_num = '0000'"))
    answer = await site.get("/readyz")
    assert answer.status_code == 503
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["detail"].endswith(": run newsvane migrate")
    assert (await site.get("/healthz")).status_code == 200


async def test_a_newer_schema_asks_for_a_newer_program(site: Site) -> None:
    async with site.db.write() as session:
        await session.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    answer = await site.get("/readyz")
    assert answer.status_code == 503
    assert answer.json()["detail"].endswith(": update newsvane")


async def test_a_database_that_is_gone_is_not_made_anew(site: Site) -> None:
    file = site.db.file
    if file is None:
        pytest.skip("a server's database is not a file")
    file.unlink()
    answer = await site.get("/readyz")
    assert answer.status_code == 503
    assert "the database file is gone" in answer.json()["detail"]
    assert not file.exists()


class TestTicks:
    """Work that stands still is not ready, and the reason is told."""

    async def asked(self, site: Site, ticks: int, silent: float) -> httpx.Response:
        """After so many ticks, and so many seconds without one."""
        seconds = [0.0]
        pulse = Pulse([], lambda: seconds[0])
        for _ in range(ticks):
            pulse.beat()
        seconds[0] += silent
        works = Works([], pulse, ParserPool(1), Counters(), watchdog=True)
        app = create_app(site.db, listen="127.0.0.1:8780", now=site.desk.now, works=works)
        async with on_loopback(app) as port, httpx.AsyncClient(trust_env=False) as client:
            return await client.get(f"http://127.0.0.1:{port}/readyz")

    async def test_ticks_that_run_are_told_with_their_age(self, site: Site) -> None:
        answer = await self.asked(site, ticks=3, silent=1.04)
        assert answer.status_code == 200
        assert answer.json() | {"schema_version": ""} == {
            "status": "ready",
            "schema_version": "",
            "last_tick_seconds": 1.0,
            "watchdog": "systemd",
        }

    @pytest.mark.parametrize("ticks", [0, 3])
    async def test_without_ticks_for_a_minute_it_is_not_ready(self, site: Site, ticks: int) -> None:
        answer = await self.asked(site, ticks=ticks, silent=61)
        assert answer.status_code == 503
        assert answer.json()["detail"] == "no work is done (no tick for 61 s): see the log, then restart"
