"""Receivers that fail in every way they know: what can arrive arrives once, by its id; the rest is a dead letter that
says why. Real servers, and the lane as the daemon runs it, at a time that the test sets."""

import asyncio
import json
import socket
import ssl
import struct
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import timedelta
from pathlib import Path

import pytest
import trustme

from scrapers.guard import AddressGuard
from scrapers.hosts import HostLimits
from scrapers.http import WebClient
from service.bootstrap import Settings, delivery_lane
from service.domain.alerting import AlertDraft
from service.domain.model import ChannelSpec
from service.notify import Channel
from service.notify.config import webhook_config
from service.notify.email import EmailChannel
from service.notify.smtp_url import SmtpSettings
from service.notify.webhook import WebhookChannel
from service.store import alerts, watchlist
from service.store.engine import Database
from service.store.watchlist import Changes
from tests.notify.smtp_sink import SmtpSink, running
from tests.store.steps import NOW, counted_ids, rows

GENEROUS = 60
ALERTS = 4


class Hook:
    """A receiver that treats its first ``bad`` requests badly, in the given way, and takes the others.

    ``seen``: the id of every request that came in whole; ``taken``: of those that it answered with 200.
    """

    def __init__(self, way: str, bad: int) -> None:
        self.way, self.bad, self.requests = way, bad, 0
        self.seen: list[str] = []
        self.taken: list[str] = []
        self.over = asyncio.Event()

    async def speak(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").lower()
            fields = dict(line.split(": ", 1) for line in head.split("\r\n")[1:] if ": " in line)
            body = await reader.readexactly(int(fields["content-length"]))
            assert json.loads(body)["type"] == "alert.created"
            self.seen.append(fields["webhook-id"])
            self.requests += 1
            if self.requests <= self.bad:
                await self._fail(writer)
            else:
                self.taken.append(fields["webhook-id"])
                writer.write(b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\nconnection: close\r\n\r\nok")
                await writer.drain()
        except (ConnectionError, asyncio.IncompleteReadError):
            pass
        finally:
            writer.close()

    async def _fail(self, writer: asyncio.StreamWriter) -> None:
        match self.way:
            case "reset":  # a RST instead of an answer
                sock = writer.get_extra_info("socket")
                sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                writer.transport.abort()
            case "half an answer":
                writer.write(b"HTTP/1.1 200 O")
            case "silence":
                await self.over.wait()
            case "endless headers":
                writer.write(b"HTTP/1.1 200 OK\r\n")
                while not self.over.is_set():
                    writer.write(b"x-more: " + b"y" * 1000 + b"\r\n")
                    await writer.drain()
            case "endless answer":
                # The status says that it took it, whatever comes behind.
                self.taken.append(self.seen[-1])
                writer.write(b"HTTP/1.1 200 OK\r\ncontent-type: text/plain\r\n\r\n")
                while not self.over.is_set():
                    writer.write(b"z" * 5000)
                    await writer.drain()
            case answer:
                writer.write(f"HTTP/1.1 {answer}\r\ncontent-length: 0\r\nconnection: close\r\n\r\n".encode())
                await writer.drain()


@asynccontextmanager
async def listening(hook: Hook, tls: ssl.SSLContext | None = None) -> AsyncIterator[str]:
    server = await asyncio.start_server(hook.speak, "127.0.0.1", 0, ssl=tls)
    try:
        yield f"http{'s' if tls else ''}://127.0.0.1:{server.sockets[0].getsockname()[1]}/hook"
    finally:
        hook.over.set()
        server.close()
        await server.wait_closed()


class World:
    """The lane over a database, and a clock that moves on whenever nothing is due."""

    def __init__(self, db: Database, poster: WebClient) -> None:
        self.db, self.poster, self.now = db, poster, NOW
        self.smtp: dict[str, SmtpSettings] = {}

    def open_channel(self, spec: ChannelSpec) -> Channel:
        if spec.name in self.smtp:
            return EmailChannel(
                self.smtp[spec.name], sender="vane@example.org", recipients=["ann@example.org"], deadline=5
            )
        return WebhookChannel(webhook_config(spec, {}), poster=self.poster, deadline=0.5)

    async def run(self, *specs: ChannelSpec, count: int = ALERTS) -> None:
        """Raise ``count`` alerts over all channels, and go on until every delivery has ended."""
        new_id = counted_ids()
        async with self.db.write() as session:
            for spec in specs:
                await watchlist.put_channel(session, spec, Changes(), now=NOW)
            for number in range(count):
                draft = AlertDraft(
                    *("rule", "mention", tuple(spec.name for spec in specs), f"key {number}", "T", "", "why", ("HPE",)),
                    story=None,
                    mentions=(),
                )
                await alerts.raise_alert(session, draft, [], now=NOW, new_id=new_id)
        settings = Settings(delivery_concurrency=20, channel_concurrency=2)
        lane = delivery_lane(settings, self.db, self.open_channel, lambda: self.now)
        for _ in range(60):
            lane.kick()
            async with asyncio.timeout(GENEROUS):
                await lane.idle()
            waiting = [row.next_attempt_at for row in await rows(self.db, "deliveries") if row.next_attempt_at]
            if not waiting:
                return
            self.now = max(self.now, min(waiting)) + timedelta(minutes=5)
        raise AssertionError("it never ended")


@pytest.fixture
async def world(db: Database) -> AsyncIterator[World]:
    guard = AddressGuard(["127.0.0.1/32"])
    async with WebClient(user_agent="newsvane-tests/1", guard=guard, hosts=HostLimits(0, 100)) as poster:
        yield World(db, poster)


async def test_webhooks_that_fail_for_a_while_get_everything_once(world: World) -> None:
    """Whatever the way of failing, the attempts are there, and each alert is taken under one id."""
    ways = (
        *("reset", "half an answer", "silence", "endless headers", "endless answer"),
        *("500 Oops", "404 Not Found", "429 Slow down\r\nretry-after: 7200", "503 Later\r\nretry-after: soon"),
    )
    hooks = {way: Hook(way, bad=5) for way in ways}
    async with AsyncExitStack() as stack:
        specs = [
            ChannelSpec(way[:15], "webhook", {"url": await stack.enter_async_context(listening(hook))})
            for way, hook in hooks.items()
        ]
        await world.run(*specs)
    deliveries = await rows(world.db, "deliveries")
    assert Counter(row.status for row in deliveries) == {"sent": ALERTS * len(ways)}
    for way, hook in hooks.items():
        sent = {row.message_id for row in deliveries if row.channel == way[:15]}
        assert Counter(hook.taken) == dict.fromkeys(sent, 1), way
        assert set(hook.seen) == sent, f"{way}: a second id for an alert"
    made = await rows(world.db, "attempts")
    assert Counter(attempt.outcome for attempt in made)["sent"] == ALERTS * len(ways)


@pytest.mark.parametrize(
    ("answer", "attempts", "why"),
    [
        # a receiver must not choose where a signed alert goes, least of all inwards
        ("302 Found\r\nlocation: http://169.254.169.254/latest/meta-data", 1, "redirects are not followed"),
        # it stays broken
        ("500 Oops", 10, "answered 500"),
    ],
)
async def test_what_cannot_arrive_is_a_dead_letter_with_the_reason(
    world: World, answer: str, attempts: int, why: str
) -> None:
    hook = Hook(answer, bad=1000)
    async with listening(hook) as url:
        await world.run(ChannelSpec("hook", "webhook", {"url": url}))
    deliveries = await rows(world.db, "deliveries")
    assert {row.status for row in deliveries} == {"dead"}
    assert {row.attempts for row in deliveries} == {attempts}
    assert all(why in row.last_error for row in deliveries)
    assert Counter(hook.seen) == dict.fromkeys((row.message_id for row in deliveries), attempts)


async def test_receivers_that_nobody_can_talk_to(world: World) -> None:
    """Nobody listens; a certificate of nobody's; TLS asked of a server that knows none; an inner address."""
    authority, tls = trustme.CA(), ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    authority.issue_cert("127.0.0.1").configure_cert(tls)
    with socket.create_server(("127.0.0.1", 0)) as closed:
        free = closed.getsockname()[1]
    unheard = Hook("500", 0)
    async with listening(unheard, tls) as untrusted, listening(unheard) as plain:
        await world.run(
            ChannelSpec("refused", "webhook", {"url": f"http://127.0.0.1:{free}/"}),
            ChannelSpec("untrusted", "webhook", {"url": untrusted}),
            ChannelSpec("no tls", "webhook", {"url": plain.replace("http:", "https:")}),
            ChannelSpec("inner", "webhook", {"url": "http://10.0.0.1/"}),
            count=1,
        )
    deliveries = await rows(world.db, "deliveries")
    assert {(row.channel, row.status) for row in deliveries} == {
        (name, "dead") for name in ("refused", "untrusted", "no tls", "inner")
    }
    assert all(row.last_error for row in deliveries)
    assert unheard.seen == []


async def test_mail_servers_that_fail(world: World, tmp_path: Path) -> None:
    """4xx for a while, 5xx, a connection that breaks after DATA, and nobody there."""
    later, never, broken = SmtpSink(data_answer="451 4.3.0 later"), SmtpSink(), SmtpSink(hang_up_after_data=True)
    never.refusals["ann@example.org"] = "550 5.1.1 unknown"

    def mend(sink: SmtpSink, after: int) -> None:
        """It works once that many mails came."""

        class Mails(list):  # type: ignore[type-arg]
            def append(self, mail: object) -> None:
                super().append(mail)
                if len(self) > after:
                    sink.data_answer, sink.hang_up_after_data = "250 taken", False

        sink.envelopes = Mails()

    mend(later, 5)
    mend(broken, 5)
    async with running(later), running(never), running(broken):
        for name, sink in (("later", later), ("never", never), ("broken", broken)):
            world.smtp[name] = SmtpSettings("127.0.0.1", sink.port, "plain")
        await world.run(*(ChannelSpec(name, "email", {"to": "ann@example.org"}) for name in world.smtp))
    deliveries = await rows(world.db, "deliveries")
    assert {(row.channel, row.status) for row in deliveries} == {
        ("later", "sent"),
        ("broken", "sent"),
        ("never", "dead"),
    }
    assert all("550" in row.last_error for row in deliveries if row.channel == "never")
    assert never.envelopes == []
    for name, sink in (("later", later), ("broken", broken)):
        ids = {row.message_id for row in deliveries if row.channel == name}
        seen = {mail["Message-ID"] for mail in sink.mails}
        assert len(seen) == len(ids), "the same Message-ID at every attempt"
        assert {one.removeprefix("<").partition(".")[0] for one in seen} == ids
