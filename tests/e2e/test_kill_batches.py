"""``kill -9`` while batches become alerts: each mention is told once, by one alert, with one delivery."""

import asyncio
import contextlib
import os
import random
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest

from tests.e2e.daemon import until

BATCHES = 400
MENTIONS_EACH = 2
KILLS = 4
TOGETHER = """
import asyncio, sys
from service.bootstrap import new_id, now
from service.pipeline.compose import Compose
from service.pipeline.watch import WatchSource
from service.store import waiting
from service.store.claims import Lease, release_all
from service.store.engine import Database, normalise_url

async def main():
    db = Database(normalise_url("sqlite:///" + sys.argv[1]))
    async with db.write() as session:
        await release_all(session)
    step = Compose(db, WatchSource(db), now, new_id)
    while jobs := await waiting.claim_due(db, limit=5, now=now(), lease=Lease(new_id(), now().replace(year=2999))):
        for job in jobs:
            await step(job)
    await db.close()

asyncio.run(main())
"""
LONG_AGO = "2026-01-01 08:00:00.000000"


@pytest.fixture
def file(sqlite_template: Path, tmp_path: Path) -> Path:
    """A rule of 400 batches, each of a story with two mentions, all of them due."""
    made = tmp_path / "news.db"
    made.write_bytes(sqlite_template.read_bytes())
    with contextlib.closing(sqlite3.connect(made)) as database, database:
        database.execute(
            "INSERT INTO channels (name, type, config, enabled, created_at) VALUES ('hook', 'webhook', '{}', 1, ?)",
            [LONG_AGO],
        )
        database.execute(
            "INSERT INTO rules (name, query, channels, options, enabled, created_at)"
            " VALUES ('r', 'entity:*', '[\"hook\"]', '{\"group_wait\": \"1m\"}', 1, ?)",
            [LONG_AGO],
        )
        for table, values in _rows():
            columns = ", ".join(values)
            marks = ", ".join("?" * len(values))
            database.execute(f"INSERT INTO {table} ({columns}) VALUES ({marks})", list(values.values()))  # noqa: S608
    return made


def _rows() -> Iterator[tuple[str, dict[str, object]]]:
    number = 0
    for batch in range(1, BATCHES + 1):
        times = {"opened_at": LONG_AGO, "due_at": LONG_AGO}
        yield "stories", {"id": batch, "title": f"Story {batch}", "url": "", "created_at": LONG_AGO}
        yield "batches", {"id": f"bat_{batch}", "rule": "r", "kind": "group", "key": f"story:{batch}", **times}
        for _ in range(MENTIONS_EACH):
            number += 1
            found = {"id": number, "discovered_at": LONG_AGO}
            texts = dict.fromkeys(("url", "title", "text", "feed_text", "source"), f"Text {number}")
            yield "articles", {
                **found, **texts, "tags": "[]", "rejected": "[]", "held": "[]", "state": "read", "story_id": batch,
                "attempts": 0, "baseline": 0, "next_read_at": LONG_AGO, "read_at": LONG_AGO,
            }  # fmt: skip
            yield "mentions", {
                **found, "article_id": number, "entity": "HPE", "confidence": 1.0, "salience": "main", "count": 1,
                "spans": "[]", "evidence": "[]", "snippet": "", "backfilled": 0,
            }  # fmt: skip
            yield "waiting", {"batch_id": f"bat_{batch}", "mention_id": number, "why": "gathered", "at": LONG_AGO}


def ask(file: Path, statement: str) -> list[tuple[int, ...]]:
    with contextlib.closing(sqlite3.connect(file, timeout=30)) as database:
        return database.execute(statement).fetchall()


def begin(file: Path) -> "subprocess.Popen[bytes]":
    folder = Path(__file__).resolve().parents[2]
    settings = {**os.environ, "PYTHONPATH": str(folder)}
    return subprocess.Popen([sys.executable, "-c", TOGETHER, str(file)], env=settings, stdout=subprocess.DEVNULL)


def alerts(file: Path) -> int:
    return ask(file, "SELECT count(*) FROM alerts")[0][0]


def at_work(file: Path, worker: "subprocess.Popen[bytes]", made: int) -> bool:
    """So many alerts are there, or the worker is gone."""
    return alerts(file) > made or worker.poll() is not None


async def test_batches_survive_kills(file: Path) -> None:
    moments = random.Random(9)
    for _ in range(KILLS):
        before = alerts(file)
        worker = begin(file)
        try:
            await until(partial(at_work, file, worker, before + 10), "it works")
            await asyncio.sleep(moments.uniform(0, 0.05))
        finally:
            worker.send_signal(signal.SIGKILL)
            assert worker.wait(30) == -signal.SIGKILL, "it was killed at work, not after it"
        told, waits = ask(file, "SELECT (SELECT count(*) FROM alert_mentions), (SELECT count(*) FROM waiting)")[0]
        assert told + waits == BATCHES * MENTIONS_EACH
    last = begin(file)
    assert await asyncio.to_thread(last.wait, 120) == 0
    assert ask(file, "SELECT count(*), count(DISTINCT alert_id), count(DISTINCT message_id) FROM deliveries") == [
        (BATCHES, BATCHES, BATCHES)
    ]
    assert ask(file, "SELECT count(*), count(DISTINCT mention_id) FROM alert_mentions") == [
        (BATCHES * MENTIONS_EACH, BATCHES * MENTIONS_EACH)
    ]
    assert ask(file, "SELECT (SELECT count(*) FROM waiting) + (SELECT count(*) FROM batches)") == [(0,)]
