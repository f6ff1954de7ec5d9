"""Saved searches: who may read their feeds without signing in. Saving and removing them: ``watch``."""

import secrets
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from service.desk.errors import Unknown
from service.domain.access import fingerprint
from service.store import searches
from service.store.lines import Line

__all__ = ["known", "share", "unshare"]


async def known(session: AsyncSession, name: str) -> Line:
    """Raises Unknown."""
    found = await searches.named(session, name)
    if found is None:
        raise Unknown("search", name)
    return found


async def share(session: AsyncSession, name: str, *, now: datetime) -> str:
    """A new key that opens the search's feeds, and nothing else; an earlier one opens nothing any more. Only its
    fingerprint is kept. Raises Unknown."""
    key = secrets.token_urlsafe(32)
    await _share(session, name, fingerprint(key), now)
    return key


async def unshare(session: AsyncSession, name: str, *, now: datetime) -> None:
    """No key opens them any more. Raises Unknown."""
    await _share(session, name, None, now)


async def _share(session: AsyncSession, name: str, hashed: str | None, now: datetime) -> None:
    if not await searches.share(session, name, hashed, now=now):
        raise Unknown("search", name)
