"""Mentions, articles and facts newest first, page by page, with the query language.

The database narrows down (full-text index, entity, source, times), and the query language's own evaluator judges what
the full-text index does not decide (``left_to_judge``), so that a search finds exactly what a rule with the same words
would have caught. Pages are keyset pages: they stay right while new rows arrive.
"""

from collections.abc import AsyncIterator, Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from service.domain.facts import as_view
from service.domain.query import (
    ArticleView,
    Query,
    evaluate,
    matching_facts,
    matching_mentions,
    picked_entities,
    reads_words,
)
from service.store.batches import BATCH, Found, between
from service.store.facts import facts_by_id, facts_of
from service.store.fulltext import left_to_judge
from service.store.keys import Keys, Position
from service.store.lines import ARTICLE, ARTICLE_OF_OTHERS, MENTION, Line, article_line, fact_line, mention_line
from service.store.narrowing import Filter, entity_names, named_in, narrow
from service.store.newest import newest
from service.store.spelling import listed
from service.store.tables import ArticleRow, FactPartyRow, FactRow, MentionRow
from service.store.views import JUDGED, JUDGED_BY_WORDS, views_of

__all__ = ["article_numbers", "articles", "facts", "mention_numbers", "mentions", "these_mentions"]

_Numbers = AsyncIterator[list[tuple[datetime, int]]]
_Select = Select[*tuple[Any, ...]]
_ARTICLE, _MENTION = col(ArticleRow.id), col(MentionRow.id)


async def mentions(session: AsyncSession, wanted: Filter, after: Position | None) -> AsyncIterator[Found]:
    gone = col(MentionRow.withdrawn_at)  # not of the keys: their index does not hold it
    kept = gone.is_not(None) if wanted.withdrawn else gone.is_(None)
    judged = left_to_judge(session, wanted.query)
    async for batch in _in_portions(mention_numbers(session, wanted, after), wanted):
        rows = (await session.execute(select(*MENTION).where(_MENTION.in_(listed(session, batch)), kept))).all()
        lines = await _mention_lines(session, rows, judged, withdrawn=wanted.withdrawn)
        for row in _newest_first(rows):
            if row.id in lines:
                yield Position(row.discovered_at, row.id), lines[row.id]


async def articles(session: AsyncSession, wanted: Filter, after: Position | None) -> AsyncIterator[Found]:
    judged = left_to_judge(session, wanted.query)
    async for batch in _in_portions(article_numbers(session, wanted, after), wanted):
        read = select(*ARTICLE).where(_ARTICLE.in_(listed(session, batch)), col(ArticleRow.state) == "read")
        rows = (await session.execute(read)).all()
        told = await facts_of(session, (row.id for row in rows))
        views = await views_of(session, rows, told, words=reads_words(judged)) if judged else {}
        named = await _entities(session, batch)
        for row in _newest_first(rows):
            if judged is None or evaluate(judged, views[row.id]):
                line = article_line(row, named.get(row.id, ()), told.get(row.id, ()))
                yield Position(row.discovered_at, row.id), line


async def facts(session: AsyncSession, wanted: Filter, after: Position | None) -> AsyncIterator[Found]:
    """Facts for which the query holds; ``wanted.entity`` takes part in them."""
    time, article = col(FactRow.discovered_at), col(FactRow.article_id)
    keys: _Select = select(time, col(FactRow.id), article)
    if wanted.entity:
        part = select(col(FactPartyRow.fact_id)).where(
            col(FactPartyRow.name) == wanted.entity, col(FactPartyRow.tracked)
        )
        keys = keys.where(col(FactRow.id).in_(part))
    judged = left_to_judge(session, wanted.query)
    async for batch in _in_portions(_numbers(session, Keys(keys, FactRow, time, article), wanted, after), wanted):
        rows = (
            (await session.execute(select(FactRow).where(col(FactRow.id).in_(listed(session, batch))))).scalars().all()
        )
        its = await _articles(session, {row.article_id for row in rows}, judged)
        views = await views_of(session, [*its.values()], words=reads_words(judged)) if judged else {}
        told = await facts_by_id(session, rows)
        for row in _newest_first(rows):
            if row.article_id not in its:
                continue
            if judged is None or as_view(told[row.id]) in matching_facts(judged, views[row.article_id]):
                yield Position(row.discovered_at, row.id), fact_line(row, told[row.id], its[row.article_id])


