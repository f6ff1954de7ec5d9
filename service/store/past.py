"""Reading stored articles in batches, newest first, as they are needed to be matched again."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from service.domain.model import Document
from service.domain.past import KnownMention, PastArticle
from service.store.tables import AlertMentionRow, AlertRow, ArticleRow, MentionRow, SourceRow

__all__ = ["Period", "batch", "by_ids", "count", "first_position", "told_before"]

_ARTICLE: tuple[Any, ...] = tuple(
    col(getattr(ArticleRow, name))
    for name in (
        "id",
        "url",
        "title",
        "text",
        "language",
        "recurring",
        "source",
        "source_id",
        "tags",
        "published_at",
        "discovered_at",
        "read_at",
        "rereads",
        "story_id",
        "baseline",
        "rejected",
    )
)
_VALUES = ("confidence", "salience", "count", "spans", "evidence", "snippet")
_MENTION: tuple[Any, ...] = tuple(
    col(getattr(MentionRow, name))
    for name in ("article_id", "id", "entity", "withdrawn_at", "discovered_at", "backfilled", *_VALUES)
)


@dataclass(frozen=True, slots=True)
class Period:
    """When newsvane found the articles: from ``since`` on, before ``until``."""

    since: datetime | None = None
    until: datetime | None = None


async def first_position(session: AsyncSession) -> int:
    """Above every article that there is."""
    return int((await session.execute(select(func.max(col(ArticleRow.id))))).scalar_one() or 0) + 1


async def count(session: AsyncSession, period: Period, *, below: int) -> int:
    """How many articles ``batch`` gives in all."""
    statement = _in_period(select(func.count()).select_from(ArticleRow), period).where(col(ArticleRow.id) < below)
    return int((await session.execute(statement)).scalar_one())


async def batch(session: AsyncSession, period: Period, *, below: int, limit: int) -> list[PastArticle]:
    """The newest articles that were read and whose id is less than ``below``; the newest first."""
    # Without a lower bound the last batch of a short period would walk through all that is older.
    lowest = None
    if period.since:
        oldest = select(func.min(col(ArticleRow.id))).where(col(ArticleRow.discovered_at) >= period.since)
        lowest = (await session.execute(oldest)).scalar_one()
    statement = _in_period(select(*_ARTICLE), period).where(col(ArticleRow.id) < below)
    if lowest is not None:
        statement = statement.where(col(ArticleRow.id) >= lowest)
    return await _articles(session, statement.order_by(col(ArticleRow.id).desc()).limit(limit))


async def by_ids(session: AsyncSession, ids: Collection[int]) -> list[PastArticle]:
    """These articles, those that are still there and read; the newest first."""
    statement = select(*_ARTICLE).where(col(ArticleRow.state) == "read", col(ArticleRow.id).in_(ids))
    return await _articles(session, statement.order_by(col(ArticleRow.id).desc()))


async def told_before(session: AsyncSession, articles: Sequence[PastArticle]) -> set[tuple[str, str, int]]:
    """(rule, ``story`` or ``mention``, its id) for all that alerts were raised for."""
    stories = {article.story for article in articles if article.story is not None}
    mentions = {mention.id for article in articles for mention in article.mentions}
    # By its mentions, for a digest tells many stories; a first poll's summary leaves its stories to be told.
    by_story = (
        select(col(AlertRow.rule), col(ArticleRow.story_id))
        .join(AlertMentionRow, col(AlertMentionRow.alert_id) == col(AlertRow.id))
        .join(MentionRow, col(MentionRow.id) == col(AlertMentionRow.mention_id))
        .join(ArticleRow, col(ArticleRow.id) == col(MentionRow.article_id))
        .where(col(ArticleRow.story_id).in_(stories), col(AlertRow.dedupe_key).not_like("first:%"))
        .distinct()
    )
    by_mention = (
        select(col(AlertRow.rule), col(AlertMentionRow.mention_id))
        .join(AlertMentionRow, col(AlertMentionRow.alert_id) == col(AlertRow.id))
        .where(col(AlertMentionRow.mention_id).in_(mentions))
    )
    told = {(rule, "story", identity or 0) for rule, identity in await session.execute(by_story)}
    return told | {(rule, "mention", identity) for rule, identity in await session.execute(by_mention)}


def _in_period(statement: Any, period: Period) -> Any:  # noqa: ANN401 - a selection of any columns
    statement = statement.where(col(ArticleRow.state) == "read")
    if period.since:
        statement = statement.where(col(ArticleRow.discovered_at) >= period.since)
    if period.until:
        statement = statement.where(col(ArticleRow.discovered_at) < period.until)
    return statement


async def _articles(session: AsyncSession, statement: Any) -> list[PastArticle]:  # noqa: ANN401
    rows = (await session.execute(statement)).all()
    ids = [row.id for row in rows]
    known: dict[int, list[KnownMention]] = {}
    first: dict[int, datetime] = {}
    mentions = select(*_MENTION).where(col(MentionRow.article_id).in_(ids)).order_by(col(MentionRow.id))
    for article, identity, entity, withdrawn_at, found_at, backfilled, *values in await session.execute(mentions):
        mention = KnownMention(identity, entity, dict(zip(_VALUES, values, strict=True)), withdrawn_at is not None)
        known.setdefault(article, []).append(mention)
        if not backfilled:
            first[article] = min(found_at, first.get(article, found_at))
    sources = {row.source_id for row in rows if row.source_id is not None}
    urls = select(col(SourceRow.id), col(SourceRow.url)).where(col(SourceRow.id).in_(sources))
    addresses = {identity: url for identity, url in await session.execute(urls)}  # noqa: C416 - rows are no pairs
    return [_article(row, addresses.get(row.source_id, ""), known.get(row.id, ()), first.get(row.id)) for row in rows]


def _article(
    row: Any,  # noqa: ANN401
    source_url: str,
    mentions: Sequence[KnownMention],
    first: datetime | None,
) -> PastArticle:
    recurring = tuple((start, end) for start, end in row.recurring or ())
    return PastArticle(
        id=row.id,
        document=Document(row.title, row.text, row.url, row.language, recurring),
        source=row.source,
        source_url=source_url,
        tags=tuple(row.tags),
        published_at=row.published_at,
        discovered_at=row.discovered_at,
        read_at=row.read_at,
        first_read_at=first or (row.discovered_at if row.rereads else row.read_at or row.discovered_at),
        story=row.story_id,
        source_id=row.source_id,
        baseline=row.baseline,
        rejected=row.rejected,
        mentions=tuple(mentions),
    )
