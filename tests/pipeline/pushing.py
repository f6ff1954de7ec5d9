"""The steps with a hub and with our callback on a real port, at a time that the test sets."""

import itertools
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from html import escape
from typing import Any

from service.api.websub import Callback
from service.pipeline.push import Push
from service.pipeline.subscribe import Subscribe
from service.store import pushes, subscriptions
from service.web.app import create_app
from tests.pipeline.hub import Hub, open_hub
from tests.pipeline.site import Site
from tests.pipeline.tools import Tools
from tests.store.steps import CADENCE, add_source, lease, row
from tests.web.serving import on_loopback

PUBLIC_URL = "https://news.example.org"
MOST_BYTES = 200_000
RSS = "application/rss+xml"


def rss(site: Site, *numbers: int, links: str = "") -> bytes:
    items = "".join(
        f"<item><guid>{n}</guid><link>{site.url(f'/{n}')}</link><title>HPE item {n}</title>"
        f"<description>HPE said {n}.</description></item>"
        for n in numbers
    )
    return f"<rss version='2.0' xmlns:a='http://www.w3.org/2005/Atom'><channel><title>News</title>{links}{items}</channel></rss>".encode()


@dataclass
class Scene:
    """One source at ``/feed`` of ``site`` that names ``hub``. ``kicks``: how often a push was kept."""

    tools: Tools
    site: Site
    hub: Hub
    port: int
    callback: Callback
    kicks: list[None]
    tidied: subscriptions.Tidied = field(default_factory=subscriptions.Tidied)
    secrets: Any = field(default_factory=lambda: itertools.count(1))

    @property
    def topic(self) -> str:
        return self.site.url("/feed")

    def new_secret(self) -> str:
        return f"unguessable-{next(self.secrets)}"

    def publish(self, *numbers: int, hub: bool = True) -> bytes:
        """The feed holds these items now; what its hub pushes."""
        links = f"<a:link rel='hub' href='{escape(self.hub.url)}'/><a:link rel='self' href='{self.topic}'/>"
        body = rss(self.site, *numbers, links=links if hub else "")
        self.site.says("/feed", body.decode(), type=RSS)
        return body

    async def poll(self) -> int:
        """Poll what is due; how many."""
        step = self.tools.poll_step(self.new_secret)
        return len(await self.tools.poll(step))

    async def ask(self, *, limit: int = 100) -> int:
        """Send what hubs are to be asked, and wait for their verifications; how many requests."""
        now = self.tools.now
        due = await subscriptions.claim_due(
            self.tools.db, limit=limit, now=now, lease=lease(now), base=self.callback.base, tidied=self.tidied
        )
        step = Subscribe(self.tools.db, self.tools.web, self.tools.clock, lambda: 0.0)
        for known in due:
            await step(known)
        await self.hub.settled()
        return len(due)

    async def read_pushes(self) -> int:
        """Read what was pushed; how many."""
        now = self.tools.now
        jobs = await pushes.claim_due(self.tools.db, limit=100, now=now, lease=lease(now))
        step = Push(self.tools.db, self.tools.parser, CADENCE, self.tools.clock, lambda: 0.0, 50)
        for job in jobs:
            await step(job)
        return len(jobs)

    async def subscribed(self, *numbers: int) -> None:
        """The source was polled with these items in its feed, and its hub pushes from now on."""
        await add_source(self.tools.db, self.topic)
        self.publish(*(numbers or (1,)))
        assert await self.poll() == 1
        assert await self.ask() == 1
        assert (await row(self.tools.db, "subscriptions")).state == "active"

    async def push(self, body: bytes, **how: str) -> list[int]:
        return await self.hub.push(self.topic, body, **how)

    @property
    def url(self) -> str:
        """Of the callback of the one subscriber, as it is reached on this machine."""
        ((_, callback),) = self.hub.subscribers
        return callback.replace(PUBLIC_URL, f"http://127.0.0.1:{self.port}")


@asynccontextmanager
async def open_scene(tools: Tools, site: Site, *, seconds: float = 20.0) -> AsyncIterator[Scene]:
    kicks: list[None] = []
    callback = Callback(tools.db, PUBLIC_URL, tools.clock, lambda: 0.0, lambda: kicks.append(None), MOST_BYTES, seconds)
    app = create_app(tools.db, listen="127.0.0.1:8780", now=tools.clock, callback=callback)
    async with open_hub() as hub, on_loopback(app) as port:
        hub.via = (PUBLIC_URL, f"http://127.0.0.1:{port}")
        yield Scene(tools, site, hub, port, callback, kicks)
