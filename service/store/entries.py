"""Items of a feed that was read: each leads to one article, known or new."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, insert
from sqlalchemy.ext.asyncio import AsyncSession

from scrapers.types import Feed, FeedEntry
from service.domain.addresses import address_key, host_of, short_key
from service.domain.dates import settle_date
from service.domain.revisions import entry_digest
from service.domain.rhythm import remember_seen
from service.store.addresses import articles_at
from service.store.edits import known_items, note_edits, note_repeats
from service.store.engine import lock_articles
from service.store.tables import ArticleAddressRow, ArticleRow, EntryRow, SourceRow, defaults, table_of

__all__ = ["NewItems", "add_entries"]

_ARTICLES, _ADDRESSES, _ENTRIES = table_of(ArticleRow), table_of(ArticleAddressRow), table_of(EntryRow)
_ADD_ARTICLES = insert(_ARTICLES).returning(_ARTICLES.c.id, sort_by_parameter_order=True)
_ADD_ADDRESSES, _ADD_ENTRIES = insert(_ADDRESSES), insert(_ENTRIES)
# Half of an article's columns are NULL until it is read: to say so of each would cost as much as the rest.
_NO_ARTICLE = {name: value for name, value in defaults(ArticleRow).items() if value is not None}
_NO_ENTRY = defaults(EntryRow)


@dataclass(frozen=True, slots=True)
class NewItems:
    """A feed that was read. ``source``: its row, locked. ``moments``: when its items came out, as far as they say."""

    source: Row[Any] | SourceRow
    feed: Feed
    moments: Sequence[datetime]
    at: datetime


async def add_entries(session: AsyncSession, read: Sequence[NewItems]) -> dict[int, tuple[int, Sequence[datetime]]]:
    """Store the items not seen in their source before; each leads to one article, known or new. What is said anew of
    known ones is noted (edits.py). In the caller's transaction.

    By source: how many articles are new, and its moments with those of items that state none.
    """
    added = {one.source.id: (0, one.moments) for one in read}
    items = {one.source.id: _by_guid(one.feed.entries) for one in read}
    if not any(items.values()):
        return added
    seen, changed = await known_items(session, items)
    news = {number: {guid: of[guid] for guid in of if (number, guid) not in seen} for number, of in items.items()}
    if not changed and not any(news.values()):
        return added
    await lock_articles(session)
    moved = await note_edits(session, items, changed, read[0].at)
    items = news
    if not moved and not any(items.values()):
        return added
    keys = {(number, guid): _key(number, guid, entry) for number, of in items.items() for guid, entry in of.items()}
    known = await articles_at(session, {*keys.values(), *moved})
    # What a page of consent or log-in shows is told apart by the items that lead to it.
    keys = {at: _of_item(*at) if known.get(key, 0) is None else key for at, key in keys.items()}
    addresses = [(key, id_) for key, id_ in moved.items() if key not in known]
    articles = {key: id_ for key, id_ in (known | moved).items() if id_ is not None}
    created: dict[str, dict[str, Any]] = {}
    for one in read:
        number, of = one.source.id, items[one.source.id]
        repeats = [
            (articles[keys[number, guid]], entry) for guid, entry in of.items() if keys[number, guid] in articles
        ]
        if repeats:
            await note_repeats(session, number, repeats, one.at)
        before = len(created)
        for guid, entry in of.items():
            if (key := keys[number, guid]) not in articles and key not in created:
                created[key] = _new_article(one, entry)
        first = one.source.baseline_at is None
        moments = one.moments if first or not of else remember_seen(one.moments, of.values(), one.at)
        added[number] = len(created) - before, moments
    if created:
        ids = (await session.execute(_ADD_ARTICLES, list(created.values()))).scalars().all()
        fresh = dict(zip(created, ids, strict=True))
        articles |= fresh
        addresses += fresh.items()
    if addresses:
        await session.execute(_ADD_ADDRESSES, [{"key": key, "article_id": id_} for key, id_ in addresses])
    entries = [
        _entry(one, articles[keys[one.source.id, guid]], guid, entry)
        for one in read
        for guid, entry in items[one.source.id].items()
    ]
    if entries:
        await session.execute(_ADD_ENTRIES, entries)
    return added


def _by_guid(entries: Iterable[FeedEntry]) -> dict[str, FeedEntry]:
    """Of items with one id the first counts."""
    items: dict[str, FeedEntry] = {}
    for entry in entries:
        items.setdefault(short_key(entry.guid), entry)
    return items


def _key(source_id: int, guid: str, entry: FeedEntry) -> str:
    """An item without an address is a page of its own, known by its id within its source."""
    return address_key(entry.url) if entry.url else _of_item(source_id, guid)


def _of_item(source_id: int, guid: str) -> str:
    return f"source:{source_id}:{guid}"


def _entry(one: NewItems, article_id: int, guid: str, entry: FeedEntry) -> dict[str, Any]:
    return _NO_ENTRY | {
        "source_id": one.source.id,
        "article_id": article_id,
        "guid": guid,
        "url": entry.url,
        "title": entry.title,
        "first_seen_at": one.at,
        "digest": entry_digest(entry),
    }


def _new_article(one: NewItems, entry: FeedEntry) -> dict[str, Any]:
    source, feed = one.source, one.feed
    dated = settle_date(entry.published_at or entry.updated_at, first_seen=one.at, absurd=entry.date_note)
    return _NO_ARTICLE | {
        "url": entry.url or "",
        "title": entry.title,
        "feed_text": entry.text,
        "author": entry.author,
        "language": (feed.language or source.language or "")[:2].lower() or None,
        "published_at": dated.published_at,
        "updated_at": entry.updated_at,
        "date_note": dated.note,
        "discovered_at": one.at,
        "source_id": source.id,
        "source": source.title or feed.title or host_of(source.url),
        "tags": list(source.tags),
        "baseline": source.baseline_at is None,
        "next_read_at": one.at,
    }
