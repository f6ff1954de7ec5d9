"""A loopback HTTP server that misbehaves on purpose. Raw sockets: a well-made server could not send these bytes."""

import asyncio
import contextlib
import gzip
import zlib
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field

Handler = Callable[["Request", asyncio.StreamWriter], Awaitable[None]]


@dataclass
class Request:
    method: str
    target: str
    headers: dict[str, str]
    body: bytes = b""


@dataclass
class Hazards:
    """The server's address and every request it has seen, in order."""

    base: str = ""
    seen: list[Request] = field(default_factory=list)
    routes: dict[str, Handler] = field(default_factory=dict)
    running: int = 0
    most_running: int = 0

    def url(self, path: str) -> str:
        return self.base + path

    def on(self, path: str, handler: Handler) -> str:
        self.routes[path] = handler
        return self.url(path)

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.running += 1
        self.most_running = max(self.most_running, self.running)
        try:
            request = await _read_request(reader)
            self.seen.append(request)
            handler = self.routes.get(request.target.partition("?")[0], answer(404))
            await handler(request, writer)
            await writer.drain()
        except (ConnectionError, asyncio.IncompleteReadError):
            pass
        finally:
            self.running -= 1
            writer.close()
            with contextlib.suppress(ConnectionError):
                await writer.wait_closed()


async def _read_request(reader: asyncio.StreamReader) -> Request:
    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
    first, *lines = head.split("\r\n")
    method, target, _ = first.split(" ", 2)
    headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines if line)}
    body = await reader.readexactly(int(headers.get("content-length", "0")))
    return Request(method, target, headers, body)


@contextlib.asynccontextmanager
async def hazard_server(host: str = "127.0.0.1") -> AsyncIterator[Hazards]:
    hazards = Hazards()
    tasks: set[asyncio.Task[None]] = set()

    def accept(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.get_running_loop().create_task(hazards.serve(reader, writer))
        tasks.add(task)
        task.add_done_callback(tasks.discard)

    server = await asyncio.start_server(accept, host, 0)
    hazards.base = f"http://{host}:{server.sockets[0].getsockname()[1]}"
    try:
        yield hazards
    finally:
        server.close()
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await server.wait_closed()


def head(status: int, *fields: str) -> bytes:
    return "\r\n".join([f"HTTP/1.1 {status} Whatever", *fields, "", ""]).encode("latin-1")


def raw(data: bytes) -> Handler:
    """Send exactly these bytes, then close."""

    async def handle(request: Request, writer: asyncio.StreamWriter) -> None:
        writer.write(data)

    return handle


def answer(status: int, body: bytes = b"", *fields: str) -> Handler:
    return raw(head(status, f"Content-Length: {len(body)}", *fields) + body)


def redirect(status: int, target: str, *fields: str) -> Handler:
    return answer(status, b"", f"Location: {target}", *fields)


def packed(body: bytes) -> bytes:
    """gzip without the time, so that a test that is named by it has the same name in every process."""
    return gzip.compress(body, mtime=0)


def coded(coding: str, body: bytes) -> Handler:
    return answer(200, body, f"Content-Encoding: {coding}")


def conditional(etag: str, body: bytes) -> Handler:
    """304 to the right validator, the body to everything else."""

    async def handle(request: Request, writer: asyncio.StreamWriter) -> None:
        if request.headers.get("if-none-match") == etag:
            writer.write(head(304, f"ETag: {etag}"))
        else:
            writer.write(head(200, f"ETag: {etag}", f"Content-Length: {len(body)}") + body)

    return handle


def endless(first: bytes, piece: bytes, pause: float = 0.0) -> Handler:
    """Send ``piece`` again and again until the client leaves (at most 20,000 times)."""

    async def handle(request: Request, writer: asyncio.StreamWriter) -> None:
        writer.write(first)
        for _ in range(20_000):
            writer.write(piece)
            await writer.drain()
            if pause:
                await asyncio.sleep(pause)

    return handle


def reset_after(data: bytes) -> Handler:
    async def handle(request: Request, writer: asyncio.StreamWriter) -> None:
        writer.write(data)
        await writer.drain()
        writer.transport.abort()

    return handle


def slow(seconds: float, then: Handler) -> Handler:
    async def handle(request: Request, writer: asyncio.StreamWriter) -> None:
        await asyncio.sleep(seconds)
        await then(request, writer)

    return handle


def gzip_bomb(megabytes: int) -> bytes:
    return gzip.compress(bytes(megabytes * 1_000_000), 9)


def raw_deflate(data: bytes) -> bytes:
    packer = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    return packer.compress(data) + packer.flush()
