"""Which story an article belongs to, kept with the article in one transaction.

    article -> hashes -> story_posts -> rivals' signatures -> assign (service/domain/stories) -> story, posts, merges

One transaction at a time assigns, by an advisory lock on PostgreSQL and because SQLite has one writer: two copies that
arrive at once find each other. When two stories turn out to be one, the younger is emptied into the elder and points to
it, and its alerts become the elder's, so that a rule alerts on the story once.
"""

import json
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import and_, bindparam, delete, insert, or_, select, text, update
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncSession
from sqlmodel import col

from service.domain.stories import Assignment, Member, Posting, Signature, assign, posted_hashes, rivals, sign
from service.store.engine import lock
from service.store.tables import (
    AlertRow,
    ArticleRow,
    StoryPostRow,
    StoryRow,
    StorySignatureRow,
    StorySplitRow,
)

__all__ = ["assign_story", "forget_articles", "forget_index", "merge", "split", "story_of"]

_NOBODY = 0
"""The article of a crowded hash."""
_FIND = """SELECT p.hash, p.article_id, s.story_id FROM story_posts p
LEFT JOIN story_signatures s ON s.article_id = p.article_id WHERE p.hash IN ({hashes})"""
_KEEP = "INSERT INTO story_posts (hash, article_id) SELECT {each}, :article {source} ON CONFLICT DO NOTHING"
# A list is one parameter: statements with dozens of them cost more to write than to run.
_SQLITE = {
    "find": _FIND.format(hashes="SELECT value FROM json_each(:hashes)"),
    "keep": _KEEP.format(each="value", source="FROM json_each(:hashes) WHERE true"),
}
_POSTGRES = {
    "find": text(
        _FIND.format(hashes="SELECT CAST(value AS bigint) FROM jsonb_array_elements_text(CAST(:hashes AS jsonb))")
    ),
    "keep": text(
        _KEEP.format(
            each="CAST(value AS bigint)", source="FROM jsonb_array_elements_text(CAST(:hashes AS jsonb)) WHERE true"
        )
    ),
}
_SPOKESMEN = 3
"""Members that make a story found again when the one that had posted for all was taken out."""
Rows = dict[int, list[Posting] | None]


async def assign_story(session: AsyncSession, article: ArticleRow, *, now: datetime) -> StoryRow:
    """Find or make the story of an article that was just read, and put the article in it."""
    signature = sign(article.title, article.text)
    at = article.published_at or article.discovered_at
    await lock(session, "stories")
    connection = await session.connection()
    postings = await _postings(connection, posted_hashes(signature))
    members = await _members(connection, rivals(postings))
    apart = await _told_apart(connection, {member.story for member in members})
    decision = assign(signature, at, postings, members, apart)
    if decision.story is None:
        story = StoryRow(title=article.title, url=article.url, created_at=now)
        session.add(story)
        await session.flush()
    else:
        if decision.merge:
            await session.flush()
            await merge(session, decision.story, decision.merge)
        story = await session.get_one(StoryRow, decision.story)
    article.story_id = story.id
    await _post(connection, article.id, story.id, at, signature, decision)
    return story


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


async def split(session: AsyncSession, article_id: int, *, now: datetime) -> int | None:
    """Take an article out of its story into one of its own, for good; the new story, or None when there is no such
    article or it is alone already."""
    await lock(session, "stories")
    article = await session.get(ArticleRow, article_id)
    if article is None or article.story_id is None:
        return None
    old = article.story_id
    others = select(ArticleRow).where(col(ArticleRow.story_id) == old, col(ArticleRow.id) != article_id)
    rest = (await session.execute(others.order_by(col(ArticleRow.id)).limit(_SPOKESMEN))).scalars().all()
    if not rest:
        return None
    story = StoryRow(title=article.title, url=article.url, created_at=now)
    session.add(story)
    await session.flush()
    article.story_id = story.id
    first = await session.get(StoryRow, old)
    if first is not None:
        first.title, first.url = rest[0].title, rest[0].url
    await session.execute(insert(StorySplitRow).values(one=min(old, story.id), other=max(old, story.id)))
    await session.flush()
    for spokesman in (article, *rest):
        await _repost(await session.connection(), spokesman, story.id if spokesman is article else old)
    return story.id


