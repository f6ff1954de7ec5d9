"""Which story an article belongs to, kept with the article in one transaction; merging, splitting, forgetting.

    article -> hashes -> story_posts -> rivals' signatures -> assign (service/domain/stories) -> story, posts, merges

One transaction at a time assigns, the one that holds ``lock_articles``: two copies that arrive at once find each
other. When two stories turn out to be one, the younger is emptied into the elder and points to it, and its alerts
become the elder's, so that a rule alerts on the story once.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy import bindparam, delete, insert, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncSession
from sqlmodel import col

from service.domain.recurrence import without
from service.domain.stories import Assignment, Signature, assign, posted_hashes, rivals, sign
from service.store import story_index
from service.store.engine import lock_articles
from service.store.lines import Line
from service.store.tables import (
    AlertRow,
    ArticleRow,
    StoryPostRow,
    StoryRow,
    StorySignatureRow,
    StorySplitRow,
)

__all__ = [
    "arrange",
    "assign_story",
    "decide",
    "forget_articles",
    "forget_index",
    "merge",
    "name_after",
    "place",
    "repost",
    "signature_of",
    "split",
    "spokesmen",
    "story_of",
]

_SPOKESMEN = 3
"""Members that make a story found again when the one that had posted for all was taken out."""


async def assign_story(session: AsyncSession, article: ArticleRow, *, now: datetime) -> Line:
    """Find or make the story of an article that was just read, and put it there; the story's id, title, url.

    The caller holds ``lock_articles``.
    """
    signature = signature_of(article)
    connection = await session.connection()
    decision, titles = await decide(connection, signature, _at(article))
    if decision.merge:
        await session.flush()
        await merge(session, decision.story or 0, decision.merge)
    await place(connection, article, signature, decision, now=now)
    title, url = titles.get(article.story_id or 0, (article.title, article.url))
    return {"id": article.story_id, "title": title, "url": url}


async def decide(
    connection: AsyncConnection, signature: Signature, at: datetime
) -> tuple[Assignment, story_index.Titles]:
    """Where an article belongs among what is stored; and title and address of the stories in question."""
    postings = await story_index.find(connection, posted_hashes(signature))
    members, titles = await story_index.members(connection, rivals(postings))
    decision = assign(signature, at, postings, members)
    if decision.merge:
        apart = await story_index.told_apart(connection, (member.story for member in members))
        decision = assign(signature, at, postings, members, apart) if apart else decision
    return decision, titles


async def merge(session: AsyncSession, into: int, others: Iterable[int]) -> None:
    """Empty other stories into one, in the caller's transaction; what was told apart stays so, except these."""
    for other in others:
        for table in (ArticleRow, StorySignatureRow):
            await session.execute(update(table).where(col(table.story_id) == other).values(story_id=into))
        await session.execute(
            update(StoryRow)
            .where(or_(col(StoryRow.id) == other, col(StoryRow.merged_into) == other))
            .values(merged_into=into)
        )
        await _merge_alerts(session, into, other)
        await _merge_splits(session, into, other)
        arranged = select(col(StoryRow.arranged_at)).where(col(StoryRow.id) == other)
        at = (await session.execute(arranged)).scalar_one_or_none()
        if at is not None:
            await arrange(session, [into], now=at)


async def split(session: AsyncSession, article_id: int, *, now: datetime) -> int | None:
    """Take an article out of its story into one of its own, for good; the new story, or None when there is no such
    article or it is alone already."""
    await lock_articles(session)
    article = await session.get(ArticleRow, article_id)
    if article is None or article.story_id is None:
        return None
    old = article.story_id
    rest = await spokesmen(session, article)
    if not rest:
        return None
    connection = await session.connection()
    article.story_id = await story_index.new_story(connection, article.title, article.url, now)
    await session.flush()
    await story_index.withdraw(connection, article.id)
    await name_after(session, old, rest[0])
    for spokesman in (article, *rest):
        await repost(connection, spokesman)
    pair = {"one": min(old, article.story_id), "other": max(old, article.story_id)}
    await session.execute(insert(StorySplitRow).values(pair))
    await arrange(session, pair.values(), now=now)
    return article.story_id


async def arrange(session: AsyncSession, stories: Iterable[int], *, now: datetime) -> None:
    """Keep that a person merged or split these."""
    await session.execute(update(StoryRow).where(col(StoryRow.id).in_(list(stories))).values(arranged_at=now))


async def spokesmen(session: AsyncSession, article: ArticleRow) -> Sequence[ArticleRow]:
    """The first of the other articles of an article's story."""
    others = select(ArticleRow).where(col(ArticleRow.story_id) == article.story_id, col(ArticleRow.id) != article.id)
    return (await session.execute(others.order_by(col(ArticleRow.id)).limit(_SPOKESMEN))).scalars().all()


