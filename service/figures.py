"""Figures about what was found, for the command line, the API and the pages: facets of a listing, volume over time,
share of voice, who is named with whom, top sources, deals.

Ask -> facets, volume, share_of_voice, co_mentions, top_sources, deals -> a frozen answer with its Basis

What counts in all but facets and deals is what was news: not what stood in a feed at its first poll, what a rescan
found, or what was withdrawn. ``past=True`` counts the first two as well. Times are when newsvane found it.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final, Literal

from service.domain import buckets
from service.domain.alerting_times import TimesError, zone
from service.domain.buckets import Step
from service.domain.facts import as_object
from service.search import NOUNS, Ask, AskError, filter_of
from service.store import deals as kept_deals
from service.store import facets as kept_facets
from service.store import shares
from service.store.engine import Database
from service.store.lines import Line
from service.store.narrowing import Filter
from service.store.scope import Scope, scope_of

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
    "Volume",
    "co_mentions",
    "deals",
    "facets",
    "share_of_voice",
    "top_sources",
    "volume",
]

DEFAULT_SINCE: Final = "7d"
_MOST_COUNTED = 2000
_MOST_FACTS = 2000


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
    """Articles that name ``entity``, by bucket."""

    entity: str
    counts: tuple[int, ...]
    total: int


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
    of all mentions counted, 0 to 1; all shares add up to 1."""

    entity: str
    articles: int
    main: int
    stories: int
    share: float


@dataclass(frozen=True, slots=True)
class ShareOfVoice:
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


async def facets(db: Database, noun: str, ask: Ask, *, now: datetime, timezone: str = "UTC", most: int = 10) -> Facets:
    """What a listing of ``NOUNS`` finds, counted by each of its fields; ``most`` values each. Limit and cursor of the
    ask do not matter. Raises AskError."""
    wanted = filter_of(ask, now=now)
    _check_zone(timezone)
    async with db.read() as session:
        found = await kept_facets.counted(
            session, noun, NOUNS[noun], replace(wanted, first=_MOST_COUNTED), timezone=timezone, most=_MOST_COUNTED
        )
    fields = {field: _most(values, most, newest=field == "day") for field, values in found.values.items()}
    return Facets(noun, fields, found.of, _basis(wanted, now, found.reaches))


async def volume(
    db: Database,
    ask: Ask,
    *,
    now: datetime,
    step: Step = "day",
    timezone: str = "UTC",
    entities: Sequence[str] | None = None,
    most: int = 12,
    past: bool = False,
) -> Volume:
    """Articles by entity over time, also where there are none; ``entities``: these, else the ``most`` named most.

    Raises AskError.
    """
    wanted = _recent(ask, now)
    _check_zone(timezone)
    since, until = wanted.since or now, wanted.until or now
    try:
        starts = buckets.starts(since, until, step, timezone)
    except ValueError as error:
        raise AskError(f"step {step}: {error}") from error
    async with db.read() as session:
        scope = await scope_of(session, wanted, past=past)
        counted = await shares.by_time(session, scope, seconds=buckets.grain(starts))
    series: dict[str, list[int]] = {name: [0] * len(starts) for name in entities or ()}
    for entity, begin, count in counted:
        if entities is None or entity in series:
            place = buckets.bucket_of(starts, datetime.fromtimestamp(begin, since.tzinfo))
            series.setdefault(entity, [0] * len(starts))[place] += count
    drawn = [Series(entity, tuple(counts), sum(counts)) for entity, counts in series.items()]
    drawn.sort(key=lambda one: (-one.total, one.entity))
    shown = drawn if entities is not None else drawn[:most]
    return Volume(step, timezone, tuple(starts), tuple(shown), _based(wanted, now, scope))


async def share_of_voice(db: Database, ask: Ask, *, now: datetime, past: bool = False) -> ShareOfVoice:
    """Which part of all mentions each entity has, the largest first. Raises AskError."""
    wanted = _recent(ask, now)
    async with db.read() as session:
        scope = await scope_of(session, wanted, past=past)
        counted = await shares.by_entity(session, scope)
    total = sum(articles for _, articles, _, _ in counted)
    found = [Share(name, articles, main, stories, articles / total) for name, articles, main, stories in counted]
    return ShareOfVoice(tuple(found), total, _based(wanted, now, scope))


