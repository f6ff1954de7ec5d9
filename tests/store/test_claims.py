"""Claims: no two workers at one job, and no job lost with its worker."""

import asyncio
import signal
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from service.domain.alerting import AlertDraft
from service.domain.sending import Attempt
from service.store import alerts, articles, deliveries, sources
from service.store.claims import release_all
from service.store.engine import Database
from service.store.exclusive import DatabaseInUse, exclusive
from service.store.tables import SourceRow
from tests.store.steps import (
    MINUTE,
    NOW,
    add_channel,
    add_source,
    claim_articles,
    claim_source,
    count,
    counted_ids,
    entry,
    fresh,
    lease,
    mention,
    poll,
    reading,
    record,
    row,
    rows,
    save,
)


async def add_sources(db: Database, number: int) -> None:
    async with db.write() as session:
        session.add_all(
            SourceRow(url=f"https://news.example/{i}", created_at=NOW, next_poll_at=NOW) for i in range(number)
        )


async def add_delivery(db: Database) -> None:
    await add_channel(db, "hook")
    draft = AlertDraft("rule", "mention", ("hook",), "story:1", "T", "", "why", ("HPE",), story=None, mentions=())
    async with db.write() as session:
        await alerts.raise_alert(session, draft, [], now=NOW, new_id=counted_ids())


async def test_concurrent_workers_never_share_a_row(db: Database) -> None:
    await add_sources(db, 200)

    async def worker() -> list[int]:
        """Claims until nothing is due any more."""
        mine: list[int] = []
        for _ in range(200):
            claimed = await sources.claim_due(db, limit=7, now=NOW, lease=lease())
            assert len(claimed) <= 7
            if not claimed:
                return mine
            mine += [source.id for source in claimed]
        raise AssertionError("the work does not end")

    claimed = [identity for found in await asyncio.gather(*(worker() for _ in range(20))) for identity in found]
    assert len(claimed) == 200
    assert len(set(claimed)) == 200


@pytest.mark.parametrize("limit", [1, 3, 50, 1000])
async def test_no_more_is_claimed_than_asked_for(db: Database, limit: int) -> None:
    await add_sources(db, 120)
    claimed = await sources.claim_due(db, limit=limit, now=NOW, lease=lease())
    assert len(claimed) == min(limit, 120)
    assert sum(source.lease_token is not None for source in await rows(db, "sources")) == len(claimed)


async def test_what_is_due_longest_comes_first(db: Database) -> None:
    for minutes in (3, 1, 2, 0):
        await add_source(db, f"https://news.example/{minutes}", at=NOW - minutes * MINUTE)
    claimed = await sources.claim_due(db, limit=2, now=NOW, lease=lease())
    assert {source.url for source in claimed} == {"https://news.example/3", "https://news.example/2"}


async def test_only_what_is_due_and_switched_on_is_claimed(db: Database) -> None:
    await add_source(db, "https://news.example/later", at=NOW + MINUTE)
    await add_source(db, "https://news.example/off", enabled=False)
    assert await sources.claim_due(db, limit=9, now=NOW, lease=lease()) == []
    (later,) = await sources.claim_due(db, limit=9, now=NOW + MINUTE, lease=lease())
    assert later.url == "https://news.example/later"


@pytest.mark.parametrize("claim_due", [sources.claim_due, articles.claim_due, deliveries.claim_due])
async def test_a_lease_that_ran_out_is_due_again(db: Database, claim_due: Any) -> None:
    await add_source(db)
    await poll(db, fresh(entry(1)))
    await add_delivery(db)
    now = NOW + 10 * MINUTE

    async def claim(minutes: int) -> Sequence[Any]:
        found: Sequence[Any] = await claim_due(
            db, limit=9, now=now + minutes * MINUTE, lease=lease(now + minutes * MINUTE)
        )
        return found

    (first,) = await claim(0)
    assert await claim(4) == []
    (second,) = await claim(5)
    assert first.id == second.id
    assert first.lease_token != second.lease_token


