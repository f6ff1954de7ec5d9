"""Articles: which are due to be read, and writing what a reading found."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import and_, bindparam, func, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from service.domain.addresses import address_key
from service.domain.alerting import Hit
from service.domain.dates import settle_date
from service.domain.facts import Fact
from service.domain.model import MatchResult, Mention
from service.domain.past import mention_values, rejection_value
from service.domain.reading import Reading, ReadJob, Stored, TryAgain
from service.store import events
from service.store.addresses import become_duplicate, find_twin, keep_addresses, take_from_all
from service.store.claims import NOW, Claim, Lease, claim, lock_held, release
from service.store.engine import Database, lock, lock_articles
from service.store.facts import facts_of, replace_facts
from service.store.fulltext import index_article
from service.store.lines import Line, mention_line
from service.store.stories import assign_story
from service.store.tables import ArticleRow, MentionRow, SourceRow, StoryRow

__all__ = [
    "Duplicate",
    "Saved",
    "claim_due",
    "falls_due",
    "held_mentions",
    "hold",
    "mention_row",
    "put_off",
    "release_claim",
    "save_reading",
    "try_again",
]


_DUE = Claim(
    ArticleRow,
    and_(col(ArticleRow.state) == "due", col(ArticleRow.next_read_at) <= NOW),
    col(ArticleRow.next_read_at),
)
_DUE_AGAIN = Claim(
    ArticleRow, and_(col(ArticleRow.reread_at) <= NOW, col(ArticleRow.state) == "read"), col(ArticleRow.reread_at)
)
_SOURCE_URLS = select(col(SourceRow.id), col(SourceRow.url)).where(
    col(SourceRow.id).in_(bindparam("ids", expanding=True))
)


@dataclass(frozen=True, slots=True)
class Saved:
    """An article with its place in the world. ``story``: id, title, url; ``mentions``: lines with their ids; ``moved``:
    by an edit it tells another story than before."""

    story: Line
    mentions: tuple[Line, ...]
    moved: bool = False


@dataclass(frozen=True, slots=True)
class Duplicate:
    """The page is one that was read before."""

    of: int


async def claim_due(db: Database, *, limit: int, now: datetime, lease: Lease) -> list[ReadJob]:
    """What is new goes before what is to be read again."""
    async with db.write() as session:
        rows = [*await claim(session, _DUE, limit=limit, now=now, lease=lease)]
        if len(rows) < limit:
            rows += await claim(session, _DUE_AGAIN, limit=limit - len(rows), now=now, lease=lease)
        if not rows:
            return []
        ids = {row.source_id for row in rows if row.source_id is not None}
        urls = await session.execute(_SOURCE_URLS, {"ids": list(ids)})
        source_urls = dict(urls.all())
        return [_job(row, source_urls.get(row.source_id or 0, "")) for row in rows]


async def falls_due(session: AsyncSession, *, after: datetime, until: datetime, most: int) -> Sequence[datetime]:
    """When articles will be due to be read that are not yet; at most so many, the soonest first."""
    at = col(ArticleRow.next_read_at)
    statement = select(at).where(col(ArticleRow.state) == "due", at > after, at <= until).order_by(at).limit(most)
    return (await session.execute(statement)).scalars().all()


async def release_claim(db: Database, job: ReadJob) -> None:
    async with db.write() as session:
        await release(session, ArticleRow, job.id, job.lease_token)


async def put_off(db: Database, turns: Sequence[tuple[ReadJob, datetime]]) -> None:
    """Give claims back until the times beside them: their hosts are busy until then. It counts as no attempt."""
    async with db.write() as session:
        await lock_articles(session)
        for job, at in turns:
            when = {"next_read_at": at} if job.stored is None else {"reread_at": at}
            held = (col(ArticleRow.id) == job.id, col(ArticleRow.lease_token) == job.lease_token)
            await session.execute(update(ArticleRow).where(*held).values(lease_until=None, lease_token=None, **when))


async def try_again(session: AsyncSession, job: ReadJob, decision: TryAgain) -> bool:
    """False when the claim was lost to another worker."""
    row = await lock_held(session, ArticleRow, job.id, job.lease_token)
    if row is None:
        return False
    row.attempts += 1
    row.next_read_at, row.origin_note = decision.at, decision.reason
    row.lease_until = row.lease_token = None
    return True


async def save_reading(
    session: AsyncSession,
    job: ReadJob,
    reading: Reading,
    result: MatchResult,
    *,
    facts: Sequence[Fact] = (),
    now: datetime,
) -> Saved | Duplicate | None:
    """Write an article's text, its mentions, its facts and its story, in the caller's transaction.

    None: the claim was lost to another worker and nothing was written.
    """
    await lock_articles(session)
    row = await lock_held(session, ArticleRow, job.id, job.lease_token)
    if row is None:
        return None
    twin = await find_twin(session, job, reading)
    if twin is not None:
        row.lease_until = row.lease_token = None
        await become_duplicate(session, row, twin, now)
        return Duplicate(twin)
    if await take_from_all(session, job, reading, now):
        reading = replace(reading, url=job.url, canonical_url=None, amp_url=None)
    was_read = row.read_at is not None
    with session.no_autoflush:  # the article is written once, with its story
        await _write_reading(session, row, reading, result, now)
        story = await _story(session, row, now)
    if was_read or facts:
        await replace_facts(session, row.id, facts, now=now)
    mentions = await _add_mentions(session, row, result.mentions, facts, now)
    await index_article(session, row.id, reading.title, reading.text)
    return Saved(story, mentions)


async def hold(session: AsyncSession, job: ReadJob, hits: Sequence[Hit]) -> None:
    """Keep which rules an article of a first poll met, for the summary."""
    await session.execute(
        update(ArticleRow)
        .where(col(ArticleRow.id) == job.id)
        .values(held=[{"rule": hit.rule, "entities": list(hit.entities)} for hit in hits])
    )


async def held_mentions(session: AsyncSession, source_id: int) -> dict[str, list[Line]] | None:
    """What the first poll of a source held, by rule, once its last article was read; None while some are still due.

    Only one transaction a source passes at a time, and after its own article was written: exactly one sees the last.
    """
    await lock(session, f"first poll of {source_id}")
    await session.flush()
    of_first_poll = and_(col(ArticleRow.source_id) == source_id, col(ArticleRow.baseline))
    due = select(func.count()).where(of_first_poll, col(ArticleRow.state) == "due")
    if (await session.execute(due)).scalar_one():
        return None
    rows = await session.execute(
        select(ArticleRow, MentionRow)
        .join(MentionRow, col(MentionRow.article_id) == col(ArticleRow.id))
        .where(of_first_poll)
        .order_by(col(ArticleRow.published_at).desc().nulls_last(), col(MentionRow.id))
        .execution_options(populate_existing=True)
    )
    held = rows.all()
    facts = await facts_of(session, (article.id for article, _ in held))
    by_rule: dict[str, list[Line]] = {}
    for article, mention in held:
        for met in article.held:
            if mention.entity in met["entities"]:
                line = mention_line(mention, article, facts.get(article.id, ()))
                by_rule.setdefault(met["rule"], []).append(line)
    return by_rule


async def _write_reading(
    session: AsyncSession, row: ArticleRow, reading: Reading, result: MatchResult, now: datetime
) -> None:
    # What a feed said while this was read is kept; so is what it said of a page that others may turn out to share.
    if row.reread_at is None and (reading.origin == "feed" or address_key(row.url) == address_key(reading.url)):
        row.feed_text = ""
    row.state, row.read_at = "read", now
    row.lease_until = row.lease_token = None
    row.url, row.canonical_url = reading.url, reading.canonical_url
    row.title, row.text = reading.title, reading.text
    row.origin, row.origin_note, row.cut_note = reading.origin, reading.note, reading.cut_note
    row.author, row.language, row.image_url = reading.author, reading.language, reading.image_url
    dated = settle_date(reading.published_at, first_seen=row.discovered_at, absurd=row.date_note)
    row.published_at, row.date_note = dated.published_at, dated.note
    row.rejected = [rejection_value(rejection) for rejection in result.rejected]
    row.recurring = [list(stretch) for stretch in reading.recurring] or None
    await keep_addresses(session, row, reading)


async def _story(session: AsyncSession, row: ArticleRow, now: datetime) -> Line:
    """The story that an article has, or is given now: id, title, url."""
    story = await session.get(StoryRow, row.story_id) if row.story_id is not None else None
    if story is None:
        return await assign_story(session, row, now=now)
    return {"id": story.id, "title": story.title, "url": story.url}


async def _add_mentions(
    session: AsyncSession, article: ArticleRow, mentions: Sequence[Mention], facts: Sequence[Fact], now: datetime
) -> tuple[Line, ...]:
    rows = [mention_row(article, mention, now) for mention in mentions]
    session.add_all(rows)
    await session.flush()
    for row in rows:
        events.note(session, mention=row.id, now=now)
    return tuple(mention_line(row, article, facts) for row in rows)


def mention_row(article: ArticleRow, mention: Mention, now: datetime, *, backfilled: bool = False) -> MentionRow:
    return MentionRow(
        article_id=article.id,
        entity=mention.entity,
        discovered_at=now,
        backfilled=backfilled,
        **mention_values(mention),
    )


def _job(row: ArticleRow, source_url: str) -> ReadJob:
    return ReadJob(
        id=row.id,
        url=row.url,
        title=row.feed_title or row.title,
        feed_text=row.feed_text,
        author=row.author,
        language=row.language,
        published_at=None if row.date_note else row.published_at,
        discovered_at=row.discovered_at,
        source_id=row.source_id,
        source=row.source,
        source_url=source_url,
        tags=tuple(row.tags),
        baseline=row.baseline,
        attempts=row.attempts if row.state == "due" else 0,
        lease_token=row.lease_token or "",
        stored=_stored(row),
    )


def _stored(row: ArticleRow) -> Stored | None:
    if row.state != "read" or row.reread_at is None:
        return None
    return Stored(
        url=row.url,
        title=row.title,
        text=row.text,
        origin=row.origin or "page",
        note=row.origin_note,
        language=row.language,
        canonical_url=row.canonical_url,
        image_url=row.image_url,
        due=row.reread_at,
        recurring=tuple((start, end) for start, end in row.recurring or ()),
        cut_note=row.cut_note,
    )
