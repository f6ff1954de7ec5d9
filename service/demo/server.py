"""Serves the sample world on this machine: one origin, so one port, an outlet.

    WorldServer(now) --enter--> feeds, pages, robots.txt on 127.0.0.1
                     .advance() --> phase 2: more items in the feeds, more pages

Feeds answer conditional requests as RFC 9110 section 13 says. Nothing is random and no wall clock is read: two
servers opened with the same moment differ in their ports only.
"""

import asyncio
import hashlib
from collections import deque
from collections.abc import Mapping
from contextlib import AsyncExitStack
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import format_datetime, parsedate_to_datetime
from types import TracebackType
from typing import Any, Self
from urllib.parse import parse_qsl, urlencode, urlsplit

from aiohttp import web

from service.demo.world import FeedSpec, Outlet, Story, World, load_world
from service.demo.world.content import LAST_PHASE, FeedFault, PageState
from service.demo.world.rendering import (
    CONTENT_TYPES,
    Edition,
    address,
    render_feed,
    render_front,
    render_not_found,
    render_page,
)

__all__ = ["WorldRequest", "WorldServer"]

LOOPBACK = "127.0.0.1"
KEPT_REQUESTS = 10_000
SHUTDOWN_SECONDS = 0.2


@dataclass(frozen=True, slots=True)
class WorldRequest:
    """One request that the world answered."""

    outlet: str
    target: str
    """Path and query as they were sent."""
    status: int
    headers: Mapping[str, str]
    """What the client sent, names in lower case."""
    at: float
    """Seconds on the event loop's clock, for whoever wants to see how far apart requests are."""


class WorldServer:
    """An async context manager. ``now``: an aware time from which publication times are counted back.

    ``requests`` holds the last ``keep`` requests in the order of their answers.
    """

    def __init__(self, now: datetime, *, world: World | None = None, keep: int = KEPT_REQUESTS) -> None:
        if now.tzinfo is None:
            raise ValueError("now must be aware: publication times are told in UTC")
        self.now = now
        self.world = world or load_world()
        self.phase = 1
        self.origins: dict[str, str] = {}
        """Outlet id -> ``http://127.0.0.1:PORT``; filled while the server runs."""
        self.requests: deque[WorldRequest] = deque(maxlen=keep)
        self._stack = AsyncExitStack()

    async def __aenter__(self) -> Self:
        async with AsyncExitStack() as opening:
            for outlet in self.world.outlets:
                self.origins[outlet.id] = await self._open(outlet, opening)
            self._stack = opening.pop_all()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._stack.aclose()

    @property
    def sources(self) -> list[dict[str, Any]]:
        """The feeds as a watch list names them: ``url``, ``title``, ``tags``. Those that are broken are among them."""
        return [
            {"url": self.origins[outlet.id] + feed.path, "title": feed.title, "tags": list(feed.tags)}
            for outlet in self.world.outlets
            for feed in outlet.feeds
        ]

    @property
    def published(self) -> tuple[Story, ...]:
        """The stories that are in some feed now."""
        return tuple(story for story in self.world.stories if story.phase <= self.phase)

    def advance(self) -> None:
        """Time passes: the stories of phase 2 are published."""
        self.phase = LAST_PHASE

    def url_of(self, story: Story) -> str:
        """The article's canonical address on this server."""
        return self._edition(self.world.outlet(story.outlet)).page_url(story)

    def story_at(self, url: str) -> Story | None:
        """Which story an address leads to, be it canonical, an old one, or one with tracking parameters."""
        parts = urlsplit(url)
        origin = f"{parts.scheme}://{parts.netloc}"
        outlet_id = next((name for name, known in self.origins.items() if known == origin), None)
        if outlet_id is None:
            return None
        outlet = self.world.outlet(outlet_id)
        target = f"{parts.path}?{parts.query}" if parts.query else parts.path
        return self._story(outlet, target) or self._moved_story(outlet, parts.path)

    async def _open(self, outlet: Outlet, opening: AsyncExitStack) -> str:
        async def answer(request: web.Request) -> web.StreamResponse:
            response = self._answer(outlet, request)
            headers = {name.lower(): value for name, value in request.headers.items()}
            at = asyncio.get_running_loop().time()
            self.requests.append(WorldRequest(outlet.id, request.raw_path, response.status, headers, at))
            return response

        application = web.Application()
        application.router.add_get("/{path:.*}", answer)
        runner = web.AppRunner(application, access_log=None, shutdown_timeout=SHUTDOWN_SECONDS)
        opening.push_async_callback(runner.cleanup)
        await runner.setup()
        site = web.TCPSite(runner, LOOPBACK, 0)
        await site.start()
        return f"http://{LOOPBACK}:{runner.addresses[0][1]}"

    def _edition(self, outlet: Outlet) -> Edition:
        return Edition(self.world, outlet, self.origins[outlet.id], self.now, self.phase)

    def _answer(self, outlet: Outlet, request: web.Request) -> web.Response:
        edition = self._edition(outlet)
        feed = next((feed for feed in outlet.feeds if feed.path == request.path), None)
        if feed is not None:
            return _feed_answer(edition, feed, request)
        if request.path == "/robots.txt":
            return web.Response(text=_robots(outlet), content_type="text/plain")
        if request.path == "/":
            return _html(request, outlet, render_front(edition))
        moved = self._moved_story(outlet, request.path)
        if moved is not None and moved.phase <= self.phase:
            return web.Response(status=301, headers={"Location": edition.page_url(moved)})
        story = self._story(outlet, request.raw_path)
        if story is None or story.phase > self.phase or story.page is PageState.MISSING:
            return _html(request, outlet, render_not_found(edition), status=404)
        return _html(request, outlet, render_page(edition, story))

    def _story(self, outlet: Outlet, target: str) -> Story | None:
        wanted = _without_tracking(target)
        stories = self.world.stories_of(outlet)
        return next((story for story in stories if address(outlet, story) == wanted), None)

    def _moved_story(self, outlet: Outlet, path: str) -> Story | None:
        stories = self.world.stories_of(outlet)
        return next((story for story in stories if story.page is PageState.MOVED and path == f"/go/{story.id}"), None)


