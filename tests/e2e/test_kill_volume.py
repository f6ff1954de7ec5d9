"""``kill -9`` while rules on volume count: each spike is one alert with one delivery, and ends once."""

import asyncio
import os
import random
import signal
import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, insert, select, update
from sqlalchemy.engine import URL
from sqlmodel import col

from service.store.engine import Database
from service.store.tables import (
    ArticleRow,
    EntityRow,
    EpisodeRow,
    MentionRow,
    PollRow,
    RhythmRow,
    SourceRow,
    defaults,
    table_of,
)
from tests.e2e.daemon import LONGEST_SECONDS
from tests.store.steps import add_channel, add_entities, add_rule, add_source, count, fresh, poll, rows

RULES = 80
KILLS = max(2, int(os.environ.get("NEWSVANE_KILLS", "20")) // 10)
"""While they tell, and as many again while they end what they told."""
NINE = datetime(2026, 11, 20, 9, tzinfo=UTC)
SPIKE = 20
COUNTING = """
import asyncio, sys
from datetime import datetime
from service.bootstrap import new_id
from service.pipeline.measure import Measure
from service.pipeline.watch import WatchSource
from service.store import episodes
from service.store.claims import Lease, release_all
from service.store.engine import Database, normalise_url

async def main():
    db, at = Database(normalise_url(sys.argv[1])), datetime.fromisoformat(sys.argv[2])
    async with db.write() as session:
        await release_all(session)
    step = Measure(db, WatchSource(db), lambda: at, new_id)
    while jobs := await episodes.claim_due(db, limit=5, now=at, lease=Lease(new_id(), at.replace(year=2999))):
        for job in jobs:
            await step(job)
    await db.close()

asyncio.run(main())
"""


@pytest.fixture
async def counted(db: Database) -> Database:
    """HPE is named twice an hour, for weeks; in the last hour far more often. Many rules would tell that."""
    await add_entities(db, "HPE")
    await add_channel(db, "hook")
    await add_source(db)
    await poll(db, fresh())
    for number in range(RULES):
        await add_rule(db, f"loud {number:02}", "entity:HPE", "hook", volume="spike")
    found = [NINE - timedelta(minutes=2 * place + 1) for place in range(SPIKE)]
    for week in range(1, 9):
        found += [NINE - timedelta(weeks=week, minutes=30 * place - 59) for place in range(6)]
    start, hours = NINE - timedelta(weeks=9), 9 * 7 * 24 + 24
    async with db.write() as session:
        await session.execute(update(EntityRow).values(created_at=NINE - timedelta(weeks=10)))
        await session.execute(update(SourceRow).values(last_success_at=NINE))
        await session.execute(update(RhythmRow).values(due_at=NINE))
        polls = [{"at": start + timedelta(hours=hour), "outcome": "unchanged"} for hour in range(0, hours, 3)]
        await session.execute(
            insert(table_of(PollRow)), [defaults(PollRow) | {"source_id": 1, "milliseconds": 0, **one} for one in polls]
        )
        for number, at in enumerate(found, start=1):
            text = f"Article {number}"
            url = f"https://news.example/{number}"
            article = ArticleRow(
                id=number, url=url, title=text, source="News", source_id=1, state="read", discovered_at=at,
                next_read_at=at,
            )  # fmt: skip
            session.add(article)
            await session.flush()
            named: dict[str, Any] = {"entity": "HPE", "confidence": 1.0, "salience": "main", "count": 1}
            session.add(MentionRow(article_id=number, discovered_at=at, **named))
    return db


def begin(url: URL, at: datetime) -> "subprocess.Popen[bytes]":
    folder = Path(__file__).resolve().parents[2]
    command = [sys.executable, "-c", COUNTING, url.render_as_string(hide_password=False), at.isoformat()]
    settings = {**os.environ, "PYTHONPATH": str(folder)}
    return subprocess.Popen(command, env=settings, stdout=subprocess.DEVNULL)


async def progress(db: Database) -> tuple[int, int]:
    """Spikes that were told, and those that are over."""
    told, over = func.count(), func.count(col(EpisodeRow.ended_at))
    async with db.read() as session:
        row = (await session.execute(select(told, over).select_from(EpisodeRow))).one()
    return row[0], row[1]


async def done(db: Database) -> tuple[int, int]:
    """The same, while nobody is at work: each has its one alert, delivery and mentions."""
    spikes, alerts = await rows(db, "episodes"), {alert.id: alert for alert in await rows(db, "alerts")}
    assert sorted(one.alert_id for one in spikes) == sorted(alerts), "each is told in the transaction that found it"
    assert await count(db, "deliveries", "alert_mentions") == [len(alerts), SPIKE * len(alerts)]
    assert len({one.rule for one in spikes}) == len(spikes)
    for one in spikes:
        assert (one.ended_at is None) == (alerts[one.alert_id].resolved_at is None)
    return len(spikes), sum(one.ended_at is not None for one in spikes)


async def at_work(db: Database, worker: "subprocess.Popen[bytes]", part: int, before: int) -> None:
    end = time.monotonic() + LONGEST_SECONDS
    while (await progress(db))[part] <= before and worker.poll() is None:
        assert time.monotonic() < end, "nothing more is done"
        await asyncio.sleep(0.01)


async def killed(db: Database, at: datetime, moments: random.Random, part: int) -> None:
    """Kill a worker when it has done some more."""
    before = (await done(db))[part]
    worker = begin(db.url, at)
    try:
        await at_work(db, worker, part, before)
        await asyncio.sleep(moments.uniform(0, 0.1))
    finally:
        worker.send_signal(signal.SIGKILL)
        assert worker.wait(30) == -signal.SIGKILL, "it was killed at work, not after it"


@pytest.mark.parametrize("seed", [11])
async def test_spikes_survive_kills(counted: Database, seed: int) -> None:
    moments = random.Random(seed)
    for part, at in enumerate((NINE, NINE + timedelta(hours=3))):  # they are told; they are over
        for _ in range(KILLS):
            await killed(counted, at, moments, part)
            assert (await done(counted))[part] < RULES, "there was something left to do"
        last = begin(counted.url, at)
        assert await asyncio.to_thread(last.wait, LONGEST_SECONDS) == 0
        assert (await done(counted))[part] == RULES
    ids = [(one.alert_id, one.message_id) for one in await rows(counted, "deliveries")]
    assert len(set(ids)) == len({alert for alert, _ in ids}) == len({message for _, message in ids}) == RULES
