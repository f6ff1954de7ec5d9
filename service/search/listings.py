"""Listings: a page, or all of it."""

from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TypeVar, get_args

from sqlalchemy.ext.asyncio import AsyncSession

from service import cursor
from service.search.asking import Ask, AskError, Order, check_triage, wanted_of
from service.store import relevance
from service.store.alert_listing import alerts, deliveries
from service.store.batches import Found
from service.store.engine import Database
from service.store.keys import Position
from service.store.lines import Line
from service.store.listing import articles, facts, mentions
from service.store.narrowing import Filter
from service.store.story_listing import stories

__all__ = ["NOUNS", "Page", "page", "stream"]

_Cursor = TypeVar("_Cursor")
_Listing = Callable[[AsyncSession, Filter, Position | None], AsyncIterator[Found]]
NOUNS: dict[str, _Listing] = {
    "mentions": mentions,
    "articles": articles,
    "facts": facts,
    "stories": stories,
    "alerts": alerts,
    "deliveries": deliveries,
}


@dataclass(frozen=True, slots=True)
class Page:
    """``next_cursor`` is None on the last page."""

    lines: list[Line]
    next_cursor: str | None


async def page(db: Database, noun: str, ask: Ask, *, now: datetime) -> Page:
    """One page of ``NOUNS[noun]``. Raises AskError."""
    if not 1 <= ask.limit <= 10_000:
        raise AskError(f"limit {ask.limit}: write a number from 1 to 10000")
    _check(noun, ask)
    wanted = await wanted_of(db, ask, now=now)
    async with db.read() as session:
        found = await (_best if ask.order == "relevance" else _newest)(session, noun, ask, wanted)
        if ask.highlights:
            return replace(found, lines=await relevance.highlighted(session, noun, wanted, found.lines))
    return found


async def stream(db: Database, noun: str, ask: Ask, *, now: datetime, batch: int = 500) -> AsyncIterator[list[Line]]:
    """All lines of ``NOUNS[noun]``, at most ``batch`` at a time; ``ask.limit`` does not count. Raises AskError.

    Each batch is a read transaction of its own and begins behind the one before, so memory and transactions stay small
    however many lines there are. What arrives meanwhile is newer than all of them and is not among them.
    """
    _check(noun, ask)
    if ask.order == "relevance" or ask.highlights:
        raise AskError("order: a whole listing comes newest first, as it stands; leave out relevance and highlights")
    wanted = replace(await wanted_of(db, ask, now=now), first=batch - 1)
    after = _read(cursor.position_in, ask, noun)
    while True:
        found: list[Found] = []
        async with db.read(lean=True) as session:
            async for item in NOUNS[noun](session, wanted, after):
                found.append(item)
                if len(found) == batch:
                    break
        if found:
            after = found[-1][0]
            yield [line for _, line in found]
        if len(found) < batch:
            return


def _check(noun: str, ask: Ask) -> None:
    check_triage(noun, ask)
    if ask.order not in get_args(Order):
        raise AskError(f"order {ask.order!r}: write newest or relevance")
    if noun not in relevance.NOUNS and (ask.order == "relevance" or ask.highlights):
        raise AskError(f"order: {noun} are only listed newest first; relevance is for mentions and articles")


async def _newest(session: AsyncSession, noun: str, ask: Ask, wanted: Filter) -> Page:
    found: list[Found] = []
    async for item in NOUNS[noun](session, wanted, _read(cursor.position_in, ask, noun)):
        found.append(item)
        if len(found) > ask.limit:
            break
    more = len(found) > ask.limit
    shown = found[: ask.limit]
    return Page([line for _, line in shown], cursor.behind(shown[-1][0]) if more else None)


async def _best(session: AsyncSession, noun: str, ask: Ask, wanted: Filter) -> Page:
    """A page of what the first page compared, whatever has arrived since."""
    after, begin = _read(cursor.place_in, ask, noun) or (None, 0)
    ranked = await relevance.best_first(session, noun, NOUNS[noun], wanted, after)
    end = begin + ask.limit
    more = ranked.newest is not None and end < len(ranked.lines)
    following = cursor.at_place(ranked.newest, end) if more and ranked.newest else None
    return Page(ranked.lines[begin:end], following)


def _read(read: Callable[[str, str], _Cursor], ask: Ask, noun: str) -> _Cursor | None:
    try:
        return read(ask.cursor, noun) if ask.cursor else None
    except ValueError as error:
        raise AskError("cursor: take it from the previous page of the same listing, unchanged") from error
