"""A rescan beside a running daemon, each a process of its own: stopped, killed, taken up again, and nothing twice.

The daemon polls, reads and alerts meanwhile as if it were alone.
"""

import asyncio
import contextlib
import json
import signal
import sqlite3
import subprocess
import sys
from pathlib import Path

from service.bootstrap import now
from tests.e2e.daemon import LONGEST_SECONDS, Scene, environment, scene, until
from tests.e2e.ledger import complaints

COPIES = 1500


def begun(at: Scene, *arguments: str) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        [sys.executable, "-m", "service", *arguments],
        cwd=at.folder,
        env=environment(at.folder),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


async def ended(process: "subprocess.Popen[str]") -> tuple[int, str, str]:
    out, err = await asyncio.to_thread(process.communicate, None, LONGEST_SECONDS)
    return process.returncode, out, err


async def told(at: Scene, *arguments: str) -> str:
    status, out, err = await ended(begun(at, *arguments))
    assert status == 0, err
    return out


def copy_an_article(at: Scene) -> None:
    """Thousands of articles that name Memphis, as an archive has them."""
    columns = (
        "url, title, text, feed_text, source, tags, baseline, held, state, attempts, next_read_at, rejected, read_at,"
        " discovered_at, origin, story_id"
    )
    numbers = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?)"
    one = "SELECT min(id) FROM articles WHERE state = 'read' AND text LIKE '%Memphis%'"
    chosen = f"SELECT {columns} FROM articles, n WHERE id = ({one})"  # noqa: S608 - our own words
    write(at, f"INSERT INTO articles ({columns}) {numbers} {chosen}", COPIES)


def write(at: Scene, statement: str, *values: object) -> None:
    with contextlib.closing(sqlite3.connect(at.folder / "news.db", timeout=30)) as database, database:
        database.execute(statement, values)


async def test_beside_a_daemon_it_is_stopped_killed_and_ends_with_everything_once(tmp_path: Path) -> None:
    backfilled = "SELECT count(*) FROM mentions WHERE backfilled"

    def counted(statement: str) -> int:
        return int(at.sql(statement)[0][0])

    async with scene(tmp_path, now()) as at:
        daemon = at.start()
        await at.done(now())
        copy_an_article(at)
        await told(at, "entities", "add", "Memphis")
        alerts = counted("SELECT count(*) FROM alerts")

        first = begun(at, "rescan")
        await until(lambda: counted(backfilled) > 100, "it has written something")
        at.world.advance()  # news, while it works
        first.send_signal(signal.SIGINT)
        status, _, err = await ended(first)
        assert (status, "goes on from here" in err) == (130, True)
        [line] = json.loads(await told(at, "rescans", "--format", "json"))
        assert (line["state"], 0 < line["done"] < line["total"], line["rate"] > 0) == ("stopped", True, True)
        done = counted(backfilled)
        polls = counted("SELECT count(*) FROM polls")

        second = begun(at, "rescans", "resume", str(line["id"]))
        await until(lambda: counted(backfilled) > done + 200, "it goes on")
        second.kill()
        await ended(second)
        assert at.sql("SELECT state FROM rescans") == [("open",)], "it was killed at work, not after it"
        write(at, "UPDATE rescans SET lease_until = created_at")  # rather than wait for its end

        status, out, err = await ended(begun(at, "rescan", "--format", "json"))
        assert (status, err) == (0, "going on where it stopped\n")
        assert json.loads(out)["added"] == counted(backfilled) >= COPIES
        await until(lambda: counted("SELECT count(*) FROM polls") > polls, "the daemon went on polling")
        await until(lambda: counted("SELECT count(*) FROM alerts") > alerts, "and alerting")
        assert daemon.running
        assert await daemon.stop() == 0

        twice = "SELECT article_id, entity FROM mentions GROUP BY article_id, entity HAVING count(*) > 1"
        told_of = "SELECT 1 FROM alert_mentions JOIN mentions ON mentions.id = mention_id WHERE backfilled"
        assert (at.sql(twice), at.sql(told_of)) == ([], [])
        missed = "SELECT id FROM articles WHERE state = 'read' AND text LIKE '%Memphis%' AND id NOT IN"
        named = "(SELECT article_id FROM mentions WHERE entity = 'Memphis')"
        rejected = "AND CAST(rejected AS TEXT) NOT LIKE '%Memphis%'"
        assert at.sql(f"{missed} {named} {rejected}") == []
        assert [one for one in complaints(at) if "damaged" in one or "nowhere" in one] == []
