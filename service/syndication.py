"""Mentions, articles and stories as a feed: Atom (RFC 4287) or JSON Feed 1.1 (jsonfeed.org/version/1.1).

    lines + Heading -> atom_feed() | json_feed() -> text        the same lines give the same text, byte for byte

Titles and summaries are plain text, declared as such and without characters that steer; links are http(s) or left out.
An entry's id is made of its number and the installation's own: it never changes, and no other newsvane has it.
"""

import re
import xml.etree.ElementTree as ET
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid5

from service.notify.clean import cut, link, one_line, plain
from service.written import json_text

__all__ = ["FEED_NOUNS", "Heading", "atom_feed", "changed_at", "feed_name", "json_feed"]

FEED_NOUNS = ("mentions", "articles", "stories")
_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What XML 1.0 (section 2.2) cannot hold, not even escaped."""
_NAMESPACE = "http://www.w3.org/2005/Atom"
_JSON_FEED = "https://jsonfeed.org/version/1.1"
_NEVER = "1970-01-01T00:00:00.000Z"
"""When a feed without entries changed."""
_TITLE, _SUMMARY = 300, 500
Line = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Heading:
    """Of a feed of ``noun`` (one of FEED_NOUNS). ``name``: feed_name(). ``address``: where the feed is, left out where
    that may not be passed on."""

    noun: str
    name: str
    installation: UUID
    address: str | None = None

    @property
    def title(self) -> str:
        return one_line(f"newsvane: {self.name or self.noun}", _TITLE)

    @property
    def id(self) -> str:
        return uuid5(self.installation, f"feed/{self.noun}/{self.name}").urn

    def entry_id(self, line: Line) -> str:
        return uuid5(self.installation, f"{self.noun}/{line['id']}").urn


def feed_name(*asked: str | None) -> str:
    """What tells an installation's feeds apart: the name of a saved search, or whatever else was asked."""
    return ", ".join(part for part in asked if part)


def atom_feed(lines: Sequence[Line], heading: Heading) -> str:
    """In the order given."""
    feed = ET.Element("feed", xmlns=_NAMESPACE)
    _add(feed, "id", heading.id)
    _add(feed, "title", heading.title, type="text")
    _add(feed, "updated", changed_at(heading.noun, lines))
    _add(feed, "generator", "newsvane")
    if heading.address:
        ET.SubElement(feed, "link", rel="self", type="application/atom+xml", href=heading.address)
    for line in lines:
        entry = ET.SubElement(feed, "entry")
        _add(entry, "id", heading.entry_id(line))
        _add(entry, "title", _title(line), type="text")
        _add(entry, "updated", _changed(heading.noun, line))
        if line["published_at"]:
            _add(entry, "published", line["published_at"])
        address = link(line["url"])
        if address:
            ET.SubElement(entry, "link", rel="alternate", href=_xml(address))
        _add(ET.SubElement(entry, "author"), "name", one_line(line["source"], _TITLE) or "unknown")
        for entity in _entities(line):
            ET.SubElement(entry, "category", term=_xml(one_line(entity, _TITLE)))
        # RFC 4287, section 4.1.2: an entry that leads nowhere must have content.
        _add(entry, "summary" if address else "content", _summary(line), type="text")
    ET.indent(feed)
    return f"{ET.tostring(feed, encoding='unicode')}\n"


def json_feed(lines: Sequence[Line], heading: Heading) -> str:
    """In the order given. ``_newsvane`` of an item is its line's own proof and place."""
    feed: dict[str, Any] = {"version": _JSON_FEED, "title": heading.title}
    if heading.address:
        feed["feed_url"] = heading.address
    feed["items"] = [_item(line, heading) for line in lines]
    return json_text(feed, indent=1) + "\n"


def changed_at(noun: str, lines: Sequence[Line]) -> str:
    """When the newest change of these lines was, RFC 3339."""
    return max((_changed(noun, line) for line in lines), default=_NEVER)


def _item(line: Line, heading: Heading) -> dict[str, Any]:
    item: dict[str, Any] = {"id": heading.entry_id(line)}
    if address := link(line["url"]):
        item["url"] = address
    item |= {"title": _title(line), "content_text": _summary(line)}
    if line["published_at"]:
        item["date_published"] = line["published_at"]
    item["date_modified"] = _changed(heading.noun, line)
    if source := one_line(line["source"], _TITLE):
        item["authors"] = [{"name": source}]
    if line.get("language"):
        item["language"] = line["language"]
    item["tags"] = [one_line(entity, _TITLE) for entity in _entities(line)]
    told = ("id", "confidence", "salience", "evidence", "story", "article", "discovered_at")
    item["_newsvane"] = {key: line[key] for key in told if key in line}
    return item


def _title(line: Line) -> str:
    title = one_line(line["title"], _TITLE) or "(no title)"
    return f"{one_line(line['entity'], _TITLE)}: {title}" if "entity" in line else title


def _summary(line: Line) -> str:
    """What a mention's snippet, an article's text or a story's outlets say."""
    if "outlets" in line:
        return one_line(f"{line['copies']} articles: {', '.join(line['outlets'])}", _SUMMARY)
    return cut(plain(line.get("snippet") or line.get("text", "")), _SUMMARY)


def _entities(line: Line) -> Sequence[str]:
    entities: Sequence[str] = [line["entity"]] if "entity" in line else line.get("entities", ())
    return entities


def _changed(noun: str, line: Line) -> str:
    """An article's own ``updated_at`` is what its publisher says, and may be any time."""
    edited = line.get("read_at") if noun == "articles" else line.get("updated_at")
    return max(edited or "", str(line["discovered_at"]))


def _xml(text: str) -> str:
    return _NOT_XML.sub("\N{REPLACEMENT CHARACTER}", text)


def _add(parent: ET.Element, name: str, text: str, **attributes: str) -> None:
    ET.SubElement(parent, name, attributes).text = _xml(text)
