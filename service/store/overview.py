"""What the first page asks: what is new, which stories many tell, how sources and channels are. Each answer is bounded
by what is new or by the watch list, never by how much is stored."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased
from sqlmodel import col

from service.store.lines import Line
from service.store.spelling import apart, is_sqlite
from service.store.story_lines import story_lines
from service.store.tables import AlertRow, ArticleRow, DeliveryRow, MentionRow, SourceRow, StoryRow

__all__ = ["MOST_COUNTED", "Health", "News", "health", "news_since", "spread_of", "top_stories"]

MOST_COUNTED: Final = 1000


@dataclass(frozen=True, slots=True)
class News:
    """Found since then; a count of MOST_COUNTED means that many or more."""

    mentions: int
    stories: int
    alerts: int


@dataclass(frozen=True, slots=True)
class Health:
    """``fine``, ``retrying``, ``failing`` and ``waiting`` (for their first poll) are enabled sources."""

    fine: int
    retrying: int
    failing: int
    waiting: int
    next_poll_at: datetime | None
    deliveries_waiting: int
    deliveries_dead: int

    @property
    def enabled(self) -> int:
        return self.fine + self.retrying + self.failing + self.waiting


async def news_since(session: AsyncSession, since: datetime) -> News:
    newest = (
        select(col(MentionRow.id), col(MentionRow.article_id))
        .where(col(MentionRow.discovered_at) >= since, col(MentionRow.withdrawn_at).is_(None))
        .limit(MOST_COUNTED)
        .subquery()
    )
    told = select(func.count(func.distinct(col(ArticleRow.story_id)))).join(
        newest, newest.c.article_id == col(ArticleRow.id)
    )
    alerts = select(col(AlertRow.id)).where(col(AlertRow.created_at) >= since).limit(MOST_COUNTED).subquery()
    counts = [select(func.count()).select_from(newest), told, select(func.count()).select_from(alerts)]
    return News(*[int((await session.execute(count)).scalar_one()) for count in counts])


async def top_stories(session: AsyncSession, since: datetime, *, most: int) -> list[Line]:
    """Stories that name an entity in articles found since then: those that most sources tell first, then the newest.

    ``found`` of a line: how many articles came since then.
    """
    named = select(col(MentionRow.id)).where(
        col(MentionRow.article_id) == col(ArticleRow.id),
        # An article is read, and mentions are found in it, after it was found itself: so both are bounded by time.
        col(MentionRow.discovered_at) >= since,
        col(MentionRow.withdrawn_at).is_(None),
    )
    outlets = func.count(func.distinct(col(ArticleRow.source)))
    story: Any = col(ArticleRow.story_id)
    new: Any = col(ArticleRow.discovered_at) >= since
    if is_sqlite(session):  # which would walk all stories, and read articles with their texts
        found_then = aliased(ArticleRow)
        story = apart(story)
        new = col(ArticleRow.id).in_(select(col(found_then.id)).where(col(found_then.discovered_at) >= since))
    ranked = (
        select(col(ArticleRow.story_id), func.count())
        .where(new, story.is_not(None), named.exists())
        .group_by(story)
        .order_by(outlets.desc(), func.max(col(ArticleRow.discovered_at)).desc())
        .limit(most)
        .with_hint(ArticleRow, "INDEXED BY ix_articles_heads", "sqlite")
    )
    found: dict[int | None, int] = dict((await session.execute(ranked)).all())
    rows = (await session.execute(select(StoryRow).where(col(StoryRow.id).in_(found)))).scalars().all()
    lines = await story_lines(session, rows)
    return [{**lines[story], "found": count} for story, count in found.items() if story in lines]


async def spread_of(session: AsyncSession, stories: Sequence[int]) -> dict[int, list[datetime]]:
    """When each article of these stories was published, or else found; the earliest first."""
    time: Any = func.coalesce(col(ArticleRow.published_at), col(ArticleRow.discovered_at))
    wanted = select(col(ArticleRow.story_id), col(ArticleRow.published_at), col(ArticleRow.discovered_at))
    wanted = wanted.where(col(ArticleRow.story_id).in_(stories)).order_by(time)
    found: dict[int, list[datetime]] = {story: [] for story in stories}
    for story, published, discovered in await session.execute(wanted):
        found[story or 0].append(published or discovered)
    return found


async def health(session: AsyncSession) -> Health:
    by_status = (
        select(col(SourceRow.status), func.count()).where(col(SourceRow.enabled)).group_by(col(SourceRow.status))
    )
    sources: dict[str, int] = dict((await session.execute(by_status)).all())
    earliest = select(func.min(col(SourceRow.next_poll_at))).where(col(SourceRow.enabled))
    undone = col(DeliveryRow.status).in_(["pending", "retrying", "dead"])
    by_state = select(col(DeliveryRow.status), func.count()).where(undone).group_by(col(DeliveryRow.status))
    deliveries: dict[str, int] = dict((await session.execute(by_state)).all())
    return Health(
        fine=sources.get("ok", 0),
        retrying=sources.get("retrying", 0),
        failing=sources.get("failing", 0),
        waiting=sources.get("new", 0),
        next_poll_at=(await session.execute(earliest)).scalar_one_or_none(),
        deliveries_waiting=deliveries.get("pending", 0) + deliveries.get("retrying", 0),
        deliveries_dead=deliveries.get("dead", 0),
    )
