"""Which of a story's articles is the original, as far as it can be told."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from service.domain.addresses import address_key, host_of

__all__ = ["Copy", "head_of", "outlet_of", "outlets"]

_WIRES = ("reuters", "apnews", "afp", "dpa", "bloomberg", "prnewswire", "businesswire", "globenewswire")
"""Agencies and distributors of releases: what stands there and elsewhere began there."""


@dataclass(frozen=True, slots=True)
class Copy:
    """An article of a story."""

    id: int
    url: str
    canonical_url: str | None
    source: str
    published_at: datetime | None
    discovered_at: datetime


def head_of(copies: Sequence[Copy]) -> Copy:
    """The article that most others name as their canonical address; else an agency's; else the earliest."""
    named = [address_key(copy.canonical_url) for copy in copies if copy.canonical_url]
    return max(copies, key=lambda copy: (_votes(copy, named), _is_wire(copy), *_earliness(copy)))


def outlets(copies: Iterable[Copy]) -> list[str]:
    """The names of those who carry the story, the earliest first."""
    return list(dict.fromkeys(outlet_of(copy) for copy in sorted(copies, key=_time)))


def outlet_of(copy: Copy) -> str:
    """Who carries it: the source's title, or else the host."""
    return copy.source or host_of(copy.url)


def _votes(copy: Copy, named: Sequence[str]) -> int:
    own = address_key(copy.url)
    ballots = named.count(own)
    return ballots - 1 if copy.canonical_url and address_key(copy.canonical_url) == own else ballots


def _is_wire(copy: Copy) -> bool:
    host, name = host_of(copy.url), copy.source.casefold()
    return any(wire in host.split(".") or name.startswith(wire) for wire in _WIRES)


def _time(copy: Copy) -> tuple[datetime, int]:
    return copy.published_at or copy.discovered_at, copy.id


def _earliness(copy: Copy) -> tuple[float, int]:
    time, identity = _time(copy)
    return -time.timestamp(), -identity
