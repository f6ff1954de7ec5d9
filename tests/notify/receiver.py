"""A real webhook receiver on loopback: keeps each request, answers what it is told to."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from aiohttp import web

from scrapers.guard import AddressGuard
from scrapers.hosts import HostLimits
from scrapers.http import WebClient


@dataclass
class Received:
    path: str
    headers: dict[str, str]
    body: bytes


@dataclass
class Receiver:
    """``status``, ``headers`` and ``text`` are the next answers."""

    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    text: str = "thanks"
    url: str = ""
    received: list[Received] = field(default_factory=list)

    async def answer(self, request: web.Request) -> web.Response:
        names = {name.lower(): value for name, value in request.headers.items()}
        self.received.append(Received(request.path_qs, names, await request.read()))
        return web.Response(status=self.status, headers=self.headers, text=self.text)


@asynccontextmanager
async def receiving(receiver: Receiver) -> AsyncIterator[Receiver]:
    application = web.Application()
    application.router.add_route("*", "/{path:.*}", receiver.answer)
    runner = web.AppRunner(application)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    port = runner.addresses[0][1]
    receiver.url = f"http://127.0.0.1:{port}/hook"
    try:
        yield receiver
    finally:
        await runner.cleanup()


@asynccontextmanager
async def speaking(raw: bytes, *, endless: bytes = b"", then_hang: bool = False) -> AsyncIterator[str]:
    """The address of a server that answers every request with ``raw``, then ``endless`` over and over, or silence."""
    over = asyncio.Event()

    async def speak(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            await reader.readuntil(b"\r\n\r\n")
            writer.write(raw)
            await writer.drain()
            while endless and not over.is_set():
                writer.write(endless)
                await writer.drain()
                await asyncio.sleep(0)
            if then_hang:
                await over.wait()
        except (ConnectionError, asyncio.IncompleteReadError):
            pass
        finally:
            writer.close()

    server = await asyncio.start_server(speak, "127.0.0.1", 0)
    try:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/hook"
    finally:
        over.set()
        server.close()
        await server.wait_closed()


def web_client(*allowed: str) -> WebClient:
    return WebClient(user_agent="newsvane-tests", guard=AddressGuard(allowed), hosts=HostLimits(0, 8))