async def these_mentions(session: AsyncSession, ids: Sequence[int], wanted: Filter) -> dict[int, Line]:
    """Those of these mentions that stand, and for which query and entity of ``wanted`` hold; by id."""
    standing = select(*MENTION).where(_MENTION.in_(ids), col(MentionRow.withdrawn_at).is_(None))
    if wanted.entity:
        standing = standing.where(col(MentionRow.entity) == wanted.entity)
    return await _mention_lines(session, (await session.execute(standing)).all(), wanted.query)


async def mention_numbers(session: AsyncSession, wanted: Filter, after: Position | None) -> _Numbers:
    """Times and numbers of the mentions that may be wanted, newest first. The full-text index has been asked."""
    time, article = col(MentionRow.discovered_at), col(MentionRow.article_id)
    keys: _Select = select(time, col(MentionRow.id), article)
    if wanted.entity:
        keys = keys.where(col(MentionRow.entity) == wanted.entity)
    elif wanted.query is not None and (choice := picked_entities(wanted.query)):
        keys = keys.where(col(MentionRow.entity).in_(await entity_names(session, choice)))
    async for batch in _numbers(session, Keys(keys, MentionRow, time, article), wanted, after):
        yield batch


async def article_numbers(session: AsyncSession, wanted: Filter, after: Position | None) -> _Numbers:
    """The same of articles."""
    time, identity = col(ArticleRow.discovered_at), col(ArticleRow.id)
    keys: _Select = select(time, identity, identity.label("article"))
    if wanted.entity:
        keys = keys.where(named_in(identity, [wanted.entity], standing=True))
    async for batch in _numbers(session, Keys(keys, ArticleRow, time, identity), wanted, after):
        yield batch


async def _numbers(session: AsyncSession, keys: Keys, wanted: Filter, after: Position | None) -> _Numbers:
    narrowing = await narrow(session, wanted, keys.article)
    within = replace(keys, statement=between(keys.statement, wanted, keys.time))
    async for batch in newest(session, within, narrowing, after, first=wanted.first + 1):
        yield batch


async def _in_portions(found: _Numbers, wanted: Filter) -> AsyncIterator[list[int]]:
    """The numbers: at first as many as are likely to be wanted, and never more than ``BATCH`` at a time."""
    size = min(wanted.first + 1, BATCH)
    async for batch in found:
        begin = 0
        while begin < len(batch):
            yield [identity for _, identity in batch[begin : begin + size]]
            begin, size = begin + size, BATCH


async def _mention_lines(
    session: AsyncSession, rows: Sequence[Any], judged: Query | None, *, withdrawn: bool = False
) -> dict[int, Line]:
    """By id, of those for which ``judged`` holds."""
    its = await _articles(session, {row.article_id for row in rows}, judged)
    told = await facts_of(session, its)
    views: dict[int, ArticleView] = {}
    if judged:
        views = await views_of(session, [*its.values()], told, withdrawn=withdrawn, words=reads_words(judged))
    return {
        row.id: mention_line(row, its[row.article_id], told.get(row.article_id, ()))
        for row in rows
        if row.article_id in its and (judged is None or _holds_for(judged, views[row.article_id], row.entity))
    }


async def _articles(session: AsyncSession, numbers: set[int], judged: Query | None) -> dict[int, Any]:
    """What lines and ``judged`` need of these articles, which is seldom their text."""
    wanted = {column.name: column for column in ARTICLE_OF_OTHERS}
    if judged:
        wanted |= {column.name: column for column in (JUDGED_BY_WORDS if reads_words(judged) else JUDGED)}
    rows = await session.execute(select(*wanted.values()).where(_ARTICLE.in_(listed(session, sorted(numbers)))))
    return {row.id: row for row in rows}


async def _entities(session: AsyncSession, articles: list[int]) -> dict[int, list[str]]:
    """Who is named in them, by article."""
    names = select(col(MentionRow.article_id), col(MentionRow.entity)).order_by(col(MentionRow.id))
    standing = names.where(
        col(MentionRow.article_id).in_(listed(session, articles)), col(MentionRow.withdrawn_at).is_(None)
    )
    found: dict[int, list[str]] = {}
    for article, entity in await session.execute(standing):
        found.setdefault(article, []).append(entity)
    return found


def _newest_first(rows: Iterable[Any]) -> list[Any]:
    return sorted(rows, key=lambda row: (row.discovered_at, row.id), reverse=True)


def _holds_for(query: Query, view: ArticleView, entity: str) -> bool:
    return any(mention.entity == entity for mention in matching_mentions(query, view))
