"""Reading newest first, page by page, with the query language.

The database narrows down (full-text index, entity, source, times); the query language's own evaluator has the last word
on every row, so that a search finds exactly what a rule with the same words would have caught. Pages are keyset pages:
they stay right while new rows arrive.
"""

from collections.abc import AsyncIterator, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, and_, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from service.domain.facts import as_view
from service.domain.model import Salience
from service.domain.query import (
    ArticleView,
    MentionView,
    Query,
    evaluate,
    matching_facts,
    matching_mentions,
    metadata,
)
from service.store.facts import facts_by_id, facts_of
from service.store.fulltext import prefilter
from service.store.lines import Line, alert_line, article_line, delivery_line, fact_line, mention_line
from service.store.narrowing import beyond_ascii, with_facts
from service.store.story_lines import story_lines
from service.store.tables import (
    AlertMentionRow,
    AlertRow,
    ArticleRow,
    DeliveryRow,
    FactPartyRow,
    FactRow,
    MentionRow,
    SourceRow,
    StoryRow,
)

__all__ = ["Filter", "Position", "alerts", "articles", "deliveries", "deliveries_of", "facts", "mentions", "stories"]

_BATCH = 200
_Select = Select[*tuple[Any, ...]]


@dataclass(frozen=True, slots=True)
class Filter:
    """Everything is optional and narrows down. Times bound when newsvane found it."""

    query: Query | None = None
    entity: str | None = None
    source: str | None = None
    since: datetime | None = None
    until: datetime | None = None
    rule: str | None = None
    status: str | None = None
    withdrawn: bool = False
    """Mentions that hold no longer, instead of those that do."""


@dataclass(frozen=True, slots=True)
class Position:
    """The last row already seen: the next page begins behind it."""

    time: datetime
    id: int | str


Found = tuple[Position, Line]


async def mentions(session: AsyncSession, wanted: Filter, after: Position | None) -> AsyncIterator[Found]:
    statement: _Select = select(MentionRow, ArticleRow).join(
        ArticleRow, col(MentionRow.article_id) == col(ArticleRow.id)
    )
    gone = col(MentionRow.withdrawn_at)
    statement = statement.where(gone.is_not(None) if wanted.withdrawn else gone.is_(None))
    if wanted.entity:
        statement = statement.where(col(MentionRow.entity) == wanted.entity)
    statement = _narrow(session, statement, wanted, col(MentionRow.discovered_at))
    async for batch in _batches(session, statement, MentionRow, col(MentionRow.discovered_at), after):
        found = [article for _, article in batch]
        views = await _views(session, found, withdrawn=wanted.withdrawn) if wanted.query else {}
        told = await facts_of(session, (article.id for article in found))
        for mention, article in batch:
            if wanted.query is None or _holds_for(wanted.query, views[article.id], mention.entity):
                line = mention_line(mention, article, told.get(article.id, ()))
                yield Position(mention.discovered_at, mention.id), line


async def articles(session: AsyncSession, wanted: Filter, after: Position | None) -> AsyncIterator[Found]:
    statement = select(ArticleRow).where(col(ArticleRow.state) == "read")
    if wanted.entity:
        statement = statement.where(_names(wanted.entity))
    statement = _narrow(session, statement, wanted, col(ArticleRow.discovered_at))
    async for batch in _batches(session, statement, ArticleRow, col(ArticleRow.discovered_at), after):
        rows = [row for (row,) in batch]
        views = await _views(session, rows)
        told = await facts_of(session, (row.id for row in rows))
        for row in rows:
            view = views[row.id]
            if wanted.query is None or evaluate(wanted.query, view):
                entities = [mention.entity for mention in view.mentions]
                yield Position(row.discovered_at, row.id), article_line(row, entities, told.get(row.id, ()))


async def facts(session: AsyncSession, wanted: Filter, after: Position | None) -> AsyncIterator[Found]:
    """Facts for which the query holds; ``wanted.entity`` takes part in them."""
    statement: _Select = select(FactRow, ArticleRow).join(ArticleRow, col(FactRow.article_id) == col(ArticleRow.id))
    if wanted.entity:
        part = select(col(FactPartyRow.fact_id)).where(
            col(FactPartyRow.name) == wanted.entity, col(FactPartyRow.tracked)
        )
        statement = statement.where(col(FactRow.id).in_(part))
    statement = _narrow(session, statement, wanted, col(FactRow.discovered_at))
    async for batch in _batches(session, statement, FactRow, col(FactRow.discovered_at), after):
        views = await _views(session, [article for _, article in batch]) if wanted.query else {}
        told = await facts_by_id(session, [row for row, _ in batch])
        for row, article in batch:
            fact = told[row.id]
            if wanted.query is None or as_view(fact) in matching_facts(wanted.query, views[article.id]):
                yield Position(row.discovered_at, row.id), fact_line(row, fact, article)


