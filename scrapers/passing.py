"""Known items are passed over without being parsed: what stands as it stood needs no second look.

    document -> find: <item ...> to </item>, nothing but space between -> hash -> known: out
                                                                              -> new, or the first: left in
             -> the rest through slicing.py, which must see just these items -> merged
             -> anything else than that                                      -> the whole through slicing.py

The hash of a known item covers its bytes and the start tags around it: it is the well-formed element which it was when
slicing.py let it pass, and its hash here is that of an item which is joined to no other by a namespace or a base of its
own. One known item is always parsed again: it shows that the tags taken for those around the items are these, and that
the items stand in neither a comment nor a CDATA section.
"""

import re
from collections.abc import Collection
from dataclasses import replace
from hashlib import blake2b

from scrapers.slicing import Sliced, seed_of_items, slice_feed

__all__ = ["pass_known_items"]

_ROOT = re.compile(rb"<(?:\w+:)?(rss|RDF|feed)\b[^<>]*>")
_CHANNEL = re.compile(rb"<channel\b[^<>]*>")
_BEHIND_NAME = b" \t\r\n>"
# As they are written everywhere. Where a prefix means something else the hash is another, and the item no known one.
_HAS_COUNTER = re.compile(rb"<(?:slash:comm|thr:tot|media:sta)")
_COUNTER = re.compile(
    rb"<(slash:comments|thr:total|media:(?:statistics|starRating))(?=[\s/>])[^<>]*(?:(?<=/)>|>[^<]*</\1\s*>)"
)


def pass_known_items(document: bytes, *, known: Collection[bytes], salt: bytes, max_items: int) -> Sliced | None:
    """``slicing.slice_feed`` for less, with the same ``document``, ``kept``, ``items`` and ``hashes``."""
    around, spans = _find_items(document) if known else ((), [])
    if 1 < len(spans) <= max_items:
        seed = seed_of_items(salt, around)
        hashes = [_hash(seed, document[start:end]) for start, end in spans]
        left = [number for number, digest in enumerate(hashes) if not number or digest not in known]
        rest, expected = _keep(document, spans, left)
        sliced = slice_feed(rest, known=known, salt=salt, max_items=max_items)
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
        nested = end < behind or document.find(opening, behind, end) >= 0
        if nested or (spans and document[spans[-1][1] : start].strip()):
            return (), []
        spans.append((start, end))
        start = document.find(opening, end)
    if root[1] != b"rss":
        return (root[0],), spans
    channel = _CHANNEL.search(document, root.end())
    return (root[0], channel[0] if channel else b""), spans


def _hash(seed: blake2b, item: bytes) -> bytes:
    hash_ = seed.copy()
    hash_.update(_COUNTER.sub(b"", item) if _HAS_COUNTER.search(item) else item)
    return hash_.digest()


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
