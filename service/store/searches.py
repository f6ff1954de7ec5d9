"""Queries with a name, as they are stored, and the keys that open their feeds."""

from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from service.domain.alerting import rfc3339
from service.store.engine import Database, lock
from service.store.lines import Line
from service.store.tables import SearchRow
from service.store.watchlist import Changes, get_meta, set_meta

__all__ = ["definitions", "installation", "keyed", "listed", "named", "put_search", "share"]

_INSTALLATION = "installation"


async def definitions(session: AsyncSession) -> list[dict[str, Any]]:
    """Each in the watch list's own form."""
    return [
        {"name": row.name, "query": row.query} | ({"lists": row.lists} if row.lists != "mentions" else {})
        for row in await _all(session)
    ]


async def listed(session: AsyncSession) -> list[Line]:
    """In the order in which they were added; never the keys."""
    return [_line(row) for row in await _all(session)]


async def named(session: AsyncSession, name: str) -> Line | None:
    row = await _find(session, name)
    return _line(row) if row is not None else None


async def put_search(session: AsyncSession, definition: dict[str, Any], changes: Changes, *, now: datetime) -> None:
    """A known one keeps its key."""
    name, wanted = definition["name"], (definition["query"], definition.get("lists", "mentions"))
    row = await _find(session, name)
    if row is None:
        session.add(SearchRow(name=name, query=wanted[0], lists=wanted[1], created_at=now))
        changes.added.append(f"search {name}")
    elif (row.query, row.lists) != wanted:
        row.query, row.lists = wanted
        changes.changed.append(f"search {name}")


async def share(session: AsyncSession, name: str, hashed: str | None, *, now: datetime) -> bool:
    """Let what has that hash open the feeds of a search, and nothing else do so any more; None: nothing at all.

    False when there is no search of that name.
    """
    row = await _find(session, name)
    if row is None:
        return False
    row.feed_key, row.shared_at = hashed, now if hashed is not None else None
    return True


async def keyed(session: AsyncSession, name: str, hashed: str) -> bool:
    """Whether a key with that hash opens the feeds of that search."""
    same = select(col(SearchRow.id)).where(col(SearchRow.name) == name, col(SearchRow.feed_key) == hashed)
    return (await session.execute(same)).first() is not None


async def installation(db: Database, new: Callable[[], UUID]) -> UUID:
    """The number by which this database is known for good; made when it is first asked for."""
    async with db.read() as session:
        known = await get_meta(session, _INSTALLATION)
    if known is None:
        async with db.write() as session:
            await lock(session, _INSTALLATION)
            known = await get_meta(session, _INSTALLATION)
            if known is None:
                known = str(new())
                await set_meta(session, _INSTALLATION, known)
    return UUID(known)


async def _all(session: AsyncSession) -> list[SearchRow]:
    return list((await session.execute(select(SearchRow).order_by(col(SearchRow.id)))).scalars())


async def _find(session: AsyncSession, name: str) -> SearchRow | None:
    return (await session.execute(select(SearchRow).where(col(SearchRow.name) == name))).scalar_one_or_none()


def _line(row: SearchRow) -> Line:
    return {
        "name": row.name,
        "query": row.query,
        "lists": row.lists,
        "created_at": rfc3339(row.created_at),
        "shared_at": rfc3339(row.shared_at) if row.shared_at else None,
    }
