"""Deleting old articles that nothing needs, in short transactions beside a running daemon.

An article is needed while an alert was made of it, or is to be; while a person marked one of its mentions; while its
story was told in an alert or has a younger article.

Of the others text, mentions, facts and revisions go. What remains is a husk, state ``pruned``: its title, and the items
and addresses under which it is known, for an item that its feed still carries must not become news again
(docs/adr/0027). A husk that no item leads to any more goes as well, and so does a story without articles.
"""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Select, and_, delete, exists, func, or_, select, text, tuple_, update
from sqlalchemy.exc import DatabaseError
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased, load_only
from sqlmodel import col

from service.store.engine import Database, lock_articles
from service.store.fulltext import unindex_article
from service.store.spelling import is_sqlite
from service.store.stories import forget_articles
from service.store.tables import (
    AlertMentionRow,
    AlertRow,
    ArticleRow,
    EntryRow,
    FactRow,
    MarkRow,
    MentionRow,
    RescanHitRow,
    RevisionRow,
    StoryRow,
    WaitingRow,
)

__all__ = ["PRUNED", "Pruned", "count_old", "prune"]

PRUNED: Final = "pruned"
_AT_ONCE: Final = 100
"""Articles of a transaction: tens of milliseconds."""
_PAUSE_SECONDS: Final = 0.05
"""Between transactions: SQLite lets nobody queue for its one writer's place."""
_NEEDED_BY: Final = (AlertMentionRow, WaitingRow, RescanHitRow, MarkRow)
_EMPTY: Final[dict[str, Any]] = {
    "state": PRUNED,
    "text": "",
    "feed_text": "",
    "author": None,
    "image_url": None,
    "rejected": [],
    "held": [],
    "recurring": None,
    "story_id": None,
    "reread_at": None,
    "feed_title": None,
    "claimed_key": None,
}


@dataclass(slots=True)
class Pruned:
    """What was deleted, or would be; ``kept``: old articles that something needs."""

    articles: int = 0
    mentions: int = 0
    stories: int = 0
    kept: int = 0


@dataclass(frozen=True, slots=True)
class _Place:
    """The last article that was looked at, in the order in which they were found."""

    at: datetime
    id: int


async def count_old(db: Database, *, before: datetime) -> int:
    """How many articles ``prune`` looks at."""
    async with db.read() as session:
        old = select(func.count()).select_from(ArticleRow).where(col(ArticleRow.discovered_at) < before, _whole())
        return int((await session.execute(old)).scalar_one())


async def prune(
    db: Database,
    *,
    before: datetime,
    dry_run: bool = False,
    advance: Callable[[int], None] = lambda _looked_at: None,
) -> Pruned:
    """Delete what was found ``before`` and nothing needs, the oldest first. To stop it at any moment loses nothing: it
    goes on with what is left. ``dry_run``: only count."""
    done, after = Pruned(), None
    while True:
        async with db.read() if dry_run else db.write() as session:
            if not dry_run:
                await lock_articles(session)
            found = await _next(session, before, after, locked=not dry_run)
            if not found:
                return done
            await _prune_some(session, [number for _, number in found], before, done, dry_run=dry_run)
        after = _Place(*found[-1])
        advance(len(found))
        await asyncio.sleep(0 if dry_run else _PAUSE_SECONDS)


def _whole() -> Any:  # noqa: ANN401 - a condition
    """Not pruned yet, not waiting to be read for the first time, and nobody is reading it."""
    return and_(col(ArticleRow.state).in_(["read", "duplicate"]), col(ArticleRow.lease_token).is_(None))


async def _next(
    session: AsyncSession, before: datetime, after: _Place | None, *, locked: bool
) -> list[tuple[datetime, int]]:
    time, identity = col(ArticleRow.discovered_at), col(ArticleRow.id)
    wanted = select(time, identity).where(time < before, _whole()).order_by(time, identity).limit(_AT_ONCE)
    if after is not None:
        wanted = wanted.where(tuple_(time, identity) > tuple_(after.at, after.id))
    if locked:
        wanted = wanted.with_for_update(skip_locked=True)
    return [(at, number) for at, number in await session.execute(wanted)]


async def _prune_some(
    session: AsyncSession, numbers: Sequence[int], before: datetime, done: Pruned, *, dry_run: bool
) -> None:
    needed = await _needed(session, numbers, before, locked=not dry_run)
    gone = sorted(set(numbers) - needed)
    named = select(func.count()).select_from(MentionRow).where(col(MentionRow.article_id).in_(gone))
    done.mentions += int((await session.execute(named)).scalar_one())
    done.articles += len(gone)
    done.kept += len(needed)
    if gone and not dry_run:
        done.stories += await _delete(session, gone)


