"""Set-up in sentences: sources that are watched, feeds that say something, articles that are read."""

import itertools
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import func, select
from sqlmodel import SQLModel

from scrapers.types import Feed, FeedEntry, Validators
from service.domain.model import ChannelSpec, Field, MatchResult, Mention, Rule, Salience, Span
from service.domain.reading import Reading, ReadJob
from service.domain.schedule import Cadence, Failed, Fresh, PollResult, SourceState, decide_poll
from service.store import articles, polls, sources, watchlist
from service.store.articles import Duplicate, Saved
from service.store.claims import Lease
from service.store.engine import Database
from service.store.watchlist import Changes, SourceSpec

NOW = datetime(2026, 11, 22, 8, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
CADENCE = Cadence(default=5 * MINUTE, shortest=MINUTE, longest=360 * MINUTE)
FEED_URL = "https://news.example/feed"
_tokens = itertools.count()


def lease(now: datetime = NOW, *, minutes: int = 5) -> Lease:
    return Lease(f"token-{next(_tokens)}", now + minutes * MINUTE)


def counted_ids() -> Callable[[], str]:
    """32 hexadecimal digits, different at each call."""
    numbers = itertools.count(1)
    return lambda: f"{next(numbers):032x}"


def entry(number: int, **changes: Any) -> FeedEntry:
    """Item ``number`` of a feed."""
    plain = FeedEntry(f"guid-{number}", f"https://news.example/{number}", f"Title {number}", f"Feed text {number}.")
    return replace(plain, **changes)


def fresh(*entries: FeedEntry, etag: str | None = None, body: str = "body", moved: str | None = None) -> Fresh:
    return Fresh(Feed("News", "https://news.example/", entries), Validators(etag), body, 1000, moved)


def failed(*, transient: bool = True, retry_after: datetime | None = None) -> Failed:
    return Failed("The server is in trouble.", "http-503", transient, 503, retry_after)


async def add_source(db: Database, url: str = FEED_URL, *, at: datetime = NOW, **spec: Any) -> None:
    async with db.write() as session:
        await watchlist.put_source(session, SourceSpec(url, **spec), Changes(), now=at, first_poll_at=at)


async def add_channel(db: Database, name: str, *, enabled: bool = True, kind: str = "webhook", **config: Any) -> None:
    config = config or {"url": f"https://hooks.example/{name}"}
    async with db.write() as session:
        await watchlist.put_channel(session, ChannelSpec(name, kind, config, enabled), Changes(), now=NOW)


async def add_rule(db: Database, name: str, query: str = "entity:*", *channels: str, **options: Any) -> None:
    async with db.write() as session:
        await watchlist.put_rule(session, Rule(name, query, channels, options=options), Changes(), now=NOW)
        await watchlist.touch(session)


async def add_entities(db: Database, *names: str) -> None:
    """Each is found by its own name."""
    async with db.write() as session:
        for name in names:
            definition = {"name": name, "aliases": [{"text": name, "strength": "strong"}]}
            await watchlist.put_entity(session, definition, Changes(), now=NOW)
        await watchlist.touch(session)


async def claim_source(db: Database, *, now: datetime = NOW) -> SourceState:
    (source,) = await sources.claim_due(db, limit=1, now=now, lease=lease(now))
    return source


async def record(db: Database, source: SourceState, result: PollResult, *, now: datetime = NOW) -> int | None:
    decision = decide_poll(source, result, CADENCE, now=now, jitter=0.0)
    async with db.write() as session:
        return (await polls.record_polls(session, [polls.Outcome(source, result, decision, now, 7)]))[0]


async def poll(db: Database, result: PollResult, *, now: datetime = NOW) -> int | None:
    """The one source that is due at ``now`` answers ``result``."""
    return await record(db, await claim_source(db, now=now), result, now=now)


async def later_poll(db: Database, result: PollResult) -> int | None:
    """The next poll of the source that is due first, at the time when it is due."""
    async with db.read() as session:
        due = min(source.next_poll_at for source in await rows_in(session, "sources"))
    return await poll(db, result, now=max(due, NOW))


async def claim_articles(db: Database, *, now: datetime = NOW, limit: int = 100) -> list[ReadJob]:
    jobs = await articles.claim_due(db, limit=limit, now=now, lease=lease(now))
    return sorted(jobs, key=lambda job: job.id)


def reading(job: ReadJob, **changes: Any) -> Reading:
    """The job's page as it was read."""
    plain = Reading(
        job.url,
        job.title,
        f"Page text of {job.title}.",
        "page",
        None,
        None,
        "en",
        None,
        canonical_url=None,
        image_url=None,
    )
    return replace(plain, **changes)


def mention(entity: str, **changes: Any) -> Mention:
    span = Span(Field.TITLE, 0, len(entity), entity, entity)
    return replace(Mention(entity, 0.9, Salience.MAIN, (span,), ("its own name",), f"… {entity} …"), **changes)


async def save(db: Database, job: ReadJob, read: Reading, *mentions: Mention) -> Saved | Duplicate | None:
    async with db.write() as session:
        return await articles.save_reading(session, job, read, MatchResult(mentions), now=NOW)


async def rows_in(session: Any, table: str) -> Sequence[Any]:
    mapped = {mapper.local_table.name: mapper.class_ for mapper in SQLModel._sa_registry.mappers}[table]  # type: ignore[attr-defined]
    key = next(iter(mapped.__table__.primary_key.columns))
    return (await session.execute(select(mapped).order_by(key))).scalars().all()  # type: ignore[no-any-return]


async def rows(db: Database, table: str) -> Sequence[Any]:
    """What a table holds, in the order of its key."""
    async with db.read() as session:
        return await rows_in(session, table)


async def row(db: Database, table: str) -> Any:
    """The one row of a table."""
    (only,) = await rows(db, table)
    return only


async def count(db: Database, *tables: str) -> list[int]:
    async with db.read() as session:
        return [
            int((await session.execute(select(func.count()).select_from(SQLModel.metadata.tables[table]))).scalar_one())
            for table in tables
        ]
