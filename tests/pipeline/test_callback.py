"""Our callback, which the internet reaches: forged, endless, slow and misdirected requests."""

import asyncio
import contextlib
from collections.abc import AsyncIterator

import httpx
import pytest

from tests.pipeline.pushing import PUBLIC_URL, Scene, open_scene, rss
from tests.pipeline.site import Site
from tests.pipeline.tools import Tools
from tests.store.steps import add_source, count, row
from tests.web.serving import open_site

HOST = PUBLIC_URL.partition("://")[2]
on_sqlite = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
"""For what is decided before the database is asked."""


@pytest.fixture
async def scene(tools: Tools, site: Site) -> AsyncIterator[Scene]:
    async with open_scene(tools, site, seconds=1.0) as opened:
        await opened.subscribed(1)
        yield opened


@pytest.fixture
async def browser() -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(trust_env=False, timeout=30) as client:
        yield client


def verification(scene: Scene, **changes: str) -> dict[str, str]:
    plain = {"mode": "subscribe", "topic": scene.topic, "challenge": "c", "lease_seconds": "999999"}
    return {f"hub.{name}": value for name, value in (plain | changes).items()}


async def state(scene: Scene) -> tuple[object, ...]:
    known = await row(scene.tools.db, "subscriptions")
    return known.state, known.good_until, known.awaiting, known.next_try_at


class TestVerification:
    @pytest.mark.parametrize(
        "changes",
        [
            # nobody waits for one
            {},
            {"mode": "unsubscribe"},
            # another topic
            {"topic": "https://evil.example/feed"},
            {"mode": "denied", "topic": "https://evil.example/feed"},
            # no challenge, or no mode that there is
            {"challenge": ""},
            {"mode": "publish"},
        ],
    )
    async def test_a_forged_one_changes_nothing(
        self, scene: Scene, browser: httpx.AsyncClient, changes: dict[str, str]
    ) -> None:
        before = await state(scene)
        answer = await browser.get(scene.url, params=verification(scene, **changes))
        assert (answer.status_code, answer.text) == (404, "")
        assert await state(scene) == before

    async def test_one_at_an_unknown_path_learns_nothing(self, scene: Scene, browser: httpx.AsyncClient) -> None:
        for path in ("", "x", "unguessable-9", "%00", "a" * 5000, "unguessable-1/x"):
            answer = await browser.get(f"http://127.0.0.1:{scene.port}/websub/{path}", params=verification(scene))
            assert answer.status_code == 404
            assert scene.topic not in answer.text

    async def test_the_topic_of_another_subscription_is_not_confirmed(
        self, scene: Scene, browser: httpx.AsyncClient
    ) -> None:
        """Each path stands for one topic: knowing one is no key to the next."""
        other = scene.site.says("/other", scene.publish(5).decode().replace(scene.topic, scene.site.url("/other")))
        await add_source(scene.tools.db, other, at=scene.tools.now)
        await scene.poll()
        answer = await browser.get(scene.url, params=verification(scene, topic=other))
        assert answer.status_code == 404

    async def test_a_challenge_is_no_page(self, scene: Scene, browser: httpx.AsyncClient) -> None:
        scene.hub.verifies = False
        scene.tools.later(days=9)
        assert await scene.ask() == 1
        page = "<script>alert(1)</script>"
        answer = await browser.get(scene.url, params=verification(scene, challenge=page))
        assert (answer.status_code, answer.text) == (200, page)
        assert answer.headers["content-type"] == "text/plain; charset=utf-8"
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["content-security-policy"].startswith("default-src 'none'")
        again = await browser.get(scene.url, params=verification(scene, challenge=page))
        assert again.status_code == 404, "it was awaited once"