async def _needed(session: AsyncSession, numbers: Sequence[int], before: datetime, *, locked: bool) -> set[int]:
    """Mentions are locked before they are looked at: whoever tells one at this moment comes first, or not at all."""
    mine = select(col(MentionRow.id), col(MentionRow.article_id)).where(col(MentionRow.article_id).in_(numbers))
    mentions = {mention: article for mention, article in await session.execute(mine)}  # noqa: C416 - rows are no pairs
    free = set(mentions)
    if locked and mentions:
        hold = select(col(MentionRow.id)).where(col(MentionRow.id).in_(mentions)).with_for_update(skip_locked=True)
        free = set((await session.execute(hold)).scalars())
    needed = {article for mention, article in mentions.items() if mention not in free}
    for table in _NEEDED_BY:
        by = col(table.mention_id)
        needed |= {mentions[one] for one in (await session.execute(select(by).where(by.in_(mentions)))).scalars()}
    living = await session.execute(_of_living_stories(numbers, before))
    return needed | {article for (article,) in living}


def _of_living_stories(numbers: Sequence[int], before: datetime) -> Select[Any]:
    """Those whose story was told, or has an article that stays because it is young."""
    other = aliased(ArticleRow)
    story = col(ArticleRow.story_id)
    young = exists().where(col(other.story_id) == story, or_(col(other.discovered_at) >= before, _unread(other)))
    told = exists().where(col(AlertRow.story_id) == story)
    return select(col(ArticleRow.id)).where(col(ArticleRow.id).in_(numbers), or_(told, young))


def _unread(row: Any) -> Any:  # noqa: ANN401 - an alias; a condition
    return col(row.state) == "due"


async def _delete(session: AsyncSession, numbers: Sequence[int]) -> int:
    """How many stories went with them."""
    wanted = select(ArticleRow).where(col(ArticleRow.id).in_(numbers))
    columns: Any = (ArticleRow.id, ArticleRow.title, ArticleRow.text, ArticleRow.story_id, ArticleRow.state)
    rows = (await session.execute(wanted.options(load_only(*columns)))).scalars().all()
    stories = {row.story_id for row in rows if row.story_id is not None}
    await _unindex(session, [row for row in rows if row.state == "read"])
    await forget_articles(session, numbers)
    for table in (MentionRow, FactRow, RevisionRow):
        await session.execute(delete(table).where(col(table.article_id).in_(numbers)))
    mine = col(ArticleRow.id).in_(numbers)
    still_known = exists().where(col(EntryRow.article_id) == col(ArticleRow.id))
    plain = {"synchronize_session": False}
    await session.execute(delete(ArticleRow).where(mine, ~still_known).execution_options(**plain))
    await session.execute(update(ArticleRow).where(mine).values(**_EMPTY).execution_options(**plain))
    if not is_sqlite(session):
        unindexed = text("UPDATE articles SET terms = NULL WHERE id = ANY(:numbers)")
        await session.execute(unindexed, {"numbers": list(numbers)})
    return await _delete_stories(session, stories)


async def _unindex(session: AsyncSession, rows: Sequence[ArticleRow]) -> None:
    """SQLite refuses to forget what was not indexed in just these words, say by another version. Such an entry stays:
    it names an article that no listing shows."""
    try:
        async with session.begin_nested():
            for row in rows:
                await unindex_article(session, row.id, row.title, row.text)
    except DatabaseError:
        if len(rows) > 1:
            for row in rows:
                await _unindex(session, [row])


async def _delete_stories(session: AsyncSession, stories: set[int]) -> int:
    """Those of these that have no article any more, with what was merged into them."""
    empty = (
        delete(StoryRow)
        .where(
            col(StoryRow.id).in_(stories),
            ~exists().where(col(ArticleRow.story_id) == col(StoryRow.id)),
            ~exists().where(col(AlertRow.story_id) == col(StoryRow.id)),
        )
        .returning(col(StoryRow.id))
        .execution_options(synchronize_session=False)
    )
    gone = set((await session.execute(empty)).scalars())
    merged = delete(StoryRow).where(col(StoryRow.merged_into).in_(gone)).execution_options(synchronize_session=False)
    await session.execute(merged)
    return len(gone)
