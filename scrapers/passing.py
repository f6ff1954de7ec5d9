"""Known items are passed over without being parsed: what stands as it stood needs no second look.

    document -> find: <item ...> to </item>, nothing but space between -> hash -> known: out
                                                                              -> new, or the first: left in
             -> the rest through slicing.py, which must see just these items -> merged
             -> anything else than that                                      -> the whole through slicing.py

The hash of a known item covers its bytes and the start tags around it: it is the well-formed element which it was when
slicing.py let it pass. Whether it names namespaces is in its hash, too; those that do must agree with the others, and
those with a relative base stay in. One known item is always parsed again: it shows that the tags taken for those around
the items are these, and that the items stand in neither a comment nor a CDATA section.
"""

import re
from collections.abc import Collection
from dataclasses import replace
from hashlib import blake2b

from scrapers.scan import may_hold_relative_base
from scrapers.slicing import JOINT, Sliced, seed_of_items, slice_feed

__all__ = ["pass_known_items"]

_ROOT = re.compile(rb"<(?:\w+:)?(rss|RDF|feed)\b[^<>]*>")
_CHANNEL = re.compile(rb"<channel\b[^<>]*>")
_BEHIND_NAME = b" \t\r\n>"
_DECLARED = re.compile(rb"""xmlns(?::([^\s=]{1,100}))?\s*=\s*(?:"([^"]*)"|'([^']*)')""")
# As they are written everywhere. Where a prefix means something else the hash is another, and the item no known one.
_NAMES_OF_COUNTERS = re.compile(rb"xmlns:(?:slash|thr|media)\b")
_HAS_COUNTER = re.compile(rb"<(?:slash:comm|thr:tot|media:sta)")
_COUNTER = re.compile(
    rb"<(slash:comments|thr:total|media:(?:statistics|starRating))(?=[\s/>])[^<>]*(?:(?<=/)>|>[^<]*</\1\s*>)"
)


def pass_known_items(document: bytes, *, known: Collection[bytes], salt: bytes, max_items: int) -> Sliced | None:
    """``slicing.slice_feed`` for less, with the same result, but for the space between items and ``spans``."""
    around, spans = _find_items(document) if known else ((), [])
    if 1 < len(spans) <= max_items:
        hashes, left, joint = _compare(document, spans, seed_of_items(salt, around), known)
        rest, expected = _keep(document, spans, left)
        sliced = slice_feed(rest, known=known, salt=salt, max_items=max_items) if _agree(rest, joint) else None
        if sliced is not None and (sliced.tags_around, sliced.spans) == (around, expected):
            for number, digest in zip(left, sliced.hashes, strict=True):
                hashes[number] = digest
            return replace(sliced, items=len(spans), hashes=tuple(hashes), spans=tuple(spans))
    return slice_feed(document, known=known, salt=salt, max_items=max_items)


def _find_items(document: bytes) -> tuple[tuple[bytes, ...], list[tuple[int, int]]]:
    """What look like the start tags around the items, and like the items; nothing where it is not as usual."""
    root = _ROOT.search(document)
    if root is None:
        return (), []
    opening, closing = (b"<entry", b"</entry>") if root[1] == b"feed" else (b"<item", b"</item>")
    spans: list[tuple[int, int]] = []
    start = document.find(opening, root.end())
    while start >= 0:
        behind = start + len(opening)
        if document[behind : behind + 1] not in _BEHIND_NAME:  # <items> in the head of RSS 1.0
            start = -1 if spans else document.find(opening, behind)
            continue
        end = document.find(closing, behind) + len(closing)
        if end < behind or (spans and document[spans[-1][1] : start].strip()):
            return (), []
        spans.append((start, end))
        start = document.find(opening, end)
    if root[1] != b"rss":
        return (root[0],), spans
    channel = _CHANNEL.search(document, root.end())
    return (root[0], channel[0] if channel else b""), spans


def _compare(
    document: bytes, spans: list[tuple[int, int]], seed: blake2b, known: Collection[bytes]
) -> tuple[list[bytes], list[int], list[bytes]]:
    """The items' hashes; which items are to be parsed; and those that are not, but name namespaces."""
    hashes, left, joint = [], [], []
    counters = _NAMES_OF_COUNTERS.search(document, 0, spans[0][0]) is not None
    for number, (start, end) in enumerate(spans):
        item = document[start:end]
        hash_ = seed.copy()
        hash_.update(_COUNTER.sub(b"", item) if counters and _HAS_COUNTER.search(item) else item)
        digest = hash_.digest()
        if digest not in known and b"xmlns" in item and not may_hold_relative_base(item):
            hash_.update(JOINT)
            digest = hash_.digest()
            joint.append(item)
        hashes.append(digest)
        if not number or digest not in known:
            left.append(number)
    return hashes, left, joint


def _agree(rest: bytes, joint: list[bytes]) -> bool:
    """Whether the prefixes that these items declare mean the same in each of them and in the rest of the document, and
    no namespace has two."""
    uris: dict[bytes, bytes] = {}
    prefixes: dict[bytes, bytes] = {}
    for piece in (rest, *joint) if joint else ():
        declared = _DECLARED.findall(piece)
        if len(declared) != piece.count(b"xmlns"):  # not all are declarations as we know them
            return False
        for prefix, one, other in declared:
            uri = one or other
            if b"&" in uri or (prefix and uris.setdefault(prefix, uri) != uri):
                return False
            if prefixes.setdefault(uri, prefix) != prefix:
                return False
    return True


def _keep(document: bytes, spans: list[tuple[int, int]], left: list[int]) -> tuple[bytes, tuple[tuple[int, int], ...]]:
    """The document with these items only, and where they are then."""
    pieces = [document[: spans[0][0]]]
    kept = []
    length = len(pieces[0])
    for number in left:
        start, end = spans[number]
        kept.append((length, length + end - start))
        pieces.append(document[start:end])
        length += end - start
    pieces.append(document[spans[-1][1] :])
    return b"".join(pieces), tuple(kept)
