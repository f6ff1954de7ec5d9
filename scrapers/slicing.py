"""A feed without the items that were seen: what is interpreted, and paid for, is what is new.

    tidied document -> expat: where each item starts and ends -> hash of its bytes -> known: cut out
                                                                                   -> new: left where it is
                    -> something that could make the rest read otherwise -> None: take the whole document

The head, and whatever stands between and behind the items, stays as it is: namespaces, ``xml:base`` and ``xml:lang``
of the outer elements are part of what an item means. feedparser carries some state from one item into the next;
where a document would make it do so, the document is not cut, so that an item reads alike alone and among others.
"""

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from hashlib import blake2b
from xml.parsers import expat

__all__ = ["HASH_BYTES", "Sliced", "may_hold_base", "may_hold_relative_base", "seed_of_items", "slice_feed"]

HASH_BYTES = 16

_ATOM_1, _ATOM_03 = "http://www.w3.org/2005/Atom", "http://purl.org/atom/ns#"
_RDF, _RSS_1 = "http://www.w3.org/1999/02/22-rdf-syntax-ns#", "http://purl.org/rss/1.0/"
_RSS_090 = "http://my.netscape.com/rdf/simple/0.9/"
_USERLAND, _HARVARD = "http://backend.userland.com/rss2", "http://blogs.law.harvard.edu/tech/rss"
_MEDIA, _MEDIA_OF_RSSBOARD = "http://search.yahoo.com/mrss", "http://www.rssboard.org/media-rss"
# Root element -> its items. Names are expat's: namespace, a space, local name.
_ITEMS_OF_ROOT = {
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
_RELATIVE_BASE = re.compile(rb"base\s*=\s*(?![\"']https?://)", re.IGNORECASE)

_ITEM, _FRAME, _TEXT, _DIV, _COUNTER, _OTHER = "item", "frame", "text", "div", "counter", ""


@dataclass(frozen=True, slots=True)
class Sliced:
    """``document`` holds ``kept`` of the ``items`` of the feed. ``hashes``: one of each item that was wanted, in
    document order, known or new; items beyond ``max_items`` are cut out and have none. ``tags_around``: the start tags
    of the elements that hold the items. ``spans``: where the wanted items stood in what was given."""

    document: bytes
    kept: int
    items: int
    hashes: tuple[bytes, ...]
    tags_around: tuple[bytes, ...] = ()
    spans: tuple[tuple[int, int], ...] = ()


class _TakeWhole(Exception):  # noqa: N818 - not an error, an answer
    """The document cannot be cut without a risk that its items read otherwise."""


def slice_feed(document: bytes, *, known: Collection[bytes], salt: bytes, max_items: int) -> Sliced | None:
    """Cut the items whose hash is in ``known``, and those beyond the first ``max_items``, out of a feed.

    ``document``: XML in UTF-8 without a DOCTYPE, as ``documents.tidy_xml`` leaves it; what the publisher declared as
    its charset is settled by then. ``salt``: whatever else decides how an item is read; the start tags around the
    items count by themselves. Readers' counters are left out of the hash, not out of the document.

    None: take the whole document. It is ill-formed, of another format, keeps a DOCTYPE, nests items, or carries
    something from one item into the next. Time is linear in the length.
    """
    scan = _Scan(document, max_items)
    try:
        scan.parser.Parse(document, True)
    except (_TakeWhole, expat.ExpatError, ValueError):
        return None
    if scan.root not in _ITEMS_OF_ROOT:
        return None
    seed = seed_of_items(salt, scan.tags_around)
    hashes = []
    pieces = []
    position = 0
    kept = 0
    for item in scan.items:
        hash_ = seed.copy()
        for piece in item.without_counters(document):
            hash_.update(piece)
        if _may_join_others(document[item.start : item.end]):
            hash_.update(b"\0")
        hashes.append(hash_.digest())
        if hashes[-1] in known:
            pieces.append(document[position : item.start])
            position = item.end
        else:
            kept += 1
    if scan.surplus:
        pieces.append(document[position : scan.surplus_start])
        position = scan.surplus_end
    pieces.append(document[position:])
    spans = tuple((item.start, item.end) for item in scan.items)
    cut, items = b"".join(pieces), len(scan.items) + scan.surplus
    return Sliced(cut, kept, items, tuple(hashes), tuple(scan.tags_around), spans)


def seed_of_items(salt: bytes, tags_around: Iterable[bytes]) -> blake2b:
    """What an item's bytes without counters are added to, and a NUL when it names a namespace or a base of its own:
    such an item is one to be looked at together with the others."""
    seed = blake2b(salt, digest_size=HASH_BYTES)
    for tag in tags_around:
        seed.update(b"\0" + tag)
    return seed


def may_hold_base(document: bytes) -> bool:
    """Whether the document has an ``xml:base`` or something that looks like one."""
    return b"base" in document.lower()


def may_hold_relative_base(document: bytes) -> bool:
    """Whether the document has such a one that is not an http(s) address of its own."""
    return may_hold_base(document) and _RELATIVE_BASE.search(document) is not None


def _may_join_others(item: bytes) -> bool:
    return b"xmlns" in item or may_hold_base(item)


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


class _Scan:
    """One pass: ``root``, ``items``, the start tags of the elements ``tags_around`` them, and from where to where
    the ``surplus`` lies, the items beyond ``max_items``."""

    def __init__(self, document: bytes, max_items: int) -> None:
        self.document = document
        self.max_items = max_items
        self.root = ""
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
            raise _TakeWhole  # its "content" would be a text
        self._declared.append((prefix, uri))

    def _refuse_doctype(self, *_: object) -> None:
        raise _TakeWhole

    def _start(self, name: str, attributes: list[str]) -> None:
        self._depth += 1
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
        if name not in _ITEMS_OF_ROOT.get(self.root, ()):
            raise _TakeWhole
        if self._parent < 0:
            if self.root == f"{_RDF} RDF" and name.rpartition(" ")[0] not in self._names.of_head:
                raise _TakeWhole  # what feedparser takes the document for would hang on its first item
            self._parent = self._around[-1]
            self.tags_around = [self._tag(start) for start in self._around]
        elif not self._around or self._around[-1] != self._parent:
            raise _TakeWhole
        self._item_depth = self._depth
        self._item = _Item(self.parser.CurrentByteIndex, 0, [])

    def _start_within(self, kind: str, attributes: list[str]) -> None:
        if kind in (_ITEM, _FRAME):
            raise _TakeWhole
        if self._text_depth:
            if kind == _TEXT or (kind == _DIV and not self._may_hold_div):
                raise _TakeWhole
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
            raise _TakeWhole
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
            raise _TakeWhole


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
                raise _TakeWhole
            if uri not in self.of_head and self._prefixes.setdefault(uri, prefix) != prefix:
                raise _TakeWhole


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
