"""What an edit does to the story of an article: mostly nothing, sometimes the article now tells another news.

old signature, new signature -> equal?  nothing
                             -> strays? another story, or a new one; what it has raised stays where it was
                             -> else    its story, found by the new words; a copy of another story joins the two
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from service.domain.stories import Assignment, Signature, compare, strays
from service.store import stories, story_index
from service.store.lines import Line
from service.store.tables import ArticleRow, StoryRow

__all__ = ["Place", "place_again"]


@dataclass(frozen=True, slots=True)
class Place:
    """``story``: id, title, url; ``moved``: the article tells another news than before."""

    story: Line
    moved: bool = False


async def place_again(session: AsyncSession, article: ArticleRow, was: Signature, *, now: datetime) -> Place:
    """The story of an edited article, in the caller's transaction, which holds ``lock_articles``. ``was``: the
    signature of what it said before.

    A story that a person merged or split keeps its articles. An article that tells another news leaves its story, with
    the alerts that it has raised, and the story says so; alone or not, for nobody has been told of the new news yet.
    """
    home = await session.get(StoryRow, article.story_id) if article.story_id is not None else None
    if home is None:
        return Place(await stories.assign_story(session, article, now=now))
    signature = stories.signature_of(article)
    if signature == was:
        return Place(_line(home))
    connection = await session.connection()
    rest = await stories.spokesmen(session, article)
    await story_index.withdraw(connection, article.id)
    for spokesman in rest:  # the article may have posted for them
        await stories.repost(connection, spokesman)
    if home.arranged_at is not None:
        await stories.repost(connection, article)
        return Place(_line(home))
    decision, _ = await stories.decide(connection, signature, article.published_at or article.discovered_at)
    if strays(compare(was, signature)):
        return await _leave(session, article, home, rest, decision, signature, now)
    into = await _join(session, home.id, decision, alone=not rest)
    article.story_id = into
    await session.flush()
    await stories.repost(connection, article)
    return Place(_line(await session.get_one(StoryRow, into)))


async def _leave(
    session: AsyncSession,
    article: ArticleRow,
    home: StoryRow,
    rest: Sequence[ArticleRow],
    decision: Assignment,
    signature: Signature,
    now: datetime,
) -> Place:
    connection = await session.connection()
    if home.id in (decision.story, *decision.merge):  # it is no more like itself, but like another that stays
        await stories.repost(connection, article)
        return Place(_line(home))
    if decision.merge:
        await session.flush()
        await stories.merge(session, decision.story or 0, decision.merge)
    await stories.place(connection, article, signature, decision, now=now)
    if rest:
        await stories.name_after(session, home.id, rest[0])
    note = f"article {article.id} was edited, and tells story {article.story_id} since"
    await session.execute(update(StoryRow).where(col(StoryRow.id) == home.id).values(updated_at=now, update_note=note))
    await session.flush()
    return Place(_line(await session.get_one(StoryRow, article.story_id)), moved=True)


async def _join(session: AsyncSession, home: int, decision: Assignment, *, alone: bool) -> int:
    """Merge what the new text shows to be one story; the story that is left. An article alone in its story takes it
    along, for the story has no other text; one of several only as a copy of both would."""
    found = {decision.story, *decision.merge} - {None}
    whole = {story for story in found if story is not None} | {home}
    if len(whole) == 1 or not (alone or home in found):
        return home
    apart = await story_index.told_apart(await session.connection(), whole)
    if apart:
        return home
    into = min(whole)
    await session.flush()
    await stories.merge(session, into, sorted(whole - {into}))
    return into


def _line(story: StoryRow) -> Line:
    return {"id": story.id, "title": story.title, "url": story.url}
