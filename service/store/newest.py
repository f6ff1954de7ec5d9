"""Finding rows newest first, fast whether few or a million answer.

What narrows a listing down can name articles: the full-text index, the entities that a query wants, its facts. Where
one of them names *few*, those are looked up and put in order; where all name many, the rows are walked past from the
newest end. A database's planner cannot choose between the two by itself: it does not know how many articles hold a
word, and the wrong way round takes seconds at a million articles (docs/adr/0023).

For all that comes out here the full-text index has said yes to the whole query.
"""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from service.store.by_blocks import by_blocks
from service.store.by_number import Near, nearest, proved
from service.store.fulltext import TextIndex
from service.store.keys import Keys, Narrowing, Position
from service.store.spelling import apart, is_sqlite, listed
from service.store.tables import ArticleRow
from service.store.windows import by_words

__all__ = ["Named", "name_few", "newest"]

_WIDEST = 5000
"""Rows of a batch. Batches grow up to it."""
_FEW_WORDS = 1000
"""Of more articles that hold the words, the newest are found sooner than all are put in order."""


@dataclass(frozen=True, slots=True)
class Named:
    """``few``: the articles that may answer; None where that cannot be told of few. ``by_index``: whether the full-text
    index is among what named them. ``share``: where it names many, the part of all articles."""

    few: list[int] | None
    by_index: bool = False
    share: float = 1.0


async def newest(
    session: AsyncSession, keys: Keys, narrowing: Narrowing, after: Position | None, *, first: int
) -> AsyncIterator[list[tuple[datetime, int]]]:
    """Times and numbers of rows, newest first, in batches that begin at about ``first`` rows."""
    index = narrowing.index
    near = None
    if index is not None and is_sqlite(session):
        near = await nearest(session, keys, narrowing, index, after, first=first)
    named = await name_few(session, narrowing, near)
    if named.few is not None:
        found = _looked_up(session, keys, narrowing, after, named, first)
    elif index is not None:
        rows = None if near is None else await proved(session, keys, narrowing, index, after, near, first=first)
        if rows:
            yield rows
            after = Position(*rows[-1])
        walked = by_words if is_sqlite(session) else by_blocks
        found = walked(session, keys, narrowing, index, after, first=first, share=named.share)
    else:
        keys = keys.where(*narrowing.conditions, of_article=narrowing.of_article)
        found = _walked(session, keys, [keys.time.desc(), keys.number.desc()], after, first)
    async for batch in found:
        yield batch


async def name_few(session: AsyncSession, narrowing: Narrowing, near: Near | None = None) -> Named:
    """Asks everything that can name articles. ``near``: what the full-text index has said already."""
    few: set[int] | None = None
    by_index, share = False, 1.0
    for namer in narrowing.namers:
        named = (await session.execute(namer.limit(narrowing.few + 1))).scalars().all()
        if len(named) <= narrowing.few:
            few = set(named) if few is None else few & set(named)
    if narrowing.index is not None:
        if near is not None and near.more:
            return Named(None if few is None else sorted(few), share=near.share)
        most = min(narrowing.few, _FEW_WORDS)
        # PostgreSQL reads the whole index of common words before it names one, but knows how common they are.
        likely, share = (0.0, 1.0) if is_sqlite(session) else await narrowing.index.guess()
        if likely <= most:
            if near is not None and near.whole:
                named = near.numbers
            else:
                named = (await session.execute(narrowing.index.some(most + 1))).scalars().all()
            if by_index := len(named) <= most:
                few = set(named) if few is None else few & set(named)
            elif is_sqlite(session):
                share = len(named) / max(len(named), named[0] - named[-1])
    return Named(None if few is None else sorted(few), by_index, share)


async def _looked_up(
    session: AsyncSession, keys: Keys, narrowing: Narrowing, after: Position | None, named: Named, first: int
) -> AsyncIterator[list[tuple[datetime, int]]]:
    keys = keys.where(keys.article.in_(listed(session, named.few or [])), of_article=narrowing.of_article)
    time = keys.time
    if is_sqlite(session):
        time = apart(time)
        if keys.table is ArticleRow and not narrowing.of_article:
            keys = keys.hinted("INDEXED BY ix_articles_heads")
    unsure: TextIndex | None = None if named.by_index else narrowing.index
    async for batch in _walked(session, keys, [time.desc(), keys.number.desc()], after, first, unsure):
        yield batch


async def _walked(
    session: AsyncSession,
    keys: Keys,
    order: Sequence[Any],
    after: Position | None,
    size: int,
    unsure: TextIndex | None = None,
) -> AsyncIterator[list[tuple[datetime, int]]]:
    """``unsure``: an index that is still to be asked."""
    while True:
        rows = (await session.execute(keys.behind(after).order_by(*order).limit(size))).all()
        kept: Sequence[Any] = rows
        if unsure is not None:
            found = await unsure.among({row[2] for row in rows})
            kept = [row for row in rows if row[2] in found]
        if kept:
            yield [(row[0], row[1]) for row in kept]
        if len(rows) < size:
            return
        after = Position(rows[-1][0], rows[-1][1])
        size = min(size * 3, _WIDEST)
