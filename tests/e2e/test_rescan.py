"""A rescan beside a running daemon, each a process of its own: stopped, killed, taken up again, and nothing twice.

On both databases. The daemon polls, reads and alerts meanwhile as if it were alone.
"""

import asyncio
import contextlib
import json
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
from sqlalchemy import URL

from service.bootstrap import now
from tests.e2e.daemon import LONGEST_SECONDS, Scene, environment, scene, until
from tests.e2e.ledger import complaints

COPIES = 1500
Ask = Callable[[str], list[tuple[Any, ...]]]


@pytest.fixture
def ask(database_url: URL, tmp_path: Path) -> Iterator[Ask]:
    """Rows of the database that the processes share; what is written is kept at once."""
    if database_url.get_backend_name() == "sqlite":
        file = str(database_url.database)

        def of_file(statement: str) -> list[tuple[Any, ...]]:
            with contextlib.closing(sqlite3.connect(file, timeout=30, isolation_level=None)) as database:
                return database.execute(statement).fetchall()

        yield of_file
        return
    plain = database_url.set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(plain, autocommit=True) as connection:

        def of_server(statement: str) -> list[tuple[Any, ...]]:
            cursor = connection.execute(statement)
            return cursor.fetchall() if cursor.description else []

        yield of_server


def rescan(at: Scene, url: str, *arguments: str) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        [sys.executable, "-m", "service", *arguments],
        cwd=at.folder,
        env=environment(at.folder, DATABASE_URL=url),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


async def ended(process: "subprocess.Popen[str]") -> tuple[int, str, str]:
    out, err = await asyncio.to_thread(process.communicate, None, LONGEST_SECONDS)
    return process.returncode, out, err


async def told(at: Scene, url: str, *arguments: str) -> str:
    status, out, err = await ended(rescan(at, url, *arguments))
    assert status == 0, err
    return out


def copy_an_article(ask: Ask) -> None:
    """Thousands of articles that name Memphis, as an archive has them."""
    [(row,)] = ask("SELECT min(id) FROM articles WHERE state = 'read' AND text LIKE '%Memphis%'")
    columns = (
        "url, title, text, feed_text, source, tags, baseline, held, state, attempts, next_read_at, rejected, read_at,"
        " discovered_at, origin, story_id"
    )
    numbers = f"WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {COPIES})"  # noqa: S608 - our own words
    chosen = f"SELECT {columns} FROM articles, n WHERE id = {row}"  # noqa: S608
    ask(f"INSERT INTO articles ({columns}) {numbers} {chosen}")


async def test_beside_a_daemon_it_is_stopped_killed_and_ends_with_everything_once(
    database_url: URL, ask: Ask, tmp_path: Path
) -> None:
    url = database_url.render_as_string(hide_password=False)
    backfilled = "SELECT count(*) FROM mentions WHERE backfilled"
    # In one question: between two of them the watch list may be applied.
    idle = (
        "SELECT count(*) > 0 AND count(*) = count(last_polled_at)"
        " AND (SELECT count(*) FROM articles WHERE state = 'due') = 0 FROM sources"
    )
    async with scene(tmp_path, now(), DATABASE_URL=url) as at:
        daemon = at.start()
        await until(lambda: ask(idle)[0][0], "all is read")
        copy_an_article(ask)
        await told(at, url, "entities", "add", "Memphis")
        alerts = ask("SELECT count(*) FROM alerts")[0][0]

        first = rescan(at, url, "rescan")
        await until(lambda: ask(backfilled)[0][0] > 100, "it has written something")
        at.world.advance()  # news, while it works
        first.send_signal(signal.SIGINT)
        status, _, err = await ended(first)
        assert (status, "goes on from here" in err) == (130, True)
        [line] = json.loads(await told(at, url, "rescans", "--format", "json"))
        assert (line["state"], 0 < line["done"] < line["total"], line["rate"] > 0) == ("stopped", True, True)
        done = ask(backfilled)[0][0]
        polls = ask("SELECT count(*) FROM polls")[0][0]

        second = rescan(at, url, "rescans", "resume", str(line["id"]))
        await until(lambda: ask(backfilled)[0][0] > done + 200, "it goes on")
        second.kill()
        await ended(second)
        assert ask("SELECT state FROM rescans") == [("open",)], "it was killed at work, not after it"
        ask("UPDATE rescans SET lease_until = created_at")  # rather than wait for its end

        status, out, err = await ended(rescan(at, url, "rescan", "--format", "json"))
        assert (status, err) == (0, "going on where it stopped\n")
        assert json.loads(out)["added"] == ask(backfilled)[0][0] >= COPIES
        await until(lambda: ask("SELECT count(*) FROM polls")[0][0] > polls, "the daemon went on polling")
        await until(lambda: ask("SELECT count(*) FROM alerts")[0][0] > alerts, "and alerting")
        assert daemon.running
        assert await daemon.stop() == 0

        twice = "SELECT article_id, entity FROM mentions GROUP BY article_id, entity HAVING count(*) > 1"
        told_of = "SELECT 1 FROM alert_mentions JOIN mentions ON mentions.id = mention_id WHERE backfilled"
        assert (ask(twice), ask(told_of)) == ([], [])
        missed = "SELECT id FROM articles WHERE state = 'read' AND text LIKE '%Memphis%' AND id NOT IN"
        named = "(SELECT article_id FROM mentions WHERE entity = 'Memphis')"
        rejected = "AND CAST(rejected AS TEXT) NOT LIKE '%Memphis%'"
        assert ask(f"{missed} {named} {rejected}") == []
        if database_url.get_backend_name() == "sqlite":
            assert [one for one in complaints(at) if "damaged" in one or "nowhere" in one] == []
