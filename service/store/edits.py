"""What a feed says anew of items that were seen: the articles behind them are to be read again."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from sqlalchemy import and_, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from scrapers.types import FeedEntry
from service.domain.addresses import address_key
from service.domain.reading import same_title
from service.domain.revisions import entry_digest, reread_at
from service.store.tables import ArticleRow, EntryRow

__all__ = ["known_items", "note_edits", "note_repeats"]

_Items = Mapping[int, Mapping[str, FeedEntry]]
"""By source and id."""
_Ids = set[tuple[int, str]]


async def known_items(session: AsyncSession, items: _Items) -> tuple[_Ids, _Ids]:
    """Those that were seen before; and those of them that say something else, or lead elsewhere."""
    known = select(col(EntryRow.source_id), col(EntryRow.guid), col(EntryRow.digest), col(EntryRow.url)).where(
        col(EntryRow.source_id).in_(items), col(EntryRow.guid).in_({guid for of in items.values() for guid in of})
    )
    seen: _Ids = set()
    changed: _Ids = set()
    for source_id, guid, digest, url in await session.execute(known):
        entry = items[source_id].get(guid)
        if entry is None:
            continue
        seen.add((source_id, guid))
        if digest != entry_digest(entry) or (entry.url and entry.url != url):
            changed.add((source_id, guid))
    return seen, changed


async def note_edits(session: AsyncSession, items: _Items, changed: _Ids, now: datetime) -> dict[str, int]:
    """By address key, the articles of items that moved to another address. The caller holds ``lock_articles``.

    An article whose item changed in words is scheduled to be read again; only its own source says its title and text.
    """
    if not changed:
        return {}
    sources, guids = zip(*changed, strict=True)
    statement = (
        select(EntryRow, ArticleRow)
        .join(ArticleRow, col(ArticleRow.id) == col(EntryRow.article_id))
        .where(col(EntryRow.source_id).in_(sources), col(EntryRow.guid).in_(guids))
        .order_by(col(ArticleRow.id))
        .with_for_update(key_share=True, of=ArticleRow)
    )
    moved: dict[str, int] = {}
    for row, article in (await session.execute(statement)).all():
        if (row.source_id, row.guid) not in changed:
            continue
        entry, own = items[row.source_id][row.guid], article.source_id == row.source_id
        if entry.url and address_key(entry.url) != address_key(row.url or ""):
            moved[address_key(entry.url)] = article.id
            if own:
                article.url = entry.url
        edited = row.digest is not None and row.digest != entry_digest(entry)
        row.digest, row.url, row.title = entry_digest(entry), entry.url, entry.title
        if edited:
            _take_up(article, entry, now, own=own)
    return moved


async def note_repeats(
    session: AsyncSession, source_id: int, entries: Iterable[tuple[int, FeedEntry]], now: datetime
) -> None:
    """A source says something else of a page under a new id, (article, entry): a page of release notes, or of a live
    event, where every item leads. It is read again as if its own item had changed.

    An article that is being read at this moment is passed over.
    """
    newest = dict(entries)
    mine = and_(col(ArticleRow.id).in_(newest), col(ArticleRow.source_id) == source_id)
    statement = select(ArticleRow).where(mine).order_by(col(ArticleRow.id)).with_for_update(skip_locked=True)
    for article in (await session.execute(statement)).scalars():
        if not same_title(article.feed_title or article.title, newest[article.id].title):
            _take_up(article, newest[article.id], now, own=True)


def _take_up(article: ArticleRow, entry: FeedEntry, now: datetime, *, own: bool) -> None:
    """What the item says now waits on the article until its page is read again. Old news that was pruned stays so."""
    if article.state == "pruned":
        return
    if own:
        article.feed_text = entry.text
        article.updated_at = entry.updated_at or article.updated_at
    if article.state == "due" and article.lease_token is None:
        article.title = entry.title if own else article.title
        return
    article.feed_title = entry.title if own else article.feed_title
    # One that is being read right now saw the old item.
    reading = article.lease_token is not None
    article.reread_at = reread_at(
        rereads=(article.rereads or 0) + reading,
        read_at=now if reading or article.read_at is None else article.read_at,
        now=now,
    )
