"""Who is named how often, together with whom, and by which sources: counted by the database.

Scope -> by_entity, by_source, by_time, together -> rows
"""

import json
from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime
from itertools import combinations, pairwise
from typing import Any

from sqlalchemy import BigInteger, DateTime, Select, Text, cast, func, select, true
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from service.domain.buckets import bucket_of
from service.store.scope import Scope
from service.store.spelling import apart, is_sqlite
from service.store.tables import ArticleRow, MentionRow
from service.store.unstorable import UNSTORABLE

__all__ = ["by_entity", "by_source", "by_time", "stories_by_entity", "together"]

_END = "\x1f"
"""Ends a name in a list of them; no name holds it, for names are lines of text."""
_MAIN = "main"
_HEADS = "INDEXED BY ix_articles_heads"
"""For SQLite, which else reads the rows with their texts."""
_BUCKET = ("number", "since", "until")
_Select = Select[*tuple[Any, ...]]


async def by_entity(session: AsyncSession, scope: Scope) -> list[tuple[str, int, int]]:
    """Each entity with the articles that name it, and those that are mainly about it; most first."""
    articles = func.count().label("articles")
    main = func.count().filter(col(MentionRow.salience) == _MAIN)
    entity = col(MentionRow.entity)
    rows = await session.execute(select(entity, articles, main).where(*scope.conditions).group_by(entity))
    return sorted(((name, count, central) for name, count, central in rows), key=lambda row: (-row[1], row[0]))


async def stories_by_entity(session: AsyncSession, scope: Scope, names: Sequence[str]) -> dict[str, int]:
    """In how many stories each of these entities is named; an article without a story counts as one."""
    entity = col(MentionRow.entity)
    told = select(entity, col(MentionRow.article_id)).where(*scope.conditions, entity.in_(names)).cte("told")
    stories = func.count(func.distinct(_story()))
    statement = select(told.c.entity, stories).join(ArticleRow, col(ArticleRow.id) == told.c.article_id)
    rows = await session.execute(_by_heads(statement.group_by(told.c.entity)))
    return dict(rows.all())


async def by_source(session: AsyncSession, scope: Scope, *, most: int) -> list[tuple[str, int, int]]:
    """Sources with the articles that name an entity, and the mentions in them; most articles first."""
    told = _articles(session, scope, func.count().label("mentions")).subquery()
    articles = func.count().label("articles")
    source = col(ArticleRow.source)
    statement = select(source, articles, func.sum(told.c.mentions)).join(told, col(ArticleRow.id) == told.c.article_id)
    rows = await session.execute(_by_heads(statement.group_by(source).order_by(articles.desc(), source).limit(most)))
    return [(name, count, int(mentions)) for name, count, mentions in rows]


async def by_time(
    session: AsyncSession, scope: Scope, beginnings: Sequence[datetime], until: datetime, names: Sequence[str]
) -> dict[str, list[int]]:
    """How many articles name each of these entities, by bucket; the last bucket ends at ``until``."""
    counts = {name: [0] * len(beginnings) for name in names}
    names = [name for name in counts if not UNSTORABLE.search(name)]  # nothing stored has such a name
    if scope.listed:
        found = select(col(MentionRow.entity), col(MentionRow.discovered_at)).where(*scope.conditions)
        for name, at in await session.execute(found.where(col(MentionRow.entity).in_(names))):
            counts[name][bucket_of(beginnings, at)] += 1
        return counts
    named, buckets = _grid(session, names, [*beginnings, until])
    entity, time = col(MentionRow.entity), col(MentionRow.discovered_at)
    within = (entity == named.c.value, time >= buckets.c.since, time < buckets.c.until)
    # A stretch of the index for each, where GROUP BY would sort all of them.
    count = select(func.count()).select_from(MentionRow).where(*within, *scope.of_one).scalar_subquery()
    wanted = select(named.c.value, buckets.c.number, count).select_from(named.join(buckets, true()))
    for name, bucket, articles in await session.execute(wanted):
        counts[name][bucket] = articles
    return counts


async def together(session: AsyncSession, scope: Scope) -> tuple[Counter[tuple[str, str]], Counter[tuple[str, str]]]:
    """How many articles, and how many stories, name both of two entities; each pair in the order of the alphabet, and
    each entity with itself."""
    joined = func.group_concat if is_sqlite(session) else func.string_agg
    named = _articles(session, scope, joined(col(MentionRow.entity) + _END, "").label("names")).cte("named")
    rows = await session.execute(select(named.c.names, func.count()).group_by(named.c.names))
    by_article = _pairs([(text, count) for text, count in rows])
    told = (
        select(joined(named.c.names, "").label("names"))
        .join(ArticleRow, col(ArticleRow.id) == named.c.article_id)
        .group_by(_story())
    )
    stories = _by_heads(told).subquery()
    rows = await session.execute(select(stories.c.names, func.count()).group_by(stories.c.names))
    return by_article, _pairs([(text, count) for text, count in rows])


def _articles(session: AsyncSession, scope: Scope, counted: Any) -> _Select:  # noqa: ANN401 - an expression
    """The articles that are counted, each with what is ``counted`` over its mentions."""
    article = col(MentionRow.article_id)
    # On SQLite the plus keeps it from walking the index by article, and thus all mentions there are.
    group = apart(article) if is_sqlite(session) else article
    return select(article, counted).where(*scope.conditions).group_by(group)


def _story() -> Any:  # noqa: ANN401 - an expression
    return func.coalesce(col(ArticleRow.story_id), -col(ArticleRow.id))


def _by_heads(statement: _Select) -> _Select:
    return statement.with_hint(ArticleRow, _HEADS, "sqlite")


def _grid(session: AsyncSession, names: Sequence[str], bounds: Sequence[datetime]) -> tuple[Any, Any]:
    """Tables of the names (``value``) and of the buckets (``number``, ``since``, ``until``)."""
    if is_sqlite(session):
        rows = [[number, *map(_text, pair)] for number, pair in enumerate(pairwise(bounds))]
        bucket = func.json_each(json.dumps(rows)).table_valued("value").alias("rows").c.value
        columns = [func.json_extract(bucket, f"$[{place}]") for place in range(3)]
        return (
            func.json_each(json.dumps(list(names))).table_valued("value").alias("names"),
            select(*(column.label(key) for column, key in zip(columns, _BUCKET, strict=True))).cte("buckets"),
        )
    arrays: tuple[tuple[list[Any], Any], ...] = (
        (list(range(len(bounds) - 1)), BigInteger),
        (list(bounds[:-1]), DateTime(timezone=True)),
        (list(bounds[1:]), DateTime(timezone=True)),
    )
    buckets = func.unnest(*(cast(values, ARRAY(kind)) for values, kind in arrays)).table_valued(*_BUCKET)
    return (
        func.unnest(cast(list(names), ARRAY(Text))).table_valued("value").render_derived("names"),
        buckets.render_derived("buckets"),
    )


def _text(moment: datetime) -> str:
    """As SQLite keeps it."""
    return f"{moment.astimezone(UTC):%Y-%m-%d %H:%M:%S.%f}"


def _pairs(sets: Sequence[tuple[str, int]]) -> Counter[tuple[str, str]]:
    found: Counter[tuple[str, str]] = Counter()
    for text, count in sets:
        names = sorted(set(text.split(_END)[:-1]))
        for name in names:
            found[name, name] += count
        for pair in combinations(names, 2):
            found[pair] += count
    return found
