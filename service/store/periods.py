"""How often entities were named in the periods before a digest."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import case, func, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from service.store.tables import ArticleRow, MentionRow

__all__ = ["mentions_by_period"]

_MOST: Final = 14


async def mentions_by_period(
    session: AsyncSession, entities: Sequence[str], *, end: datetime, length: timedelta
) -> list[tuple[datetime, int]]:
    """Start and number of mentions of each period of ``length`` up to ``end``, oldest first: fourteen at most, and only
    those that this database has seen whole. Mentions that were withdrawn, or stood in a feed at its first poll, do not
    count.
    """
    first: datetime | None = (await session.execute(select(func.min(col(MentionRow.discovered_at))))).scalar_one()
    seen = int((end - length - first) / length) if first is not None else 0
    starts = [end - (number + 1) * length for number in range(1 + max(0, min(_MOST - 1, seen)))]
    number = case(*((col(MentionRow.discovered_at) >= start, place) for place, start in enumerate(starts)))
    counted = (
        select(number.label("period"), func.count())
        .join(ArticleRow, col(ArticleRow.id) == col(MentionRow.article_id))
        .where(
            col(MentionRow.entity).in_(entities),
            col(MentionRow.discovered_at) >= starts[-1],
            col(MentionRow.discovered_at) < end,
            col(MentionRow.withdrawn_at).is_(None),
            col(ArticleRow.baseline).is_(False),
        )
        .group_by("period")
    )
    found: dict[int, int] = {row[0]: row[1] for row in await session.execute(counted)}
    return [(start, found.get(place, 0)) for place, start in reversed(list(enumerate(starts)))]
