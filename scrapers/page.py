"""One cheap pass over an HTML page: its shape, before anything costly is tried, and what its head says about it."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from lxml import etree

__all__ = ["Page", "scan_page"]

_MAX_FACTS = 400
_MAX_TITLE = 200_000
_MAX_SCRIPTS = 20
_MAX_SCRIPT = 1_000_000
_MAX_ASIDES = 20
"""Open at once."""
_ASIDES = frozenset({"dialog", "form"})
_WHOLE = frozenset({"article", "footer", "nav"})
"""Parts of a page's frame: a form around them is the whole page's, as old frameworks make it, and asks for nothing."""
_UNSEEN = frozenset({"script", "style", "noscript", "template"})
_ASKING = frozenset({"button", "input", "select", "textarea"})


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
    letters: int = 0
    """Of the text that a reader may see."""
    asked: int = 0
    """Those of them that stand in a dialog or a form."""
    controls: int = 0
    """Buttons and fields in dialogs and forms."""
    scripts: list[str] = field(default_factory=list)
    """Texts of the ``application/ld+json`` scripts; one that is too long ends early, and is no JSON then."""
    metas: dict[str, str] = field(default_factory=dict)
    links: list[tuple[str, str, str, str]] = field(default_factory=list)

    @property
    def tables_are_layout(self) -> bool:
        """The page's paragraphs stand in table cells: old sites lay their pages out so."""
        return self.paragraphs_in_tables * 2 > self.paragraphs

    @property
    def only_asks(self) -> bool:
        """The page is a dialog or a form and hardly anything else: a consent page, a login, a challenge."""
        return self.controls > 0 and self.asked * 10 >= self.letters * 6

    def link(self, rel: str) -> str | None:
        """The first href with this relation."""
        return next((href for rels, href, _, _ in self.links if rel in rels.split()), None)


@dataclass(slots=True)
class _Aside:
    """A dialog or form that is open, and what stands in it."""

    tag: str
    depth: int
    letters: int = 0
    controls: int = 0
    whole: bool = False


class _Scan:
    """Target of lxml's parser; builds no tree, so it costs the same whatever the page nests."""

    def __init__(self) -> None:
        self.page = Page()
        self._depth = 0
        self._tables = 0
        self._collecting: list[str] | None = None
        self._collected = 0
        self._unseen = 0
        self._asides: list[_Aside] = []

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        page = self.page
        self._unseen += tag in _UNSEEN
        self._note_aside(tag, attributes)
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
            case "time" if attributes.get("itemprop") and len(page.metas) < _MAX_FACTS:
                page.metas.setdefault(attributes["itemprop"][:100].lower(), attributes.get("datetime", "")[:100])
            case "script" if "ld+json" in attributes.get("type", "") and len(page.scripts) < _MAX_SCRIPTS:
                self._collecting = []

    def _note_aside(self, tag: str, attributes: Mapping[str, str]) -> None:
        """Dialogs and forms, so far as they are known: an outer one that turns out to be the page's frame is none."""
        asking = tag in _ASIDES or "dialog" in attributes.get("role", "") or attributes.get("aria-modal") == "true"
        if asking and len(self._asides) < _MAX_ASIDES:
            self._asides.append(_Aside(tag, self._depth + 1))
        elif tag in _WHOLE:
            for aside in self._asides:
                aside.whole = aside.tag == "form"
        elif tag in _ASKING and self._asides and attributes.get("type") != "hidden":
            self._asides[-1].controls += 1

    def end(self, tag: str) -> None:
        self._unseen -= tag in _UNSEEN and self._unseen > 0
        if self._asides and self._depth <= self._asides[-1].depth:
            self._leave_aside()
        self._depth -= 1
        self._tables -= tag == "table"
        if self._collecting is None or tag not in ("title", "script"):
            return
        text = "".join(self._collecting)
        if tag == "script":
            self.page.scripts.append(text)
        else:
            self.page.title = text[:_MAX_TITLE]
        self._collecting, self._collected = None, 0

    def _leave_aside(self) -> None:
        aside = self._asides.pop()
        if aside.whole:
            return
        if self._asides:  # an inner one counts once, with the outer
            self._asides[-1].letters += aside.letters
            self._asides[-1].controls += aside.controls
        else:
            self.page.asked += aside.letters
            self.page.controls += aside.controls

    def data(self, data: str) -> None:
        if self._collecting is not None and self._collected <= _MAX_SCRIPT:
            self._collecting.append(data)
            self._collected += len(data)
        elif not self._unseen:
            letters = len(data) - data.count(" ") - data.count("\n")
            self.page.letters += letters
            if self._asides:
                self._asides[-1].letters += letters

    def comment(self, text: str) -> None:
        """Comments say nothing."""

    def close(self) -> Page:
        while self._asides:
            self._leave_aside()
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
