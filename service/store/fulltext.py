"""The full-text index: our own tokens, so that both engines find exactly what the query language means.

SQLite: a contentless FTS5 table (the texts are not stored twice), title and text in columns of their own, whose
``ascii`` tokenizer splits our space-separated terms and nothing else. PostgreSQL: a ``tsvector`` made of the same
terms, without a parser or dictionary, and without their places; its index also knows the block of numbers that an
article lies in, so that a stretch of them can be asked for.
"""

import asyncio
from collections.abc import Collection
from typing import Any, Final

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Integer,
    Select,
    bindparam,
    cast,
    column,
    literal_column,
    select,
    table,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY, TSQUERY
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from service.domain.query import Query, fts5_match, index_text, remainder, tsquery
from service.store.spelling import is_sqlite, listed
from service.store.tables import ArticleRow

__all__ = ["TextIndex", "index_article", "left_to_judge", "unindex_article"]

BLOCK: Final = 11
"""On PostgreSQL, articles whose numbers agree but for so many binary digits are a block: 2,048 of them."""
_MOST_BLOCKS = 512
"""Of more, each word's articles are rather read as a whole."""
_LONGEST_LEXEME = 2000
_LONG = 10_000
"""Characters whose terms are found in a thread, so that the event loop is not held up."""
_FTS = table("articles_fts", column("rowid", Integer))


async def index_article(session: AsyncSession, article_id: int, title: str, body: str) -> None:
    """Once an article; its row must have been written. To index it again, ``unindex_article`` first."""
    terms = index_text(body) if len(body) < _LONG else await asyncio.to_thread(index_text, body)
    titled = index_text(title)
    if is_sqlite(session):
        statement = "INSERT INTO articles_fts(rowid, title, body) VALUES (:id, :title, :body)"
        await session.execute(text(statement), {"id": article_id, "title": titled, "body": terms})
    else:
        statement = "UPDATE articles SET terms = array_to_tsvector(CAST(:terms AS text[])) WHERE id = :id"
        # A lexeme longer than 2046 bytes is refused; no word of a language is that long.
        words = sorted(word for word in {*titled.split(), *terms.split()} if len(word.encode()) <= _LONGEST_LEXEME)
        await session.execute(text(statement), {"id": article_id, "terms": words})


async def unindex_article(session: AsyncSession, article_id: int, title: str, body: str) -> None:
    """``title`` and ``body`` as they were indexed: a contentless table must be told what to forget."""
    if is_sqlite(session):
        statement = "INSERT INTO articles_fts(articles_fts, rowid, title, body) VALUES ('delete', :id, :title, :body)"
        known = {"id": article_id, "title": index_text(title), "body": index_text(body)}
        await session.execute(text(statement), known)


def left_to_judge(session: AsyncSession, query: Query | None) -> Query | None:
    """What is to be evaluated of the articles for which the index said yes to the whole query; None for nothing."""
    return remainder(query, places=is_sqlite(session)) if query else None


class TextIndex:
    """What the index says of one query. It never excludes a match; what it cannot tell is ``left_to_judge``."""

    def __init__(self, session: AsyncSession, query: Query) -> None:
        self._session = session
        self._sqlite = is_sqlite(session)
        self._asked = fts5_match(query) if self._sqlite else tsquery(query)

    @property
    def helps(self) -> bool:
        """False where the query asks for nothing that the index knows."""
        return self._asked is not None

    @property
    def holds(self) -> ColumnElement[bool]:
        """For a PostgreSQL statement over articles."""
        # Within the statement: a plan that is to serve for any words is made for rare ones.
        asked: Any = bindparam("tsq", self._asked, literal_execute=True, unique=True)
        return literal_column("articles.terms").op("@@", is_comparison=True)(cast(asked, TSQUERY))

    def some(self, limit: int, *, up_to: Any = None) -> Select[Any]:  # noqa: ANN401 - a number, or what gives one
        """The numbers of at most so many articles; on SQLite the highest, the highest first."""
        if not self._sqlite:
            return select(col(ArticleRow.id)).where(self.holds).limit(limit)
        named = self._matching().order_by(_FTS.c.rowid.desc()).limit(limit)
        return named if up_to is None else named.where(_FTS.c.rowid <= up_to)

    @property
    def all(self) -> Select[Any]:
        """On SQLite, all numbers: two thousand take a millisecond."""
        return self._matching()

    def between(self, first: int, last: int) -> Select[Any]:
        """Which articles from number ``first`` to ``last`` may answer. A thousand take 0.3 ms on SQLite."""
        if not self._sqlite:
            number = col(ArticleRow.id)
            return select(number).where(number.between(first, last), *self.in_blocks(first, last))
        return self._matching().where(_FTS.c.rowid.between(first, last))

    def in_blocks(self, first: int, last: int) -> tuple[ColumnElement[bool], ...]:
        """The same for a PostgreSQL statement over articles, which may let some others through."""
        blocks = range(first >> BLOCK, (last >> BLOCK) + 1)
        if len(blocks) > _MOST_BLOCKS:
            return (self.holds,)
        block: Any = literal_column(f"ARRAY[articles.id >> {BLOCK}]")  # as the index has it
        return (self.holds, block.op("&&", is_comparison=True)(cast(list(blocks), ARRAY(BigInteger))))

    def of(self, articles: Any) -> Select[Any]:  # noqa: ANN401 - what stands behind IN
        """Which of these articles may answer. Each is looked up: a thousand take 12 ms on SQLite."""
        if not self._sqlite:
            return select(col(ArticleRow.id)).where(col(ArticleRow.id).in_(articles), self.holds)
        return self._matching().where(_FTS.c.rowid.in_(articles))

    async def among(self, articles: Collection[int]) -> set[int]:
        if self._asked is None or not articles:
            return set(articles)
        these = self.of(listed(self._session, sorted(articles)))
        return set((await self._session.execute(these)).scalars())

    async def guess(self) -> tuple[float, float]:
        """On PostgreSQL: how many articles may answer, as its statistics have it, and which part of all; above 0."""
        explained = "EXPLAIN (FORMAT JSON) SELECT 1 FROM articles WHERE terms @@ CAST(:asked AS tsquery)"
        plan = (await self._session.execute(text(explained), {"asked": self._asked})).scalar_one()
        all_of_them = "SELECT greatest(reltuples, 1) FROM pg_class WHERE oid = CAST('articles' AS regclass)"
        rows = float((await self._session.execute(text(all_of_them))).scalar_one())
        found = max(1.0, plan[0]["Plan"]["Plan Rows"])
        return found, min(1.0, found / rows)

    def _matching(self) -> Select[Any]:
        return select(_FTS.c.rowid).where(literal_column("articles_fts").op("MATCH", is_comparison=True)(self._asked))
