"""Feeds, before and after they are sources: checking one, finding those of a site, subscription lists in and out."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from scrapers.discovery import find_feeds
from scrapers.errors import ScraperError
from scrapers.http import WebClient
from scrapers.opml import OpmlItem, write_opml
from scrapers.overhearing import Hop
from scrapers.sniffing import may_be_feed
from scrapers.types import Fetched, Unchanged
from service.desk.conversation import conversation
from service.desk.outside import Outside
from service.domain.addresses import without_credentials
from service.pipeline.poll import FEED_TYPES
from service.pipeline.read import PAGE_TYPES
from service.search import watch_list
from service.store import sources
from service.store import watchlist as stored
from service.store.engine import Database
from service.watchlist import sources_from

__all__ = [
    "Checked",
    "FoundFeed",
    "batches_of",
    "check",
    "discover",
    "exported",
    "specs_of",
    "spread_of",
]

_BATCH = 500
_SECONDS_A_SOURCE = 0.1
_LONGEST_SPREAD = 3600.0
_SHOWN = 5


@dataclass(slots=True)
class Checked:
    """What a check saw. ``problem``: why it is no feed that can be polled now; None when it is.

    ``known``: whether it is a source already; ``items``: in the feed; ``new``: titles of those that would be new to us.
    """

    lines: list[str] = field(default_factory=list)
    problem: str | None = None
    known: bool = False
    items: int = 0
    new_items: int = 0
    new: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class FoundFeed:
    url: str
    title: str


async def check(
    db: Database, outside: Outside, url: str, *, now: datetime, tell: Callable[[str], None] = lambda line: None
) -> Checked:
    """Fetch and read a feed now, store nothing, and keep the whole conversation; ``tell`` hears each line at once."""
    found = Checked()

    def note(line: str) -> None:
        found.lines.append(line)
        tell(line)

    hops: list[Hop] = []
    try:
        async with outside.open_web(hops) as web, outside.parser() as parser:
            feed = await conversation(url, web, parser, note, hops, now=now, max_entries=outside.max_feed_items)
    except ScraperError as error:
        found.problem = f"{without_credentials(url)}: {error}"
        return found
    async with db.read() as session:
        new = await sources.unseen(session, url, feed.entries)
    entries = feed.entries if new is None else new
    found.known, found.items, found.new_items = new is not None, len(feed.entries), len(entries)
    found.new = [entry.title for entry in entries[:_SHOWN]]
    return found


async def discover(outside: Outside, url: str, *, now: datetime) -> list[FoundFeed]:
    """The feed that is at ``url``, or those that the page there names, or else those in the usual places of its site.

    Raises ScraperError.
    """
    async with outside.open_web(None) as web:
        answer = await web.fetch(url, accept=PAGE_TYPES, now=now)
        if isinstance(answer, Unchanged):
            return []
        itself = await _feed_itself(outside, answer, now) if may_be_feed(answer.body, answer.content_type) else None
        if itself is not None:
            return [itself]
        links = find_feeds(answer.body, answer.url)
        named = [link for link in links if link.origin != "guessed"]
        found = named or [link for link in links if await _may_be_feed(web, link.url, now)]
    return [FoundFeed(link.url, link.title) for link in found]


def specs_of(items: Iterable[OpmlItem], where: str) -> list[stored.SourceSpec]:
    """As the watch list takes them. Raises WatchListError."""
    return list(
        sources_from([{"url": item.url, "title": item.title, "tags": list(item.tags)} for item in items], where)
    )


def spread_of(sources: int) -> timedelta:
    """Over which the first polls of so many new sources are spread."""
    return timedelta(seconds=min(_LONGEST_SPREAD, sources * _SECONDS_A_SOURCE))


def batches_of(specs: Sequence[stored.SourceSpec]) -> list[Sequence[stored.SourceSpec]]:
    """As many as are written with one statement."""
    return [specs[start : start + _BATCH] for start in range(0, len(specs), _BATCH)]


async def exported(db: Database) -> bytes:
    """The sources as OPML."""
    lines = await watch_list(db, "sources")
    return write_opml(OpmlItem(line["url"], line["title"], tuple(line["tags"])) for line in lines)


async def _feed_itself(outside: Outside, answer: Fetched, now: datetime) -> FoundFeed | None:
    try:
        async with outside.parser() as parser:
            feed = await parser.parse_feed(answer.body, url=answer.url, content_type=answer.content_type, now=now)
    except ScraperError:
        return None
    # A redirect for the time being is not where the feed lives.
    return FoundFeed(answer.permanent_url or answer.requested_url, feed.title)


async def _may_be_feed(web: WebClient, url: str, now: datetime) -> bool:
    """Whether a guessed address is worth showing; a check reads it properly."""
    try:
        answer = await web.fetch(url, accept=FEED_TYPES, now=now)
    except ScraperError:
        return False
    return isinstance(answer, Fetched) and may_be_feed(answer.body, answer.content_type)
