"""Pages that are still to be read."""

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from service.store.tables import ArticleRow

__all__ = ["unread_pages"]


async def unread_pages(session: AsyncSession, *, limit: int) -> list[str]:
    """Their addresses, the oldest first."""
    statement = (
        select(col(ArticleRow.url))
        .where(col(ArticleRow.state) == "due", col(ArticleRow.url) != "")
        .order_by(col(ArticleRow.id))
        .limit(limit)
    )
    return list((await session.execute(statement)).scalars())
