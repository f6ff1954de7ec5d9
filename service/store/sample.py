"""The newest that answer a question, by number: of what is to be counted, where not everything can be.

Filter -> sample() -> Sample

Where the database decides alone, the rows are not read and thousands are cheap. Where the query language's evaluator
must read each article, hundreds are taken.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from service.domain.query import picked_entities
from service.domain.query.syntax import And
from service.store import listing
from service.store.fulltext import left_to_judge
from service.store.narrowing import Filter
from service.store.spelling import listed
from service.store.tables import ArticleRow, MentionRow

__all__ = ["MOST_COUNTED", "MOST_JUDGED", "Sample", "sample"]

MOST_COUNTED: Final = 5000
MOST_JUDGED: Final = 500
_FIRST = 1500
"""Rows that are asked for first."""


@dataclass(frozen=True, slots=True)
class Sample:
    """Times and numbers, newest first. ``reaches``: where there are more, the time of the oldest of these."""

    rows: list[tuple[datetime, int]]
    reaches: datetime | None

    @property
    def ids(self) -> list[int]:
        return [identity for _, identity in self.rows]


async def sample(session: AsyncSession, noun: str, wanted: Filter) -> Sample:
    """Of ``mentions`` or ``articles``."""
    if not _decided(session, noun, wanted):
        return await _judged(session, noun, wanted)
    rows: list[tuple[datetime, int]] = []
    numbers = listing.mention_numbers if noun == "mentions" else listing.article_numbers
    async for batch in numbers(session, replace(wanted, first=_FIRST), None):
        good = _standing(noun, wanted)(listed(session, [identity for _, identity in batch]))
        kept = set((await session.execute(good)).scalars())
        rows += [row for row in batch if row[1] in kept]
        if len(rows) > MOST_COUNTED:
            return Sample(rows[:MOST_COUNTED], rows[MOST_COUNTED - 1][0])
    return Sample(rows, None)


async def _judged(session: AsyncSession, noun: str, wanted: Filter) -> Sample:
    rows: list[tuple[datetime, int]] = []
    lines = listing.mentions if noun == "mentions" else listing.articles
    async for position, line in lines(session, wanted, None):
        if len(rows) == MOST_JUDGED:
            return Sample(rows, rows[-1][0])
        rows.append((position.time, line["id"]))
    return Sample(rows, None)


def _decided(session: AsyncSession, noun: str, wanted: Filter) -> bool:
    """Whether the database's answer is exact: words, and of mentions one condition on who is named."""
    left = left_to_judge(session, wanted.query)
    if left is None:
        return True
    alone = not isinstance(left, And) or len(left.children) == 1
    return noun == "mentions" and not wanted.entity and alone and picked_entities(left) is not None


def _standing(noun: str, wanted: Filter) -> Callable[[Any], Any]:
    """For a list of numbers, those that the listing shows."""
    if noun == "mentions":
        gone = col(MentionRow.withdrawn_at)
        there = select(col(MentionRow.id)).where(gone.is_not(None) if wanted.withdrawn else gone.is_(None))
        return lambda ids: there.where(col(MentionRow.id).in_(ids))
    read = select(col(ArticleRow.id)).where(col(ArticleRow.state) == "read")
    return lambda ids: read.where(col(ArticleRow.id).in_(ids))
