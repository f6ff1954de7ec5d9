"""How much was said when: counts of articles over time, by entity or for any query, on both engines.

    Asked, windows -> tallies() -> Tally ...          what rules on volume compare
    entities, windows -> usual_bands() -> Band ...    what a chart draws (service/figures.py) beside its counts

What counts is what was news: not what stood in a feed at its first poll, what a rescan found, or what was withdrawn.
Time is when newsvane found it.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import accumulate
from typing import Any, Final

from sqlalchemy import BigInteger, Integer, and_, cast, extract, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from service.domain.query import Query, entities_in
from service.domain.query.syntax import Is, Or
from service.domain.query.values import is_value
from service.domain.volume import Band, Window, past_windows, usual_band
from service.store import listing, shares
from service.store.lines import Line
from service.store.narrowing import Filter
from service.store.scope import scope_of
from service.store.spelling import is_sqlite
from service.store.tables import ArticleRow, EntityRow, MentionRow

__all__ = [
    "Asked",
    "Tally",
    "asked_for",
    "asked_of",
    "is_plain",
    "mentions_in",
    "moment_of",
    "number_of",
    "quarter_of",
    "tallies",
    "tracked",
    "usual_bands",
]

_QUARTER: Final = 900


@dataclass(frozen=True, slots=True)
class Asked:
    """What is counted. ``plain``: the query asks for nothing but entities, so that the database can count.

    ``tracked``: the entities that it may find, and since when each is tracked; ``named``: those that it calls by their
    full name.
    """

    query: Query
    each: bool
    """Each entity by itself, or all articles that answer."""
    plain: bool
    tracked: Mapping[str, datetime]
    named: tuple[str, ...] = ()

    def since(self, subject: str) -> datetime | None:
        """From when on there is a past to compare with. A pattern is about whoever is tracked at the time."""
        return self.tracked[subject] if subject else max((self.tracked[name] for name in self.named), default=None)


@dataclass(frozen=True, slots=True)
class Tally:
    """So many articles of a source in the quarter of an hour from ``at`` on. ``entity``: empty where all are one."""

    at: datetime
    entity: str
    source: int | None
    count: int


async def asked_of(session: AsyncSession, query: Query, *, each: bool) -> Asked:
    return asked_for(query, await tracked(session), each=each)


async def tracked(session: AsyncSession) -> dict[str, datetime]:
    """The entities that are tracked, each with since when."""
    chosen = select(col(EntityRow.name), col(EntityRow.created_at)).where(col(EntityRow.enabled))
    return dict((await session.execute(chosen)).all())


def asked_for(query: Query, tracked: Mapping[str, datetime], *, each: bool) -> Asked:
    """What is counted where these entities are tracked."""
    values = entities_in(query)
    found = {name: at for name, at in tracked.items() if not values or any(is_value(v, name) for v in values)}
    named = tuple(name for name in found if any("*" not in value and is_value(value, name) for value in values))
    return Asked(query, each, is_plain(query), found, named)


async def tallies(session: AsyncSession, asked: Asked, windows: Iterable[Window]) -> list[Tally]:
    """Counts in all these windows, each quarter once however they overlap."""
    spans = _joined(windows)
    if asked.plain:
        return await _counted(session, asked, spans)
    found: Counter[tuple[int, str, int | None]] = Counter()
    for since, until in spans:
        wanted = Filter(query=asked.query, since=since, until=until)
        noun = listing.mentions if asked.each else listing.articles
        lines = [line async for _, line in noun(session, wanted, None)]
        origins = await _news_from(session, [line["article" if asked.each else "id"] for line in lines])
        for line in lines:
            article = line["article" if asked.each else "id"]
            if article in origins and not line.get("backfilled"):
                at = datetime.fromisoformat(line["discovered_at"])
                found[number_of(at), line["entity"] if asked.each else "", origins[article]] += 1
    return [Tally(moment_of(number), entity, source, count) for (number, entity, source), count in found.items()]


async def mentions_in(session: AsyncSession, asked: Asked, entity: str, window: Window, *, most: int) -> list[Line]:
    """The newest mentions that were counted in a window."""
    wanted = Filter(query=asked.query, entity=entity or None, since=window[0], until=window[1])
    lines = []
    async for _, line in listing.mentions(session, wanted, None):
        if not line["backfilled"]:
            lines.append(line)
        if len(lines) == most:
            break
    origins = await _news_from(session, [line["article"] for line in lines])
    return [line for line in lines if line["article"] in origins]


async def usual_bands(
    session: AsyncSession, entities: Sequence[str], windows: Sequence[Window], timezone: str = "UTC"
) -> dict[str, list[Band | None]]:
    """For each entity what is usual in each of these windows (a chart's buckets), from the weeks before, as long as
    it was tracked. Of windows of a week the weeks before overlap by an hour at most. Weeks in which newsvane was down
    are not left out, as rules do: a chart asks for hundreds."""
    rows = await session.execute(
        select(col(EntityRow.name), col(EntityRow.created_at)).where(col(EntityRow.name).in_(entities))
    )
    tracked = dict(rows.all())
    past = [past_windows(end, end - start, timezone) for start, end in windows]
    bounds = sorted({bound for weeks in past for week in weeks for window in week for bound in window})
    if not tracked or not bounds:
        return {entity: [None] * len(windows) for entity in entities}
    place = {bound: number for number, bound in enumerate(bounds)}
    scope = await scope_of(session, Filter(since=bounds[0], until=bounds[-1]), past=False)
    counts = await shares.by_time(session, scope, bounds[:-1], bounds[-1], list(tracked))
    sums = {entity: [0, *accumulate(found)] for entity, found in counts.items()}

    def band(entity: str, weeks: Sequence[Sequence[Window]]) -> Band | None:
        known = [week for week in weeks if entity in tracked and week[0][0] >= tracked[entity]]
        until = sums.get(entity, [])
        return usual_band([[until[place[end]] - until[place[start]] for start, end in week] for week in known])

    return {entity: [band(entity, weeks) for weeks in past] for entity in entities}


async def _counted(session: AsyncSession, asked: Asked, spans: Sequence[Window]) -> list[Tally]:
    quarter = quarter_of(session, col(MentionRow.discovered_at)).label("quarter")
    groups: list[Any] = [quarter, col(ArticleRow.source_id)]
    if asked.each:
        groups.append(col(MentionRow.entity))
    statement = (
        select(*groups, func.count(func.distinct(col(MentionRow.article_id))))
        .join(ArticleRow, col(ArticleRow.id) == col(MentionRow.article_id))
        .where(
            col(MentionRow.entity).in_(asked.tracked),
            col(MentionRow.withdrawn_at).is_(None),
            col(MentionRow.backfilled).is_(False),
            col(ArticleRow.baseline).is_(False),
            or_(*(_in(MentionRow.discovered_at, span) for span in spans)),
        )
        .group_by(*groups)
    )
    if not spans:
        return []
    return [
        Tally(moment_of(int(number)), rest[0] if rest else "", source, count)
        for number, source, *rest, count in await session.execute(statement)
    ]


def quarter_of(session: AsyncSession, column: Any) -> Any:  # noqa: ANN401 - a column of times; an expression
    """The number of the quarter of an hour since 1970, counted by the database."""
    if is_sqlite(session):
        return cast(func.strftime("%s", column), Integer) // _QUARTER
    return cast(func.floor(extract("epoch", column) / _QUARTER), BigInteger)


async def _news_from(session: AsyncSession, articles: Iterable[int]) -> dict[int, int | None]:
    """Of these articles, those that were news, each with its source."""
    rows = await session.execute(
        select(col(ArticleRow.id), col(ArticleRow.source_id)).where(
            col(ArticleRow.id).in_(set(articles)), col(ArticleRow.baseline).is_(False)
        )
    )
    return dict(rows.all())


def _in(column: Any, window: Window) -> Any:  # noqa: ANN401 - a column; a condition
    return and_(col(column) >= window[0], col(column) < window[1])


def _joined(windows: Iterable[Window]) -> list[Window]:
    """As few stretches as hold the same time."""
    found: list[Window] = []
    for since, until in sorted(windows):
        if found and since <= found[-1][1]:
            found[-1] = (found[-1][0], max(found[-1][1], until))
        else:
            found.append((since, until))
    return found


def number_of(at: datetime) -> int:
    """The number of its quarter of an hour since 1970."""
    return int(at.timestamp()) // _QUARTER


def moment_of(quarter: int) -> datetime:
    """When it begins."""
    return datetime.fromtimestamp(quarter * _QUARTER, UTC)


def is_plain(query: Query) -> bool:
    """Does it ask for nothing but entities, so that the database can count?"""
    match query:
        case Is("entity"):
            return True
        case Or(children):
            return all(is_plain(child) for child in children)
        case _:
            return False
