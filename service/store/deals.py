"""Deals: the facts of a story's articles, taken together.

Filter -> deals() -> Deal ..., newest or biggest first
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from service.domain.facts import Fact, join
from service.store import listing
from service.store.facts import facts_by_id
from service.store.narrowing import Filter
from service.store.tables import ArticleRow, FactRow

__all__ = ["Deal", "Told", "deals"]


@dataclass(frozen=True, slots=True)
class Told:
    """Who tells of a deal."""

    article: int
    url: str
    title: str
    source: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Deal:
    """``tellers``: the articles that tell of it, the first one first."""

    fact: Fact
    story: int | None
    tellers: tuple[Told, ...]


async def deals(session: AsyncSession, wanted: Filter, *, most: int) -> tuple[list[Deal], datetime | None]:
    """The deals of the newest ``most`` facts that are wanted, newest first; and where there are more facts, the time of
    the oldest that was taken."""
    ids: list[int] = []
    reaches = last = None
    async for position, line in listing.facts(session, wanted, None):
        if len(ids) == most:
            reaches = last
            break
        ids.append(line["id"])
        last = position.time
    pairs: Sequence[Any] = (
        await session.execute(
            select(FactRow, ArticleRow)
            .join(ArticleRow, col(ArticleRow.id) == col(FactRow.article_id))
            .where(col(FactRow.id).in_(ids))
            .order_by(col(FactRow.discovered_at), col(FactRow.id))
        )
    ).all()
    facts = await facts_by_id(session, [row for row, _ in pairs])
    by_story = sorted(pairs, key=lambda pair: _key(pair[1]))
    found = [
        deal
        for _, group in groupby(by_story, key=lambda pair: _key(pair[1]))
        for deal in _of_story([(facts[row.id], row, article) for row, article in group])
    ]
    found.sort(key=lambda deal: (deal.tellers[0].at, deal.tellers[0].article), reverse=True)
    return found, reaches


def _key(article: ArticleRow) -> tuple[int, int]:
    return (article.story_id, 0) if article.story_id is not None else (0, article.id)


def _of_story(told: Sequence[tuple[Fact, FactRow, ArticleRow]]) -> list[Deal]:
    """What ``join`` makes one deal is one; who tells of which is told by joining each with it again."""
    found = []
    for deal in join([fact for fact, _, _ in told]):
        tellers = {
            article.id: Told(article.id, article.url, article.title, article.source, row.discovered_at)
            for fact, row, article in reversed(told)
            if len(join([deal, fact])) == 1
        }
        if tellers:
            first = sorted(tellers.values(), key=lambda teller: (teller.at, teller.article))
            found.append(Deal(deal, told[0][2].story_id, tuple(first)))
    return found
