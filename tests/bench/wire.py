"""An outside world that writes down when: feeds that get new items, the pages behind them, a hub, a receiver.

    publish(k) --> a feed's next answer, or a push --> page of item k asked for --> webhook about item k
                   ``shown[k]``                        ``asked[k]``                 ``arrived[k]``

All in one process and on one clock, in seconds. Every host is a loopback address of its own, so that politeness has
the same say as in the wild.
"""

import json
import random
import time
from collections import deque
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field

from aiohttp import web

from tests.bench.origins import address
from tests.pipeline.hub import Hub, open_hub

__all__ = ["Wire", "open_wire"]

_ITEMS = 20
"""In a feed at a time."""
_SYLLABLES = [consonant + vowel for consonant in "bcdfghklmnpr" for vowel in "aeio"]
_SENTENCES, _WORDS_EACH = 12, 14


@dataclass
class Wire:
    """``publish()`` puts one more item about HPE into the next feed; item k stands in feed k modulo ``feeds`` and on a
    page of host k modulo ``pages``. ``clock`` of every note: ``time.perf_counter``."""

    feeds: int
    pages: int
    hub: Hub
    port: int = 0
    published: int = 0
    notices: dict[int, float] = field(default_factory=dict)
    """When each was published."""
    shown: dict[int, float] = field(default_factory=dict)
    asked: dict[int, float] = field(default_factory=dict)
    arrived: dict[int, float] = field(default_factory=dict)
    polls: int = 0
    again: int = 0
    """Webhooks about an item that had come already."""
    hubs: bool = False
    """Whether feeds name the hub."""
    _items: dict[int, deque[int]] = field(default_factory=dict)

    def feed(self, number: int) -> str:
        return f"http://{address(number)}:{self.port}/feed/{number}"

    def page(self, item: int) -> str:
        return f"http://{address(10_000 + item % self.pages)}:{self.port}/page/{item}"

    @property
    def hook(self) -> str:
        return f"http://127.0.0.1:{self.port}/hook"

    def publish(self) -> int:
        """The feed that has it."""
        item, self.published = self.published, self.published + 1
        number = item % self.feeds
        self._items.setdefault(number, deque(maxlen=_ITEMS)).appendleft(item)
        self.notices[item] = time.perf_counter()
        return number

    def body(self, number: int, *, newest: int = _ITEMS) -> bytes:
        """The feed as it stands, or only its newest items."""
        items = list(self._items.get(number, ()))[:newest]
        written = "".join(
            f"<item><guid>{item}</guid><link>{self.page(item)}</link><title>{_title(item)}</title>"
            f"<description>{_sentence(random.Random(f'about {item}'))}</description></item>"
            for item in items
        )
        links = ""
        if self.hubs:
            links = f"<a:link rel='hub' href='{self.hub.url}'/><a:link rel='self' href='{self.feed(number)}'/>"
        head = f"<rss version='2.0' xmlns:a='http://www.w3.org/2005/Atom'><channel><title>News {number}</title>{links}"
        return f"{head}{written}</channel></rss>".encode()

    async def push(self, number: int) -> None:
        """Send the newest item to whoever has subscribed."""
        body = self.body(number, newest=1)
        self.shown.setdefault(self._items[number][0], time.perf_counter())
        await self.hub.push(self.feed(number), body)

    async def answer_feed(self, request: web.Request) -> web.StreamResponse:
        number = int(request.match_info["number"])
        self.polls += 1
        tag = f'"{next(iter(self._items.get(number, ())), "none")}"'
        if request.headers.get("if-none-match") == tag:
            return web.Response(status=304, headers={"ETag": tag})
        body = self.body(number)
        now = time.perf_counter()
        for item in self._items.get(number, ()):
            self.shown.setdefault(item, now)
        return web.Response(body=body, content_type="application/rss+xml", headers={"ETag": tag})

    async def answer_page(self, request: web.Request) -> web.StreamResponse:
        item = int(request.match_info["number"])
        self.asked.setdefault(item, time.perf_counter())
        words = random.Random(item)
        paragraphs = "".join(f"<p>{_sentence(words)}, HPE said.</p>" for _ in range(_SENTENCES))
        title = _title(item)
        return web.Response(
            text=f"<html lang='en'><head><title>{title}</title></head><body><article><h1>{title}</h1>{paragraphs}"
            "</article></body></html>",
            content_type="text/html",
        )

    async def take(self, request: web.Request) -> web.StreamResponse:
        came = time.perf_counter()
        alert = json.loads(await request.read())["data"]
        item = int(alert["url"].rpartition("/")[2])
        self.again += item in self.arrived
        self.arrived.setdefault(item, came)
        return web.Response(status=204)


@asynccontextmanager
async def open_wire(*, feeds: int, pages: int) -> AsyncIterator[Wire]:
    async with AsyncExitStack() as stack:
        wire = Wire(feeds, pages, await stack.enter_async_context(open_hub()))
        application = web.Application()
        application.router.add_get("/feed/{number}", wire.answer_feed)
        application.router.add_get("/page/{number}", wire.answer_page)
        application.router.add_post("/hook", wire.take)
        runner = web.AppRunner(application, access_log=None, shutdown_timeout=1)
        await runner.setup()
        stack.push_async_callback(runner.cleanup)
        await web.TCPSite(runner, "0.0.0.0", 0, backlog=1024).start()
        wire.port = runner.addresses[0][1]
        yield wire


def _word(words: random.Random) -> str:
    return "".join(words.choices(_SYLLABLES, k=words.choice((2, 3))))


def _sentence(words: random.Random) -> str:
    return " ".join(_word(words) for _ in range(_WORDS_EACH)).capitalize()


def _title(item: int) -> str:
    words = random.Random(f"title {item}")
    return f"HPE {' '.join(_word(words) for _ in range(6))}"
