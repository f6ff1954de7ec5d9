"""Reading newest first, page by page, with the query language.

The database narrows down (full-text index, entity, source, times); the query language's own evaluator has the last word
on every row, so that a search finds exactly what a rule with the same words would have caught. Pages are keyset pages:
they stay right while new rows arrive.
"""

from collections.abc import AsyncIterator, Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Select, select, tuple_
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import defer
from sqlmodel import col

from service.domain.facts import Fact, as_view
from service.domain.model import Salience
from service.domain.past import places_of, stored_spans
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
from service.store.fulltext import TextIndex
from service.store.lines import Line, alert_line, article_line, delivery_line, fact_line, mention_line
from service.store.narrowing import Filter, entity_names, from_source, named_in, narrow
from service.store.newest import Position, few_articles, listed, newest
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

__all__ = [
    "Filter",
    "Found",
    "Position",
    "alerts",
    "article_numbers",
    "articles",
    "deliveries",
    "deliveries_of",
    "facts",
    "mention_numbers",
    "mentions",
    "stories",
    "these_alerts",
    "these_mentions",
    "views_of",
]

_BATCH = 200
_TEXTS: tuple[Any, ...] = (ArticleRow.text, ArticleRow.feed_text)
_Select = Select[*tuple[Any, ...]]
Found = tuple[Position, Line]


async def mentions(session: AsyncSession, wanted: Filter, after: Position | None) -> AsyncIterator[Found]:
    async for batch in _in_portions(mention_numbers(session, wanted, after)):
        pairs = select(MentionRow, ArticleRow).join(ArticleRow, col(ArticleRow.id) == col(MentionRow.article_id))
        if wanted.query is None:  # then nobody reads the texts, which are most of an article
            pairs = pairs.options(*(defer(text) for text in _TEXTS))
        gone = col(MentionRow.withdrawn_at)  # not of the keys: their index does not hold it
        pairs = pairs.where(gone.is_not(None) if wanted.withdrawn else gone.is_(None))
        rows = (await session.execute(pairs.where(col(MentionRow.id).in_(batch)))).all()
        told = await facts_of(session, (row.id for _, row in rows))
        found = [row for _, row in rows]
        views = await views_of(session, found, told, withdrawn=wanted.withdrawn) if wanted.query else {}
        for mention, row in sorted(rows, key=lambda pair: (pair[0].discovered_at, pair[0].id), reverse=True):
            if wanted.query is None or _holds_for(wanted.query, views[row.id], mention.entity):
                yield Position(mention.discovered_at, mention.id), mention_line(mention, row, told.get(row.id, ()))


async def articles(session: AsyncSession, wanted: Filter, after: Position | None) -> AsyncIterator[Found]:
    async for batch in _in_portions(article_numbers(session, wanted, after)):
        read = select(ArticleRow).where(col(ArticleRow.id).in_(batch), col(ArticleRow.state) == "read")
        rows = (await session.execute(read)).scalars().all()
        told = await facts_of(session, (row.id for row in rows))
        views = await views_of(session, rows, told)
        for row in sorted(rows, key=lambda row: (row.discovered_at, row.id), reverse=True):
            view = views[row.id]
            if wanted.query is None or evaluate(wanted.query, view):
                entities = [mention.entity for mention in view.mentions]
                yield Position(row.discovered_at, row.id), article_line(row, entities, told.get(row.id, ()))


async def facts(session: AsyncSession, wanted: Filter, after: Position | None) -> AsyncIterator[Found]:
    """Facts for which the query holds; ``wanted.entity`` takes part in them."""
    time, article = col(FactRow.discovered_at), col(FactRow.article_id)
    keys: _Select = select(time, col(FactRow.id), article)
    if wanted.entity:
        part = select(col(FactPartyRow.fact_id)).where(
            col(FactPartyRow.name) == wanted.entity, col(FactPartyRow.tracked)
        )
        keys = keys.where(col(FactRow.id).in_(part))
    async for batch in _in_portions(_newest(session, keys, FactRow, time, article, wanted, after)):
        pairs = select(FactRow, ArticleRow).join(ArticleRow, col(ArticleRow.id) == article)
        rows = (await session.execute(pairs.where(col(FactRow.id).in_(batch)))).all()
        views = await views_of(session, [row for _, row in rows]) if wanted.query else {}
        told = await facts_by_id(session, [fact for fact, _ in rows])
        for kept, row in sorted(rows, key=lambda pair: (pair[0].discovered_at, pair[0].id), reverse=True):
            fact = told[kept.id]
            if wanted.query is None or as_view(fact) in matching_facts(wanted.query, views[row.id]):
                yield Position(kept.discovered_at, kept.id), fact_line(kept, fact, row)


