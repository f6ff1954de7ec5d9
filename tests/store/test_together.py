"""Writes that share a transaction: each has its own result, and one that fails harms no other."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

import pytest
from psycopg.errors import DeadlockDetected
from sqlalchemy import text
from sqlalchemy.exc import OperationalError
from sqlalchemy.ext.asyncio import AsyncSession

from scrapers.types import Hub
from service.domain.schedule import Fresh, PollResult, Same, SourceState, decide_poll
from service.store import polls, sources
from service.store.engine import Database
from service.store.polls import Outcome
from tests.store.steps import CADENCE, NOW, add_source, count, entry, failed, fresh, lease, rows

UNCHANGED = Same(None, 0, None)


async def polled(db: Database, number: int) -> list[SourceState]:
    """Sources under a claim of this test."""
    for n in range(number):
        await add_source(db, f"https://outlet-{n}.example/feed")
    claimed = await sources.claim_due(db, limit=number, now=NOW, lease=lease())
    return sorted(claimed, key=lambda source: source.id)


def outcome(source: SourceState, result: PollResult) -> Outcome:
    return Outcome(source, result, decide_poll(source, result, CADENCE, now=NOW, jitter=0.0), NOW, 7)


async def write(db: Database, *outcomes: Outcome) -> list[int | None | BaseException]:
    every = (db.write_together(polls.record_polls, one) for one in outcomes)
    return await asyncio.gather(*every, return_exceptions=True)


async def test_outcomes_of_all_kinds_are_written_together(db: Database) -> None:
    first, second, third, fourth = await polled(db, 4)
    shared = fresh(entry(1), entry(2))
    written = await write(
        db,
        outcome(first, shared),
        outcome(second, UNCHANGED),
        outcome(third, failed()),
        outcome(fourth, fresh(entry(2, guid="theirs"), entry(3))),
    )
    assert written == [2, 0, 0, 1], "an address that two feeds carry is one article"
    assert await count(db, "articles", "entries", "polls") == [3, 4, 4]
    assert [source.status for source in await rows(db, "sources")] == ["ok", "ok", "retrying", "ok"]
    assert [poll.outcome for poll in await rows(db, "polls")] == ["read", "unchanged", "http-503", "read"]
    assert all(source.lease_token is None for source in await rows(db, "sources"))


async def test_a_lost_claim_is_told_from_the_others(db: Database) -> None:
    first, second = await polled(db, 2)
    stranger = replace(first, lease_token="another's")
    assert await write(db, outcome(stranger, fresh(entry(1))), outcome(second, UNCHANGED)) == [None, 0]
    mine, theirs = await rows(db, "sources")
    assert mine.lease_token == first.lease_token
    assert mine.last_polled_at is None
    assert theirs.last_polled_at == NOW
    assert await count(db, "articles", "polls") == [0, 1]


async def test_one_that_cannot_be_written_harms_no_other(db: Database) -> None:
    """A naive time is a bug of ours: it is raised where it came from."""
    first, second, third = await polled(db, 3)
    broken = outcome(second, UNCHANGED)
    naive = replace(broken, decision=replace(broken.decision, next_poll_at=NOW.replace(tzinfo=None)))
    one, two, three = await write(db, outcome(first, fresh(entry(1))), naive, outcome(third, UNCHANGED))
    assert (one, three) == (1, 0)
    assert isinstance(two, Exception)
    kept = await rows(db, "sources")
    assert [source.last_polled_at for source in kept] == [NOW, None, NOW]
    assert kept[1].lease_token == second.lease_token, "it stays claimed, and is due again when its lease ends"
    assert await count(db, "articles", "polls") == [1, 2]


async def test_two_sources_do_not_move_to_one_address(db: Database) -> None:
    first, second = await polled(db, 2)
    moving = [
        replace(one, decision=replace(one.decision, new_url="https://new-home.example/feed"))
        for one in (outcome(first, UNCHANGED), outcome(second, UNCHANGED))
    ]
    assert await write(db, *moving) == [0, 0]
    urls = [source.url for source in await rows(db, "sources")]
    assert urls.count("https://new-home.example/feed") == 1
    assert len(set(urls)) == 2


async def test_a_caller_that_is_cancelled_takes_nobody_with_it(db: Database) -> None:
    first, second = await polled(db, 2)
    leaving = asyncio.create_task(db.write_together(polls.record_polls, outcome(first, fresh(entry(1)))))
    staying = asyncio.create_task(db.write_together(polls.record_polls, outcome(second, UNCHANGED)))
    await asyncio.sleep(0)
    leaving.cancel()
    assert await staying == 0
    with pytest.raises(asyncio.CancelledError):
        await leaving
    await sources.release_claim(db, first)
    (again,) = await sources.claim_due(db, limit=9, now=NOW, lease=lease())
    assert again.id == first.id, "it was left out, so it is due"
    assert await count(db, "articles", "polls") == [0, 1]


async def test_nothing_is_told_before_it_is_committed(db: Database) -> None:
    """Whoever is told reads what it was told of, from another connection."""
    claimed = await polled(db, 30)

    async def one(source: SourceState) -> None:
        await db.write_together(polls.record_polls, outcome(source, UNCHANGED))
        async with db.read() as session:
            query = text("SELECT count(*) FROM polls WHERE source_id = :id")
            assert (await session.execute(query, {"id": source.id})).scalar_one() == 1

    await asyncio.gather(*(one(source) for source in claimed))


async def test_closing_waits_for_what_is_being_written(db: Database) -> None:
    again = Database(db.url)
    (source,) = await polled(db, 1)
    writing = asyncio.create_task(again.write_together(polls.record_polls, outcome(source, UNCHANGED)))
    await asyncio.sleep(0)
    await again.close()
    assert await writing == 0
    assert await count(db, "polls") == [1]


async def test_a_database_that_fails_is_not_asked_once_for_each(db: Database) -> None:
    asked = []

    async def failing(session: AsyncSession, items: Sequence[int]) -> Sequence[int]:
        asked.append(list(items))
        raise OperationalError("SELECT 1", {}, Exception("the disk is full"))

    results = await asyncio.gather(*(db.write_together(failing, n) for n in range(5)), return_exceptions=True)
    assert [type(result) for result in results] == [OperationalError] * 5
    assert asked == [[0, 1, 2, 3, 4]]


async def test_a_first_poll_of_the_same_items_by_many_makes_each_once(db: Database) -> None:
    claimed = await polled(db, 12)
    items = [[entry(n, guid=f"{source.id}-{n}") for n in (1, 2, 3)] for source in claimed]
    results: list[Fresh] = [fresh(*one) for one in items]
    written = await write(db, *(outcome(source, result) for source, result in zip(claimed, results, strict=True)))
    assert sum(number for number in written if isinstance(number, int)) == 3
    assert await count(db, "articles", "entries", "article_addresses") == [3, 36, 3]
    async with db.write() as session:
        await sources.make_due(session, NOW + timedelta(hours=1))
    assert len(await sources.claim_due(db, limit=20, now=NOW + timedelta(hours=1), lease=lease())) == 12


async def test_a_deadlock_is_done_again_one_by_one(db: Database) -> None:
    async def yielding(session: AsyncSession, items: Sequence[int]) -> Sequence[int]:
        if len(items) > 1:
            raise OperationalError("UPDATE", {}, DeadlockDetected("deadlock detected"))
        return items

    assert await asyncio.gather(*(db.write_together(yielding, n) for n in range(3))) == [0, 1, 2]


async def test_edits_and_new_addresses_of_several_feeds_are_told_apart(db: Database) -> None:
    """Two feeds may give one id to different items."""
    first, second = await polled(db, 2)
    theirs = {"guid": "1", "url": "https://other.example/1"}
    assert await write(db, outcome(first, fresh(entry(1, guid="1"))), outcome(second, fresh(entry(2, **theirs)))) == [
        1,
        1,
    ]
    async with db.write() as session:
        await sources.make_due(session, NOW)
    first, second = sorted(await sources.claim_due(db, limit=2, now=NOW, lease=lease()), key=lambda source: source.id)
    moved = entry(1, guid="1", url="https://news.example/moved")
    assert await write(
        db, outcome(first, fresh(moved)), outcome(second, fresh(entry(2, **theirs, title="Corrected")))
    ) == [0, 0]
    mine, other = await rows(db, "articles")
    assert (mine.url, mine.title) == ("https://news.example/moved", "Title 1")
    assert (other.url, other.title) == ("https://other.example/1", "Corrected")
    assert await count(db, "articles", "article_addresses", "entries") == [2, 3, 2]


async def test_a_hub_is_offered_with_the_outcome_or_not_at_all(db: Database) -> None:
    first, second = await polled(db, 2)
    secrets = iter("abcdefgh")
    hub = Hub("https://hub.example/", "https://outlet-0.example/feed")
    offering = replace(outcome(first, replace(fresh(entry(1)), hub=hub)), new_secret=lambda: next(secrets))
    stranger = replace(offering, source=replace(second, lease_token="another's"))
    assert await write(db, offering, stranger) == [1, None]
    (subscription,) = await rows(db, "subscriptions")
    assert (subscription.source_id, subscription.hub, subscription.state) == (first.id, hub.url, "new")
