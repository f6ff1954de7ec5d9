"""What recurs over a host's articles: share bars, "most read", cookie notices, footers. docs/reading.md has the rules.

    text -> blocks -> (with the host's Memory) recurring stretches, kept out of what is matched
                   -> Sighting -> learn -> the host's next Memory

A block is a line of the stored text. What is remembered of a host is bounded; what is forgotten is learned again.
"""

import hashlib
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

__all__ = [
    "Block",
    "Memory",
    "Seen",
    "Sighting",
    "TextSeen",
    "blocks",
    "learn",
    "moved",
    "recurring",
    "sight",
    "stands_elsewhere",
    "without",
]

LINE_ARTICLES = 3
LINE_SHARE = 0.2
PARAGRAPH_ARTICLES = 6
PARAGRAPH_SHARE = 0.5
EDGE_ARTICLES = 12
"""A paragraph that always stood first or last (an author's own, a newsletter's) needs no share."""
MOST_BLOCKS = 600
MOST_TEXTS = 128
_MOST_IN_ONE = 200
_LINE = 100
_TAIL = 20
_EDGE_TOP, _EDGE_END = 2, 4
_WORTH = 20
"""A sighting more keeps a block in memory for so many articles longer."""
_MOST_SIGHTINGS = 50
_SENTENCE_END = re.compile(r"[.!?。！？…][\"'”’»«)\]」』]*$")
Stretch = tuple[int, int]


class Seen(NamedTuple):
    """A block in memory. ``first`` and ``last``: numbers of the host's articles, counted from 1."""

    articles: int
    edges: int
    """In so many of them it stood among the first or last blocks."""
    first: int
    last: int


class TextSeen(NamedTuple):
    """A whole text in memory: of which article, under which title."""

    text: int
    title: int
    article: int


@dataclass(frozen=True, slots=True)
class Memory:
    """What is known of one host. ``texts``: those of the last articles, oldest first."""

    articles: int = 0
    blocks: Mapping[int, Seen] = field(default_factory=dict)
    texts: Sequence[TextSeen] = ()


class Block(NamedTuple):
    """A line of a text: ``key`` is equal for lines of the same words."""

    key: int
    start: int
    end: int
    is_line: bool
    """Short and without an end mark, as entries of menus and lists of links are."""
    at_edge: bool


@dataclass(frozen=True, slots=True)
class Sighting:
    """What one article adds to the memory of its host."""

    host: str
    text: int
    title: int
    blocks: Mapping[int, bool]
    """By key, whether it stood at an edge."""


def blocks(text: str) -> list[Block]:
    """The lines of ``text`` that have a letter; of a long text the first and last hundred of them."""
    found: list[tuple[int, int, str]] = []
    start = 0
    for line in text.split("\n"):
        end = start + len(line)
        if any(map(str.isalpha, line)):
            found.append((start, end, line))
        start = end + 1
    last = len(found) - _EDGE_END
    half = _MOST_IN_ONE // 2
    numbered = list(enumerate(found))
    kept = numbered if len(found) <= _MOST_IN_ONE else [*numbered[:half], *numbered[-half:]]
    return [
        Block(
            _key(line),
            start,
            end,
            len(line) <= _LINE and _SENTENCE_END.search(line[-2 * _LINE :].rstrip()[-_TAIL:]) is None,
            number < _EDGE_TOP or number >= last,
        )
        for number, (start, end, line) in kept
    ]


def recurring(memory: Memory, text: str) -> tuple[Stretch, ...]:
    """Stretches of ``text`` (half-open, in order) that recur on the host's pages."""
    if not memory.blocks:
        return ()
    return tuple((block.start, block.end) for block in blocks(text) if _recurs(memory, block))


def without(text: str, stretches: Iterable[Stretch]) -> str:
    """The text without these stretches, which are in order."""
    return "\n".join(text[start:end] for start, end in _kept(text, stretches))


def moved(places: Iterable[Stretch], text: str, stretches: Iterable[Stretch]) -> list[Stretch]:
    """Where places of the text stand in ``without(text, stretches)``; those that were taken out are left out."""
    parts, at = [], 0
    for start, end in _kept(text, stretches):
        parts.append((start, end, at - start))
        at += end - start + 1
    return [
        (first + shift, last + shift)
        for first, last in places
        for start, end, shift in parts
        if start <= first and last <= end
    ]


def _kept(text: str, stretches: Iterable[Stretch]) -> list[Stretch]:
    """What is left between the stretches, without the line breaks at its edges."""
    kept, start = [], 0
    for begin, end in (*stretches, (len(text), len(text))):
        part = text[start:begin]
        first = start + len(part) - len(part.lstrip("\n"))
        if stripped := part.strip("\n"):
            kept.append((first, first + len(stripped)))
        start = end
    return kept


def _recurs(memory: Memory, block: Block) -> bool:
    seen = memory.blocks.get(block.key)
    if seen is None:
        return False
    share = seen.articles / max(1, memory.articles - seen.first + 1)
    if block.is_line:
        return seen.articles >= LINE_ARTICLES and share >= LINE_SHARE
    if seen.articles >= PARAGRAPH_ARTICLES and share >= PARAGRAPH_SHARE:
        return True
    return seen.articles >= EDGE_ARTICLES and seen.edges == seen.articles


def stands_elsewhere(memory: Memory, title: str, text: str) -> bool:
    """Whether the very same text was met at another address of the host, under another title."""
    key, called = _key(text), _key(title)
    return any(seen.text == key and seen.title != called for seen in memory.texts)


def sight(host: str, title: str, texts: Iterable[str]) -> Sighting:
    """``texts``: what was read off the page, and what is stored of the article; the first is the page's."""
    shown = [text for text in texts if text]
    edges: dict[int, bool] = {}
    for text in dict.fromkeys(shown):
        for block in blocks(text):
            edges[block.key] = edges.get(block.key, True) and block.at_edge
    return Sighting(host, _key(shown[0]) if shown else 0, _key(title), edges)


def learn(memory: Memory, sighting: Sighting, article: int) -> Memory:
    """The memory with one article more; the same when it counts nothing: the article was learned before (an edited
    page is read again), or is a copy of one that was, with its title."""
    if any(
        seen.article == article or (seen.text, seen.title) == (sighting.text, sighting.title) for seen in memory.texts
    ):
        return memory
    number = memory.articles + 1
    known = dict(memory.blocks)
    for key, at_edge in sighting.blocks.items():
        old = known.get(key, Seen(0, 0, number, number))
        known[key] = Seen(old.articles + 1, old.edges + at_edge, old.first, number)
    if len(known) > MOST_BLOCKS:
        known = dict(sorted(known.items(), key=_worth, reverse=True)[:MOST_BLOCKS])
    texts = (*memory.texts, TextSeen(sighting.text, sighting.title, article))[-MOST_TEXTS:]
    return Memory(number, known, texts)


def _worth(item: tuple[int, Seen]) -> tuple[int, int]:
    key, seen = item
    return seen.last + _WORTH * min(seen.articles, _MOST_SIGHTINGS), key


def _key(text: str) -> int:
    """64 bits of a text's words, whatever their case, spacing and punctuation."""
    words = " ".join(re.findall(r"\w+", text.casefold()))
    return int.from_bytes(hashlib.blake2b(words.encode(), digest_size=8).digest())