async def stories(session: AsyncSession, wanted: Filter, after: Position | None) -> AsyncIterator[Found]:
    """Those of which an article answers the query and was found in that time."""
    statement: _Select = select(StoryRow)
    narrowing = await narrow(session, wanted, col(ArticleRow.id))
    about = _between(_members(col(StoryRow.id)), wanted, col(ArticleRow.discovered_at))
    if wanted.entity:
        about = about.where(named_in(col(ArticleRow.id), [wanted.entity], standing=True))
    few = await few_articles(session, narrowing)
    if few is not None:
        member = select(col(ArticleRow.story_id)).where(col(ArticleRow.id).in_(listed(session, few)))
        statement = statement.where(col(StoryRow.id).in_(member))
    statement = statement.where(about.where(*narrowing.conditions, *narrowing.of_article).exists())
    async for batch in _batches(session, statement, StoryRow, col(StoryRow.created_at), after, wanted.first + 1):
        rows = [row for (row,) in batch]
        kept = await _stories_that_hold(session, wanted, narrowing.index, [row.id for row in rows])
        lines = await story_lines(session, [row for row in rows if row.id in kept])
        for row in rows:
            if row.id in lines:
                yield Position(row.created_at, row.id), lines[row.id]


async def alerts(session: AsyncSession, wanted: Filter, after: Position | None) -> AsyncIterator[Found]:
    statement = _alert_filter(session, select(AlertRow), wanted, col(AlertRow.created_at))
    async for batch in _batches(session, statement, AlertRow, col(AlertRow.created_at), after, wanted.first + 1):
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
    async for batch in _batches(session, statement, DeliveryRow, col(DeliveryRow.created_at), after, wanted.first + 1):
        rows = [row for (row,) in batch]
        kept = await _alerts_that_hold(session, wanted.query, [row.alert_id for row in rows])
        for row in rows:
            if row.alert_id in kept:
                yield Position(row.created_at, row.id), delivery_line(row)


async def mention_numbers(
    session: AsyncSession, wanted: Filter, after: Position | None
) -> AsyncIterator[list[tuple[datetime, int]]]:
    """Times and numbers of the mentions that may be wanted, newest first."""
    time, article = col(MentionRow.discovered_at), col(MentionRow.article_id)
    keys: _Select = select(time, col(MentionRow.id), article)
    if wanted.entity:
        keys = keys.where(col(MentionRow.entity) == wanted.entity)
    elif wanted.query is not None and len(choices := metadata(wanted.query).entities) == 1:
        keys = keys.where(col(MentionRow.entity).in_(await entity_names(session, choices[0])))
    async for batch in _newest(session, keys, MentionRow, time, article, wanted, after):
        yield batch


async def article_numbers(
    session: AsyncSession, wanted: Filter, after: Position | None
) -> AsyncIterator[list[tuple[datetime, int]]]:
    """The same of articles."""
    time, identity = col(ArticleRow.discovered_at), col(ArticleRow.id)
    keys: _Select = select(time, identity, identity.label("article"))
    if wanted.entity:
        keys = keys.where(named_in(identity, [wanted.entity], standing=True))
    async for batch in _newest(session, keys, ArticleRow, time, identity, wanted, after):
        yield batch


async def _newest(
    session: AsyncSession,
    keys: _Select,
    table: Any,  # noqa: ANN401 - a table's class
    time: Any,  # noqa: ANN401 - a column, as is the next
    article: Any,  # noqa: ANN401
    wanted: Filter,
    after: Position | None,
) -> AsyncIterator[list[tuple[datetime, int]]]:
    """Times and numbers of the rows that may be wanted, newest first."""
    async for batch in newest(
        session,
        _between(keys, wanted, time),
        table=table,
        time=time,
        article=article,
        narrowing=await narrow(session, wanted, article),
        after=after,
        first=wanted.first + 1,
    ):
        yield batch


async def _in_portions(found: AsyncIterator[list[tuple[datetime, int]]]) -> AsyncIterator[list[int]]:
    """The numbers, no more than ``_BATCH`` at a time."""
    async for batch in found:
        for begin in range(0, len(batch), _BATCH):
            yield [identity for _, identity in batch[begin : begin + _BATCH]]


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
            about = about.where(from_source(wanted.source))
        statement = statement.where(col(AlertRow.id).in_(about))
    return statement