async def name_after(session: AsyncSession, story: int, article: ArticleRow) -> None:
    """Give a story another title and address, when the article that gave them has gone."""
    named = {"title": article.title, "url": article.url}
    await session.execute(update(StoryRow).where(col(StoryRow.id) == story).values(named))


async def story_of(session: AsyncSession, story: int) -> int | None:
    """The story that an id means today; None if there is none."""
    row = await session.get(StoryRow, story)
    if row is not None and row.merged_into is not None:
        row = await session.get(StoryRow, row.merged_into)
    return None if row is None else row.id


async def forget_articles(session: AsyncSession, articles: Sequence[int]) -> None:
    """Let nothing be found by these articles any more. To be called before they are deleted, with ``lock_articles``."""
    rows = await session.execute(
        select(col(StorySignatureRow.article_id), col(StorySignatureRow.data)).where(
            col(StorySignatureRow.article_id).in_(articles)
        )
    )
    posts = [{"h": h, "a": article} for article, data in rows for h in posted_hashes(Signature.unpack(data))]
    if posts:
        connection = await session.connection()
        await connection.execute(
            delete(StoryPostRow).where(
                col(StoryPostRow.hash) == bindparam("h"), col(StoryPostRow.article_id) == bindparam("a")
            ),
            posts,
        )
    await session.execute(delete(StorySignatureRow).where(col(StorySignatureRow.article_id).in_(articles)))


async def forget_index(session: AsyncSession, *, before: datetime, most: int) -> int:
    """Let nothing be found by articles of before then: news has few copies after weeks. At most ``most``; how many."""
    old = select(col(StorySignatureRow.article_id)).where(col(StorySignatureRow.at) < before)
    await lock_articles(session)
    articles = list((await session.execute(old.order_by(col(StorySignatureRow.at)).limit(most))).scalars())
    await forget_articles(session, articles)
    return len(articles)


async def place(
    connection: AsyncConnection, article: ArticleRow, signature: Signature, decision: Assignment, *, now: datetime
) -> None:
    """Put an article into the story that was decided on, or a new one, and let it be found by what that had not posted
    yet."""
    found = story_index.Found(article.id, _at(article), signature, decision.posts)
    if decision.story is not None:
        article.story_id = decision.story
        if decision.posts:
            await story_index.keep(connection, decision.story, found)
    elif decision.posts:
        article.story_id = await story_index.keep_new(connection, article.title, article.url, now, found)
    else:
        article.story_id = await story_index.new_story(connection, article.title, article.url, now)
    if decision.crowded:
        await story_index.crowd(connection, decision.crowded)


async def repost(connection: AsyncConnection, article: ArticleRow) -> None:
    """Let an article be found by all of its hashes, whatever its story posted."""
    signature = signature_of(article)
    hashes = posted_hashes(signature)
    postings = await story_index.find(connection, hashes)
    free = [h for h in hashes if postings.get(h, ()) is not None]
    if hashes:
        found = story_index.Found(article.id, _at(article), signature, free)
        await story_index.keep(connection, article.story_id or 0, found)


def signature_of(article: ArticleRow) -> Signature:
    """Of the text without what recurs on the host's pages: sites have notices in common, not news."""
    return sign(article.title, without(article.text, [(start, end) for start, end in article.recurring or ()]))


def _at(article: ArticleRow) -> datetime:
    return article.published_at or article.discovered_at


async def _merge_alerts(session: AsyncSession, into: int, other: int) -> None:
    """An alert's key says for which story it was raised: what the other story has raised, this one has."""
    raised = select(col(AlertRow.rule)).where(
        col(AlertRow.story_id) == into, col(AlertRow.dedupe_key) == f"story:{into}"
    )
    rules = set((await session.execute(raised)).scalars())
    await session.execute(
        update(AlertRow)
        .where(
            col(AlertRow.story_id) == other,
            col(AlertRow.dedupe_key) == f"story:{other}",
            col(AlertRow.rule).not_in(rules),
        )
        .values(dedupe_key=f"story:{into}")
        .execution_options(synchronize_session=False)
    )
    await session.execute(
        update(AlertRow)
        .where(col(AlertRow.story_id) == other)
        .values(story_id=into)
        .execution_options(synchronize_session=False)
    )


async def _merge_splits(session: AsyncSession, into: int, other: int) -> None:
    pairs = (
        await session.execute(
            select(col(StorySplitRow.one), col(StorySplitRow.other)).where(
                or_(col(StorySplitRow.one).in_([into, other]), col(StorySplitRow.other).in_([into, other]))
            )
        )
    ).all()
    if not pairs:
        return
    strangers = {story for pair in pairs for story in pair} - {into, other}
    await session.execute(
        delete(StorySplitRow).where(
            or_(col(StorySplitRow.one).in_([into, other]), col(StorySplitRow.other).in_([into, other]))
        )
    )
    if strangers:
        await session.execute(
            insert(StorySplitRow), [{"one": min(into, s), "other": max(into, s)} for s in sorted(strangers)]
        )
