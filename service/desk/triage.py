"""A reader's own way through the articles: read, starred, done. Nobody else sees it, so who may read may do it."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from service.desk.errors import Unknown
from service.domain.access import Caller
from service.store import triage as stored
from service.store.triage import Kind

__all__ = ["say"]


async def say(
    session: AsyncSession, caller: Caller, articles: Iterable[int], kind: Kind, *, on: bool, now: datetime
) -> None:
    """Say it of articles, or take it back. Raises Unknown when there is none of them."""
    wanted = list(articles)
    if not await stored.put(session, caller.key, wanted, kind, on=on, now=now):
        raise Unknown("article", wanted[0] if wanted else "", None if wanted else "name an article")