@on_sqlite
class TestPushes:
    @pytest.mark.parametrize(
        "signature",
        [
            None,
            "",
            "sha256=" + "0" * 64,
            "sha1=" + "0" * 40,
            "md5=900150983cd24fb0d6963f7d28e17f72",
            "sha256",
        ],
    )
    async def test_one_without_the_hubs_signature_is_acknowledged_and_ignored(
        self, scene: Scene, browser: httpx.AsyncClient, signature: str | None
    ) -> None:
        headers = {} if signature is None else {"X-Hub-Signature": signature}
        for body in (rss(scene.site, 66), b""):
            answer = await browser.post(scene.url, content=body, headers=headers)
            assert answer.status_code == 202
        assert (scene.kicks, await count(scene.tools.db, "pushes")) == ([], [0])

    async def test_a_body_signed_for_another_is_ignored(self, scene: Scene) -> None:
        (subscriber,) = scene.hub.subscribers.values()
        subscriber.secret = "unguessable-1"  # the path, which is no secret to whoever sees the address
        assert await scene.push(rss(scene.site, 66)) == [202]
        assert await count(scene.tools.db, "pushes") == [0]

    async def test_an_unknown_path_is_not_read(self, scene: Scene) -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", scene.port)
        writer.write(f"POST /websub/x HTTP/1.1\r\nHost: {HOST}\r\nContent-Length: 1000\r\n\r\n".encode())
        assert (await reader.read()).startswith(b"HTTP/1.1 404 "), "answered and closed before any of the body came"
        writer.close()
        await writer.wait_closed()

    async def test_a_hundred_megabytes_that_are_announced_are_refused_at_once(self, scene: Scene) -> None:
        path = scene.url.removeprefix(f"http://127.0.0.1:{scene.port}")
        reader, writer = await asyncio.open_connection("127.0.0.1", scene.port)
        writer.write(f"POST {path} HTTP/1.1\r\nHost: {HOST}\r\nContent-Length: 100000000\r\n\r\n".encode())
        assert (await reader.read()).startswith(b"HTTP/1.1 413 ")
        writer.close()
        await writer.wait_closed()

    @pytest.mark.parametrize("head", ["Content-Length: 100000000", "Transfer-Encoding: chunked"])
    async def test_a_hundred_megabytes_that_are_sent_anyway_are_cut_off(self, scene: Scene, head: str) -> None:
        """Whoever goes on sending sees the connection reset, and perhaps the answer before it."""
        size = 100_000_000
        sent, answer = await pour(scene, head, size)
        assert sent < size / 2, "the connection was closed long before"
        assert not answer or answer.startswith(b"HTTP/1.1 413 ")
        assert await count(scene.tools.db, "pushes") == [0]

    async def test_one_that_drips_is_cut_off_and_others_come_through(self, scene: Scene) -> None:
        path = scene.url.removeprefix(f"http://127.0.0.1:{scene.port}")
        reader, writer = await asyncio.open_connection("127.0.0.1", scene.port)
        writer.write(f"POST {path} HTTP/1.1\r\nHost: {HOST}\r\nContent-Length: 1000\r\n\r\n".encode())
        try:
            for _ in range(100):
                writer.write(b"x")
                await asyncio.sleep(0.1)
                if reader.at_eof() or reader._buffer:  # type: ignore[attr-defined]
                    break
            assert (await reader.read(100)).startswith(b"HTTP/1.1 408 ")
        finally:
            writer.close()
            with contextlib.suppress(ConnectionError):
                await writer.wait_closed()
        assert await scene.push(rss(scene.site, 2)) == [202]
        assert await scene.read_pushes() == 1

    async def test_one_that_is_broken_off_leaves_nothing(self, scene: Scene) -> None:
        path = scene.url.removeprefix(f"http://127.0.0.1:{scene.port}")
        _, writer = await asyncio.open_connection("127.0.0.1", scene.port)
        writer.write(f"POST {path} HTTP/1.1\r\nHost: {HOST}\r\nContent-Length: 1000\r\n\r\nx".encode())
        await writer.drain()
        writer.close()
        with contextlib.suppress(ConnectionError):
            await writer.wait_closed()
        assert await scene.push(rss(scene.site, 2)) == [202]
        assert await count(scene.tools.db, "pushes") == [1]

    async def test_hostile_documents_are_hints_at_most(self, scene: Scene) -> None:
        bomb = "".join(f"<!ENTITY e{n} '{f'&e{n - 1};' * 10}'>" for n in range(1, 12))
        for body in (
            f"<!DOCTYPE r [<!ENTITY e0 'x'>{bomb}]><rss><channel><title>&e11;</title></channel></rss>".encode(),
            b"<rss><channel>" + b"<a>" * 20_000,
            b"\x00\xff" * 1000,
        ):
            assert await scene.push(body) == [202]
        assert await scene.read_pushes() == 3
        assert await count(scene.tools.db, "articles", "pushes") == [1, 0]

    async def test_a_push_says_nothing_of_the_content_type_it_cannot_store(self, scene: Scene) -> None:
        assert await scene.push(rss(scene.site, 2), kind="text/xml; charset=" + "x" * 5000) == [202]
        assert await scene.read_pushes() == 1
        assert await count(scene.tools.db, "articles") == [2]


