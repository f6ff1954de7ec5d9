"""Which mentions are counted, as conditions on ``mentions``.

Filter -> scope_of() -> Scope -> any statement over mentions

Without a query the database counts all of them. A query has the evaluator's word on each article, so it is asked of the
newest only, and the answer says how far back that reaches.
"""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, not_, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from service.store import listing
from service.store.listing import Found
from service.store.narrowing import Filter, from_source, named_in
from service.store.newest import listed
from service.store.tables import ArticleRow, MentionRow

__all__ = ["MOST_JUDGED", "Scope", "scope_of"]

MOST_JUDGED = 2000
"""Mentions that a query is asked of."""


@dataclass(frozen=True, slots=True)
class Scope:
    """``reaches``: where only the newest are counted, the time of the oldest of them; else None."""

    conditions: tuple[ColumnElement[bool], ...]
    reaches: datetime | None = None

    @property
    def exact(self) -> bool:
        return self.reaches is None


async def scope_of(
    session: AsyncSession, wanted: Filter, *, past: bool, whole_articles: bool = False, most: int = MOST_JUDGED
) -> Scope:
    """Mentions that stand. Not ``past``: without those of what stood in a feed at its first poll, or a rescan found.

    ``whole_articles``: all mentions of the articles that are wanted, not only those the query holds for, or of the
    entity.
    """
    conditions: list[Any] = [col(MentionRow.withdrawn_at).is_(None)]
    if not past:
        old = select(col(ArticleRow.id)).where(col(ArticleRow.baseline))
        conditions += [not_(col(MentionRow.backfilled)), col(MentionRow.article_id).not_in(old)]
    if wanted.query is not None:
        noun = listing.articles if whole_articles else listing.mentions
        ids, reaches = await _newest(noun(session, wanted, None), most)
        counted = col(MentionRow.article_id) if whole_articles else col(MentionRow.id)
        return Scope((*conditions, counted.in_(listed(session, ids))), reaches)
    if wanted.entity and whole_articles:
        conditions.append(named_in(col(MentionRow.article_id), [wanted.entity], standing=True))
    elif wanted.entity:
        conditions.append(col(MentionRow.entity) == wanted.entity)
    if wanted.since:
        conditions.append(col(MentionRow.discovered_at) >= wanted.since)
    if wanted.until:
        conditions.append(col(MentionRow.discovered_at) < wanted.until)
    if wanted.source:
        its = select(col(ArticleRow.id)).where(col(ArticleRow.id) == col(MentionRow.article_id))
        conditions.append(its.where(from_source(wanted.source)).exists())
    return Scope(tuple(conditions))


async def _newest(found: AsyncIterator[Found], most: int) -> tuple[list[int], datetime | None]:
    """Numbers of the newest lines, and where there are more, the time of the oldest that was taken."""
    ids: list[int] = []
    last = None
    async for position, line in found:
        if len(ids) == most:
            return ids, last
        ids.append(line["id"])
        last = position.time
    return ids, None