async def _batches(
    session: AsyncSession,
    statement: _Select,
    table: Any,  # noqa: ANN401 - one of the tables with a time and an id
    time: Any,  # noqa: ANN401
    after: Position | None,
    size: int,
) -> AsyncIterator[Sequence[Any]]:
    """Rows newest first, from behind ``after`` on, ``size`` of them and then more at a time."""
    identity = col(table.id)
    size = min(size, _BATCH)
    while True:
        behind = statement if after is None else statement.where(tuple_(time, identity) < tuple_(after.time, after.id))
        batch = (await session.execute(behind.order_by(time.desc(), identity.desc()).limit(size))).all()
        if batch:
            yield batch
        if len(batch) < size:
            return
        last = batch[-1][0]
        after, size = Position(getattr(last, time.key), last.id), _BATCH


async def views_of(
    session: AsyncSession,
    rows: Iterable[ArticleRow],
    told: dict[int, list[Fact]] | None = None,
    *,
    withdrawn: bool = False,
) -> dict[int, ArticleView]:
    """Stored articles as queries see them, by number. ``told``: their facts, where they are known.

    ``withdrawn``: with the mentions that hold no longer, for what came of them is history.
    """
    by_id = {row.id: row for row in rows}
    named: dict[int, list[MentionView]] = {}
    statement = select(MentionRow).where(col(MentionRow.article_id).in_(by_id)).order_by(col(MentionRow.id))
    if not withdrawn:
        statement = statement.where(col(MentionRow.withdrawn_at).is_(None))
    for mention in (await session.execute(statement)).scalars():
        places = places_of(stored_spans(mention.spans), by_id[mention.article_id].text)
        view = MentionView(mention.entity, Salience(mention.salience), mention.confidence, places)
        named.setdefault(mention.article_id, []).append(view)
    source_ids = {row.source_id for row in by_id.values() if row.source_id is not None}
    if told is None:
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


def _members(story: Any) -> _Select:  # noqa: ANN401 - a column
    return select(col(ArticleRow.id)).where(col(ArticleRow.story_id) == story)


async def _stories_that_hold(
    session: AsyncSession, wanted: Filter, index: TextIndex | None, ids: Sequence[int]
) -> set[int]:
    if wanted.query is None:
        return set(ids)
    numbers = select(col(ArticleRow.id)).where(col(ArticleRow.story_id).in_(ids))
    members = set((await session.execute(numbers)).scalars())
    if index is not None:
        members = await index.among(members)
    articles = (await session.execute(select(ArticleRow).where(col(ArticleRow.id).in_(members)))).scalars().all()
    views = await views_of(session, articles)
    return {article.story_id or 0 for article in articles if evaluate(wanted.query, views[article.id])}


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
    views = await views_of(session, [article for _, article in pairs], withdrawn=True)
    return {alert_id for alert_id, article in pairs if evaluate(query, views[article.id])}


async def deliveries_of(session: AsyncSession, alert_ids: Sequence[str]) -> dict[str, list[Line]]:
    statement = select(DeliveryRow).where(col(DeliveryRow.alert_id).in_(alert_ids)).order_by(col(DeliveryRow.channel))
    found: dict[str, list[Line]] = {}
    for row in (await session.execute(statement)).scalars():
        found.setdefault(row.alert_id, []).append(delivery_line(row))
    return found


async def these_mentions(session: AsyncSession, ids: Sequence[int], wanted: Filter) -> dict[int, Line]:
    """Those of these mentions that stand, and for which query and entity of ``wanted`` hold; by id."""
    pairs = select(MentionRow, ArticleRow).join(ArticleRow, col(ArticleRow.id) == col(MentionRow.article_id))
    pairs = pairs.where(col(MentionRow.id).in_(ids), col(MentionRow.withdrawn_at).is_(None))
    if wanted.entity:
        pairs = pairs.where(col(MentionRow.entity) == wanted.entity)
    rows = (await session.execute(pairs)).all()
    told = await facts_of(session, (row.id for _, row in rows))
    views = await views_of(session, [row for _, row in rows], told) if wanted.query else {}
    return {
        mention.id: mention_line(mention, row, told.get(row.id, ()))
        for mention, row in rows
        if wanted.query is None or _holds_for(wanted.query, views[row.id], mention.entity)
    }


async def these_alerts(session: AsyncSession, ids: Sequence[str], wanted: Filter) -> dict[str, Line]:
    """Those of these alerts for which query and entity of ``wanted`` hold; by id."""
    asked = _alert_filter(session, select(AlertRow), wanted, col(AlertRow.created_at)).where(col(AlertRow.id).in_(ids))
    rows = (await session.execute(asked)).scalars().all()
    kept = await _alerts_that_hold(session, wanted.query, [row.id for row in rows])
    sent = await deliveries_of(session, sorted(kept))
    return {row.id: alert_line(row, sent.get(row.id, [])) for row in rows if row.id in kept}
