"""The full-text index: our own tokens, so that both engines find exactly what the query language means.

SQLite: a contentless FTS5 table (the texts are not stored twice) whose ``ascii`` tokenizer splits our space-separated
terms and nothing else. PostgreSQL: a ``tsvector`` made of the same terms, without a parser or dictionary.
"""

import asyncio
from typing import Any

from sqlalchemy import ColumnElement, text
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from service.domain.query import Query, fts5_match, index_text, tsquery
from service.store.tables import ArticleRow

__all__ = ["index_article", "is_sqlite", "prefilter", "unindex_article"]

_LONGEST_LEXEME = 2000
_LONG = 10_000
"""Characters whose terms are found in a thread, so that the event loop is not held up."""


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


def prefilter(session: AsyncSession, query: Query) -> ColumnElement[Any] | None:
    """A condition on ``articles`` that never excludes a match of ``query``; None where the index cannot help."""
    if is_sqlite(session):
        match = fts5_match(query)
        if match is None:
            return None
        found = text("SELECT rowid FROM articles_fts WHERE articles_fts MATCH :fts").bindparams(fts=match)
        return col(ArticleRow.id).in_(found.columns(ArticleRow.__table__.c.id))  # type: ignore[attr-defined]
    wanted = tsquery(query)
    return None if wanted is None else text("articles.terms @@ CAST(:tsq AS tsquery)").bindparams(tsq=wanted)  # type: ignore[return-value]
