"""Stories newest first, page by page, with the query language: a story answers where one of its articles does."""

from collections.abc import AsyncIterator, Sequence
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from service.domain.query import evaluate, reads_words
from service.store.batches import Found, between, in_batches
from service.store.fulltext import TextIndex, left_to_judge
from service.store.keys import Position
from service.store.narrowing import Filter, named_in, narrow
from service.store.newest import name_few
from service.store.spelling import listed
from service.store.story_lines import story_lines
from service.store.tables import ArticleRow, StoryRow
from service.store.views import JUDGED, JUDGED_BY_WORDS, views_of

__all__ = ["stories"]

_STORY: Any = ArticleRow.metadata.tables["articles"].c.story_id


async def stories(session: AsyncSession, wanted: Filter, after: Position | None) -> AsyncIterator[Found]:
    """Those of which an article answers the query and was found in that time."""
    statement: Select[Any] = select(StoryRow)
    narrowing = await narrow(session, wanted, col(ArticleRow.id))
    about = between(_members(col(StoryRow.id)), wanted, col(ArticleRow.discovered_at))
    if wanted.entity:
        about = about.where(named_in(col(ArticleRow.id), [wanted.entity], standing=True))
    named = await name_few(session, narrowing)
    if named.few is not None:
        member = select(col(ArticleRow.story_id)).where(col(ArticleRow.id).in_(listed(session, named.few)))
        statement = statement.where(col(StoryRow.id).in_(member))
    statement = statement.where(about.where(*narrowing.conditions, *narrowing.of_article).exists())
    async for batch in in_batches(session, statement, StoryRow, col(StoryRow.created_at), after, wanted.first + 1):
        rows = [row for (row,) in batch]
        kept = await _stories_that_hold(session, wanted, narrowing.index, [row.id for row in rows])
        lines = await story_lines(session, [row for row in rows if row.id in kept])
        for row in rows:
            if row.id in lines:
                yield Position(row.created_at, row.id), lines[row.id]


def _members(story: Any) -> Select[Any]:  # noqa: ANN401 - a column
    return select(col(ArticleRow.id)).where(col(ArticleRow.story_id) == story)


async def _stories_that_hold(
    session: AsyncSession, wanted: Filter, index: TextIndex | None, ids: Sequence[int]
) -> set[int]:
    if wanted.query is None:
        return set(ids)
    numbers = select(col(ArticleRow.id)).where(col(ArticleRow.story_id).in_(ids))
    members = set((await session.execute(numbers)).scalars())
    if index is not None:
        members = await index.among(members)
    judged = left_to_judge(session, wanted.query)
    read = (_STORY, *JUDGED_BY_WORDS) if judged and reads_words(judged) else (_STORY, *JUDGED)
    articles = (
        await session.execute(select(*read).where(col(ArticleRow.id).in_(listed(session, sorted(members)))))
    ).all()
    if judged is None:
        return {article.story_id for article in articles}
    views = await views_of(session, articles, words=reads_words(judged))
    return {article.story_id for article in articles if evaluate(judged, views[article.id])}
