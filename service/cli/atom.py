"""Mentions, articles and stories as an Atom feed (RFC 4287)."""

import re
import xml.etree.ElementTree as ET
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from service.domain.alerting import rfc3339

__all__ = ["atom_feed"]

_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What XML 1.0 (section 2.2) cannot hold, not even escaped."""
_NAMESPACE = "http://www.w3.org/2005/Atom"


def atom_feed(noun: str, lines: Sequence[Any], *, now: datetime) -> str:
    """``lines`` of ``mentions``, ``articles`` or ``stories``, in the order given."""
    feed = ET.Element("feed", xmlns=_NAMESPACE)
    _add(feed, "id", f"urn:newsvane:{noun}")
    _add(feed, "title", f"newsvane {noun}")
    _add(feed, "updated", lines[0]["discovered_at"] if lines else rfc3339(now))
    for line in lines:
        entry = ET.SubElement(feed, "entry")
        _add(entry, "id", f"urn:newsvane:{noun}:{line['id']}")
        names = f"{line['entity']}: " if "entity" in line else ""
        _add(entry, "title", f"{names}{line['title']}")
        _add(entry, "updated", line["discovered_at"])
        if line["published_at"]:
            _add(entry, "published", line["published_at"])
        if line["url"]:
            ET.SubElement(entry, "link", rel="alternate", href=line["url"])
        _add(ET.SubElement(entry, "author"), "name", line["source"] or "unknown")
        _add(entry, "summary", line.get("snippet") or line.get("text", "")[:500])
    ET.indent(feed)
    return ET.tostring(feed, encoding="unicode", xml_declaration=False)


def _add(parent: ET.Element, name: str, text: str) -> None:
    ET.SubElement(parent, name).text = _NOT_XML.sub("\N{REPLACEMENT CHARACTER}", text)