async def stories(session: AsyncSession, wanted: Filter, after: Position | None) -> AsyncIterator[Found]:
    """Those of which an article answers the query."""
    members = select(col(ArticleRow.story_id)).where(col(ArticleRow.story_id).is_not(None))
    if wanted.entity:
        members = members.where(_names(wanted.entity))
    about = _narrow(session, members, wanted, col(ArticleRow.discovered_at))
    statement = select(StoryRow).where(col(StoryRow.id).in_(about))
    async for batch in _batches(session, statement, StoryRow, col(StoryRow.created_at), after):
        rows = [row for (row,) in batch]
        kept = await _stories_that_hold(session, wanted.query, [row.id for row in rows])
        lines = await story_lines(session, [row for row in rows if row.id in kept])
        for row in rows:
            if row.id in lines:
                yield Position(row.created_at, row.id), lines[row.id]


async def alerts(session: AsyncSession, wanted: Filter, after: Position | None) -> AsyncIterator[Found]:
    statement = _alert_filter(session, select(AlertRow), wanted, col(AlertRow.created_at))
    async for batch in _batches(session, statement, AlertRow, col(AlertRow.created_at), after):
        rows = [row for (row,) in batch]
        kept = await _alerts_that_hold(session, wanted.query, [row.id for row in rows])
        sent = await deliveries_of(session, [row.id for row in rows])
        for row in rows:
            if row.id in kept:
                yield Position(row.created_at, row.id), alert_line(row, sent.get(row.id, []))


async def deliveries(session: AsyncSession, wanted: Filter, after: Position | None) -> AsyncIterator[Found]:
    statement = select(DeliveryRow).join(AlertRow, col(DeliveryRow.alert_id) == col(AlertRow.id))
    statement = _alert_filter(session, statement, wanted, col(DeliveryRow.created_at))
    if wanted.status:
        statement = statement.where(col(DeliveryRow.status) == wanted.status)
    async for batch in _batches(session, statement, DeliveryRow, col(DeliveryRow.created_at), after):
        rows = [row for (row,) in batch]
        kept = await _alerts_that_hold(session, wanted.query, [row.alert_id for row in rows])
        for row in rows:
            if row.alert_id in kept:
                yield Position(row.created_at, row.id), delivery_line(row)


def _narrow(session: AsyncSession, statement: _Select, wanted: Filter, time: Any) -> _Select:  # noqa: ANN401
    """Conditions on articles that the database can check. They may let too much through, never too little."""
    statement = _between(statement, wanted, time)
    if wanted.source:
        statement = statement.where(_from_source(wanted.source))
    if wanted.query is None:
        return statement
    found = prefilter(session, wanted.query)
    if found is not None:
        statement = statement.where(found)
    known = metadata(wanted.query)
    for choice in known.entities:
        if all(name.isascii() and "*" not in name for name in choice):
            named = or_(
                func.lower(col(MentionRow.entity)).in_([name.lower() for name in choice]),
                beyond_ascii(session, col(MentionRow.entity)),
            )
            statement = statement.where(col(ArticleRow.id).in_(select(col(MentionRow.article_id)).where(named)))
    for told in with_facts(session, known):
        statement = statement.where(col(ArticleRow.id).in_(told))
    if known.published_since:
        statement = statement.where(col(ArticleRow.published_at) >= known.published_since)
    if known.published_until:
        statement = statement.where(col(ArticleRow.published_at) < known.published_until)
    return statement


def _from_source(source: str) -> Any:  # noqa: ANN401 - a condition
    """By the name that the articles carry, or by the source's address."""
    by_address = select(col(SourceRow.id)).where(col(SourceRow.url) == source)
    return or_(col(ArticleRow.source) == source, col(ArticleRow.source_id).in_(by_address))


def _names(entity: str) -> Any:  # noqa: ANN401 - a condition
    stands = and_(col(MentionRow.entity) == entity, col(MentionRow.withdrawn_at).is_(None))
    return col(ArticleRow.id).in_(select(col(MentionRow.article_id)).where(stands))


def _between(statement: _Select, wanted: Filter, time: Any) -> _Select:  # noqa: ANN401
    if wanted.since:
        statement = statement.where(time >= wanted.since)
    if wanted.until:
        statement = statement.where(time < wanted.until)
    return statement


