"""Stories as the lines that other programs read: the head, the copies, the outlets, the deals, and the
story's life."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import defer
from sqlmodel import col

from service.domain.alerting import rfc3339
from service.domain.facts import Fact, as_object, as_view, join
from service.domain.model import Salience
from service.domain.past import best_of
from service.domain.query import FactView, MentionView
from service.domain.stories.head import Copy, head_of, outlets
from service.store.facts import facts_of
from service.store.lines import Line, mention_line
from service.store.tables import ArticleRow, MentionRow, StoryRow

__all__ = ["story_contents", "story_lines"]

_MOST_MENTIONS = 500

_COLUMNS: tuple[Any, ...] = (
    col(ArticleRow.id),
    col(ArticleRow.url),
    col(ArticleRow.canonical_url),
    col(ArticleRow.source),
    col(ArticleRow.published_at),
    col(ArticleRow.discovered_at),
)
_MOST_FACTS = 20
_MOST_TOLD = 12
"""Articles of a story whose deals are read, the head first: its copies say the same."""


async def story_contents(
    session: AsyncSession, story: int
) -> tuple[list[Line], tuple[MentionView, ...], tuple[FactView, ...]]:
    """A story as a rule within it sees it: the lines of its mentions that stand, the newest first; its entities, each
    with its best confidence and salience; its facts. Of the newest 500 mentions."""
    text: Any = (ArticleRow.text, ArticleRow.feed_text)
    named = (
        select(MentionRow, ArticleRow)
        .join(ArticleRow, col(ArticleRow.id) == col(MentionRow.article_id))
        .where(col(ArticleRow.story_id) == story, col(MentionRow.withdrawn_at).is_(None))
        .order_by(col(MentionRow.id).desc())
        .limit(_MOST_MENTIONS)
        .options(*(defer(column) for column in text))
    )
    rows = (await session.execute(named)).all()
    facts = await facts_of(session, (article.id for _, article in rows))
    told = dict.fromkeys(as_view(fact) for known in facts.values() for fact in known)
    lines = [mention_line(mention, article, facts.get(article.id, ())) for mention, article in rows]
    seen = (MentionView(mention.entity, Salience(mention.salience), mention.confidence) for mention, _ in rows)
    return lines, best_of(seen), tuple(told)


async def story_lines(session: AsyncSession, rows: Sequence[StoryRow]) -> dict[int, Line]:
    """By id. A story without articles has no line."""
    ids = [row.id for row in rows]
    copies: dict[int, list[Copy]] = {}
    titles: dict[int, str] = {}
    found = await session.execute(
        select(col(ArticleRow.story_id), col(ArticleRow.title), *_COLUMNS).where(col(ArticleRow.story_id).in_(ids))
    )
    for story, title, article, *rest in found:
        copies.setdefault(story or 0, []).append(Copy(article, *rest))
        titles[article] = title
    named: dict[int, dict[str, None]] = {}
    mentions = (
        select(col(ArticleRow.story_id), col(MentionRow.entity))
        .join(MentionRow, col(MentionRow.article_id) == col(ArticleRow.id))
        .where(col(ArticleRow.story_id).in_(ids), col(MentionRow.withdrawn_at).is_(None))
        .order_by(col(MentionRow.id))
    )
    for story, entity in await session.execute(mentions):
        if story is not None:
            named.setdefault(story, {})[entity] = None
    told = {story: _tellers(of) for story, of in copies.items()}
    facts = await facts_of(session, (article for ids in told.values() for article in ids))
    return {
        row.id: _line(
            row,
            copies[row.id],
            titles,
            list(named.get(row.id, ())),
            join([fact for article in told[row.id] for fact in facts.get(article, ())]),
        )
        for row in rows
        if row.id in copies
    }


def _tellers(copies: Sequence[Copy]) -> list[int]:
    head = head_of(copies).id
    return [head, *sorted(copy.id for copy in copies if copy.id != head)][:_MOST_TOLD]


def _line(
    row: StoryRow, copies: Sequence[Copy], titles: dict[int, str], entities: list[str], facts: Sequence[Fact]
) -> Line:
    head = head_of(copies)
    times = [copy.published_at or copy.discovered_at for copy in copies]
    return {
        "id": row.id,
        "title": titles[head.id],
        "url": head.url,
        "source": head.source,
        "article": head.id,
        "copies": len(copies),
        "outlets": outlets(copies),
        "entities": entities,
        "facts": [as_object(fact) for fact in facts[:_MOST_FACTS]],
        "first_seen": rfc3339(min(times)),
        "last_seen": rfc3339(max(times)),
        "discovered_at": rfc3339(row.created_at),
        "published_at": rfc3339(head.published_at) if head.published_at else None,
        "updated_at": rfc3339(row.updated_at) if row.updated_at else None,
        "update_note": row.update_note,
        "articles": [copy.id for copy in sorted(copies, key=lambda copy: copy.id)],
    }
