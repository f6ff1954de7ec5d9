"""Whose an address is: one article's, nobody's, or claimed by one and to be agreed to by another."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import BindParameter, bindparam, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from service.domain.addresses import address_key
from service.domain.identity import canonical_key, claimed_key, same_site_key, same_words, shares_title
from service.domain.reading import Reading, ReadJob, same_title
from service.domain.revisions import FOREIGN
from service.store.engine import Database
from service.store.tables import ArticleAddressRow, ArticleRow, EntryRow

__all__ = ["articles_at", "become_duplicate", "find_twin", "is_shared", "keep_addresses", "take_from_all"]

_MOST_CLAIMS = 5
"""Articles that say they are this page, or the same other one, whose texts are compared with it."""
_KEYS: BindParameter[Any] = bindparam("keys", expanding=True)
_AT = select(ArticleAddressRow).where(col(ArticleAddressRow.key).in_(_KEYS))
_KNOWN_AS = (
    select(ArticleRow)
    .join(ArticleAddressRow, col(ArticleAddressRow.article_id) == col(ArticleRow.id))
    .where(
        col(ArticleAddressRow.key).in_(_KEYS),
        col(ArticleAddressRow.shared).is_not(True),
        col(ArticleRow.id) != bindparam("article"),
    )
    .order_by(col(ArticleRow.id))
)
_CLAIMING = (
    select(col(ArticleRow.id))
    .where(col(ArticleRow.claimed_key).in_(_KEYS))
    .order_by(col(ArticleRow.id).desc())
    .limit(_MOST_CLAIMS)
)


async def is_shared(db: Database, url: str) -> bool:
    """Do different articles end at this address, so that it is nobody's?"""
    shared = select(col(ArticleAddressRow.key)).where(
        col(ArticleAddressRow.key) == address_key(url), col(ArticleAddressRow.shared).is_(True)
    )
    async with db.read() as session:
        return (await session.execute(shared)).first() is not None


async def articles_at(session: AsyncSession, keys: Iterable[str]) -> dict[str, int | None]:
    """Key -> id of its article; None for one that is nobody's. Unknown keys are left out."""
    rows = await session.execute(_AT, {"keys": list(set(keys))})
    return {row.key: None if row.shared else row.article_id for row in rows.scalars()}


async def find_twin(session: AsyncSession, job: ReadJob, reading: Reading) -> int | None:
    """Another article that is the same page.

    Known under this page's final or canonical address, with its title; or with its text, when the page's title is that
    of this item: many pages may redirect to one address. Across sites, where one names the other as its canonical page,
    or both name the same, title and text must agree.
    """
    is_its_page = shares_title(reading.page_title, job.title)
    keys = _keys(reading)
    if not job.title and address_key(reading.url) != address_key(job.url):
        keys.discard(address_key(reading.url))  # the title is that of whatever page the redirect ended at
    for row in await _known_as(session, job, keys):
        if same_title(row.title, reading.title) or (is_its_page and same_words(row.text, reading.text)):
            return int(row.id)
    for row in await _claims(session, job, reading):
        if same_title(row.title, reading.title) and same_words(row.text, reading.text):
            return int(row.id)
    return None


async def become_duplicate(session: AsyncSession, row: ArticleRow, twin_id: int, now: datetime) -> None:
    """This page is another article's: its addresses and entries become the other's."""
    for table in (ArticleAddressRow, EntryRow):
        await session.execute(update(table).where(col(table.article_id) == row.id).values(article_id=twin_id))
    row.state, row.duplicate_of, row.read_at = "duplicate", twin_id, now


async def keep_addresses(session: AsyncSession, row: ArticleRow, reading: Reading) -> None:
    """Make the addresses that this reading proved the article's own, but for those that are another's."""
    row.claimed_key = claimed_key(reading.url, reading.canonical_url) if reading.url else None
    keys = _keys(reading)
    amp = same_site_key(reading.url, reading.amp_url) if reading.url else None
    if amp:
        keys.add(amp)
    taken = await articles_at(session, keys)
    session.add_all(ArticleAddressRow(key=key, article_id=row.id) for key in keys - set(taken))


async def take_from_all(session: AsyncSession, job: ReadJob, reading: Reading, now: datetime) -> bool:
    """Did a redirect end where that of a different article did? Then the address is nobody's from now on: the other
    article gets its own address back and is read again.

    An address that a feed gave to an article is never taken from it, nor one whose page has the item's title.
    """
    key = address_key(reading.url)
    if not reading.url or key == address_key(job.url) or shares_title(reading.page_title, job.title):
        return False
    found = await session.get(ArticleAddressRow, key)
    if found is None or found.article_id == job.id:
        return False
    if found.shared:
        return True
    owner = await session.get(ArticleRow, found.article_id, with_for_update={"skip_locked": True})
    given = select(col(EntryRow.url)).where(col(EntryRow.article_id) == found.article_id).order_by(col(EntryRow.id))
    urls = [url for url in (await session.execute(given)).scalars() if url]
    if any(address_key(url) == key for url in urls):
        return False
    found.shared = True
    if owner is not None and owner.state == "read":
        owner.url, owner.canonical_url = urls[0] if urls else owner.url, None
        owner.reread_at, owner.origin_note = now, FOREIGN
    return True


async def _known_as(session: AsyncSession, job: ReadJob, keys: set[str]) -> list[ArticleRow]:
    return list((await session.execute(_KNOWN_AS, {"keys": list(keys), "article": job.id})).scalars())


async def _claims(session: AsyncSession, job: ReadJob, reading: Reading) -> list[ArticleRow]:
    """Articles that were read, and that this page says it is, or that say they are this page, or another page that this
    one says it is, too."""
    if not reading.url:
        return []
    claim = claimed_key(reading.url, reading.canonical_url)
    ids = {id_ for id_ in (await articles_at(session, [claim])).values() if id_ is not None} if claim else set()
    own = _keys(reading) | {address_key(job.url)}
    # Look-ups by an index each: joined by OR they would be one scan of all articles.
    for keys in filter(None, (own, {claim} if claim else None)):
        ids.update((await session.execute(_CLAIMING, {"keys": list(keys)})).scalars())
    others = ids - {job.id}
    if not others:
        return []
    statement = (
        select(ArticleRow)
        .where(col(ArticleRow.id).in_(others), col(ArticleRow.state) == "read")
        .order_by(col(ArticleRow.id))
    )
    return list((await session.execute(statement)).scalars())


def _keys(reading: Reading) -> set[str]:
    if not reading.url:
        return set()
    keys = {address_key(reading.url), canonical_key(reading.url, reading.canonical_url)}
    return {key for key in keys if key}
