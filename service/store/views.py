"""Stored articles as queries see them."""

from collections.abc import Iterable, Sequence
from typing import Any, Final

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from service.domain.facts import Fact, as_view
from service.domain.model import Salience
from service.domain.past import places_of, stored_spans
from service.domain.query import ArticleView, MentionView
from service.store.facts import facts_of
from service.store.spelling import listed
from service.store.tables import ArticleRow, MentionRow, SourceRow

__all__ = ["JUDGED", "JUDGED_BY_WORDS", "views_of"]

JUDGED: Final = tuple(
    ArticleRow.metadata.tables["articles"].c[name]
    for name in ("id", "url", "source", "source_id", "tags", "language", "published_at")
)
"""What ``views_of`` reads of an article."""
JUDGED_BY_WORDS: Final = (*JUDGED, *(ArticleRow.metadata.tables["articles"].c[name] for name in ("title", "text")))

_NAMED = tuple(
    MentionRow.metadata.tables["mentions"].c[name]
    for name in ("id", "article_id", "entity", "salience", "confidence", "spans")
)


async def views_of(
    session: AsyncSession,
    articles: Sequence[Any],
    told: dict[int, list[Fact]] | None = None,
    *,
    withdrawn: bool = False,
    words: bool = True,
) -> dict[int, ArticleView]:
    """By number. ``articles`` have what is in ``JUDGED_BY_WORDS``. ``told``: their facts, where they are known.

    ``withdrawn``: with the mentions that hold no longer, for what came of them is history. Without ``words`` neither
    title nor text is read, for a query that asks for none (``reads_words``).
    """
    by_id = {row.id: row for row in articles}
    named: dict[int, list[MentionView]] = {}
    kept = select(*_NAMED).where(col(MentionRow.article_id).in_(listed(session, list(by_id)))).order_by(_NAMED[0])
    if not withdrawn:
        kept = kept.where(col(MentionRow.withdrawn_at).is_(None))
    for mention in await session.execute(kept):
        places = places_of(stored_spans(mention.spans), by_id[mention.article_id].text) if words else ()
        view = MentionView(mention.entity, Salience(mention.salience), mention.confidence, places)
        named.setdefault(mention.article_id, []).append(view)
    if told is None:
        told = await facts_of(session, by_id)
    addresses = await _addresses(session, (row.source_id for row in by_id.values()))
    return {
        row.id: ArticleView(
            title=row.title if words else "",
            text=row.text if words else "",
            url=row.url,
            source_title=row.source,
            source_url=addresses.get(row.source_id, ""),
            tags=tuple(row.tags),
            language=row.language,
            published_at=row.published_at,
            mentions=tuple(named.get(row.id, ())),
            facts=tuple(as_view(fact) for fact in told.get(row.id, ())),
        )
        for row in by_id.values()
    }


async def _addresses(session: AsyncSession, sources: Iterable[int | None]) -> dict[int | None, str]:
    numbers = sorted({source for source in sources if source is not None})
    if not numbers:
        return {}
    its = select(col(SourceRow.id), col(SourceRow.url)).where(col(SourceRow.id).in_(listed(session, numbers)))
    return dict((await session.execute(its)).all())