def _feed_answer(edition: Edition, feed: FeedSpec, request: web.Request) -> web.Response:
    outlet = edition.outlet
    if feed.fault is FeedFault.SERVER_ERROR:
        return web.Response(status=500, text="Internal Server Error")
    if feed.fault is FeedFault.NOT_A_FEED:
        return _html(request, outlet, render_not_found(edition))
    body = render_feed(edition, feed)
    changed_at = edition.feed_changed_at(feed)
    etag = f'"{hashlib.sha256(body).hexdigest()[:20]}"'
    headers = {"Cache-Control": "max-age=60"}
    if "etag" in outlet.validators:
        headers["ETag"] = etag
    if "last-modified" in outlet.validators:
        headers["Last-Modified"] = format_datetime(changed_at, usegmt=True)
    if _unchanged(request.headers, headers.get("ETag"), changed_at if "Last-Modified" in headers else None):
        return web.Response(status=304, headers=headers)
    response = web.Response(body=body, headers=headers, content_type=CONTENT_TYPES[feed.format], charset=outlet.charset)
    return _compressed(request, response)


def _unchanged(sent: Mapping[str, str], etag: str | None, changed_at: datetime | None) -> bool:
    """RFC 9110 section 13.2.2: If-None-Match decides alone where it is sent, If-Modified-Since only without it."""
    if (tags := sent.get("If-None-Match")) is not None:
        known = [tag.strip().removeprefix("W/") for tag in tags.split(",")]
        return etag is not None and (etag in known or known == ["*"])
    since = sent.get("If-Modified-Since")
    if since is None or changed_at is None:
        return False
    try:
        moment = parsedate_to_datetime(since)
    except ValueError:
        return False
    return changed_at <= (moment if moment.tzinfo else moment.replace(tzinfo=UTC))


def _html(request: web.Request, outlet: Outlet, body: bytes, *, status: int = 200) -> web.Response:
    response = web.Response(status=status, body=body, content_type="text/html", charset=outlet.charset)
    return _compressed(request, response)


def _compressed(request: web.Request, response: web.Response) -> web.Response:
    if "gzip" in request.headers.get("Accept-Encoding", ""):
        response.enable_compression(web.ContentCoding.gzip)
    return response


def _robots(outlet: Outlet) -> str:
    closed = ["/login", "/search"]
    if outlet.closed_section:
        closed.append(f"/{outlet.closed_section}/")
    return "User-agent: *\n" + "".join(f"Disallow: {path}\n" for path in closed)


def _without_tracking(target: str) -> str:
    path, _, query = target.partition("?")
    kept = [(name, value) for name, value in parse_qsl(query) if not name.startswith("utm_")]
    return f"{path}?{urlencode(kept)}" if kept else path
