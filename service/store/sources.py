"""Sources: what is due, what a poll found, what a user reads about them."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from sqlalchemy import and_, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from scrapers.slicing import HASH_BYTES
from scrapers.types import Feed, FeedEntry, Validators
from service.domain.dates import settle_date
from service.domain.identity import address_key, host_of, short_key
from service.domain.revisions import entry_digest
from service.domain.rhythm import remember_seen
from service.domain.schedule import Failed, Fresh, PollDecision, PollResult, Same, SourceState, Wishes
from service.domain.websub import PushDecision, ping_at, was_missed
from service.store.addresses import articles_at
from service.store.claims import Lease, claim, lock_held, release
from service.store.edits import note_edits, note_repeats
from service.store.engine import Database, lock
from service.store.tables import ArticleAddressRow, ArticleRow, EntryRow, PollRow, SourceRow

__all__ = [
    "claim_due",
    "make_due",
    "of_sources",
    "record_ping",
    "record_poll",
    "record_push",
    "release_claim",
    "unseen",
]


async def claim_due(db: Database, *, limit: int, now: datetime, lease: Lease) -> list[SourceState]:
    due = and_(col(SourceRow.enabled), col(SourceRow.next_poll_at) <= now)
    async with db.write() as session:
        rows = await claim(session, SourceRow, due, col(SourceRow.next_poll_at), limit=limit, now=now, lease=lease)
        return [_state(row) for row in rows]


async def of_sources(session: AsyncSession, ids: Sequence[int]) -> dict[int, SourceState]:
    """Sources by id, whoever polls them now; those that are switched off or gone are left out."""
    statement = select(SourceRow).where(col(SourceRow.id).in_(ids), col(SourceRow.enabled))
    return {row.id: _state(row) for row in (await session.execute(statement)).scalars()}


async def release_claim(db: Database, source: SourceState) -> None:
    async with db.write() as session:
        await release(session, SourceRow, source.id, source.lease_token)


async def make_due(session: AsyncSession, now: datetime, urls: Sequence[str] | None = None) -> None:
    """Bring the next poll of these sources (or of all) forward to ``now``."""
    statement = select(SourceRow).where(col(SourceRow.enabled))
    if urls is not None:
        statement = statement.where(col(SourceRow.url).in_(urls))
    for row in (await session.execute(statement)).scalars():
        row.next_poll_at = now


async def record_poll(
    session: AsyncSession,
    source: SourceState,
    result: PollResult,
    decision: PollDecision,
    *,
    now: datetime,
    milliseconds: int,
) -> int | None:
    """Write a poll's outcome and its new articles, in the caller's transaction.

    The number of new articles, or None when the claim was lost to another worker and nothing was written.
    """
    row = await lock_held(session, SourceRow, source.id, source.lease_token)
    if row is None:
        return None
    _write_cadence(row, result, decision)
    new = await _add_entries(session, row, result.feed, now) if isinstance(result, Fresh) else 0
    _write_state(row, result, decision, now)
    if new and decision.alone_at is not None and was_missed(source, row.pinged_at):
        row.relied_until, row.next_poll_at = None, decision.alone_at
    if row.pinged_at != source.pinged_at:  # while this poll was under way, perhaps after the feed was sent
        row.next_poll_at = min(row.next_poll_at, ping_at(_state(row), now=now) or row.next_poll_at)
    visit = _history(source.id, result, now, new, milliseconds)
    if decision.new_url and await _address_taken(session, decision.new_url):
        visit.detail = "; ".join(filter(None, [f"It moved to {decision.new_url}, a source of its own.", visit.detail]))
    elif decision.new_url:
        row.url = decision.new_url
    session.add(visit)
    return new


async def record_push(
    session: AsyncSession, source_id: int, feed: Feed, decision: PushDecision, *, size: int, now: datetime, ms: int
) -> int | None:
    """Write what a push brought, as a poll's outcome is written, whoever polls the source meanwhile: its row is locked.

    Validators and the body's hash stay, since they belong to an answer to a request. The number of new articles, or
    None when the source is gone.
    """
    row = await _locked(session, source_id)
    if row is None:
        return None
    row.moments = [int(moment.timestamp()) for moment in decision.moments]
    new = await _add_entries(session, row, feed, now)
    row.item_hashes = b"".join(decision.item_hashes)
    row.relied_until = decision.relied_until
    if decision.not_before is not None:
        row.next_poll_at = max(row.next_poll_at, decision.not_before)
    session.add(_pushed(source_id, now, size, len(feed.entries) + feed.known, new, ms))
    return new


async def record_ping(
    session: AsyncSession, source_id: int, *, relied_until: datetime | None, now: datetime
) -> datetime | None:
    """The publisher says that there is news: poll soon. When, or None when that changes nothing."""
    row = await _locked(session, source_id)
    at = ping_at(_state(row), now=now) if row is not None else None
    if row is None or at is None:
        return None
    row.pinged_at, row.relied_until = now, relied_until
    row.next_poll_at = min(row.next_poll_at, at)
    return row.next_poll_at


async def _locked(session: AsyncSession, source_id: int) -> SourceRow | None:
    statement = select(SourceRow).where(col(SourceRow.id) == source_id).with_for_update()
    return (await session.execute(statement)).scalar_one_or_none()


def _pushed(source_id: int, now: datetime, size: int, entries: int, new: int, ms: int) -> PollRow:
    return PollRow(
        source_id=source_id, at=now, outcome="pushed", bytes=size, entries=entries, new_articles=new, milliseconds=ms
    )


async def unseen(session: AsyncSession, url: str, entries: Sequence[FeedEntry]) -> list[FeedEntry] | None:
    """Those items that a source has not brought yet; None when there is no source of that address."""
    source_id = (await session.execute(select(col(SourceRow.id)).where(col(SourceRow.url) == url))).scalar_one_or_none()
    if source_id is None:
        return None
    keys = {short_key(entry.guid): entry for entry in entries}
    seen = select(col(EntryRow.guid)).where(col(EntryRow.source_id) == source_id, col(EntryRow.guid).in_(keys))
    known = set((await session.execute(seen)).scalars())
    return [entry for key, entry in keys.items() if key not in known]


def _state(row: SourceRow) -> SourceState:
    return SourceState(
        id=row.id,
        url=row.url,
        title=row.title,
        tags=tuple(row.tags),
        validators=Validators(row.etag, row.last_modified),
        body_hash=row.body_hash,
        interval=_seconds(row.interval_seconds or None),
        failures=row.failures,
        first=row.baseline_at is None,
        moved_to=row.moved_to,
        moved_seen=row.moved_seen,
        lease_token=row.lease_token or "",
        backoff=timedelta(seconds=row.backoff_seconds),
        rhythm=_seconds(row.rhythm_seconds),
        moments=_moments(row),
        wishes=Wishes(_seconds(row.ttl_seconds), frozenset(row.skip_hours), frozenset(row.skip_days)),
        item_hashes=_split(row.item_hashes),
        last_polled_at=row.last_polled_at,
        relied_until=row.relied_until,
        pinged_at=row.pinged_at,
    )


def _seconds(number: int | None) -> timedelta | None:
    return None if number is None else timedelta(seconds=number)


def _moments(row: SourceRow) -> tuple[datetime, ...]:
    return tuple(datetime.fromtimestamp(second, UTC) for second in row.moments)


def _split(hashes: bytes) -> frozenset[bytes]:
    return frozenset(hashes[start : start + HASH_BYTES] for start in range(0, len(hashes), HASH_BYTES))


def _write_state(row: SourceRow, result: PollResult, decision: PollDecision, now: datetime) -> None:
    row.next_poll_at = decision.next_poll_at
    row.status, row.failures, row.last_error = decision.status, decision.failures, decision.error
    row.moved_to, row.moved_seen = decision.moved_to, decision.moved_seen
    row.last_polled_at = now
    row.lease_until = row.lease_token = None
    if isinstance(result, Failed):
        return
    row.last_success_at = now
    row.baseline_at = row.baseline_at or now
    if result.validators is not None:
        row.etag, row.last_modified = result.validators.etag, result.validators.last_modified
    if isinstance(result, Fresh):
        row.body_hash = result.body_hash
        row.item_hashes = b"".join(result.feed.item_hashes)
        row.title = row.title or result.feed.title
        row.site_url = result.feed.site_url or row.site_url
        row.language = row.language or result.feed.language


def _write_cadence(row: SourceRow, result: PollResult, decision: PollDecision) -> None:
    """What the next decision is made from. Moments and wishes change with a feed that was read only."""
    row.backoff_seconds = round(decision.backoff.total_seconds())
    row.rhythm_seconds = None if decision.rhythm is None else round(decision.rhythm.total_seconds())
    if isinstance(result, Fresh):
        wishes = decision.wishes
        row.moments = [int(moment.timestamp()) for moment in decision.moments]
        row.ttl_seconds = None if wishes.ttl is None else round(wishes.ttl.total_seconds())
        row.skip_hours, row.skip_days = sorted(wishes.skip_hours), sorted(wishes.skip_days)


def _history(source_id: int, result: PollResult, now: datetime, new: int, milliseconds: int) -> PollRow:
    poll = PollRow(source_id=source_id, at=now, outcome="", new_articles=new, milliseconds=milliseconds)
    match result:
        case Fresh():
            poll.outcome, poll.bytes, poll.entries = "read", result.size, len(result.feed.entries) + result.feed.known
            poll.detail = "; ".join(result.feed.notes)
        case Same():
            poll.outcome, poll.bytes = "unchanged", result.size
        case Failed():
            poll.outcome, poll.status_code, poll.detail = result.code, result.status, result.reason
    return poll


async def _address_taken(session: AsyncSession, url: str) -> bool:
    return (await session.execute(select(col(SourceRow.id)).where(col(SourceRow.url) == url))).first() is not None


async def _add_entries(session: AsyncSession, source: SourceRow, feed: Feed, now: datetime) -> int:
    """Store the items not seen in this source before; each leads to one article, known or new."""
    items: dict[str, FeedEntry] = {}
    for entry in feed.entries:
        items.setdefault(short_key(entry.guid), entry)
    seen, moved = await note_edits(session, source, items, now)
    for guid in seen:
        del items[guid]
    if not items and not moved:
        return 0
    if items and source.baseline_at is not None:
        moments = remember_seen(_moments(source), items.values(), now)
        source.moments = [int(moment.timestamp()) for moment in moments]
    await lock(session, "articles")
    keys = {guid: _key(source, guid, entry) for guid, entry in items.items()}
    known = await articles_at(session, {*keys.values(), *moved})
    # What a page of consent or log-in shows is told apart by the items that lead to it.
    keys = {guid: f"source:{source.id}:{guid}" if known.get(key, 0) is None else key for guid, key in keys.items()}
    session.add_all(ArticleAddressRow(key=key, article_id=id_) for key, id_ in moved.items() if key not in known)
    articles = {key: id_ for key, id_ in (known | moved).items() if id_ is not None}
    repeats = [(articles[keys[guid]], entry) for guid, entry in items.items() if keys[guid] in articles]
    if repeats:
        await note_repeats(session, source, repeats, now)
    created: dict[str, ArticleRow] = {}
    for guid, entry in items.items():
        if keys[guid] not in articles and keys[guid] not in created:
            created[keys[guid]] = _new_article(source, feed, entry, now)
    session.add_all(created.values())
    await session.flush()
    articles |= {key: article.id for key, article in created.items()}
    session.add_all(ArticleAddressRow(key=key, article_id=article.id) for key, article in created.items())
    session.add_all(
        EntryRow(
            source_id=source.id,
            article_id=articles[keys[guid]],
            guid=guid,
            url=entry.url,
            title=entry.title,
            first_seen_at=now,
            digest=entry_digest(entry),
        )
        for guid, entry in items.items()
    )
    return len(created)


def _key(source: SourceRow, guid: str, entry: FeedEntry) -> str:
    """An item without an address is a page of its own, known by its id within its source."""
    return address_key(entry.url) if entry.url else f"source:{source.id}:{guid}"


def _new_article(source: SourceRow, feed: Feed, entry: FeedEntry, now: datetime) -> ArticleRow:
    dated = settle_date(entry.published_at or entry.updated_at, first_seen=now, absurd=entry.date_note)
    return ArticleRow(
        url=entry.url or "",
        title=entry.title,
        feed_text=entry.text,
        author=entry.author,
        language=(feed.language or source.language or "")[:2].lower() or None,
        published_at=dated.published_at,
        updated_at=entry.updated_at,
        date_note=dated.note,
        discovered_at=now,
        source_id=source.id,
        source=source.title or feed.title or host_of(source.url),
        tags=list(source.tags),
        baseline=source.baseline_at is None,
        next_read_at=now,
    )
