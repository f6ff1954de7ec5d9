"""A feed without the items that were seen: what is interpreted, and paid for, is what is new.

    document -> scan.py: where each item starts and ends -> hash of its bytes -> known: cut out
                                                                              -> new: left where it is
                         something that could make the rest read otherwise    -> None: take the whole document

The head, and whatever stands between and behind the items, stays as it is: namespaces, ``xml:base`` and ``xml:lang``
of the outer elements are part of what an item means. feedparser carries some state from one item into the next;
where a document would make it do so, the document is not cut, so that an item reads alike alone and among others.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from hashlib import blake2b
from xml.parsers import expat

from scrapers.scan import ITEMS_OF_ROOT, Scan, TakeWhole, may_hold_relative_base
from scrapers.types import HASH_BYTES

__all__ = ["JOINT", "Sliced", "seed_of_items", "slice_feed"]

JOINT = b"\0"
"""Marks the hash of an item that may mean something for others, and so is to be looked at together with them."""


@dataclass(frozen=True, slots=True)
class Sliced:
    """A feed without its known items."""

    document: bytes
    kept: int
    """Of its items, how many ``document`` still holds."""
    items: int
    hashes: tuple[bytes, ...]
    """One of each item that was wanted, in document order, known or new; items beyond the wanted have none."""
    root: str
    """Local name in lower case."""
    depth: int
    attributes: int
    """Most on one element, and elements within each other, in what was looked at."""
    tags_around: tuple[bytes, ...]
    """The start tags of the elements that hold the items."""
    spans: tuple[tuple[int, int], ...]
    """From where to where the wanted items stood in what was given."""


def slice_feed(document: bytes, *, known: Collection[bytes], salt: bytes, max_items: int) -> Sliced | None:
    """Cut the items whose hash is in ``known``, and those beyond the first ``max_items``, out of a feed.

    ``document``: XML in UTF-8 without a DOCTYPE, as ``documents.declared`` makes it; what the publisher declared as
    its charset is settled by then. ``salt``: whatever else decides how an item is read; the start tags around the
    items count by themselves. Readers' counters are left out of the hash, not out of the document.

    None: take the whole document. It is ill-formed, of another format, keeps a DOCTYPE, nests items, or carries
    something from one item into the next. Time is linear in the length.
    """
    scan = Scan(document, max_items)
    try:
        scan.parser.Parse(document, True)
    except (TakeWhole, expat.ExpatError, ValueError):
        return None
    if scan.root not in ITEMS_OF_ROOT:
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
            hash_.update(JOINT)
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
    return Sliced(
        document=b"".join(pieces),
        kept=kept,
        items=len(scan.items) + scan.surplus,
        hashes=tuple(hashes),
        root=scan.root.rpartition(" ")[2].lower(),
        depth=scan.depth,
        attributes=scan.attributes,
        tags_around=tuple(scan.tags_around),
        spans=tuple((item.start, item.end) for item in scan.items),
    )


def seed_of_items(salt: bytes, tags_around: Iterable[bytes]) -> blake2b:
    """What an item's bytes without counters are added to, and JOINT when it names a namespace or a relative base."""
    seed = blake2b(salt, digest_size=HASH_BYTES)
    for tag in tags_around:
        seed.update(b"\0" + tag)
    return seed


def _may_join_others(item: bytes) -> bool:
    return b"xmlns" in item or may_hold_relative_base(item)