async def story_of(session: AsyncSession, story: int) -> int | None:
    """The story that an id means today; None if there is none."""
    row = await session.get(StoryRow, story)
    if row is not None and row.merged_into is not None:
        row = await session.get(StoryRow, row.merged_into)
    return None if row is None else row.id


async def forget_articles(session: AsyncSession, articles: Sequence[int]) -> None:
    """Let nothing be found by these articles any more. To be called before they are deleted."""
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
    articles = list((await session.execute(old.order_by(col(StorySignatureRow.at)).limit(most))).scalars())
    await forget_articles(session, articles)
    return len(articles)


async def _postings(connection: AsyncConnection, hashes: Sequence[int]) -> Rows:
    found: Rows = {}
    if not hashes:
        return found
    for h, article, story in await _run(connection, "find", hashes=json.dumps(hashes)):
        if article == _NOBODY:
            found[h] = None
        elif story is not None:
            rows = found.setdefault(h, [])
            if rows is not None:
                rows.append(Posting(article, story))
    return found


async def _keep(connection: AsyncConnection, article: int, hashes: Sequence[int]) -> None:
    await _run(connection, "keep", article=article, hashes=json.dumps(hashes))


async def _run(connection: AsyncConnection, name: str, **values: object) -> Iterable[Any]:
    """On SQLite past SQLAlchemy, which would change threads four times for a statement: that is most of its cost."""
    if connection.dialect.name == "sqlite":
        driver: Any = (await connection.get_raw_connection()).driver_connection
        rows: Iterable[Any] = await driver.execute_fetchall(_SQLITE[name], values)
        return rows
    result = await connection.execute(_POSTGRES[name], values)
    return result.all() if result.returns_rows else ()


async def _members(connection: AsyncConnection, articles: Sequence[int]) -> list[Member]:
    if not articles:
        return []
    table = StorySignatureRow.__table__  # type: ignore[attr-defined]
    rows = await connection.execute(select(table).where(table.c.article_id.in_(articles)))
    found = {row.article_id: Member(row.article_id, row.story_id, Signature.unpack(row.data), row.at) for row in rows}
    return [found[article] for article in articles if article in found]


async def _told_apart(connection: AsyncConnection, stories: set[int]) -> set[frozenset[int]]:
    if len(stories) < 2:
        return set()
    pairs = select(col(StorySplitRow.one), col(StorySplitRow.other)).where(
        and_(col(StorySplitRow.one).in_(stories), col(StorySplitRow.other).in_(stories))
    )
    return {frozenset(pair) for pair in await connection.execute(pairs)}


async def _post(
    connection: AsyncConnection, article: int, story: int, at: datetime, signature: Signature, decision: Assignment
) -> None:
    if decision.posts:
        await connection.execute(
            insert(StorySignatureRow).values(article_id=article, story_id=story, at=at, data=signature.pack())
        )
        await _keep(connection, article, decision.posts)
    if decision.crowded:
        await connection.execute(delete(StoryPostRow).where(col(StoryPostRow.hash).in_(decision.crowded)))
        await _keep(connection, _NOBODY, decision.crowded)


async def _repost(connection: AsyncConnection, article: ArticleRow, story: int) -> None:
    """Let an article be found by all of its hashes, whatever its story posted."""
    signature = sign(article.title, article.text)
    hashes = posted_hashes(signature)
    postings = await _postings(connection, hashes)
    await connection.execute(delete(StorySignatureRow).where(col(StorySignatureRow.article_id) == article.id))
    posted = [h for h, rows in postings.items() if rows and any(row.member == article.id for row in rows)]
    crowded = [h for h, rows in postings.items() if rows is None]
    fresh = [h for h in hashes if h not in {*posted, *crowded}]
    at = article.published_at or article.discovered_at
    if hashes:
        await connection.execute(
            insert(StorySignatureRow).values(article_id=article.id, story_id=story, at=at, data=signature.pack())
        )
    if fresh:
        await _keep(connection, article.id, fresh)


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
