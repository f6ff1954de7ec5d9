"""Following along: new mentions and alerts as they happen, without a gap or a repeat."""

import asyncio
import gc
import json
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import httpx
import pytest
from sqlalchemy import delete, text
from sqlmodel import col

from service.store import events
from service.store.engine import Database
from service.store.events import KEPT
from service.store.tables import EventRow
from tests.web.serving import Site, open_site

EVENTS = "/api/v1/events"


@dataclass(frozen=True)
class Told:
    id: int
    kind: str
    data: dict[str, Any]

    @property
    def title(self) -> str:
        return str(self.data["title"])


def read(text: str) -> tuple[list[Told], str]:
    """(The events of a stream, the id to go on behind), as a browser reads them."""
    found, last = [], ""
    for block in text.split("\n\n"):
        fields = dict(line.split(": ", 1) for line in block.splitlines() if not line.startswith(":"))
        last = fields.get("id", last)
        if "data" in fields:
            found.append(Told(int(last), fields["event"], json.loads(fields["data"])))
    return found, last


async def happened(site: Site, last: str | None = "0", **asked: str) -> list[Told]:
    """All that there is behind an event, without waiting for more."""
    headers = {"Last-Event-ID": last} if last is not None else {}
    answer = await site.get(EVENTS, params={"wait": "false", **asked}, headers=headers)
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"].startswith("text/event-stream")
    return read(answer.text)[0]


@asynccontextmanager
async def following(site: Site, **headers: str) -> AsyncIterator[AsyncIterator[str]]:
    async with site.client.stream("GET", EVENTS, headers=headers) as answer:
        yield answer.aiter_lines()


async def news(site: Site, *titles: str) -> None:
    for title in titles:
        await site.desk.publish(title, f"HPE did it: {title}.", names={"HPE": ["HPE"]})


async def test_mentions_and_alerts_come_in_their_order_as_listings_tell_them(site: Site) -> None:
    await site.desk.add_channel("desk", url="https://hooks.example.org/in")
    saved = await site.desk.publish("HPE and Oracle", "HPE met Oracle.", names={"HPE": ["HPE"], "Oracle": ["Oracle"]})
    await site.desk.alert("everything", saved, "desk")
    told = await happened(site)
    assert [(event.kind, event.data.get("entity")) for event in told] == [
        ("mention", "HPE"),
        ("mention", "Oracle"),
        ("alert", None),
    ]
    assert told[2].data == (await site.get("/api/v1/alerts")).json()["items"][0]
    assert told[0].data in (await site.get("/api/v1/mentions")).json()["items"]


async def test_who_comes_again_misses_nothing_and_gets_nothing_twice_over_a_restart(site: Site) -> None:
    await news(site, "one", "two", "three")
    first = await happened(site)
    async with open_site(site.db) as restarted:
        assert [event.title for event in await happened(restarted, str(first[0].id))] == ["two", "three"]
        assert await happened(restarted, str(first[2].id)) == []
        await news(site, "four")
        assert [event.title for event in await happened(restarted, str(first[2].id))] == ["four"]


async def test_without_an_id_only_what_is_new_is_told(site: Site) -> None:
    await news(site, "one")
    assert await happened(site, None) == []


async def test_filters(site: Site) -> None:
    await news(site, "HPE talks", "HPE wins")
    await site.desk.publish("Oracle talks", "Oracle talks.", names={"Oracle": ["Oracle"]})
    assert [event.title for event in await happened(site, entity="HPE")] == ["HPE talks", "HPE wins"]
    assert [event.title for event in await happened(site, q="title:talks")] == ["HPE talks", "Oracle talks"]
    assert [event.title for event in await happened(site, q="talks", entity="Oracle")] == ["Oracle talks"]


async def test_a_stream_tells_what_another_daemon_finds(site: Site) -> None:
    async with open_site(site.db) as other, following(site) as lines:
        assert await anext(lines) == "retry: 2000"
        await news(other, "from over there")
        async with asyncio.timeout(30):
            async for line in lines:
                if line.startswith("data: "):
                    break
        assert json.loads(line[6:])["title"] == "from over there"


async def test_what_is_forgotten_is_said(site: Site) -> None:
    await news(site, "one", "two")
    site.desk.time += KEPT + timedelta(minutes=1)
    await news(site, "three")
    assert await events.forget_old(site.db, now=site.desk.time) == 2
    gap, three = await happened(site, "0")
    assert (gap.kind, "kept for 7 days" in gap.data["reason"], three.title) == ("gap", True, "three")
    (gap,) = await happened(site, "4711")
    assert "this database knows no such event" in gap.data["reason"]


async def test_the_newest_is_never_forgotten_so_that_numbers_only_grow(site: Site) -> None:
    await news(site, "one")
    (before,) = await happened(site)
    assert await events.forget_old(site.db, now=site.desk.time + 10 * KEPT) == 0
    await news(site, "two")
    assert (await happened(site))[-1].id > before.id


