"""The questions: each is one read transaction."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Final, Literal

from sqlalchemy.ext.asyncio import AsyncSession

from service.domain import buckets
from service.domain.alerting_times import TimesError, zone
from service.domain.buckets import Step
from service.domain.facts import as_object
from service.figures.answers import (
    Basis,
    CoMentions,
    Count,
    Deal,
    Deals,
    Facets,
    Pair,
    Series,
    Share,
    ShareOfVoice,
    SourceCount,
    TopSources,
    Volume,
)
from service.figures.usual import usual
from service.search import NOUNS, Ask, AskError, check_triage, wanted_of
from service.store import deals as kept_deals
from service.store import facets as kept_facets
from service.store import shares
from service.store.engine import Database
from service.store.narrowing import Filter, entity_names
from service.store.scope import Scope, scope_of

__all__ = ["co_mentions", "deals", "facets", "share_of_voice", "top_sources", "volume"]

DEFAULT_SINCE: Final = "7d"
_MOST_FACTS = 2000
_ALL_AT_ONCE = 100
"""Entities of which all are counted by bucket, where going through the index twice would take longer."""


async def facets(db: Database, noun: str, ask: Ask, *, now: datetime, timezone: str = "UTC", most: int = 10) -> Facets:
    """What a listing of ``NOUNS`` finds, counted by each of its fields; ``most`` values each. Limit and cursor of the
    ask do not matter. Raises AskError."""
    check_triage(noun, ask)
    wanted = await wanted_of(db, ask, now=now)
    _check_zone(timezone)
    async with db.read() as session:
        found = await kept_facets.counted(session, noun, NOUNS[noun], wanted, timezone=timezone)
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
    bands: bool = False,
    past: bool = False,
) -> Volume:
    """Articles by entity over time, also where there are none; ``entities``: these, else the ``most`` named most.
    ``bands``: with what is usual, which is known of all that name the entity, whatever the ask's query or source; a
    bucket that has not ended yet has the band of a whole one.

    Raises AskError.
    """
    wanted = await _recent(db, ask, now)
    until = wanted.until or now
    _check_zone(timezone)
    try:
        starts = buckets.starts(wanted.since or until, until, step, timezone)
    except ValueError as error:
        raise AskError(f"step {step}: {error}") from error
    wanted = replace(wanted, since=starts[0] if starts else wanted.since)
    async with db.read() as session:
        scope = await scope_of(session, wanted, past=past)
        if entities is None:
            counts = await _of_those_named_most(session, scope, starts, until, most)
            entities = list(counts)
        else:
            counts = await shares.by_time(session, scope, starts, until, entities)
        windows = list(pairwise([*starts, buckets.end_of(starts[-1], step, timezone)])) if bands and starts else []
        bands_of = await usual(db, session, entities, windows, timezone, now=now) if windows else {}
    drawn = [
        Series(name, tuple(counts[name]), sum(counts[name]), tuple(bands_of.get(name, ())))
        for name in dict.fromkeys(entities)
    ]
    return Volume(step, timezone, tuple(starts), tuple(drawn), _based(wanted, now, scope))


async def share_of_voice(db: Database, ask: Ask, *, now: datetime, most: int = 20, past: bool = False) -> ShareOfVoice:
    """Which part of all mentions each entity has: the ``most`` with the largest part, the largest first.

    Raises AskError.
    """
    wanted = await _recent(db, ask, now)
    async with db.read() as session:
        scope = await scope_of(session, wanted, past=past)
        counted = await shares.by_entity(session, scope)
        stories = await shares.stories_by_entity(session, scope, [name for name, _, _ in counted[:most]])
    total = sum(articles for _, articles, _ in counted)
    found = [Share(name, articles, main, stories[name], articles / total) for name, articles, main in counted[:most]]
    return ShareOfVoice(tuple(found), total, _based(wanted, now, scope))


async def co_mentions(db: Database, ask: Ask, *, now: datetime, most: int = 20, past: bool = False) -> CoMentions:
    """Which of the ``most`` entities named most are named together. With ``ask.entity``: those named with it.

    Raises AskError.
    """
    wanted = await _recent(db, ask, now)
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
    wanted = await _recent(db, ask, now)
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
    wanted = await _recent(db, ask, now)
    async with db.read() as session:
        found, reaches = await kept_deals.deals(session, replace(wanted, first=_MOST_FACTS), most=_MOST_FACTS)
    if order == "biggest":
        found = sorted((deal for deal in found if deal.fact.amount is not None), key=_size, reverse=True)
    return Deals(tuple(_deal(deal) for deal in found[:most]), _basis(wanted, now, reaches))


async def _of_those_named_most(
    session: AsyncSession, scope: Scope, starts: Sequence[datetime], until: datetime, most: int
) -> dict[str, list[int]]:
    """Counts by bucket, those of the entity that is named most first."""
    everybody = await entity_names(session, ["*"])
    if len(everybody) > _ALL_AT_ONCE:
        everybody = [name for name, _, _ in (await shares.by_entity(session, scope))[:most]]
    counts = await shares.by_time(session, scope, starts, until, everybody)
    ranked = sorted((-sum(found), name) for name, found in counts.items() if any(found))
    return {name: counts[name] for _, name in ranked[:most]}


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


async def _recent(db: Database, ask: Ask, now: datetime) -> Filter:
    """Of the last days, where the ask says nothing."""
    wanted = await wanted_of(db, replace(ask, since=ask.since or DEFAULT_SINCE, withdrawn=False), now=now)
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
