"""Pauses that hosts asked for, kept until they end."""

from datetime import datetime

from scrapers.refusals import Refusal
from service.store.engine import Database
from service.store.hosts import keep_refusals, running_refusals
from tests.store.steps import MINUTE, NOW, count


def refusal(host: str, until: datetime, *, closed: bool = False) -> Refusal:
    return Refusal(f"https://{host}:443", f"https://{host}/feed", until, closed)


async def keep(db: Database, *refusals: Refusal, now: datetime = NOW) -> None:
    async with db.write() as session:
        await keep_refusals(session, refusals, now)


async def running(db: Database, now: datetime = NOW) -> list[Refusal]:
    async with db.read() as session:
        return sorted(await running_refusals(session, now), key=lambda found: found.origin)


async def test_a_pause_is_kept_as_it_was_until_it_ends(db: Database) -> None:
    first, second = refusal("a.example", NOW + MINUTE), refusal("b.example", NOW + 9 * MINUTE, closed=True)
    await keep(db, first, second)
    assert await running(db) == [first, second]
    assert await running(db, NOW + MINUTE) == [second]
    wider = refusal("a.example", NOW + 5 * MINUTE, closed=True)
    await keep(db, wider)
    assert await running(db) == [wider, second]


async def test_pauses_that_have_ended_are_deleted_with_the_next_one(db: Database) -> None:
    await keep(db, *(refusal(f"{number}.example", NOW + MINUTE) for number in range(20)))
    await keep(db, now=NOW + MINUTE)
    assert await count(db, "hosts") == [20], "without a new one nothing is done"
    await keep(db, refusal("new.example", NOW + 9 * MINUTE), now=NOW + MINUTE)
    assert await count(db, "hosts") == [1]
