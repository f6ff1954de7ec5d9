"""Page -> addresses of its feeds; subscription lists (OPML) in and out."""

import re
import xml.etree.ElementTree as ET
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from urllib.parse import urlsplit

import listparser

from scrapers.documents import decode, tidy_xml
from scrapers.errors import ParseError
from scrapers.page import scan_page
from scrapers.sniffing import describe
from scrapers.text import absolute_url, clean_line, printable

__all__ = ["FeedLink", "OpmlItem", "find_feeds", "read_opml", "write_opml"]

_FEED_TYPES = frozenset(
    {"application/rss+xml", "application/atom+xml", "application/rdf+xml", "application/feed+json", "application/json"}
)
_FEED_LIKE = re.compile(r"(?:^|[/._?=&-])(?:feeds?|rss2?|atom|rdf|index\.xml)(?:$|[/._?=&-])", re.IGNORECASE)
_NOT_A_FEED = re.compile(r"\.(?:html?|png|jpe?g|gif|svg|css|js|pdf)$", re.IGNORECASE)
_COMMON_PATHS = ("/feed", "/rss", "/feed.xml", "/rss.xml", "/atom.xml", "/index.xml", "/feed.json")
_MAX_LINKS = 50
_MAX_OUTLINES = 50_000


@dataclass(frozen=True, slots=True)
class FeedLink:
    """An address that may be a feed. ``origin``: ``declared`` (link rel=alternate), ``linked`` (an anchor whose
    address looks like one) or ``guessed`` (a common path, nothing on the page speaks for it)."""

    url: str
    title: str
    origin: str


@dataclass(frozen=True, slots=True)
class OpmlItem:
    """One subscription. ``tags``: the folders it lies in."""

    url: str
    title: str = ""
    tags: tuple[str, ...] = ()


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


def read_opml(data: bytes) -> tuple[OpmlItem, ...]:
    """Subscriptions of an OPML file, each address once. Raises ParseError ``not-a-feed`` when it has none."""
    text = decode(data, None).lstrip("\ufeff \t\r\n")
    parsed = listparser.parse(f'<?xml version="1.0" encoding="utf-8"?>{tidy_xml(text)}'.encode())
    items: dict[str, OpmlItem] = {}
    for feed in parsed.get("feeds", [])[:_MAX_OUTLINES]:
        address = absolute_url(feed.get("url"))
        if address is not None:
            items.setdefault(address, OpmlItem(address, clean_line(feed.get("title") or "", 300), tuple(_tags(feed))))
    if not items:
        message = f"No subscriptions were found: this is {describe(text, None)}."
        raise ParseError(message, code="not-a-feed")
    return tuple(items.values())


def _tags(feed: dict[str, object]) -> Iterator[str]:
    tags = feed.get("tags")
    folders = feed.get("categories")
    nested = (name for path in folders for name in path) if isinstance(folders, list) else ()
    candidates = [*(tags if isinstance(tags, list) else ()), *nested]
    yield from dict.fromkeys(name for tag in candidates if (name := clean_line(str(tag), 100)))


def write_opml(items: Iterable[OpmlItem]) -> bytes:
    """An OPML 2.0 document (UTF-8) that ``read_opml`` reads back; an item's tags go into ``category``."""
    root = ET.Element("opml", version="2.0")
    ET.SubElement(ET.SubElement(root, "head"), "title").text = "Subscriptions"
    body = ET.SubElement(root, "body")
    for item in items:
        title = clean_line(item.title, 300) or item.url
        attributes = {"type": "rss", "text": title, "title": title, "xmlUrl": printable(item.url)}
        if item.tags:
            attributes["category"] = ",".join(clean_line(tag, 100).replace(",", " ") for tag in item.tags)
        ET.SubElement(body, "outline", attributes)
    ET.indent(root)
    document: bytes = ET.tostring(root, encoding="utf-8", xml_declaration=True)
    return document + b"\n"
