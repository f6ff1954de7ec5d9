"""Page -> addresses of its feeds."""

import re
from dataclasses import dataclass
from urllib.parse import urlsplit

from scrapers.documents import decode
from scrapers.page import scan_page
from scrapers.text import absolute_url, clean_line

__all__ = ["FeedLink", "find_feeds"]

_FEED_TYPES = frozenset(
    {"application/rss+xml", "application/atom+xml", "application/rdf+xml", "application/feed+json", "application/json"}
)
_FEED_LIKE = re.compile(r"(?:^|[/._?=&-])(?:feeds?|rss2?|atom|rdf|index\.xml)(?:$|[/._?=&-])", re.IGNORECASE)
_NOT_A_FEED = re.compile(r"\.(?:html?|png|jpe?g|gif|svg|css|js|pdf)$", re.IGNORECASE)
_COMMON_PATHS = ("/feed", "/rss", "/feed.xml", "/rss.xml", "/atom.xml", "/index.xml", "/feed.json")
_MAX_LINKS = 50


@dataclass(frozen=True, slots=True)
class FeedLink:
    """An address that may be a feed. ``origin``: ``declared`` (link rel=alternate), ``linked`` (an anchor whose
    address looks like one) or ``guessed`` (a common path, nothing on the page speaks for it)."""

    url: str
    title: str
    origin: str


def find_feeds(body: bytes, url: str) -> tuple[FeedLink, ...]:
    """Candidates in order of promise, each address once: declared, then linked, then guessed. Never raises."""
    page = scan_page(decode(body, None).replace("\x00", ""))
    base = absolute_url(page.base, url) or url
    declared: list[FeedLink] = []
    linked: list[FeedLink] = []
    for rel, href, kind, title in page.links:
        target = absolute_url(href, base)
        if target is None:
            continue
        if "alternate" in rel.split() and kind.partition(";")[0].strip() in _FEED_TYPES:
            declared.append(FeedLink(target, clean_line(title, 200), "declared"))
        elif not rel and _looks_like_feed(target):
            linked.append(FeedLink(target, clean_line(title, 200), "linked"))
    guessed = [FeedLink(found, "", "guessed") for path in _COMMON_PATHS if (found := absolute_url(path, url))]
    unique: dict[str, FeedLink] = {}
    for link in (*declared, *linked, *guessed):
        unique.setdefault(link.url, link)
    return tuple(unique.values())[:_MAX_LINKS]


def _looks_like_feed(url: str) -> bool:
    parts = urlsplit(url)
    address = f"{parts.path}?{parts.query}" if parts.query else parts.path
    return bool(_FEED_LIKE.search(address)) and not _NOT_A_FEED.search(parts.path)
