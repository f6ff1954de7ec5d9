"""A loopback site with feeds and pages, which also receives webhooks. It answers what each path was told to."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from html import escape

from aiohttp import web


@dataclass(frozen=True)
class Answer:
    body: str = ""
    status: int = 200
    type: str = "text/html"
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Request:
    """``at``: seconds on the loop's clock. ``headers``: names in lower case."""

    path: str
    at: float
    headers: Mapping[str, str]


@dataclass
class Site:
    """``answers``: what a path says; a path without one is 404. ``received``: path and body of each POST."""

    base: str = ""
    answers: dict[str, Answer] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    received: list[tuple[str, str, dict[str, str]]] = field(default_factory=list)
    closed: asyncio.Event = field(default_factory=asyncio.Event)
    silent: set[str] = field(default_factory=set)
    """Paths that never answer."""
    reached: asyncio.Event = field(default_factory=asyncio.Event)
    """Such a path was asked for."""
    log: list[Request] = field(default_factory=list)
    """Every GET, in order."""
    seconds: float = 0.0
    """What an answer takes."""
    running: int = 0
    most_running: int = 0

    def url(self, path: str) -> str:
        return self.base + path

    def says(self, path: str, body: str = "", status: int = 200, *, type: str = "text/html", **headers: str) -> str:  # noqa: A002
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        self.answers[path] = Answer(body, status, type, named)
        return self.url(path)

    def feed(self, path: str, *items: tuple[str, str, str], **headers: str) -> str:
        """RSS of (path, title, text)."""
        body = "".join(
            f"<item><guid>{escape(path)}</guid><link>{escape(self.url(path))}</link><title>{escape(title)}</title>"
            f"<description>{escape(text)}</description></item>"
            for path, title, text in items
        )
        rss = f"<rss version='2.0'><channel><title>Trade Press</title>{body}</channel></rss>"
        return self.says(path, rss, 200, type="application/rss+xml", **headers)

    def page(self, path: str, title: str, text: str, *, canonical: str = "") -> str:
        link = f"<link rel='canonical' href='{self.url(canonical)}'>" if canonical else ""
        paragraphs = "".join(f"<p>{escape(paragraph)}</p>" for paragraph in text.split("\n"))
        return self.says(
            path,
            f"<html lang='en'><head><title>{escape(title)}</title>{link}</head><body><nav><a href='/'>Home</a> "
            f"<a href='/jobs'>Jobs</a></nav><article><h1>{escape(title)}</h1>{paragraphs}</article>"
            "<footer>All rights reserved</footer></body></html>",
        )

    async def handle(self, request: web.Request) -> web.StreamResponse:
        if request.path in self.silent:
            self.reached.set()
            await self.closed.wait()
        if request.method == "POST":
            self.received.append((request.path, await request.text(), dict(request.headers)))
        else:
            self.asked.append(request.path)
            headers = {name.lower(): value for name, value in request.headers.items()}
            self.log.append(Request(request.path, asyncio.get_running_loop().time(), headers))
        self.running += 1
        self.most_running = max(self.most_running, self.running)
        await asyncio.sleep(self.seconds)
        self.running -= 1
        answer = self.answers.get(request.path, Answer("nothing here", 404))
        etag = answer.headers.get("ETag")
        if etag is not None and request.headers.get("If-None-Match") == etag:
            return web.Response(status=304, headers={"ETag": etag})
        return web.Response(status=answer.status, text=answer.body, content_type=answer.type, headers=answer.headers)


@asynccontextmanager
async def open_site(address: str = "127.0.0.1") -> AsyncIterator[Site]:
    """``address``: where it listens; 0.0.0.0 makes every 127.x.y.z a host of its own."""
    site = Site()
    application = web.Application()
    application.router.add_route("*", "/{path:.*}", site.handle)
    runner = web.AppRunner(application, shutdown_timeout=1)
    await runner.setup()
    await web.TCPSite(runner, address, 0).start()
    site.base = f"http://127.0.0.1:{runner.addresses[0][1]}"
    try:
        yield site
    finally:
        site.closed.set()
        await runner.cleanup()