async def test_a_worker_that_overslept_writes_no_poll(db: Database) -> None:
    await add_source(db)
    slow = await claim_source(db)
    quick = await claim_source(db, now=NOW + 5 * MINUTE)
    assert await record(db, slow, fresh(entry(1))) is None
    assert await count(db, "articles", "entries", "polls") == [0, 0, 0]
    assert await record(db, quick, fresh(entry(1))) == 1


async def test_a_worker_that_overslept_writes_no_article(db: Database) -> None:
    await add_source(db)
    await poll(db, fresh(entry(1)))
    (slow,) = await claim_articles(db)
    (quick,) = await claim_articles(db, now=NOW + 5 * MINUTE)
    assert await save(db, slow, reading(slow), mention("HPE")) is None
    assert await count(db, "mentions", "stories") == [0, 0]
    assert await save(db, quick, reading(quick), mention("HPE")) is not None
    assert await save(db, quick, reading(quick), mention("HPE")) is None
    assert await count(db, "mentions", "stories") == [1, 1]


async def test_a_worker_that_overslept_writes_no_attempt(db: Database) -> None:
    await add_delivery(db)
    (slow,) = await deliveries.claim_due(db, limit=9, now=NOW, lease=lease())
    (quick,) = await deliveries.claim_due(db, limit=9, now=NOW + 5 * MINUTE, lease=lease(NOW + 5 * MINUTE))
    sent = Attempt("sent", NOW, 200, "thanks", 3)
    outcomes = []
    for job in (slow, quick, quick):
        async with db.write() as session:
            outcomes += await deliveries.record_attempts(session, [(job, sent)], new_id=counted_ids())
    assert outcomes == [False, True, False]
    assert await count(db, "attempts") == [1]
    assert (await row(db, "deliveries")).attempts == 1


async def test_a_claim_given_back_is_due_at_once(db: Database) -> None:
    await add_source(db)
    source = await claim_source(db)
    await sources.release_claim(db, source)
    again = await claim_source(db)
    assert again.id == source.id
    await sources.release_claim(db, source)  # no longer the holder: this gives nothing back
    assert await sources.claim_due(db, limit=9, now=NOW, lease=lease()) == []


async def test_the_claims_of_dead_processes_are_given_back_together(db: Database) -> None:
    await add_source(db)
    await poll(db, fresh(entry(1)))
    await add_source(db, "https://other.example/feed")
    await add_delivery(db)
    held: list[Sequence[Any]] = [
        await sources.claim_due(db, limit=9, now=NOW, lease=lease()),
        await articles.claim_due(db, limit=9, now=NOW, lease=lease()),
        await deliveries.claim_due(db, limit=9, now=NOW, lease=lease()),
    ]
    assert [len(jobs) for jobs in held] == [1, 1, 1]
    async with db.write() as session:
        await release_all(session)
    assert len(await sources.claim_due(db, limit=9, now=NOW, lease=lease())) == 1
    assert len(await articles.claim_due(db, limit=9, now=NOW, lease=lease())) == 1
    assert len(await deliveries.claim_due(db, limit=9, now=NOW, lease=lease())) == 1


HOLDER = """
import sys, time
from pathlib import Path
from service.store.exclusive import exclusive
with exclusive(Path(sys.argv[1])):
    print("held", flush=True)
    time.sleep(60)
"""


def test_one_daemon_a_database_even_after_a_kill(tmp_path: Path) -> None:
    database = tmp_path / "folder" / "newsvane.db"
    with subprocess.Popen([sys.executable, "-c", HOLDER, str(database)], stdout=subprocess.PIPE, text=True) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "held\n"
        with pytest.raises(DatabaseInUse, match=r"newsvane\.db; stop it first"), exclusive(database):
            pass
        with exclusive(tmp_path / "another.db"):
            pass
        holder.send_signal(signal.SIGKILL)
        holder.wait()
    with exclusive(database), pytest.raises(DatabaseInUse), exclusive(database):
        pass
    with exclusive(database):
        pass


def test_a_database_on_a_server_needs_no_lock() -> None:
    with exclusive(None), exclusive(None):
        pass
