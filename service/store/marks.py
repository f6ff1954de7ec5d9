"""What people said of mentions: right or wrong."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from service.domain.learning import Marked
from service.store.tables import ArticleRow, MarkRow, MentionRow

__all__ = ["mark", "marks_of", "verdicts"]

_NEARBY = 200


async def mark(session: AsyncSession, mention_id: int, *, right: bool, now: datetime) -> str | None:
    """Keep the verdict, in place of an earlier one; the mention's entity, or None when there is no such mention."""
    mention = await session.get(MentionRow, mention_id)
    if mention is None:
        return None
    await session.merge(MarkRow(mention_id=mention_id, right=right, marked_at=now))
    return mention.entity


async def marks_of(session: AsyncSession, entity: str) -> list[Marked]:
    """Every marked mention of an entity, with the text around its names."""
    statement = (
        select(MarkRow, MentionRow, ArticleRow)
        .join(MentionRow, col(MentionRow.id) == col(MarkRow.mention_id))
        .join(ArticleRow, col(ArticleRow.id) == col(MentionRow.article_id))
        .where(col(MentionRow.entity) == entity)
        .order_by(col(MarkRow.mention_id))
    )
    return [
        Marked(verdict.right, tuple(span["alias"] for span in mention.spans), _nearby(article, mention.spans))
        for verdict, mention, article in (await session.execute(statement))
    ]


def _nearby(article: ArticleRow, spans: list[dict[str, Any]]) -> str:
    pieces = []
    for span in spans:
        text = article.title if span["field"] == "title" else article.text
        start, end = span["start"], span["end"]
        pieces += [text[max(0, start - _NEARBY) : start], text[end : end + _NEARBY]]
    return "\n".join(pieces)


async def verdicts(session: AsyncSession, mentions: Iterable[int]) -> dict[int, bool]:
    """Of these mentions, those that were marked: whether each is right."""
    wanted = select(col(MarkRow.mention_id), col(MarkRow.right)).where(col(MarkRow.mention_id).in_(list(mentions)))
    return dict((await session.execute(wanted)).all())
