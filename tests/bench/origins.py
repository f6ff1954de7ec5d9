"""Loopback origins that answer by the validator they are sent, and so need no memory of who asked what.

/quiet/N    no validator: a feed of one item; any validator: 304
/DIALECT/N  no validator: version 0 of the feed; validator "V": version V + 1, with two new items of thirty; the
            addresses of its items are the feed's own
/page/N     an article
/file-NAME/N  a feed from a file, as /DIALECT/N
"""

import asyncio
import ssl
from functools import lru_cache
from typing import Any

import uvloop

from tests.bench import dialects, feeds

__all__ = ["address", "serve"]

_QUIET = (
    b"<rss version='2.0'><channel><title>Quiet</title><link>http://127.0.0.1/</link><item><guid>one</guid>"
    b"<title>The only item</title><link>http://127.0.0.1/one</link></item></channel></rss>"
)
_UNCHANGED = b'HTTP/1.1 304 Not Modified\r\nETag: "0"\r\nCache-Control: max-age=60\r\nConnection: close\r\n\r\n'


def address(number: int) -> str:
    """One of millions of loopback addresses."""
    return f"127.{1 + (number >> 16)}.{number >> 8 & 255}.{number & 255}"


def serve(pipe: Any, delay: float = 0.0, certificate: str | None = None) -> None:
    """Serve on every loopback address until killed; sends the port. ``delay``: seconds before each answer."""
    context = None
    if certificate is not None:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate)

    async def run() -> None:
        loop = asyncio.get_running_loop()
        server = await loop.create_server(lambda: _Origin(delay), "0.0.0.0", 0, ssl=context, backlog=4096)
        pipe.send(server.sockets[0].getsockname()[1])
        await server.serve_forever()

    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(run())


class _Origin(asyncio.Protocol):
    def __init__(self, delay: float) -> None:
        self._delay = delay
        self._received = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport: Any = transport
        if not self._transport.get_extra_info("sockname")[0].startswith("127."):
            self._transport.close()

    def data_received(self, data: bytes) -> None:
        self._received += data
        if b"\r\n\r\n" not in self._received:
            return
        answer = _answer(self._received)
        self._received = b""
        if self._delay:
            asyncio.get_running_loop().call_later(self._delay, self._send, answer)
        else:
            self._send(answer)

    def _send(self, answer: bytes) -> None:
        if not self._transport.is_closing():
            self._transport.write(answer)
            self._transport.close()


def _answer(request: bytes) -> bytes:
    head = request.split(b"\r\n")
    kind = head[0].split(b" ")[1].split(b"/")[1].decode()
    told = {name.lower(): value.strip() for name, _, value in (line.partition(b":") for line in head[1:])}
    if kind in ("local", "page"):
        size, number = (int(part) for part in head[0].split(b" ")[1].split(b"/")[2:4])
        host = told[b"host"].decode()
        body = dialects.local_feed(host, number, size) if kind == "local" else dialects.page(size, number)
        return _full(body, 0, "application/rss+xml" if kind == "local" else "text/html")
    published = kind.startswith(feeds.PREFIX)
    if not published and kind not in ("quiet", *dialects.DIALECTS):  # robots.txt
        return b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
    validator = told.get(b"if-none-match")
    if kind == "quiet":
        return _UNCHANGED if validator else _full(_QUIET, 0, "application/rss+xml")
    version = int(validator.strip(b'"')) + 1 if validator else 0
    own = head[0].split(b" ")[1].split(b"/")[2]
    if published:
        body, content_type = feeds.edition(kind.removeprefix(feeds.PREFIX), version, own)
        return _full(body, version, content_type)
    body, content_type = _feed(kind, version)
    return _full(body.replace(b".example/", b".example/%b/" % own), version, content_type)


@lru_cache
def _feed(kind: str, version: int) -> tuple[bytes, str]:
    return dialects.DIALECTS[kind](version)


def _full(body: bytes, version: int, content_type: str) -> bytes:
    return (
        f'HTTP/1.1 200 OK\r\nContent-Type: {content_type}\r\nETag: "{version}"\r\n'
        f"Content-Length: {len(body)}\r\nConnection: close\r\n\r\n"
    ).encode() + body
