"""The frozen answers. Each says on what it stands: of which time, as of when, and whether everything was counted."""

from collections.abc import Mapping
from dataclasses import dataclass, fields, is_dataclass
from datetime import datetime
from typing import Any

from service.domain.alerting import rfc3339
from service.domain.buckets import Step
from service.domain.volume import Band
from service.store.lines import Line

__all__ = [
    "Basis",
    "CoMentions",
    "Count",
    "Deal",
    "Deals",
    "Facets",
    "Pair",
    "Series",
    "Share",
    "ShareOfVoice",
    "SourceCount",
    "TopSources",
    "Totals",
    "Volume",
    "as_object",
]


@dataclass(frozen=True, slots=True)
class Basis:
    """What an answer stands on. ``as_of``: when it was counted; ``since`` and ``until``: of which time.

    ``exact``: everything was counted. Else only the newest were, back to ``reaches``: from then on the counts are
    true; of what was before they say nothing.
    """

    as_of: datetime
    since: datetime | None
    until: datetime | None
    exact: bool = True
    reaches: datetime | None = None


@dataclass(frozen=True, slots=True)
class Totals:
    """How many of everything there is, and how much work is due, at ``as_of``: up to a minute ago."""

    counts: Mapping[str, int]
    as_of: datetime


@dataclass(frozen=True, slots=True)
class Count:
    value: str
    count: int


@dataclass(frozen=True, slots=True)
class Facets:
    """``fields``: for ``entity``, ``source``, ``day`` and so on the values with most lines first (days: newest first).

    ``counted`` lines were counted; where ``basis.exact`` is false there are more.
    """

    noun: str
    fields: Mapping[str, tuple[Count, ...]]
    counted: int
    basis: Basis


@dataclass(frozen=True, slots=True)
class Series:
    """Articles that name ``entity``, by bucket; ``usual``: what is usual in each (service/domain/volume.py), None where
    that is not known, empty where it was not asked for."""

    entity: str
    counts: tuple[int, ...]
    total: int
    usual: tuple[Band | None, ...] = ()


@dataclass(frozen=True, slots=True)
class Volume:
    """``starts``: the beginning of each bucket, UTC; the first may begin before ``basis.since``, the last end after
    ``basis.until``. ``series``: the entity with most articles first."""

    step: Step
    timezone: str
    starts: tuple[datetime, ...]
    series: tuple[Series, ...]
    basis: Basis


@dataclass(frozen=True, slots=True)
class Share:
    """``articles`` name the entity, ``main`` of them are mainly about it, in ``stories`` stories. ``share``: its part
    of all mentions counted, 0 to 1; the shares of all entities add up to 1."""

    entity: str
    articles: int
    main: int
    stories: int
    share: float


@dataclass(frozen=True, slots=True)
class ShareOfVoice:
    """``mentions``: of all entities, also of those that are not listed."""

    shares: tuple[Share, ...]
    mentions: int
    basis: Basis


@dataclass(frozen=True, slots=True)
class Pair:
    """``articles`` and ``stories`` name both; ``one`` comes before ``other`` in ``CoMentions.entities``."""

    one: str
    other: str
    articles: int
    stories: int


@dataclass(frozen=True, slots=True)
class CoMentions:
    """``entities``: those named most, with how many articles name each. ``pairs``: any two of them that are named
    together, most articles first."""

    entities: tuple[Count, ...]
    pairs: tuple[Pair, ...]
    basis: Basis


@dataclass(frozen=True, slots=True)
class SourceCount:
    source: str
    articles: int
    mentions: int


@dataclass(frozen=True, slots=True)
class TopSources:
    sources: tuple[SourceCount, ...]
    basis: Basis


@dataclass(frozen=True, slots=True)
class Deal:
    """``fact``: as docs/formats.md has it. ``url``, ``title``, ``source``: of the article that told it first, at
    ``first_seen``; ``articles`` tell it, from ``sources`` different sources."""

    fact: Line
    story: int | None
    articles: int
    sources: int
    article: int
    url: str
    title: str
    source: str
    first_seen: datetime
    last_seen: datetime


@dataclass(frozen=True, slots=True)
class Deals:
    deals: tuple[Deal, ...]
    basis: Basis


def as_object(answer: Any) -> Any:  # noqa: ANN401 - an answer, or a part of one
    """As other programs read it: mappings, lists, and times in RFC 3339."""
    if is_dataclass(answer) and not isinstance(answer, type):
        return {field.name: as_object(getattr(answer, field.name)) for field in fields(answer)}
    if isinstance(answer, Mapping):
        return {key: as_object(value) for key, value in answer.items()}
    if isinstance(answer, list | tuple):
        return [as_object(value) for value in answer]
    return rfc3339(answer) if isinstance(answer, datetime) else answer
