"""Alerts and their deliveries newest first, page by page, with the query language: an alert answers where one of its
articles does.
"""

from collections.abc import AsyncIterator, Sequence
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from service.domain.query import Query, evaluate
from service.store.batches import Found, between, in_batches
from service.store.keys import Position
from service.store.lines import Line, alert_line, delivery_line
from service.store.narrowing import Filter, from_source
from service.store.tables import AlertMentionRow, AlertRow, ArticleRow, DeliveryRow, MentionRow
from service.store.views import views_of

__all__ = ["alerts", "deliveries", "deliveries_of", "these_alerts"]


async def alerts(session: AsyncSession, wanted: Filter, after: Position | None) -> AsyncIterator[Found]:
    statement = _alert_filter(session, select(AlertRow), wanted, col(AlertRow.created_at))
    async for batch in in_batches(session, statement, AlertRow, col(AlertRow.created_at), after, wanted.first + 1):
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
    async for batch in in_batches(
        session, statement, DeliveryRow, col(DeliveryRow.created_at), after, wanted.first + 1
    ):
        rows = [row for (row,) in batch]
        kept = await _alerts_that_hold(session, wanted.query, [row.alert_id for row in rows])
        for row in rows:
            if row.alert_id in kept:
                yield Position(row.created_at, row.id), delivery_line(row)


async def deliveries_of(session: AsyncSession, alert_ids: Sequence[str]) -> dict[str, list[Line]]:
    statement = select(DeliveryRow).where(col(DeliveryRow.alert_id).in_(alert_ids)).order_by(col(DeliveryRow.channel))
    found: dict[str, list[Line]] = {}
    for row in (await session.execute(statement)).scalars():
        found.setdefault(row.alert_id, []).append(delivery_line(row))
    return found


async def these_alerts(session: AsyncSession, ids: Sequence[str], wanted: Filter) -> dict[str, Line]:
    """Those of these alerts for which query and entity of ``wanted`` hold; by id."""
    asked = _alert_filter(session, select(AlertRow), wanted, col(AlertRow.created_at)).where(col(AlertRow.id).in_(ids))
    rows = (await session.execute(asked)).scalars().all()
    kept = await _alerts_that_hold(session, wanted.query, [row.id for row in rows])
    sent = await deliveries_of(session, sorted(kept))
    return {row.id: alert_line(row, sent.get(row.id, [])) for row in rows if row.id in kept}


def _alert_filter(session: AsyncSession, statement: Select[Any], wanted: Filter, time: Any) -> Select[Any]:  # noqa: ANN401
    statement = between(statement, wanted, time)
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
