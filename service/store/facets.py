"""How many of what a listing finds have which entity, source, tag, language, salience, status or day.

noun, Filter -> counted() -> Counted
"""

from collections import Counter
from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from service.domain.alerting_times import zone
from service.store.batches import Found
from service.store.keys import Position
from service.store.lines import Line
from service.store.narrowing import Filter
from service.store.sample import MOST_JUDGED, sample
from service.store.spelling import listed
from service.store.tables import ArticleRow, MentionRow

__all__ = ["FIELDS", "Counted", "counted"]

FIELDS: Final[Mapping[str, tuple[str, ...]]] = {
    "mentions": ("entity", "source", "tag", "language", "salience", "day"),
    "articles": ("entity", "source", "tag", "language", "day"),
    "facts": ("kind", "status", "party", "currency", "source", "day"),
    "stories": ("entity", "source", "day"),
    "alerts": ("rule", "entity", "state", "kind", "day"),
    "deliveries": ("channel", "status", "day"),
}
"""What a listing's lines are counted by."""
_KEYS = {"party": "parties", "entity": "entities"}
_Lines = Callable[[AsyncSession, Filter, Position | None], AsyncIterator[Found]]


@dataclass(frozen=True, slots=True)
class Counted:
    """``of``: how many lines were counted. ``reaches``: where only the newest were, the time of the oldest of them."""

    values: Mapping[str, Counter[str]]
    of: int
    reaches: datetime | None


async def counted(session: AsyncSession, noun: str, lines: _Lines, wanted: Filter, *, timezone: str) -> Counted:
    """``lines``: the listing of the noun."""
    where = zone(timezone)
    if noun in {"mentions", "articles"}:
        found = await sample(session, noun, wanted)
        values = await (_of_mentions if noun == "mentions" else _of_articles)(session, found.ids)
        values["day"] = Counter(_day(time, where) for time, _ in found.rows)
        return Counted({field: values[field] for field in FIELDS[noun]}, len(found.rows), found.reaches)
    values = {field: Counter() for field in FIELDS[noun]}
    count, last = 0, None
    async for position, line in lines(session, wanted, None):
        if count == MOST_JUDGED:
            return Counted(values, count, last)
        for field, counter in values.items():
            counter.update([_day(position.time, where)] if field == "day" else _values(line, field))
        count, last = count + 1, position.time
    return Counted(values, count, None)


async def _of_mentions(session: AsyncSession, ids: list[int]) -> dict[str, Counter[str]]:
    rows = await session.execute(
        select(col(MentionRow.entity), col(MentionRow.salience), col(MentionRow.article_id)).where(
            col(MentionRow.id).in_(listed(session, ids))
        )
    )
    values: dict[str, Counter[str]] = {"entity": Counter(), "salience": Counter()}
    articles: Counter[int] = Counter()
    for entity, salience, article in rows:
        values["entity"][entity] += 1
        values["salience"][salience] += 1
        articles[article] += 1
    return values | await _by_article(session, articles)


async def _of_articles(session: AsyncSession, ids: list[int]) -> dict[str, Counter[str]]:
    named = await session.execute(
        select(col(MentionRow.entity), func.count())
        .where(col(MentionRow.article_id).in_(listed(session, ids)), col(MentionRow.withdrawn_at).is_(None))
        .group_by(col(MentionRow.entity))
    )
    return {"entity": Counter(dict(named.all()))} | await _by_article(session, Counter(ids))


async def _by_article(session: AsyncSession, times: Counter[int]) -> dict[str, Counter[str]]:
    """What articles say of themselves, each counted so many times."""
    values: dict[str, Counter[str]] = {"source": Counter(), "tag": Counter(), "language": Counter()}
    rows = await session.execute(
        select(col(ArticleRow.id), col(ArticleRow.source), col(ArticleRow.language), col(ArticleRow.tags)).where(
            col(ArticleRow.id).in_(listed(session, sorted(times)))
        )
    )
    for article, source, language, tags in rows:
        values["source"][source] += times[article]
        if language:
            values["language"][language] += times[article]
        for tag in dict.fromkeys(tags):
            values["tag"][tag] += times[article]
    return values


def _day(moment: datetime, where: ZoneInfo) -> str:
    return f"{moment.astimezone(where):%Y-%m-%d}"


def _values(line: Line, field: str) -> list[str]:
    value: Any = line.get(field, line.get(_KEYS.get(field, ""), ()))
    return [value] if isinstance(value, str) else [str(one) for one in value or ()]
