"""Items of a feed that was read: each leads to one article, known or new."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, insert, select
from sqlalchemy.ext.asyncio import AsyncSession

from scrapers.types import Feed, FeedEntry
from service.domain.identity import address_key, host_of, short_key
from service.domain.rhythm import remember_seen
from service.store.engine import lock
from service.store.tables import ArticleAddressRow, ArticleRow, EntryRow, defaults, table_of

__all__ = ["NewItems", "add_entries"]

_ARTICLES, _ADDRESSES, _ENTRIES = table_of(ArticleRow), table_of(ArticleAddressRow), table_of(EntryRow)
_ADD_ARTICLES = insert(_ARTICLES).returning(_ARTICLES.c.id, sort_by_parameter_order=True)
_ADD_ADDRESSES, _ADD_ENTRIES = insert(_ADDRESSES), insert(_ENTRIES)
_NO_ARTICLE, _NO_ENTRY = defaults(ArticleRow), defaults(EntryRow)


@dataclass(frozen=True, slots=True)
class NewItems:
    """A feed that was read. ``source``: its row, locked. ``moments``: when its items came out, as far as they say."""

    source: Row[Any]
    feed: Feed
    moments: Sequence[datetime]
    at: datetime


async def add_entries(session: AsyncSession, read: Sequence[NewItems]) -> dict[int, tuple[int, Sequence[datetime]]]:
    """Store the items not seen in their source before, in the caller's transaction.

    By source: how many articles are new, and its moments with those of items that state none.
    """
    added = {one.source.id: (0, one.moments) for one in read}
    items = await _unseen(session, read)
    if not any(items.values()):
        return added
    await lock(session, "articles")
    by_id = {one.source.id: one for one in read}
    keys = {(number, guid): _key(number, guid, entry) for number, of in items.items() for guid, entry in of.items()}
    found = select(_ADDRESSES.c.key, _ADDRESSES.c.article_id).where(_ADDRESSES.c.key.in_(set(keys.values())))
    articles = {row.key: row.article_id for row in await session.execute(found)}
    created: dict[str, dict[str, Any]] = {}
    for number, of in items.items():
        one, before = by_id[number], len(created)
        for guid, entry in of.items():
            key = keys[number, guid]
            if key not in articles and key not in created:
                created[key] = _new_article(one, entry)
        first = one.source.baseline_at is None
        moments = one.moments if first or not of else remember_seen(one.moments, of.values(), one.at)
        added[number] = len(created) - before, moments
    if created:
        ids = (await session.execute(_ADD_ARTICLES, list(created.values()))).scalars().all()
        articles |= zip(created, ids, strict=True)
        await session.execute(_ADD_ADDRESSES, [{"key": key, "article_id": articles[key]} for key in created])
    entries = [
        _entry(by_id[number], articles[keys[number, guid]], guid, entry)
        for number, of in items.items()
        for guid, entry in of.items()
    ]
    await session.execute(_ADD_ENTRIES, entries)
    return added


async def _unseen(session: AsyncSession, read: Sequence[NewItems]) -> dict[int, dict[str, FeedEntry]]:
    """By source and item id; of items with one id the first counts."""
    items: dict[int, dict[str, FeedEntry]] = {}
    for one in read:
        of = items[one.source.id] = {}
        for entry in one.feed.entries:
            of.setdefault(short_key(entry.guid), entry)
    guids = {guid for of in items.values() for guid in of}
    if guids:
        seen = select(_ENTRIES.c.source_id, _ENTRIES.c.guid).where(
            _ENTRIES.c.source_id.in_(items), _ENTRIES.c.guid.in_(guids)
        )
        for row in await session.execute(seen):
            items[row.source_id].pop(row.guid, None)
    return items


def _key(source_id: int, guid: str, entry: FeedEntry) -> str:
    """An item without an address is a page of its own, known by its id within its source."""
    return address_key(entry.url) if entry.url else f"source:{source_id}:{guid}"


def _entry(one: NewItems, article_id: int, guid: str, entry: FeedEntry) -> dict[str, Any]:
    return _NO_ENTRY | {
        "source_id": one.source.id,
        "article_id": article_id,
        "guid": guid,
        "url": entry.url,
        "title": entry.title,
        "first_seen_at": one.at,
    }


def _new_article(one: NewItems, entry: FeedEntry) -> dict[str, Any]:
    source, feed = one.source, one.feed
    return _NO_ARTICLE | {
        "url": entry.url or "",
        "title": entry.title,
        "feed_text": entry.text,
        "author": entry.author,
        "language": (feed.language or source.language or "")[:2].lower() or None,
        "published_at": entry.published_at or entry.updated_at,
        "discovered_at": one.at,
        "source_id": source.id,
        "source": source.title or feed.title or host_of(source.url),
        "tags": list(source.tags),
        "baseline": source.baseline_at is None,
        "next_read_at": one.at,
    }
