"""Which mentions are counted, as conditions on ``mentions``.

Filter -> scope_of() -> Scope -> any statement over mentions

Without a query the database counts all of them. A query has the evaluator's word on each article, so it is asked of the
newest only, and the answer says how far back that reaches.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, not_, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from service.store.narrowing import Filter, entity_names, from_source
from service.store.sample import sample
from service.store.spelling import listed
from service.store.tables import ArticleRow, MentionRow

__all__ = ["Scope", "scope_of"]


@dataclass(frozen=True, slots=True)
class Scope:
    """``conditions``, but for ``anybody``: all the entities there are. It is for the index of entity and time, and only
    costs where a statement says itself whose mentions it counts.

    ``reaches``: where only the newest are counted, the time of the oldest of them; else None. ``listed``: they are few,
    and named by number."""

    of_one: tuple[ColumnElement[bool], ...]
    reaches: datetime | None = None
    listed: bool = False
    anybody: tuple[ColumnElement[bool], ...] = ()

    @property
    def conditions(self) -> tuple[ColumnElement[bool], ...]:
        return (*self.of_one, *self.anybody)


async def scope_of(session: AsyncSession, wanted: Filter, *, past: bool, whole_articles: bool = False) -> Scope:
    """Mentions that stand. Not ``past``: without those of what stood in a feed at its first poll, or a rescan found.

    ``whole_articles``: all mentions of the articles that are wanted, not only those the query holds for, or of the
    entity.
    """
    conditions: list[Any] = [col(MentionRow.withdrawn_at).is_(None)]
    if not past:
        old = select(col(ArticleRow.id)).where(col(ArticleRow.baseline))
        conditions += [not_(col(MentionRow.backfilled)), col(MentionRow.article_id).not_in(old)]
    if wanted.query is not None:
        found = await sample(session, "articles" if whole_articles else "mentions", wanted)
        counted = col(MentionRow.article_id) if whole_articles else col(MentionRow.id)
        return Scope((*conditions, counted.in_(listed(session, found.ids))), found.reaches, listed=True)
    within: list[Any] = []
    if wanted.since:
        within.append(col(MentionRow.discovered_at) >= wanted.since)
    if wanted.until:
        within.append(col(MentionRow.discovered_at) < wanted.until)
    conditions += within
    if wanted.entity and whole_articles:
        names_it = select(col(MentionRow.article_id)).where(
            col(MentionRow.entity) == wanted.entity, col(MentionRow.withdrawn_at).is_(None), *within
        )
        conditions.append(col(MentionRow.article_id).in_(names_it))
    anybody: list[Any] = []
    if wanted.entity and not whole_articles:
        conditions.append(col(MentionRow.entity) == wanted.entity)
    else:
        anybody.append(col(MentionRow.entity).in_(await entity_names(session, ["*"])))
    if wanted.source:
        its = select(col(ArticleRow.id)).where(col(ArticleRow.id) == col(MentionRow.article_id))
        conditions.append(its.where(from_source(wanted.source)).exists())
    return Scope(tuple(conditions), anybody=tuple(anybody))
