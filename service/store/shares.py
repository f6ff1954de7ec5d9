"""Who is named how often, together with whom, and by which sources: counted by the database."""

from collections import Counter
from itertools import combinations
from typing import Any

from sqlalchemy import BigInteger, Integer, Select, cast, extract, func, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from service.store.fulltext import is_sqlite
from service.store.scope import Scope
from service.store.tables import ArticleRow, MentionRow

__all__ = ["by_entity", "by_source", "by_time", "together"]

_END = "\x1f"
"""Ends a name in a list of them; no name holds it, for names are lines of text."""
_MAIN = "main"
_Select = Select[*tuple[Any, ...]]


async def by_entity(session: AsyncSession, scope: Scope) -> list[tuple[str, int, int, int]]:
    """Each entity with the articles that name it, those that are mainly about it, and the stories; most first."""
    articles = func.count().label("articles")
    main = func.count().filter(col(MentionRow.salience) == _MAIN)
    stories = func.count(func.distinct(func.coalesce(col(ArticleRow.story_id), -col(ArticleRow.id))))
    statement = _told(select(col(MentionRow.entity), articles, main, stories), scope).group_by(col(MentionRow.entity))
    rows = await session.execute(statement.order_by(articles.desc(), col(MentionRow.entity)))
    return [(entity, count, central, told) for entity, count, central, told in rows]


async def by_source(session: AsyncSession, scope: Scope, *, most: int) -> list[tuple[str, int, int]]:
    """Sources with the articles that name an entity, and the mentions in them; most articles first."""
    articles = func.count(func.distinct(col(MentionRow.article_id))).label("articles")
    statement = _told(select(col(ArticleRow.source), articles, func.count()), scope).group_by(col(ArticleRow.source))
    rows = await session.execute(statement.order_by(articles.desc(), col(ArticleRow.source)).limit(most))
    return [(source, count, mentions) for source, count, mentions in rows]


async def by_time(session: AsyncSession, scope: Scope, *, seconds: int) -> list[tuple[str, int, int]]:
    """Each entity, the seconds since 1970 at which a stretch of ``seconds`` begins, and the articles found in it."""
    at = col(MentionRow.discovered_at)
    if is_sqlite(session):
        number: Any = cast(func.strftime("%s", at), Integer) // seconds
    else:
        number = cast(func.floor(extract("epoch", at) / seconds), BigInteger)
    statement = select(col(MentionRow.entity), number.label("number"), func.count()).where(*scope.conditions)
    rows = await session.execute(statement.group_by(col(MentionRow.entity), number))
    return [(entity, int(begin) * seconds, count) for entity, begin, count in rows]


async def together(session: AsyncSession, scope: Scope) -> tuple[Counter[tuple[str, str]], Counter[tuple[str, str]]]:
    """How many articles, and how many stories, name both of two entities; each pair in the order of the alphabet, and
    each entity with itself."""
    by_article = _pairs(await _named_together(session, scope, col(MentionRow.article_id)))
    story = func.coalesce(col(ArticleRow.story_id), -col(ArticleRow.id))
    return by_article, _pairs(await _named_together(session, scope, story))


async def _named_together(session: AsyncSession, scope: Scope, of: Any) -> list[tuple[str, int]]:  # noqa: ANN401
    """The sets of entities that are named together, as a text, and how often."""
    name = (col(MentionRow.entity) + _END).distinct()
    # SQLite takes no separator of ours with DISTINCT, and puts a comma.
    names = func.group_concat(name) if is_sqlite(session) else func.string_agg(name, ",")
    sets = _told(select(names.label("names")), scope).group_by(of).subquery()
    rows = await session.execute(select(sets.c.names, func.count()).group_by(sets.c.names))
    return [(text, count) for text, count in rows]


def _pairs(sets: list[tuple[str, int]]) -> Counter[tuple[str, str]]:
    found: Counter[tuple[str, str]] = Counter()
    for text, count in sets:
        names = sorted(name[number > 0 :] for number, name in enumerate(text.split(_END)[:-1]))
        for name in names:
            found[name, name] += count
        for pair in combinations(names, 2):
            found[pair] += count
    return found


def _told(statement: _Select, scope: Scope) -> _Select:
    joined = statement.select_from(MentionRow).join(ArticleRow, col(ArticleRow.id) == col(MentionRow.article_id))
    return joined.where(*scope.conditions)
