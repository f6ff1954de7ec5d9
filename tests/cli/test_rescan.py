"""``newsvane rescan`` over the sample world, in this process and in one that is killed."""

import contextlib
import json
import signal
import sqlite3
import subprocess
import sys
import time

from tests.cli.command import LONGEST_SECONDS, Command, environment

COPIES = 2000


def tracked(scratch: Command, name: str = "Bloomberg") -> Command:
    """An entity is added that yesterday's articles name."""
    assert scratch("entities", "add", name).status == 0
    return scratch


def counted(scratch: Command, question: str) -> int:
    with contextlib.closing(sqlite3.connect(scratch.database)) as database:
        return int(database.execute(question).fetchone()[0])


def test_a_new_entity_comes_backfilled_without_an_alert(scratch: Command) -> None:
    alerts = counted(scratch, "SELECT count(*) FROM alerts")
    result = tracked(scratch)("rescan", "--entity", "Bloomberg")
    assert result.status == 0
    assert result.err == ""
    lines = scratch("mentions", "--entity", "Bloomberg", "--format", "jsonl").lines
    assert lines
    assert {line["backfilled"] for line in lines} == {True}
    assert f"mentions: {len(lines)} added, 0 restored, 0 withdrawn, 0 changed; 0 summary alerts" in result.out
    assert counted(scratch, "SELECT count(*) FROM alerts") == alerts


def test_what_live_reading_found_is_what_a_rescan_finds(scratch: Command) -> None:
    told = json.loads(scratch("rescan", "--format", "json").out)
    assert told.pop("articles") > 50
    assert set(told.values()) == {0}


def test_a_dry_run_tells_and_changes_nothing(scratch: Command) -> None:
    tracked(scratch)
    before = scratch.contents()
    told = json.loads(scratch("rescan", "--dry-run", "--format", "json").out)
    assert told["added"] > 0
    assert {sample["entity"] for sample in told["samples"]} == {"Bloomberg"}
    assert scratch("rescan", "--dry-run").out.startswith("nothing was written; it would be: ")
    assert scratch.contents() == before


def test_wrong_use_is_one_line(scratch: Command) -> None:
    result = scratch("rescan", "--entity", "Orcale")
    assert (result.status, result.out) == (2, "")
    assert "did you mean 'Oracle'?" in result.err
    assert scratch("rescan", "--since", "yesterday").status == 2


def test_a_killed_one_goes_on_where_it_stopped(scratch: Command) -> None:
    """kill -9 in the middle; the same command then does the rest, and nothing twice."""
    tracked(scratch)
    with contextlib.closing(sqlite3.connect(scratch.database)) as database:
        columns = [name for _, name, *_ in database.execute("PRAGMA table_info(articles)") if name != "id"]
        names = ", ".join(columns)
        row = "SELECT id FROM articles WHERE text LIKE '%Bloomberg%' LIMIT 1"
        copies = f"WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {COPIES})"  # noqa: S608
        values = f"{copies} SELECT {names} FROM articles, n WHERE id = ({row})"  # noqa: S608 - our own names
        database.execute(f"INSERT INTO articles ({names}) {values}")
        database.commit()
    process = subprocess.Popen(
        [sys.executable, "-m", "service", "rescan"],
        env=environment(scratch.folder, scratch.extra),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    end = time.monotonic() + LONGEST_SECONDS
    while counted(scratch, "SELECT count(*) FROM mentions WHERE backfilled") < 200:
        assert time.monotonic() < end, "it never wrote anything"
        assert process.poll() is None, "it ended before it could be killed"
        time.sleep(0.01)
    process.send_signal(signal.SIGKILL)
    process.wait(LONGEST_SECONDS)
    done = counted(scratch, "SELECT count(*) FROM mentions WHERE backfilled")
    assert 200 <= done < COPIES
    with contextlib.closing(sqlite3.connect(scratch.database)) as database:
        database.execute(
            "UPDATE rescans SET lease_until = '2026-01-01 00:00:00.000000'"
        )  # rather than wait for its end
        database.commit()
    result = scratch("rescan", "--format", "json")
    assert result.err == "going on where it stopped\n"
    told = json.loads(result.out)
    assert told["articles"] == counted(scratch, "SELECT count(*) FROM articles WHERE state = 'read'")
    assert told["added"] == counted(scratch, "SELECT count(*) FROM mentions WHERE backfilled") >= COPIES
    doubles = "SELECT count(*) FROM (SELECT 1 FROM mentions GROUP BY article_id, entity HAVING count(*) > 1)"
    assert counted(scratch, doubles) == 0


def test_what_a_rescan_took_out_is_listed_when_asked_for(scratch: Command) -> None:
    tracked(scratch)
    assert scratch("rescan").status == 0
    named = scratch("mentions", "--entity", "Bloomberg", "--format", "jsonl").lines
    file = scratch.folder / "changed.yaml"
    changed = "entities: [{name: Bloomberg, aliases: [{text: Bloomberg Circus, strength: strong}]}]\n"
    file.write_text(changed, encoding="utf-8")
    assert scratch("apply", str(file)).status == 0
    assert scratch("rescan").status == 0
    assert scratch("mentions", "--entity", "Bloomberg", "--format", "jsonl").lines == []
    gone = scratch("mentions", "entity:Bloomberg", "--withdrawn", "--format", "jsonl").lines
    assert {line["id"] for line in gone} == {line["id"] for line in named}
    assert all(line["withdrawn_at"] and "by today's watch list" in line["withdrawn_reason"] for line in gone)
    assert "by today's watch list" in scratch("mentions", "--withdrawn").out
    assert "withdrawn 2" in scratch("explain", gone[0]["url"], "Bloomberg").out


def test_rescans_are_listed_and_one_is_ended_by_its_number(scratch: Command) -> None:
    tracked(scratch)
    told = json.loads(scratch("rescan", "--format", "json").out)
    [line] = json.loads(scratch("rescans", "--format", "json").out)
    assert (line["state"], line["done"], line["added"]) == ("done", told["articles"], told["added"])
    assert f"{line['done']} of {line['total']}" in scratch("rescans").out
    for command in ("resume", "cancel"):
        result = scratch("rescans", command, "7")
        assert (result.status, result.out, result.err.count("\n")) == (1, "", 1)
    assert scratch("rescans", "cancel").status == 2
    with contextlib.closing(sqlite3.connect(scratch.database)) as database, database:
        database.execute("UPDATE rescans SET state = 'open', position = 5")
    assert scratch("rescans", "resume", str(line["id"])).status == 0
    with contextlib.closing(sqlite3.connect(scratch.database)) as database, database:
        database.execute("UPDATE rescans SET state = 'open'")
    assert scratch("rescans", "cancel", str(line["id"])).out == f"rescan {line['id']} cancelled; what it wrote stays\n"
    assert json.loads(scratch("rescans", "--format", "json").out)[0]["state"] == "cancelled"


def test_an_unfinished_one_can_be_ended_for_good(scratch: Command) -> None:
    assert scratch("rescan", "--cancel").out == "0 rescans cancelled; what they wrote stays\n"
