"""One pass of expat over a feed: where its items are, and whether they can be told apart.

What feedparser would carry from one item into the next is what ends the pass: see the places that raise TakeWhole.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from xml.parsers import expat

__all__ = ["ITEMS_OF_ROOT", "Scan", "TakeWhole", "may_hold_base", "may_hold_relative_base"]

_ATOM_1, _ATOM_03 = "http://www.w3.org/2005/Atom", "http://purl.org/atom/ns#"
_RDF, _RSS_1 = "http://www.w3.org/1999/02/22-rdf-syntax-ns#", "http://purl.org/rss/1.0/"
_RSS_090 = "http://my.netscape.com/rdf/simple/0.9/"
_USERLAND, _HARVARD = "http://backend.userland.com/rss2", "http://blogs.law.harvard.edu/tech/rss"
_MEDIA, _MEDIA_OF_RSSBOARD = "http://search.yahoo.com/mrss", "http://www.rssboard.org/media-rss"
# Root element -> its items. Names are expat's: namespace, a space, local name.
ITEMS_OF_ROOT = {
    "rss": ("item",),
    f"{_USERLAND} rss": (f"{_USERLAND} item",),
    f"{_HARVARD} rss": (f"{_HARVARD} item",),
    f"{_RDF} RDF": (f"{_RSS_1} item", f"{_RSS_090} item"),
    f"{_ATOM_1} feed": (f"{_ATOM_1} entry",),
    f"{_ATOM_03} feed": (f"{_ATOM_03} entry",),
}
# Counters of readers' reactions, which change at every visit and say nothing of the item.
_COUNTERS = frozenset(
    {
        ("http://purl.org/rss/1.0/modules/slash", "comments"),
        ("http://purl.org/syndication/thread/1.0", "total"),
        (_MEDIA, "statistics"),
        (_MEDIA, "starrating"),
    }
)
# Elements whose content feedparser may take as inline markup. Their end tags inside such markup upset its books.
_TEXTS = frozenset(
    {
        "abstract", "body", "browserfriendly", "content", "copyright", "description", "encoded", "fullitem", "info",
        "rights", "subtitle", "summary", "tagline", "title",
    }
)  # fmt: skip
_FRAMES = frozenset({"rss", "rdf", "channel", "feed"})
_START_TAG = re.compile(rb"""<[^<>"']*(?:"[^"]*"[^<>"']*|'[^']*'[^<>"']*)*>""")
_BASE = re.compile(rb"base\s*=", re.IGNORECASE)
_RELATIVE_BASE = re.compile(rb"base\s*=\s*(?![\"']https?://)", re.IGNORECASE)

_ITEM, _FRAME, _TEXT, _DIV, _COUNTER, _OTHER = "item", "frame", "text", "div", "counter", ""


class TakeWhole(Exception):  # noqa: N818 - not an error, an answer
    """The document cannot be cut without a risk that its items read otherwise."""


def may_hold_base(document: bytes) -> bool:
    """Whether the document has an ``xml:base`` or something that looks like one."""
    return b"base" in document.lower() and _BASE.search(document) is not None


def may_hold_relative_base(document: bytes) -> bool:
    """Whether the document has such a one that is not an http(s) address of its own."""
    return b"base" in document.lower() and _RELATIVE_BASE.search(document) is not None


@dataclass(slots=True)
class _Item:
    start: int
    end: int
    counters: list[tuple[int, int]]

    def without_counters(self, document: bytes) -> Iterable[bytes]:
        position = self.start
        for start, end in self.counters:
            yield document[position:start]
            position = end
        yield document[position : self.end]


class Scan:
    """One pass, made by ``parser``: ``root``, ``items``, the start tags of the elements ``tags_around`` them, and from
    where to where the ``surplus`` lies, the items beyond ``max_items``. ``depth``: elements within each other;
    ``attributes``: most on one. The parser raises TakeWhole, ExpatError and ValueError."""

    def __init__(self, document: bytes, max_items: int) -> None:
        self.document = document
        self.max_items = max_items
        self.root = ""
        self.depth = self.attributes = 0
        self.items: list[_Item] = []
        self.surplus = self.surplus_start = self.surplus_end = 0
        self.tags_around: list[bytes] = []
        self._kinds: dict[str, str] = {}
        self._names = _Names()
        self._declared: list[tuple[str | None, str]] = []
        self._around: list[int] = []  # where the open elements outside items start
        self._parent = -1  # where the element that holds the items starts
        self._depth = self._item_depth = self._text_depth = self._counter_depth = 0
        self._counter_start = 0
        self._item: _Item | None = None
        self._may_hold_div = False
        self._watch_bases = may_hold_relative_base(document)
        self._base_around = False
        self.parser = expat.ParserCreate("utf-8", " ")
        self.parser.ordered_attributes = True
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.StartNamespaceDeclHandler = self._declare
        self.parser.StartDoctypeDeclHandler = self._refuse_doctype

    def _declare(self, prefix: str | None, uri: str) -> None:
        if prefix is None and uri == _MEDIA_OF_RSSBOARD:
            raise TakeWhole  # its "content" would be a text
        self._declared.append((prefix, uri))

    def _refuse_doctype(self, *_: object) -> None:
        raise TakeWhole

    def _start(self, name: str, attributes: list[str]) -> None:
        self._depth += 1
        if self._depth > self.depth:
            self.depth = self._depth
        if len(attributes) > 2 * self.attributes:
            self.attributes = len(attributes) // 2
        kind = self._kinds.get(name)
        if kind is None:
            kind = self._kinds[name] = _kind(name)
        if self._item is not None:
            if kind:
                self._start_within(kind, attributes)
        elif kind == _ITEM:
            self._start_item(name)
        else:
            self.root = self.root or name
            self._around.append(self.parser.CurrentByteIndex)
        if self._declared:
            self._names.add(self._declared, in_head=self._item is None and not self.items)
            self._declared.clear()
        if self._watch_bases and attributes:
            self._note_base(attributes)

    def _start_item(self, name: str) -> None:
        if name not in ITEMS_OF_ROOT.get(self.root, ()):
            raise TakeWhole
        if self._parent < 0:
            if self.root == f"{_RDF} RDF" and name.rpartition(" ")[0] not in self._names.of_head:
                raise TakeWhole  # what feedparser takes the document for would hang on its first item
            self._parent = self._around[-1]
            self.tags_around = [self._tag(start) for start in self._around]
        elif not self._around or self._around[-1] != self._parent:
            raise TakeWhole
        self._item_depth = self._depth
        self._item = _Item(self.parser.CurrentByteIndex, 0, [])

    def _start_within(self, kind: str, attributes: list[str]) -> None:
        if kind in (_ITEM, _FRAME):
            raise TakeWhole
        if self._text_depth:
            if kind == _TEXT or (kind == _DIV and not self._may_hold_div):
                raise TakeWhole
        elif kind == _TEXT:
            self._text_depth = self._depth
            types = [value.lower() for value in _values(attributes, "type")] if attributes else []
            self._may_hold_div = any(value == "xhtml" or value.endswith("xml") for value in types)
        elif kind == _COUNTER and not self._counter_depth:
            self._counter_depth = self._depth
            self._counter_start = self.parser.CurrentByteIndex

    def _end(self, _name: str) -> None:
        if self._item is None:
            self._around.pop()
        elif self._depth == self._item_depth:
            self._end_item(self._item)
            self._item = None
        elif self._depth == self._text_depth:
            self._text_depth = 0
        elif self._depth == self._counter_depth:
            self._item.counters.append((self._counter_start, self._end_of(self._counter_start)))
            self._counter_depth = 0
        self._depth -= 1

    def _end_item(self, item: _Item) -> None:
        item.end = self._end_of(item.start)
        if len(self.items) < self.max_items:
            self.items.append(item)
            return
        self.surplus_start = self.surplus_start or item.start
        self.surplus_end = item.end
        self.surplus += 1

    def _tag(self, start: int) -> bytes:
        tag = _START_TAG.match(self.document, start)
        if tag is None:
            raise TakeWhole
        return tag[0]

    def _end_of(self, start: int) -> int:
        """Behind the element that starts at ``start`` and has just ended."""
        tag = self._tag(start)
        if tag.endswith(b"/>"):
            return start + len(tag)
        return self.document.index(b">", self.parser.CurrentByteIndex) + 1

    def _note_base(self, attributes: list[str]) -> None:
        """feedparser goes on with an item's relative base after its end, unless an element around has one, too."""
        if not any(_values(attributes, "base")):
            return
        if self._item is None:
            self._base_around = self._base_around or (not self.items and len(self._around) == 1)
        if not self._base_around:
            raise TakeWhole


class _Names:
    """Namespaces that the document declares. feedparser remembers each prefix for good: a document that gives one
    another meaning half-way, or a namespace another prefix from item to item, is read as a whole."""

    def __init__(self) -> None:
        self.of_head: set[str] = set()
        self._uris: dict[str, str] = {}
        self._prefixes: dict[str, str | None] = {}

    def add(self, declared: Iterable[tuple[str | None, str]], *, in_head: bool) -> None:
        for prefix, uri in declared:
            if in_head:
                self.of_head.add(uri)
            if prefix is not None and self._uris.setdefault(prefix, uri) != uri:
                raise TakeWhole
            if uri not in self.of_head and self._prefixes.setdefault(uri, prefix) != prefix:
                raise TakeWhole


def _values(attributes: list[str], local: str) -> Iterable[str]:
    """What the attributes of this local name are set to, in any namespace: feedparser looks no closer."""
    for name, value in zip(attributes[::2], attributes[1::2], strict=True):
        if name.rpartition(" ")[2].lower() == local:
            yield value


def _kind(name: str) -> str:
    uri, _, local = name.rpartition(" ")
    uri, local = uri.lower().rstrip("/"), local.lower()
    if local in ("item", "entry"):
        return _ITEM
    if local in _FRAMES:
        return _FRAME
    if (uri, local) in _COUNTERS:
        return _COUNTER
    if local in _TEXTS and (local != "content" or uri not in (_MEDIA, _MEDIA_OF_RSSBOARD)):
        return _TEXT
    return _DIV if local == "div" else _OTHER