def _alert_filter(session: AsyncSession, statement: _Select, wanted: Filter, time: Any) -> _Select:  # noqa: ANN401
    statement = _between(statement, wanted, time)
    if wanted.rule:
        statement = statement.where(col(AlertRow.rule) == wanted.rule)
    if wanted.entity or wanted.source:
        about = (
            select(col(AlertMentionRow.alert_id))
            .join(MentionRow, col(MentionRow.id) == col(AlertMentionRow.mention_id))
            .join(ArticleRow, col(ArticleRow.id) == col(MentionRow.article_id))
        )
        if wanted.entity:
            about = about.where(col(MentionRow.entity) == wanted.entity)
        if wanted.source:
            about = about.where(_from_source(wanted.source))
        statement = statement.where(col(AlertRow.id).in_(about))
    return statement


async def _batches(
    session: AsyncSession,
    statement: _Select,
    table: Any,  # noqa: ANN401 - one of the tables with a time and an id
    time: Any,  # noqa: ANN401
    after: Position | None,
) -> AsyncIterator[Sequence[Any]]:
    """Rows newest first, a batch at a time, from behind ``after`` on."""
    identity = col(table.id)
    while True:
        page = statement.order_by(time.desc(), identity.desc()).limit(_BATCH)
        if after is not None:
            page = page.where(or_(time < after.time, and_(time == after.time, identity < after.id)))
        batch = (await session.execute(page)).all()
        if batch:
            yield batch
        if len(batch) < _BATCH:
            return
        last = batch[-1][0]
        after = Position(getattr(last, time.key), last.id)


async def _views(
    session: AsyncSession, rows: Iterable[ArticleRow], *, withdrawn: bool = False
) -> dict[int, ArticleView]:
    """Stored articles as queries see them. ``withdrawn``: with the mentions that hold no longer, for what came of them
    is history."""
    by_id = {row.id: row for row in rows}
    named: dict[int, list[MentionView]] = {}
    statement = select(MentionRow).where(col(MentionRow.article_id).in_(by_id)).order_by(col(MentionRow.id))
    if not withdrawn:
        statement = statement.where(col(MentionRow.withdrawn_at).is_(None))
    for mention in (await session.execute(statement)).scalars():
        view = MentionView(mention.entity, Salience(mention.salience), mention.confidence)
        named.setdefault(mention.article_id, []).append(view)
    source_ids = {row.source_id for row in by_id.values() if row.source_id is not None}
    told = await facts_of(session, by_id)
    urls = await session.execute(select(col(SourceRow.id), col(SourceRow.url)).where(col(SourceRow.id).in_(source_ids)))
    source_urls = dict(urls.all())
    return {
        row.id: ArticleView(
            title=row.title,
            text=row.text,
            url=row.url,
            source_title=row.source,
            source_url=source_urls.get(row.source_id or 0, ""),
            tags=tuple(row.tags),
            language=row.language,
            published_at=row.published_at,
            mentions=tuple(named.get(row.id, ())),
            facts=tuple(as_view(fact) for fact in told.get(row.id, ())),
        )
        for row in by_id.values()
    }


def _holds_for(query: Query, view: ArticleView, entity: str) -> bool:
    return any(mention.entity == entity for mention in matching_mentions(query, view))


async def _stories_that_hold(session: AsyncSession, query: Query | None, ids: Sequence[int]) -> set[int]:
    if query is None:
        return set(ids)
    articles = (await session.execute(select(ArticleRow).where(col(ArticleRow.story_id).in_(ids)))).scalars().all()
    views = await _views(session, articles)
    return {article.story_id or 0 for article in articles if evaluate(query, views[article.id])}


async def _alerts_that_hold(session: AsyncSession, query: Query | None, alert_ids: Sequence[str]) -> set[str]:
    """Those alerts of which at least one article answers the query."""
    if query is None:
        return set(alert_ids)
    statement = (
        select(col(AlertMentionRow.alert_id), ArticleRow)
        .join(MentionRow, col(MentionRow.id) == col(AlertMentionRow.mention_id))
        .join(ArticleRow, col(ArticleRow.id) == col(MentionRow.article_id))
        .where(col(AlertMentionRow.alert_id).in_(alert_ids))
    )
    pairs = (await session.execute(statement)).all()
    views = await _views(session, [article for _, article in pairs], withdrawn=True)
    return {alert_id for alert_id, article in pairs if evaluate(query, views[article.id])}


async def deliveries_of(session: AsyncSession, alert_ids: Sequence[str]) -> dict[str, list[Line]]:
    statement = select(DeliveryRow).where(col(DeliveryRow.alert_id).in_(alert_ids)).order_by(col(DeliveryRow.channel))
    found: dict[str, list[Line]] = {}
    for row in (await session.execute(statement)).scalars():
        found.setdefault(row.alert_id, []).append(delivery_line(row))
    return found
