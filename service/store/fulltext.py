"""The full-text index: our own tokens, so that both engines find exactly what the query language means.

SQLite: a contentless FTS5 table (the texts are not stored twice) whose ``ascii`` tokenizer splits our space-separated
terms and nothing else. PostgreSQL: a ``tsvector`` made of the same terms, without a parser or dictionary.
"""

import asyncio
from collections.abc import Collection, Iterator
from typing import Any

from sqlalchemy import ColumnElement, Select, literal_column, select, text
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from service.domain.query import Query, fts5_match, index_text, tsquery
from service.store.tables import ArticleRow

__all__ = ["TextIndex", "index_article", "is_sqlite", "unindex_article"]

_LONGEST_LEXEME = 2000
_LONG = 10_000
"""Characters whose terms are found in a thread, so that the event loop is not held up."""
_FAR = 500
"""Article numbers further apart are asked for in two ranges."""


def is_sqlite(session: AsyncSession) -> bool:
    return session.get_bind().dialect.name == "sqlite"


async def index_article(session: AsyncSession, article_id: int, title: str, body: str) -> None:
    """Once an article; its row must have been written. To index it again, ``unindex_article`` first."""
    whole = f"{title}\n{body}"
    terms = index_text(whole) if len(whole) < _LONG else await asyncio.to_thread(index_text, whole)
    if is_sqlite(session):
        statement = "INSERT INTO articles_fts(rowid, terms) VALUES (:id, :terms)"
        await session.execute(text(statement), {"id": article_id, "terms": terms})
    else:
        statement = "UPDATE articles SET terms = array_to_tsvector(CAST(:terms AS text[])) WHERE id = :id"
        # A lexeme longer than 2046 bytes is refused; no word of a language is that long.
        words = sorted(word for word in set(terms.split()) if len(word.encode()) <= _LONGEST_LEXEME)
        await session.execute(text(statement), {"id": article_id, "terms": words})


async def unindex_article(session: AsyncSession, article_id: int, title: str, body: str) -> None:
    """``title`` and ``body`` as they were indexed: a contentless table must be told what to forget."""
    if is_sqlite(session):
        statement = "INSERT INTO articles_fts(articles_fts, rowid, terms) VALUES ('delete', :id, :terms)"
        await session.execute(text(statement), {"id": article_id, "terms": index_text(f"{title}\n{body}")})


class TextIndex:
    """What the index says of one query; it never excludes a match."""

    def __init__(self, session: AsyncSession, query: Query) -> None:
        self._session = session
        self._sqlite = is_sqlite(session)
        self._asked = fts5_match(query) if self._sqlite else tsquery(query)

    @property
    def helps(self) -> bool:
        """False where the query asks for nothing that the index knows."""
        return self._asked is not None

    def newest(self, limit: int) -> Select[Any]:
        """The numbers of at most so many articles."""
        if not self._sqlite:
            return select(col(ArticleRow.id)).where(self._holds()).limit(limit)
        rowid: ColumnElement[int] = literal_column("articles_fts.rowid")
        found = select(rowid).select_from(text("articles_fts")).where(self._match()).order_by(rowid.desc())
        return found.limit(limit)

    def condition(self) -> ColumnElement[Any] | None:
        """For a statement over articles that goes through many; None on SQLite, where ``among`` is far cheaper."""
        return None if self._sqlite or self._asked is None else self._holds()

    async def among(self, articles: Collection[int]) -> set[int]:
        """Which of these articles may answer the query. The numbers lie close together, or nearly all do."""
        if not self._sqlite or self._asked is None:
            return set(articles)
        rowid: ColumnElement[int] = literal_column("articles_fts.rowid")
        found: set[int] = set()
        for first, last in _stretches(sorted(articles)):
            within = select(rowid).select_from(text("articles_fts")).where(self._match(), rowid.between(first, last))
            found |= set((await self._session.execute(within)).scalars())
        return found

    def _match(self) -> ColumnElement[Any]:
        return text("articles_fts MATCH :fts").bindparams(fts=self._asked)  # type: ignore[return-value]

    def _holds(self) -> ColumnElement[Any]:
        return text("articles.terms @@ CAST(:tsq AS tsquery)").bindparams(tsq=self._asked)  # type: ignore[return-value]


def _stretches(numbers: list[int]) -> Iterator[tuple[int, int]]:
    if not numbers:
        return
    first = last = numbers[0]
    for number in numbers:
        if number - last > _FAR:
            yield first, last
            first = number
        last = number
    yield first, last
