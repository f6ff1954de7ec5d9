"""Long work in the browser: begun, left, come back to; what became of it; who may have a backup."""

import asyncio
import re
import sqlite3
from contextlib import closing
from datetime import timedelta
from pathlib import Path

from service.domain.access import Scope
from service.passwords import hash_password
from service.search import watch_list
from service.store import access, jobs, watchlist
from tests.web.html import check
from tests.web.serving import Site


def opml(number: int) -> bytes:
    lines = "".join(
        f'<outline type="rss" text="S{one}" xmlUrl="https://s{one}.example.org/f"/>' for one in range(number)
    )
    return f'<opml version="2.0"><body>{lines}</body></opml>'.encode()


async def upload(site: Site, body: bytes) -> str:
    answer = await site.client.post("/sources/import", files={"file": ("list.opml", body)})
    return str(answer.headers["location"]) if answer.is_redirect else answer.text


async def until_over(site: Site) -> str:
    for _ in range(500):
        answer = await site.get("/jobs")
        if "refresh" not in answer.headers:
            return answer.text
        await asyncio.sleep(0.02)
    raise AssertionError("it works for ever")


class TestImport:
    async def test_a_long_list_is_left_and_come_back_to(self, site: Site) -> None:
        where = await upload(site, opml(1203))
        assert where == "/jobs?done=begun"
        begun = await site.get(where)
        assert begun.headers["refresh"] == "3; url=/jobs"
        check(begun.text)
        page = check(await until_over(site))
        assert "1,203 of 1,203 sources 1,203 added, 0 changed" in page.text
        assert len(await watch_list(site.db, "sources")) == 1203
        await upload(site, opml(1204))
        assert "1,204 of 1,204 sources 1 added, 0 changed" in check(await until_over(site)).text

    async def test_a_short_one_is_waited_for(self, site: Site) -> None:
        page = check(await upload(site, opml(2)))
        assert "2 sources added, 0 changed, 0 known before, of 2." in page.text
        assert "2 of 2 sources" in check(await site.page("/jobs")).text

    async def test_one_that_was_interrupted_says_so_and_the_rest_is_added(self, site: Site) -> None:
        await upload(site, opml(3000))
        for _ in range(500):
            if await watch_list(site.db, "sources"):
                break
            await asyncio.sleep(0.01)
        await site.running.stop()
        page = check(await site.page("/jobs"))
        there = len(await watch_list(site.db, "sources"))
        assert 0 < there < 3000, "it was in the middle"
        assert "stopped" in page.text
        told = re.search(r"([\d,]+) of 3,000 sources", page.text)
        assert told is not None
        assert int(told[1].replace(",", "")) == there
        async with site.db.write() as session:
            await watchlist.remove(session, "source", ["https://s0.example.org/f"])
        (go_on,) = [form["action"] for form in page.all("form") if form.get("action", "").endswith("/go-on")]
        await site.act(go_on)
        assert "3,000 of 3,000 sources 3,000 added, 0 changed" in check(await until_over(site)).text
        assert len(await watch_list(site.db, "sources")) == 2999, "what was done is not done again"
        again = await site.send(go_on)
        assert (again.status_code, "there is nothing to go on with" in again.text) == (409, True)

    async def test_one_whose_daemon_was_killed_is_not_said_to_work_for_ever(self, site: Site) -> None:
        async with site.db.write() as session:
            await jobs.begin(session, "import", {}, by="ana", now=site.desk.now())
        assert "working" in check(await site.page("/jobs")).text
        site.desk.time += timedelta(minutes=3)
        assert "stopped" in check(await site.page("/jobs")).text


class TestBackup:
    async def test_it_is_taken_and_can_be_had(self, site: Site, tmp_path: Path) -> None:
        await site.desk.publish("HPE wins", names={"HPE": ["HPE"]})
        assert (await site.send("/jobs/backup")).headers["location"] == "/jobs?done=begun"
        page = check(await until_over(site))
        (file,) = [link["href"] for link in page.all("a") if "download" in link]
        answer = await site.get(file)
        assert answer.headers["content-disposition"].startswith("attachment")
        copy = tmp_path / "copy.db"
        await asyncio.to_thread(copy.write_bytes, answer.content)
        with closing(sqlite3.connect(copy)) as opened:
            assert opened.execute("SELECT title FROM articles").fetchall() == [("HPE wins",)]

    async def test_one_that_fails_says_why(self, site: Site) -> None:
        assert site.db.file is not None
        (site.db.file.parent / "backups").write_text("a file in its place")
        await site.send("/jobs/backup")
        page = check(await until_over(site))
        assert "failed" in page.text
        assert not [link for link in page.all("a") if "download" in link]
        assert "NEWSVANE_BACKUPS" in page.text, "the folder that is in question"

    async def test_only_who_may_see_secrets_may_have_one(self, site: Site) -> None:
        await site.send("/jobs/backup")
        (file,) = [link["href"] for link in check(await until_over(site)).all("a") if "download" in link]
        async with site.db.write() as session:
            hashed = hash_password("four words make it")
            await access.put_user(session, name="ben", password=hashed, scope=Scope.WRITE, now=site.desk.time)
        site.desk.time += timedelta(seconds=10)
        await site.client.post("/sign-in", data={"name": "ben", "password": "four words make it"})
        page = check(await site.page("/jobs"))
        assert "Take a backup" not in page.text
        assert not [link for link in page.all("a") if "download" in link]
        assert (await site.get(file)).status_code == 403
        assert (await site.send("/jobs/backup")).status_code == 403

    async def test_one_at_a_time_and_ended_by_who_may(self, site: Site) -> None:
        async with site.db.write() as session:
            await jobs.begin(session, "backup", {}, by="ana", now=site.desk.now())
        assert (await site.send("/jobs/backup")).status_code == 409
        page = check(await site.page("/jobs"))
        (cancel,) = [form["action"] for form in page.all("form") if form.get("action", "").endswith("/cancel")]
        assert "cancelled" in check(await site.act(cancel)).text
        assert (await site.send(cancel)).status_code == 409
        assert (await site.send("/jobs/other/77/cancel")).status_code == 404
