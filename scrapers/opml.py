"""Subscription lists (OPML 2.0, https://opml.org/spec2.opml) in and out. A file is read as a whole or refused."""

import re
import xml.etree.ElementTree as ET
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from xml.parsers import expat

import listparser

from scrapers.documents import decode, tidy_xml
from scrapers.errors import ParseError
from scrapers.sniffing import describe
from scrapers.text import absolute_url, clean_line, printable

__all__ = ["OpmlItem", "read_opml", "write_opml"]

MAX_BYTES = 20_000_000
MAX_OUTLINES = 50_000
MAX_DEPTH = 30
_MOST_FOLDERS = 20
_PARTING = re.compile("[,/]")


@dataclass(frozen=True, slots=True)
class OpmlItem:
    """One subscription. ``tags``: the folders it lies in, outermost first."""

    url: str
    title: str = ""
    tags: tuple[str, ...] = ()


def read_opml(data: bytes) -> tuple[OpmlItem, ...]:
    """Subscriptions of an OPML file, each address once, those that are no http(s) address left out.

    Raises ParseError ``not-a-feed`` with the reason: no OPML, nothing in it, broken XML, or more than a list of
    subscriptions can need. Half a list would be taken for the whole, so a broken file gives none.
    """
    if len(data) > MAX_BYTES:
        raise _refused(f"The file is larger than {MAX_BYTES:,} bytes.")
    text = decode(data, None).lstrip("\ufeff \t\r\n")
    document = f'<?xml version="1.0" encoding="utf-8"?>{tidy_xml(text)}'.encode()
    _check(document, text)
    items: dict[str, OpmlItem] = {}
    for feed in listparser.parse(document).get("feeds", []):
        address = absolute_url(feed.get("url"))
        if address is not None:
            title = clean_line(feed.get("title") or "", 300)
            # Where a reader knew no title it wrote the address, as ``write_opml`` does: the feed will say its own.
            item = OpmlItem(address, "" if title == address else title, tuple(_tags(feed)))
            items[address] = _joined(items[address], item) if address in items else item
    if not items:
        raise _nothing(text)
    return tuple(items.values())


def _joined(first: OpmlItem, again: OpmlItem) -> OpmlItem:
    """A subscription that lies in several folders has the tags of all."""
    return replace(first, title=first.title or again.title, tags=tuple(dict.fromkeys(first.tags + again.tags)))


class _Scan:
    """Counts before anything is built: folders in folders cost a reader the square of their number."""

    def __init__(self) -> None:
        self.root = ""
        self.depth = self.outlines = 0
        self.parser = expat.ParserCreate("utf-8")
        self.parser.StartElementHandler = self.start
        self.parser.EndElementHandler = self.end

    def start(self, name: str, _attributes: dict[str, str]) -> None:
        self.root = self.root or name.lower()
        self.depth += 1
        self.outlines += name.lower() == "outline"
        if self.depth > MAX_DEPTH:
            raise _refused(f"The file nests its folders more than {MAX_DEPTH} deep.")
        if self.outlines > MAX_OUTLINES:
            raise _refused(f"The file lists more than {MAX_OUTLINES:,} subscriptions and folders; cut it into several.")

    def end(self, _name: str) -> None:
        self.depth -= 1


def _check(document: bytes, text: str) -> None:
    scan = _Scan()
    try:
        scan.parser.Parse(document, True)
    except expat.ExpatError as error:
        if scan.root != "opml":
            raise _nothing(text) from error
        reason = expat.ErrorString(error.code)
        raise _refused(f"The file is broken near line {error.lineno}: {reason}.") from error
    if scan.root != "opml":
        raise _nothing(text)


def _nothing(text: str) -> ParseError:
    return _refused(f"No subscriptions were found: this is {describe(text, None)}.")


def _refused(message: str) -> ParseError:
    return ParseError(message, code="not-a-feed")


def _tags(feed: dict[str, object]) -> Iterator[str]:
    tags = feed.get("tags")
    folders = feed.get("categories")
    nested = (name for path in folders for name in path) if isinstance(folders, list) else ()
    candidates = [*(tags if isinstance(tags, list) else ()), *nested]
    yield from dict.fromkeys(name for tag in candidates if (name := clean_line(str(tag), 100)))


def write_opml(items: Iterable[OpmlItem]) -> bytes:
    """An OPML 2.0 document (UTF-8) that ``read_opml`` reads back. An item's tags go into ``category``, or are folders
    where one of them holds a comma or a slash: in a category those part tags and levels."""
    root = ET.Element("opml", version="2.0")
    ET.SubElement(ET.SubElement(root, "head"), "title").text = "Subscriptions"
    body = ET.SubElement(root, "body")
    folders: dict[tuple[str, ...], ET.Element] = {(): body}
    for item in items:
        title = clean_line(item.title, 300) or item.url
        attributes = {"type": "rss", "text": title, "title": title, "xmlUrl": printable(item.url)}
        tags = tuple(name for tag in item.tags if (name := clean_line(tag, 100)))
        if any(_PARTING.search(tag) for tag in tags) and len(tags) <= _MOST_FOLDERS:
            ET.SubElement(_folder(folders, tags), "outline", attributes)
            continue
        if tags:
            attributes["category"] = ",".join(_PARTING.sub(" ", tag) for tag in tags)
        ET.SubElement(body, "outline", attributes)
    ET.indent(root)
    document: bytes = ET.tostring(root, encoding="utf-8", xml_declaration=True)
    return document + b"\n"


def _folder(folders: dict[tuple[str, ...], ET.Element], path: tuple[str, ...]) -> ET.Element:
    """The folder of that path, made where it is missing."""
    if path not in folders:
        folders[path] = ET.SubElement(_folder(folders, path[:-1]), "outline", {"text": path[-1], "title": path[-1]})
    return folders[path]
