"""Sharing a saved search: a key in the address of its feeds opens them, and nothing else (docs/access.md)."""

import secrets
from collections.abc import Mapping
from datetime import datetime
from urllib.parse import quote

from sqlalchemy.ext.asyncio import AsyncSession

from service.desk.errors import Unknown
from service.domain.access import fingerprint
from service.store import searches

__all__ = ["FORMS", "feed_paths", "share", "unshare"]

FORMS = ("atom", "json")


def feed_paths(name: str, key: str | None = None) -> Mapping[str, str]:
    """Where the feeds of a search are read at a newsvane, by their form."""
    opened = f"?key={key}" if key is not None else ""
    return {form: f"/feeds/{quote(name, safe='')}.{form}{opened}" for form in FORMS}


async def share(session: AsyncSession, name: str, *, now: datetime) -> str:
    """A new key, this once; an earlier one opens nothing any more. Raises Unknown."""
    key = secrets.token_urlsafe(32)
    if not await searches.share(session, name, fingerprint(key), now=now):
        raise Unknown("search", name)
    return key


async def unshare(session: AsyncSession, name: str, *, now: datetime) -> None:
    """Let no key open its feeds any more. Raises Unknown."""
    if not await searches.share(session, name, None, now=now):
        raise Unknown("search", name)