@on_sqlite
class TestWhoIsAnswered:
    async def test_the_public_name_opens_the_callback_and_nothing_else(
        self, scene: Scene, browser: httpx.AsyncClient
    ) -> None:
        base = f"http://127.0.0.1:{scene.port}"
        for path in ("/", "/api/v1/sources", "/healthz", "/sources", "/websub", "/api/v1/websub/x", "/static/vane.svg"):
            answer = await browser.get(base + path, headers={"Host": HOST})
            assert answer.status_code == 421, path
        assert (await browser.get(f"{base}/websub/x", headers={"Host": HOST})).status_code == 404
        assert (await browser.get(f"{base}/websub/x", headers={"Host": f"{HOST.upper()}:443"})).status_code == 404

    @pytest.mark.parametrize("host", ["evil.example", f"{HOST}.evil.example", f"evil.example@{HOST}", ""])
    async def test_no_other_name_does(self, scene: Scene, browser: httpx.AsyncClient, host: str) -> None:
        answer = await browser.get(scene.url, headers={"Host": host})
        assert answer.status_code in (400, 421)

    async def test_a_path_that_leads_elsewhere_is_not_open(self, scene: Scene) -> None:
        for path in ("/websub/../api/v1/sources", "/websub/%2e%2e/api/v1/sources", "/websub//api/v1/sources"):
            reader, writer = await asyncio.open_connection("127.0.0.1", scene.port)
            writer.write(f"GET {path} HTTP/1.1\r\nHost: {HOST}\r\nConnection: close\r\n\r\n".encode())
            assert (await reader.read(100)).startswith((b"HTTP/1.1 404 ", b"HTTP/1.1 421 ")), path
            writer.close()
            await writer.wait_closed()

    async def test_without_a_public_address_there_is_no_callback(self, tools: Tools) -> None:
        async with open_site(tools.db) as site:
            assert (await site.get("/websub/x", headers={"Host": HOST})).status_code == 421
            assert (await site.get("/websub/x")).status_code == 404
            assert (await site.client.post("/websub/x")).status_code == 404


async def pour(scene: Scene, head: str, size: int) -> tuple[int, bytes]:
    """Send a body until the other side has enough; how many bytes went out, and what was answered."""
    path = scene.url.removeprefix(f"http://127.0.0.1:{scene.port}")
    reader, writer = await asyncio.open_connection("127.0.0.1", scene.port)
    writer.write(f"POST {path} HTTP/1.1\r\nHost: {HOST}\r\n{head}\r\n\r\n".encode())
    piece = b"x" * 65_536
    frame = b"10000\r\n" + piece + b"\r\n" if "chunked" in head else piece
    sent = 0
    with contextlib.suppress(ConnectionError):
        while sent < size and not reader.at_eof():
            writer.write(frame)
            sent += len(piece)
            await writer.drain()
            await asyncio.sleep(0)
    answer = b""
    with contextlib.suppress(ConnectionError):
        answer = await reader.read(100)
    writer.close()
    with contextlib.suppress(ConnectionError):
        await writer.wait_closed()
    return sent, answer
