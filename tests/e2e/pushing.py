"""A daemon whose one source is pushed to it by a hub: publish -> hub -> callback -> article -> webhook."""

import random
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from html import escape
from pathlib import Path
from urllib.parse import urlsplit

import yaml

from service.demo.receivers import WebhookReceiver
from tests.e2e.daemon import SECRET, Daemon, environment, until
from tests.pipeline.hub import Hub, open_hub
from tests.pipeline.site import Site, open_site

__all__ = ["Newsroom", "newsroom"]

PUBLIC_URL = "https://news.example.org"
_WORDS = (
    "after", "agreed", "board", "bought", "built", "buyer", "chief", "city", "contract", "cooling", "county",
    "court", "customer", "data", "deal", "delayed", "director", "engineers", "factory", "filed", "fund", "grid",
    "growth", "harbour", "hired", "investors", "lake", "lawyers", "market", "memory", "merger", "minister",
    "network", "office", "opened", "orders", "partner", "plant", "power", "price", "profit", "quarter", "racks",
    "rail", "record", "region", "report", "retailer", "rival", "river", "sales", "school", "servers", "share",
    "shipped", "site", "staff", "storage", "strike", "supplier", "tax", "team", "tender", "tower", "trade", "union",
    "valley", "water",
)  # fmt: skip


@dataclass
class Newsroom:
    """``publish`` makes a page and tells the hub, which pushes what is in ``feed``'s newest item."""

    folder: Path
    site: Site
    hub: Hub
    hook: WebhookReceiver
    settings: dict[str, str]
    daemons: list[Daemon]
    published: int = 0

    @property
    def topic(self) -> str:
        return self.site.url("/feed")

    async def start(self) -> Daemon:
        """A daemon that hubs reach, once it runs."""
        quiet = {"POLL_INTERVAL": "6h", "MIN_POLL_INTERVAL": "1m", "PUBLIC_URL": PUBLIC_URL}
        self.hub.reached.clear()
        log = self.folder / f"log-{len(self.daemons)}"
        daemon = Daemon(self.folder, environment(self.folder, **(quiet | self.settings)), log)
        self.daemons.append(daemon)
        await daemon.started()
        page = urlsplit(daemon.lines("running")[0]["page"])
        self.hub.via = (PUBLIC_URL, f"http://127.0.0.1:{page.port}")
        self.hub.reached.set()
        return daemon

    async def subscribed(self) -> None:
        await until(lambda: self.hub.subscribers, "the hub has a subscriber")

    def write(self) -> bytes:
        """One more page with its own words about HPE; a feed that holds it alone, as hubs push it."""
        self.published += 1
        number, words = self.published, random.Random(self.published)
        sentences = [" ".join(words.choices(_WORDS, k=12)).capitalize() for _ in range(8)]
        title = f"HPE {' '.join(words.choices(_WORDS, k=6))}"
        self.site.page(f"/{number}", title, "\n".join(f"{sentence}, HPE said." for sentence in sentences))
        return self.feed((number, title))

    def feed(self, *items: tuple[int, str]) -> bytes:
        written = "".join(
            f"<item><guid>{n}</guid><link>{self.site.url(f'/{n}')}</link><title>{escape(title)}</title></item>"
            for n, title in items
        )
        links = f"<a:link rel='hub' href='{self.hub.url}'/><a:link rel='self' href='{self.topic}'/>"
        head = f"<rss version='2.0' xmlns:a='http://www.w3.org/2005/Atom'><channel><title>News</title>{links}"
        return f"{head}{written}</channel></rss>".encode()


@asynccontextmanager
async def newsroom(folder: Path, **settings: str) -> AsyncIterator[Newsroom]:
    """Ends with every daemon gone."""
    async with AsyncExitStack() as stack:
        site = await stack.enter_async_context(open_site())
        hub = await stack.enter_async_context(open_hub())
        hook = await stack.enter_async_context(WebhookReceiver(SECRET))
        made = Newsroom(folder, site, hub, hook, settings, [])
        site.says("/feed", made.feed().decode(), type="application/rss+xml")
        watchlist = {
            "sources": [{"url": made.topic, "title": "News"}],
            "entities": [{"name": "HPE", "aliases": ["HPE"]}],
            "rules": [{"name": "all", "query": "entity:*", "channels": ["hook"]}],
            "channels": [{"name": "hook", "type": "webhook", "url": hook.url, "secret": SECRET}],
        }
        (folder / "watchlist.yaml").write_text(yaml.safe_dump(watchlist), encoding="utf-8")
        try:
            yield made
        finally:
            for daemon in made.daemons:
                daemon.end()
