"""A proxy is used when it is named, never because the environment has one, and not to reach what may not be reached."""

import asyncio
import base64
import ssl
import traceback
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest
import trustme

from scrapers.guard import AddressGuard
from scrapers.hosts import HostLimits
from scrapers.http import WebClient
from scrapers.proxy import check_proxy
from tests.cli.command import Command, run_process
from tests.scrapers import hazards as hz
from tests.scrapers.hazards import Hazards, hazard_server
from tests.scrapers.test_http import failure, fetched


def behind(proxy: str, *allowed: str, verify: ssl.SSLContext | None = None) -> WebClient:
    guard, hosts = AddressGuard(allowed), HostLimits(0, 2)
    return WebClient(user_agent="t", guard=guard, hosts=hosts, deadline=5, proxy=proxy, verify=verify)


@dataclass
class Tunnels:
    """A proxy that joins every CONNECT to one server, or refuses it. ``heads``: what it was asked, with all fields."""

    base: str = ""
    heads: list[str] = field(default_factory=list)


@asynccontextmanager
async def tunnelling_proxy(
    port: int, *, password: str = "", over: ssl.SSLContext | None = None
) -> AsyncIterator[Tunnels]:
    """``port``: of the server on 127.0.0.1 at the end. ``over``: the proxy itself speaks TLS."""
    tunnels = Tunnels()
    tasks: set[asyncio.Task[None]] = set()

    async def pour(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while data := await reader.read(65536):
                writer.write(data)
                await writer.drain()
        except ConnectionError:
            pass
        finally:
            writer.close()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
        tunnels.heads.append(head)
        if password and f"Basic {base64.b64encode(password.encode()).decode()}" not in head:
            writer.write(hz.head(407, "Content-Length: 0"))
            writer.close()
            return
        writer.write(b"HTTP/1.1 200 Connection established\r\n\r\n")
        there = await asyncio.open_connection("127.0.0.1", port)
        await asyncio.gather(pour(reader, there[1]), pour(there[0], writer))

    def accept(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.get_running_loop().create_task(serve(reader, writer))
        tasks.add(task)
        task.add_done_callback(tasks.discard)

    server = await asyncio.start_server(accept, "127.0.0.1", 0, ssl=over)
    scheme = "https" if over else "http"
    tunnels.base = f"{scheme}://{password}{'@' if password else ''}127.0.0.1:{server.sockets[0].getsockname()[1]}"
    try:
        yield tunnels
    finally:
        server.close()
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await server.wait_closed()


@asynccontextmanager
async def tls_site(authority: trustme.CA, name: str) -> AsyncIterator[tuple[int, list[bytes]]]:
    """A server that proves to be ``name`` and says "news"; its port and the heads of the requests it read."""
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    authority.issue_cert(name).configure_cert(context)
    heads: list[bytes] = []

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        heads.append(await reader.readuntil(b"\r\n\r\n"))
        writer.write(hz.head(200, "Content-Length: 4") + b"news")
        writer.close()

    async with await asyncio.start_server(talk, "127.0.0.1", 0, ssl=context) as server:
        yield server.sockets[0].getsockname()[1], heads


async def test_a_proxy_is_asked_with_the_whole_address(hazards: Hazards) -> None:
    target = "http://8.8.8.8/feed?a=%2F"
    hazards.on(target.partition("?")[0], hz.answer(200, b"news"))
    async with behind(hazards.base) as client:
        assert (await fetched(client, target)).body == b"news"
    assert [request.target for request in hazards.seen] == [target]


@pytest.mark.parametrize(
    "target",
    [
        "http://127.0.0.1:9/",
        "http://[::ffff:127.0.0.1]/",
        "http://0x7f.1/",
        "http://localhost/",
        "http://169.254.169.254/",
    ],
)
async def test_a_proxy_is_not_asked_for_private_addresses(hazards: Hazards, target: str) -> None:
    async with behind(hazards.base) as client:
        assert (await failure(client, target)).code == "blocked-address"
    assert hazards.seen == []


async def test_redirects_behind_a_proxy_are_checked_too(hazards: Hazards) -> None:
    hazards.on("http://8.8.8.8/", hz.redirect(302, "http://10.0.0.1/"))
    async with behind(hazards.base) as client:
        assert (await failure(client, "http://8.8.8.8/")).code == "blocked-address"
    assert len(hazards.seen) == 1


async def test_a_name_that_only_the_proxy_knows_is_left_to_it(hazards: Hazards) -> None:
    hazards.on("http://feeds.invalid/", hz.answer(200, b"news"))
    async with behind(hazards.base) as client:
        assert (await fetched(client, "http://feeds.invalid/")).body == b"news"


@pytest.mark.parametrize("secure_proxy", [False, True], ids=["http proxy", "https proxy"])
async def test_tls_goes_through_a_tunnel_that_sees_no_request(secure_proxy: bool) -> None:
    """The proxy learns host and port; its password goes to it alone, and certificates are still verified."""
    authority = trustme.CA()
    trusting, own = ssl.create_default_context(), ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    authority.configure_trust(trusting)
    authority.issue_cert("127.0.0.1").configure_cert(own)
    target = "https://feeds.invalid/private/feed"
    async with AsyncExitStack() as here:
        port, seen = await here.enter_async_context(tls_site(authority, "feeds.invalid"))
        over = own if secure_proxy else None
        proxy = await here.enter_async_context(tunnelling_proxy(port, password="me:open-sesame", over=over))
        client = await here.enter_async_context(behind(proxy.base, verify=trusting))
        assert (await fetched(client, target)).body == b"news"
        impostor = await failure(client, "https://other.invalid/")
        # Inside another TLS connection, Python 3.11 loses the reason and only says that the connection is gone.
        assert impostor.code in ({"tls", "connect"} if secure_proxy else {"tls"})
    assert [head.split("\r\n")[0] for head in proxy.heads] == [
        "CONNECT feeds.invalid:443 HTTP/1.1",
        "CONNECT other.invalid:443 HTTP/1.1",
    ]
    assert not any("/private" in head for head in proxy.heads)
    assert [b"authorization" in head.lower() for head in seen] == [False]


async def test_a_tunnel_is_not_asked_for_private_addresses() -> None:
    async with tunnelling_proxy(9) as proxy, behind(proxy.base) as client:
        assert (await failure(client, "https://10.0.0.1/")).code == "blocked-address"
    assert proxy.heads == []


@pytest.mark.parametrize("target", ["https://feeds.invalid/", "http://feeds.invalid/"])
async def test_a_proxy_that_refuses_is_blamed_without_its_password(target: str) -> None:
    async with tunnelling_proxy(9, password="me:open-sesame") as proxy:
        wrong = proxy.base.replace("open-sesame", "wrong-sesame")
        async with behind(wrong) as client:
            error = await failure(client, target)
    assert (error.code, error.transient, error.status) == ("proxy", True, None)
    assert "407" in str(error)
    assert not shows(error, "wrong-sesame")


@pytest.mark.parametrize("target", ["https://feeds.invalid/", "http://feeds.invalid/"])
async def test_a_proxy_that_is_not_there_is_blamed_without_its_password(target: str, unused_tcp_port: int) -> None:
    async with behind(f"http://me:open-sesame@127.0.0.1:{unused_tcp_port}") as client:
        error = await failure(client, target)
    assert (error.code, error.transient) == ("proxy", True)
    assert str(error).startswith("No connection to the proxy (NEWSVANE_PROXY): ")
    assert not shows(error, "open-sesame")


def shows(error: BaseException, secret: str) -> bool:
    """Whether a log of this error would show the secret."""
    return secret in "".join(traceback.format_exception(error))


async def test_a_proxys_password_stands_in_no_output_and_no_database(tmp_path: Path, unused_tcp_port: int) -> None:
    proxy = f"http://me:open-sesame@127.0.0.1:{unused_tcp_port}"
    (tmp_path / "list.yaml").write_text("sources: [{url: 'https://feeds.invalid/feed'}]")
    command = Command(tmp_path, {"NEWSVANE_PROXY": proxy, "NEWSVANE_WATCHLIST": str(tmp_path / "list.yaml")})
    shown = [
        await asyncio.to_thread(run_process, command, *arguments)
        for arguments in (["sources", "check", "https://feeds.invalid/feed"], ["run", "--once"])
    ]
    assert all("No connection to the proxy" in done.out + done.err for done in shown)
    assert not any("sesame" in done.out + done.err for done in shown)
    assert not any("sesame" in line for line in command.contents())


@pytest.mark.parametrize(
    "address", ["", "proxy:3128", "socks5://proxy:1080", "http://", "http://proxy/path", "http://p:99999"]
)
def test_what_is_no_proxy(address: str) -> None:
    with pytest.raises(ValueError, match="proxy"):
        check_proxy(address)


async def test_the_environments_proxy_is_not_followed_silently(hazards: Hazards, tmp_path: Path) -> None:
    async with hazard_server() as proxy:
        feed = b"<rss version='2.0'><channel><title>Wire</title><item><title>x</title></item></channel></rss>"
        url = hazards.on("/feed", hz.answer(200, feed))
        command = Command(tmp_path, {"HTTP_PROXY": proxy.base, "http_proxy": proxy.base, "ALL_PROXY": proxy.base})
        done = await asyncio.to_thread(run_process, command, "sources", "check", url)
        assert done.status == 0
        assert (len(proxy.seen), len(hazards.seen)) == (0, 1)