async def co_mentions(db: Database, ask: Ask, *, now: datetime, most: int = 20, past: bool = False) -> CoMentions:
    """Which of the ``most`` entities named most are named together. With ``ask.entity``: those named with it.

    Raises AskError.
    """
    wanted = _recent(ask, now)
    async with db.read() as session:
        scope = await scope_of(session, wanted, past=past, whole_articles=True)
        articles, stories = await shares.together(session, scope)
    alone = {one: count for (one, other), count in articles.items() if one == other}
    names = sorted(alone, key=lambda name: (-alone[name], name))[:most]
    place = {name: number for number, name in enumerate(names)}
    pairs = [
        Pair(min(one, other, key=place.__getitem__), max(one, other, key=place.__getitem__), count, stories[one, other])
        for (one, other), count in articles.items()
        if one != other and one in place and other in place
    ]
    pairs.sort(key=lambda pair: (-pair.articles, place[pair.one], place[pair.other]))
    known = tuple(Count(name, alone[name]) for name in names)
    return CoMentions(known, tuple(pairs), _based(wanted, now, scope))


async def top_sources(db: Database, ask: Ask, *, now: datetime, most: int = 10, past: bool = False) -> TopSources:
    """The sources with most articles that name an entity. Raises AskError."""
    wanted = _recent(ask, now)
    async with db.read() as session:
        scope = await scope_of(session, wanted, past=past)
        counted = await shares.by_source(session, scope, most=most)
    return TopSources(tuple(SourceCount(*row) for row in counted), _based(wanted, now, scope))


async def deals(
    db: Database, ask: Ask, *, now: datetime, order: Literal["newest", "biggest"] = "newest", most: int = 20
) -> Deals:
    """The facts that a listing of ``facts`` finds, one for all articles of a story that tell the same deal.

    ``biggest``: by the stated amount, whatever its currency, those without one left out. Raises AskError.
    """
    wanted = _recent(ask, now)
    async with db.read() as session:
        found, reaches = await kept_deals.deals(session, replace(wanted, first=_MOST_FACTS), most=_MOST_FACTS)
    if order == "biggest":
        found = sorted((deal for deal in found if deal.fact.amount is not None), key=_size, reverse=True)
    return Deals(tuple(_deal(deal) for deal in found[:most]), _basis(wanted, now, reaches))


def _size(deal: kept_deals.Deal) -> float:
    return deal.fact.amount or 0.0


def _deal(deal: kept_deals.Deal) -> Deal:
    first = deal.tellers[0]
    return Deal(
        fact=as_object(deal.fact),
        story=deal.story,
        articles=len(deal.tellers),
        sources=len({teller.source for teller in deal.tellers}),
        article=first.article,
        url=first.url,
        title=first.title,
        source=first.source,
        first_seen=first.at,
        last_seen=deal.tellers[-1].at,
    )


def _recent(ask: Ask, now: datetime) -> Filter:
    """Of the last days, where the ask says nothing."""
    wanted = filter_of(ask if ask.since else replace(ask, since=DEFAULT_SINCE), now=now)
    return wanted if wanted.until else replace(wanted, until=now + timedelta(microseconds=1))


def _check_zone(name: str) -> None:
    try:
        zone(name)
    except TimesError as error:
        raise AskError(f"timezone: {error}") from error


def _most(values: Counter[str], most: int, *, newest: bool) -> tuple[Count, ...]:
    ranked = sorted(values.items(), reverse=True) if newest else sorted(values.items(), key=lambda v: (-v[1], v[0]))
    return tuple(Count(value, count) for value, count in ranked[:most])


def _based(wanted: Filter, now: datetime, scope: Scope) -> Basis:
    return _basis(wanted, now, scope.reaches)


def _basis(wanted: Filter, now: datetime, reaches: datetime | None) -> Basis:
    return Basis(now, wanted.since, wanted.until, reaches is None, reaches)
