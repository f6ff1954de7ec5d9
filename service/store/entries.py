"""Items of a feed that was read: each leads to one article, known or new."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Row, insert, select
from sqlalchemy.ext.asyncio import AsyncSession

from scrapers.types import Feed, FeedEntry
from service.domain.identity import address_key, host_of, short_key
from service.domain.rhythm import remember_seen
from service.store.engine import lock
from service.store.tables import ArticleAddressRow, ArticleRow, EntryRow, defaults, table_of

__all__ = ["add_entries"]

_ARTICLES, _ADDRESSES, _ENTRIES = table_of(ArticleRow), table_of(ArticleAddressRow), table_of(EntryRow)
_ADD_ARTICLES = insert(_ARTICLES).returning(_ARTICLES.c.id, sort_by_parameter_order=True)
_NO_ARTICLE, _NO_ENTRY = defaults(ArticleRow), defaults(EntryRow)


async def add_entries(
    session: AsyncSession, source: Row[Any], feed: Feed, moments: Sequence[datetime], now: datetime
) -> tuple[int, Sequence[datetime]]:
    """Store the items not seen in this source before, in the caller's transaction. ``source``: its row, locked.

    How many articles are new, and the source's moments with those of items that state none.
    """
    items: dict[str, FeedEntry] = {}
    for entry in feed.entries:
        items.setdefault(short_key(entry.guid), entry)
    if items:
        seen = select(_ENTRIES.c.guid).where(_ENTRIES.c.source_id == source.id, _ENTRIES.c.guid.in_(items))
        for guid in (await session.execute(seen)).scalars().all():
            del items[guid]
    if not items:
        return 0, moments
    if source.baseline_at is not None:
        moments = remember_seen(moments, items.values(), now)
    await lock(session, "articles")
    keys = {guid: _key(source, guid, entry) for guid, entry in items.items()}
    known = select(_ADDRESSES.c.key, _ADDRESSES.c.article_id).where(_ADDRESSES.c.key.in_(set(keys.values())))
    articles = {row.key: row.article_id for row in await session.execute(known)}
    created: dict[str, dict[str, Any]] = {}
    for guid, entry in items.items():
        if keys[guid] not in articles and keys[guid] not in created:
            created[keys[guid]] = _new_article(source, feed, entry, now)
    if created:
        ids = (await session.execute(_ADD_ARTICLES, list(created.values()))).scalars().all()
        addresses = [{"key": key, "article_id": id_} for key, id_ in zip(created, ids, strict=True)]
        await session.execute(insert(_ADDRESSES), addresses)
        articles |= {address["key"]: address["article_id"] for address in addresses}
    entries = [
        _NO_ENTRY
        | {
            "source_id": source.id,
            "article_id": articles[keys[guid]],
            "guid": guid,
            "url": entry.url,
            "title": entry.title,
            "first_seen_at": now,
        }
        for guid, entry in items.items()
    ]
    await session.execute(insert(_ENTRIES), entries)
    return len(created), moments


def _key(source: Row[Any], guid: str, entry: FeedEntry) -> str:
    """An item without an address is a page of its own, known by its id within its source."""
    return address_key(entry.url) if entry.url else f"source:{source.id}:{guid}"


def _new_article(source: Row[Any], feed: Feed, entry: FeedEntry, now: datetime) -> dict[str, Any]:
    return _NO_ARTICLE | {
        "url": entry.url or "",
        "title": entry.title,
        "feed_text": entry.text,
        "author": entry.author,
        "language": (feed.language or source.language or "")[:2].lower() or None,
        "published_at": entry.published_at or entry.updated_at,
        "discovered_at": now,
        "source_id": source.id,
        "source": source.title or feed.title or host_of(source.url),
        "tags": list(source.tags),
        "baseline": source.baseline_at is None,
        "next_read_at": now,
    }
