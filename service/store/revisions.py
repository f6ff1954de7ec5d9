"""Articles that were read before: which are due to be read again, and writing what their page says now."""

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from service.domain.facts import Fact
from service.domain.model import MatchResult, Mention
from service.domain.past import mention_values, rejection_value
from service.domain.reading import Reading, ReadJob
from service.domain.revisions import reread_at
from service.domain.updates import News
from service.store import events
from service.store.addresses import keep_addresses
from service.store.articles import Saved, mention_row
from service.store.claims import lock_held
from service.store.engine import lock_articles
from service.store.facts import replace_facts
from service.store.fulltext import index_article, unindex_article
from service.store.lines import mention_line
from service.store.stories import signature_of
from service.store.story_edits import place_again
from service.store.tables import ArticleRow, MentionRow, RevisionRow, StoryRow

__all__ = ["keep_as_it_was", "put_off", "save_edit"]


async def put_off(session: AsyncSession, job: ReadJob, now: datetime) -> bool:
    """The page cannot be had now: read it again later, or no more. False when the claim was lost."""
    row = await lock_held(session, ArticleRow, job.id, job.lease_token)
    if row is None:
        return False
    _done(row, job, now)
    row.reread_at = row.reread_at or reread_at(rereads=row.rereads or 0, read_at=now, now=now)
    return True


async def keep_as_it_was(session: AsyncSession, job: ReadJob, reading: Reading, now: datetime) -> bool:
    """The page says what it said, or less. False when the claim was lost."""
    await lock_articles(session)
    row = await lock_held(session, ArticleRow, job.id, job.lease_token)
    if row is None:
        return False
    await keep_addresses(session, row, reading)
    _done(row, job, now)
    return True


async def save_edit(
    session: AsyncSession,
    job: ReadJob,
    reading: Reading,
    result: MatchResult,
    before: Collection[str],
    *,
    facts: Sequence[Fact] = (),
    news: News | None = None,
    now: datetime,
) -> Saved | None:
    """Keep what the article said as a revision, and write what it says now, in the caller's transaction.

    ``before``: the entities that today's matcher finds in the old text. An entity that is not among them is new with
    the edit; one that is, and has no mention yet, is news of the watch list and comes backfilled; a mention whose
    entity the edit took out is withdrawn. ``news``: what it makes known on mentions and story. None: the claim was
    lost to another worker and nothing was written.
    """
    await lock_articles(session)
    row = await lock_held(session, ArticleRow, job.id, job.lease_token)
    if row is None:
        return None
    session.add(
        RevisionRow(article_id=row.id, at=now, read_at=row.read_at, title=row.title, text=row.text, origin=row.origin)
    )
    was = signature_of(row)
    await unindex_article(session, row.id, row.title, row.text)
    row.url, row.canonical_url = reading.url, reading.canonical_url
    row.title, row.text = reading.title, reading.text
    row.origin, row.origin_note, row.cut_note = reading.origin, reading.note, reading.cut_note
    row.author, row.language = reading.author or row.author, reading.language
    row.image_url = reading.image_url or row.image_url
    row.recurring = [list(stretch) for stretch in reading.recurring] or None
    row.rejected = [rejection_value(rejection) for rejection in result.rejected]
    await keep_addresses(session, row, reading)
    _done(row, job, now)
    await session.flush()
    await index_article(session, row.id, row.title, row.text)
    await replace_facts(session, row.id, facts, now=now)
    standing = await _write_mentions(session, row, result, before, now)
    place = await place_again(session, row, was, now=now)
    await _make_known(session, None if place.moved else place.story["id"], standing, news or News(), now)
    lines = tuple(mention_line(mention, row, facts) for mention in standing)
    return Saved(place.story, lines, moved=place.moved)


def _done(row: ArticleRow, job: ReadJob, now: datetime) -> None:
    """The second reading is over. What the feed said while it ran stays due."""
    row.lease_until = row.lease_token = None
    row.rereads, row.read_at = (row.rereads or 0) + 1, now
    if job.stored is not None and row.reread_at == job.stored.due:
        row.reread_at = row.feed_title = None
        row.feed_text = ""


async def _write_mentions(
    session: AsyncSession, article: ArticleRow, result: MatchResult, before: Collection[str], now: datetime
) -> list[MentionRow]:
    """The mentions that stand, in the order of the text."""
    rows = await session.execute(select(MentionRow).where(col(MentionRow.article_id) == article.id))
    known = {row.entity: row for row in rows.scalars()}
    standing = [
        _stand(known[mention.entity], mention)
        if mention.entity in known
        else mention_row(article, mention, now, backfilled=mention.entity in before)
        for mention in result.mentions
    ]
    session.add_all(standing)
    named = {mention.entity for mention in result.mentions}
    for entity in known.keys() & set(before) - named:
        known[entity].withdrawn_at = known[entity].withdrawn_at or now
        known[entity].withdrawn_reason = known[entity].withdrawn_reason or _reason(entity, result)
    await session.flush()
    for row in standing:
        if row.entity not in known and not row.backfilled:
            events.note(session, mention=row.id, now=now)
    return standing


async def _make_known(
    session: AsyncSession, story: int | None, standing: Sequence[MentionRow], news: News, now: datetime
) -> None:
    """``story``: None when the article tells another one now, of which nothing of this is an update."""
    for row in standing:
        if row.entity in news.mentions:
            row.updated_at, row.update_note = now, news.mentions[row.entity]
    if news.story and story is not None:
        told = {"updated_at": now, "update_note": news.story}
        await session.execute(update(StoryRow).where(col(StoryRow.id) == story).values(**told))
    await session.flush()


def _stand(row: MentionRow, mention: Mention) -> MentionRow:
    for name, value in mention_values(mention).items():
        setattr(row, name, value)
    row.withdrawn_at = row.withdrawn_reason = None
    return row


def _reason(entity: str, result: MatchResult) -> str:
    why = next((rejection.reason for rejection in result.rejected if rejection.entity == entity), None)
    return "the article was edited, and " + (f"what looks like it now is not: {why}" if why else "names it no more")
