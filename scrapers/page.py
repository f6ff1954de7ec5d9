"""One cheap pass over an HTML page: its shape, before anything costly is tried, and what its head says about it."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from lxml import etree

__all__ = ["Page", "scan_page"]

_MAX_FACTS = 400
_JSON_DATE = re.compile(r'"datePublished"\s*:\s*"([^"]{4,40})"')
_MAX_SCRIPT = 200_000


@dataclass(slots=True)
class Page:
    """Facts as the page states them, not checked. ``metas``: by lower-case name or property, the first of each.
    ``links``: (rel, href, type, title) of ``link`` and ``a`` elements; rel is empty for ``a`` without one."""

    depth: int = 0
    elements: int = 0
    attributes: int = 0
    """Most on one element."""
    paragraphs: int = 0
    paragraphs_in_tables: int = 0
    language: str | None = None
    base: str | None = None
    title: str = ""
    published: str | None = None
    metas: dict[str, str] = field(default_factory=dict)
    links: list[tuple[str, str, str, str]] = field(default_factory=list)

    @property
    def tables_are_layout(self) -> bool:
        """The page's paragraphs stand in table cells: old sites lay their pages out so."""
        return self.paragraphs_in_tables * 2 > self.paragraphs

    def link(self, rel: str) -> str | None:
        """The first href with this relation."""
        return next((href for rels, href, _, _ in self.links if rel in rels.split()), None)


class _Scan:
    """Target of lxml's parser; builds no tree, so it costs the same whatever the page nests."""

    def __init__(self) -> None:
        self.page = Page()
        self._depth = 0
        self._tables = 0
        self._collecting: list[str] | None = None
        self._json_ld = False

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        page = self.page
        self._depth += 1
        page.depth = max(page.depth, self._depth)
        page.elements += 1
        page.attributes = max(page.attributes, len(attributes))
        match tag:
            case "table":
                self._tables += 1
            case "p":
                page.paragraphs += 1
                page.paragraphs_in_tables += self._tables > 0
            case "html":
                page.language = attributes.get("lang") or attributes.get("xml:lang")
            case "base":
                page.base = page.base or attributes.get("href")
            case "meta" if len(page.metas) < _MAX_FACTS:
                name = attributes.get("property") or attributes.get("name") or attributes.get("itemprop") or ""
                page.metas.setdefault(name[:100].lower(), attributes.get("content", "")[:4000])
            case "link" | "a" if len(page.links) < _MAX_FACTS and attributes.get("href"):
                names = ("rel", "href", "type", "title")
                rel, href, kind, title = (attributes.get(name, "")[:4000] for name in names)
                page.links.append((rel.lower(), href, kind.lower(), title))
            case "title" if not page.title:
                self._collecting = []
            case "script" if "ld+json" in attributes.get("type", "") and page.published is None:
                self._collecting, self._json_ld = [], True

    def end(self, tag: str) -> None:
        self._depth -= 1
        self._tables -= tag == "table"
        if self._collecting is None or tag not in ("title", "script"):
            return
        text = "".join(self._collecting)[:_MAX_SCRIPT]
        if self._json_ld:
            found = _JSON_DATE.search(text)
            self.page.published = found[1] if found else None
        else:
            self.page.title = text
        self._collecting, self._json_ld = None, False

    def data(self, data: str) -> None:
        if self._collecting is not None:
            self._collecting.append(data)

    def comment(self, text: str) -> None:
        """Comments say nothing."""

    def close(self) -> Page:
        return self.page


def scan_page(text: str) -> Page:
    """Never raises: a page that cannot be scanned to its end is described up to there."""
    scan = _Scan()
    parser = etree.HTMLParser(target=scan, huge_tree=True)
    try:
        parser.feed(text)
        parser.close()
    except (etree.LxmlError, ValueError):
        pass  # what was seen so far is all there is
    return scan.page
