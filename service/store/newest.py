"""Finding rows newest first, fast whether few or a million answer.

What narrows a listing down can name articles: the full-text index, the entities that a query wants, its facts. Where
one of them names *few*, those are looked up and put in order; where all name many, the time index is walked from its
newest end and each batch is checked. A database's planner cannot choose between the two by itself: it does not know
how many articles hold a word, and the wrong way round takes seconds at a million articles (docs/adr/0023).
"""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, ColumnElement, Select, cast, func, select, tuple_
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.sql import operators
from sqlalchemy.sql.elements import UnaryExpression
from sqlmodel import col

from service.store.fulltext import TextIndex, is_sqlite
from service.store.tables import ArticleRow

__all__ = ["Narrowing", "Position", "apart", "few_articles", "listed", "newest"]

_WIDEST = 5000
"""Rows of a batch, of which only time and numbers are read. Batches grow up to it."""


@dataclass(frozen=True, slots=True)
class Position:
    """The last row already seen: the next page begins behind it."""

    time: datetime
    id: int | str


@dataclass(frozen=True, slots=True)
class Narrowing:
    """What the database can check of a question. It may let too much through, never too little.

    ``namers`` name articles: statements with one column. ``conditions`` say the same of a row's article, for a
    statement that goes through many; ``of_article`` stand on the columns of ``articles``. Up to ``few`` articles are
    looked up: at a million, that takes about as long as walking past those that do not answer.
    """

    namers: tuple[Select[Any], ...] = ()
    conditions: tuple[ColumnElement[bool], ...] = ()
    of_article: tuple[ColumnElement[bool], ...] = ()
    index: TextIndex | None = None
    few: int = 3000


async def newest(
    session: AsyncSession,
    statement: Select[Any],
    *,
    table: Any,  # noqa: ANN401 - a table's class
    time: Any,  # noqa: ANN401 - a column, as is the next
    article: Any,  # noqa: ANN401
    narrowing: Narrowing,
    after: Position | None,
    first: int,
) -> AsyncIterator[list[tuple[datetime, int]]]:
    """Times and numbers of rows, newest first, in batches that begin at about ``first`` rows.

    ``statement`` gives ``time``, the number and ``article`` of every row of ``table``, in this order.
    """
    identity = col(table.id)
    few = await few_articles(session, narrowing)
    of_article = narrowing.of_article
    if few is not None:
        statement = statement.where(article.in_(listed(session, few)))
        if table is ArticleRow and not of_article:
            statement = statement.with_hint(ArticleRow, "INDEXED BY ix_articles_heads", "sqlite")
        order = [apart(time).desc() if is_sqlite(session) else time.desc(), identity.desc()]
    else:
        statement = statement.where(*narrowing.conditions)
        order = [time.desc(), identity.desc()]
        if narrowing.index is not None and (holds := narrowing.index.condition()) is not None:
            of_article = (*of_article, holds)
    if of_article:
        statement = statement.where(*of_article)
        if table is not ArticleRow:
            statement = statement.join(ArticleRow, col(ArticleRow.id) == article)
    size = first
    while True:
        behind = statement if after is None else statement.where(tuple_(time, identity) < tuple_(after.time, after.id))
        rows = (await session.execute(behind.order_by(*order).limit(size))).all()
        kept: Sequence[Any] = rows
        if few is None and narrowing.index is not None:
            found = await narrowing.index.among({row[2] for row in rows})
            kept = [row for row in rows if row[2] in found]
        if kept:
            yield [(row[0], row[1]) for row in kept]
        if len(rows) < size:
            return
        after = Position(rows[-1][0], rows[-1][1])
        size = min(size * 3, _WIDEST)


async def few_articles(session: AsyncSession, narrowing: Narrowing) -> list[int] | None:
    """The articles that may answer; None where that cannot be told of few."""
    namers = list(narrowing.namers)
    if narrowing.index is not None and narrowing.index.helps:
        namers.append(narrowing.index.newest(narrowing.few + 1))
    few: set[int] | None = None
    for namer in namers:
        named = set((await session.execute(namer.limit(narrowing.few + 1))).scalars())
        if len(named) <= narrowing.few:
            few = named if few is None else few & named
    return None if few is None else sorted(few)


def listed(session: AsyncSession, numbers: list[int]) -> Any:  # noqa: ANN401 - what stands behind IN
    """Many numbers as one parameter."""
    if is_sqlite(session):
        return select(func.json_each(func.json(str(numbers))).table_valued("value").c.value)
    return select(func.unnest(cast(numbers, ARRAY(BigInteger))))


def apart(column: Any) -> Any:  # noqa: ANN401 - a column
    """So that SQLite sorts the few rows instead of walking the column's index (its manual's unary plus)."""
    return UnaryExpression(column, operator=operators.custom_op("+"), type_=column.type)
