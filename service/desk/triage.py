"""A reader's own way through the articles: read, starred, done. Nobody else sees it, so who may read may do it."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from service.cursor import LARGEST_ID
from service.desk.errors import Unknown, Wrong
from service.domain.access import NOBODY_ELSE
from service.domain.addresses import address_key
from service.store import access
from service.store import triage as stored
from service.store.addresses import articles_at
from service.store.triage import Kind
from service.store.unstorable import UNSTORABLE

__all__ = ["articles_named", "reader_of", "say"]


async def say(
    session: AsyncSession, reader: str, articles: Iterable[int], kind: Kind, *, on: bool, now: datetime
) -> list[int]:
    """Say it of articles, or take it back; those that there are. ``reader``: the key of who asks. Raises Unknown when
    there is none of them."""
    wanted = list(articles)
    known = await stored.put(session, reader, wanted, kind, on=on, now=now)
    if not known:
        raise Unknown("article", wanted[0] if wanted else "", None if wanted else "name an article")
    return known


async def reader_of(session: AsyncSession, name: str | None) -> str:
    """Whose way it is, by a user's or a token's name; without one that of all, as long as nobody needs to sign in.

    Raises Wrong.
    """
    if name is None:
        if await access.locked(session):
            raise Wrong("reader", "say whose: each user and each token has its own; `newsvane users` lists them")
        return NOBODY_ELSE.key
    reader = None if UNSTORABLE.search(name) else await access.reader_named(session, name)
    if reader is None:
        raise Wrong(
            "reader", f"no user and no token is named {name!r}; `newsvane users` and `newsvane token` list them"
        )
    return reader


async def articles_named(session: AsyncSession, names: Sequence[str]) -> list[int]:
    """Articles by number, or by any address under which they are known. Raises Unknown, at the first that is not."""
    found = []
    for name in names:
        if name.isascii() and name.isdecimal() and len(name) < len(str(LARGEST_ID)):
            found.append(int(name))
            continue
        known = (
            None
            if UNSTORABLE.search(name)
            else (await articles_at(session, [address_key(name)])).get(address_key(name))
        )
        if known is None:
            raise Unknown("article", name, f"no article is known at {name}")
        found.append(known)
    there = await stored.there(session, found)
    for article in found:
        if article not in there:
            raise Unknown("article", article)
    return found
