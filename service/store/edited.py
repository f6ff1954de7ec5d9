"""What articles said before an edit, for several at once."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from service.store.tables import ArticleRow, RevisionRow

__all__ = ["edits_of", "rejections_of"]

_LOOKED_AT = 1000


async def edits_of(session: AsyncSession, articles: Iterable[int]) -> dict[int, list[datetime]]:
    """When edits of these articles were seen, the earliest first; articles that never were edited are left out."""
    wanted = select(col(RevisionRow.article_id), col(RevisionRow.at)).where(
        col(RevisionRow.article_id).in_(list(articles))
    )
    found: dict[int, list[datetime]] = {}
    for article, at in await session.execute(wanted.order_by(col(RevisionRow.id))):
        found.setdefault(article, []).append(at)
    return found


async def rejections_of(session: AsyncSession, entity: str, *, most: int) -> list[dict[str, str | int]]:
    """The newest look-alikes that were judged not to be this entity, of the newest 1,000 articles: ``text``,
    ``reason``, ``article`` (id), ``title``, ``source``; each text and reason once."""
    newest = (
        select(col(ArticleRow.id), col(ArticleRow.title), col(ArticleRow.source), col(ArticleRow.rejected))
        .order_by(col(ArticleRow.discovered_at).desc())
        .limit(_LOOKED_AT)
    )
    found: dict[tuple[str, str], dict[str, str | int]] = {}
    for article, title, source, rejected in await session.execute(newest):
        for one in rejected:
            key = str(one["span"]["text"]), str(one["reason"])
            if one["entity"] == entity and key not in found:
                found[key] = {"text": key[0], "reason": key[1], "article": article, "title": title, "source": source}
        if len(found) >= most:
            break
    return list(found.values())[:most]