async def test_a_database_that_is_an_earlier_state_of_itself_gives_no_number_twice(db: Database) -> None:
    """Of three events two are not in the backup. Who has seen all three comes again when there are three once more."""
    async with open_site(db) as site:
        await news(site, "one", "two", "three")
        *_, third = await happened(site)
        async with db.write() as session:
            await session.execute(delete(EventRow).where(col(EventRow.id) > 1))
        if not db.is_sqlite:
            async with db.write() as session:  # the sequence is a part of the backup
                await session.execute(text("SELECT setval(pg_get_serial_sequence('events', 'id'), 1)"))
        await events.begin_anew(db, now=site.desk.time)
        await news(site, "four", "five", "six")
        assert [one.title for one in await happened(site, str(third.id))] == ["four", "five", "six"]


async def test_numbers_are_given_in_the_order_of_commits(db: Database) -> None:
    """The first to note an event is the last to commit; whoever reads meanwhile must not pass it over."""
    async with open_site(db) as site:
        begun, go_on = asyncio.Event(), asyncio.Event()

        async def slow() -> None:
            async with db.write() as session:
                events.note(session, mention=1, now=site.desk.time)
                begun.set()
                await go_on.wait()

        task = asyncio.create_task(slow())
        await begun.wait()
        if not db.is_sqlite:  # which has one writer at a time
            async with db.write() as session:
                events.note(session, mention=2, now=site.desk.time)
            async with db.read() as session:
                assert [event.mention for event in await events.after(session, 0, most=9)] == [2]
        go_on.set()
        await task
        async with db.read() as session:
            found = await events.after(session, 0, most=9)
        assert [event.mention for event in found] == ([1] if db.is_sqlite else [2, 1])


async def test_a_transaction_that_fails_tells_nothing(db: Database) -> None:
    async with open_site(db) as site:

        async def breaks() -> None:
            async with db.write() as session:
                events.note(session, mention=1, now=site.desk.time)
                raise RuntimeError("broken")

        with pytest.raises(RuntimeError, match="broken"):
            await breaks()
        async with db.read() as session:
            assert await events.newest(session) == 0


async def test_streams_are_bounded_and_end_with_the_daemon(site: Site) -> None:
    async with open_site(site.db) as small, httpx.AsyncClient(base_url=small.client.base_url) as client:
        small.running.most_streams = 1
        async with client.stream("GET", EVENTS) as open_one:
            lines = open_one.aiter_lines()
            assert await anext(lines) == "retry: 2000"
            refused = await small.get(EVENTS)
            assert (refused.status_code, refused.headers["retry-after"]) == (429, "30")
            await small.running.stop()
            async with asyncio.timeout(10):
                assert [line async for line in lines][-1] == ""


async def test_a_hundred_readers_at_once_all_hear_of_it(site: Site) -> None:
    limits = httpx.Limits(max_connections=None)
    async with httpx.AsyncClient(base_url=site.client.base_url, trust_env=False, timeout=60, limits=limits) as client:
        heard = asyncio.Semaphore(0)

        async def read_one() -> str:
            async with client.stream("GET", EVENTS) as answer:
                async for line in answer.aiter_lines():
                    if line == "retry: 2000":
                        heard.release()
                    if line.startswith("data: "):
                        return str(json.loads(line[6:])["title"])
            return "nothing"

        readers = [asyncio.create_task(read_one()) for _ in range(100)]
        async with asyncio.timeout(60):
            for _ in readers:
                await heard.acquire()
            await news(site, "for all")
            assert set(await asyncio.gather(*readers)) == {"for all"}


async def test_who_hangs_up_gives_the_place_back_at_once(site: Site) -> None:
    """Not when garbage is collected."""
    gc.collect()
    gc.disable()
    try:
        async with asyncio.timeout(60):
            for number in range(8):
                client = httpx.AsyncClient(base_url=site.client.base_url, trust_env=False)
                async with client, client.stream("GET", EVENTS) as answer:
                    assert await anext(answer.aiter_lines()) == "retry: 2000"
                    if number % 2:
                        await news(site, f"news {number}")
                while site.running.streams:  # noqa: ASYNC110 - nobody tells
                    await asyncio.sleep(0.01)
    finally:
        gc.enable()


async def test_who_takes_nothing_is_let_go(site: Site) -> None:
    """More is to be told than the system's own buffers hold."""
    site.running.patience = 0.5
    saved = await site.desk.publish(names={"HPE": ["HPE"]}, snippet="x" * 20_000)
    async with site.db.write() as session:
        for _ in range(400):
            events.note(session, mention=saved.mentions[0]["id"], now=site.desk.time)
    host, port = site.client.base_url.host, site.client.base_url.port
    with socket.socket() as asleep:
        asleep.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        asleep.connect((host, port))
        asleep.send(f"GET {EVENTS} HTTP/1.1\r\nHost: {host}\r\nLast-Event-ID: 0\r\n\r\n".encode())
        for wanted in (1, 0):
            for _ in range(1200):
                if site.running.streams == wanted:
                    break
                await asyncio.sleep(0.05)
            assert site.running.streams == wanted


@pytest.mark.parametrize(
    ("path", "headers"),
    [
        (f"{EVENTS}?q=HPE+or+X", {}),
        (f"{EVENTS}?entitty=HPE", {}),
        (EVENTS, {"Last-Event-ID": "-1"}),
        (EVENTS, {"Last-Event-ID": "99999999999999999999"}),
        (EVENTS, {"Last-Event-ID": "x"}),
    ],
)
async def test_what_cannot_be_followed(site: Site, path: str, headers: dict[str, str]) -> None:
    assert (await site.get(path, headers=headers)).status_code == 400
