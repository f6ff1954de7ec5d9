"""``mentions``, ``articles``, ``facts``, ``alerts`` and ``deliveries``: every format, filter and page."""

import csv
import io
import json
import re
import xml.etree.ElementTree as ET
from typing import Any

import pytest

from tests.cli.command import Command

KEYS = {
    "mentions": {
        *("id", "entity", "confidence", "salience", "url", "canonical_url", "title", "source", "language"),
        *("published_at", "discovered_at", "story", "snippet", "backfilled"),
    },
    "articles": {"id", "url", "canonical_url", "title", "text", "source", "language", "published_at", "entities"},
    "facts": {
        *("id", "kind", "status", "parties", "roles", "tracked", "amount", "currency", "bound", "upper", "quantities"),
        *("reported_by", "sentence", "url", "title", "source", "published_at", "discovered_at", "story", "article"),
    },
    "alerts": {"id", "rule", "story", "entities", "url", "title", "created_at", "reason", "deliveries"},
    "deliveries": {
        *("id", "alert", "channel", "status", "attempts", "next_attempt_at", "last_error", "message_id"),
    },
}
NOUNS = sorted(KEYS)
ATOM = "{http://www.w3.org/2005/Atom}"
_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z")
ALL = ("--limit", "10000", "--format", "jsonl")


def everything(command: Command, noun: str, *options: str) -> list[dict[str, Any]]:
    done = command(noun, *options, *ALL)
    assert (done.status, done.err) == (0, "")
    return done.lines


@pytest.mark.parametrize("noun", NOUNS)
class TestFormats:
    def test_json_lines_carry_the_keys_that_other_programs_read(self, filled: Command, noun: str) -> None:
        lines = everything(filled, noun)
        assert lines
        assert all(set(line) >= KEYS[noun] for line in lines)

    def test_times_are_rfc3339_in_utc(self, filled: Command, noun: str) -> None:
        times = [line[key] for line in everything(filled, noun) for key in line if key.endswith("_at") and line[key]]
        assert times
        assert all(_TIME.fullmatch(time) for time in times)

    def test_json_is_the_same_as_one_array(self, filled: Command, noun: str) -> None:
        done = filled(noun, "--limit", "10000", "--format", "json")
        assert done.status == 0
        assert json.loads(done.out) == everything(filled, noun)

    def test_csv_is_the_same_with_lists_as_json(self, filled: Command, noun: str) -> None:
        rows = list(csv.DictReader(io.StringIO(filled(noun, "--limit", "10000", "--format", "csv").out)))
        lines = everything(filled, noun)
        assert [list(row) for row in rows] == [list(line) for line in lines]
        for row, line in zip(rows, lines, strict=True):
            for key, value in line.items():
                told = json.loads(row[key]) if isinstance(value, list | dict) else row[key]
                wanted = value if isinstance(value, list | dict) else "" if value is None else str(value)
                assert told == wanted, key

    def test_a_table_has_a_row_a_line_and_no_messages(self, filled: Command, noun: str) -> None:
        done = filled(noun, "--limit", "3")
        assert done.status == 0
        assert len([row for row in done.out.splitlines() if re.search(r"\b20\d\d-\d\d-\d\d \d\d:\d\d\b", row)]) == 3

    def test_nothing_found_is_an_empty_answer_of_the_format(self, filled: Command, noun: str) -> None:
        nothing = ("--until", "2001-01-01")
        assert filled(noun, *nothing, "--format", "json").out == "[]\n"
        assert filled(noun, *nothing, "--format", "jsonl").out == ""
        assert filled(noun, *nothing, "--format", "csv").out == ""
        table = filled(noun, *nothing)
        assert (table.status, table.out, table.err) == (0, "", "nothing found\n")


@pytest.mark.parametrize("noun", ["mentions", "articles"])
def test_atom_is_a_feed_that_names_every_line(filled: Command, noun: str) -> None:
    done = filled(noun, "--limit", "10000", "--format", "atom")
    feed = ET.fromstring(done.out)  # noqa: S314 - our own output
    entries = feed.findall(f"{ATOM}entry")
    lines = everything(filled, noun)
    assert [entry.findtext(f"{ATOM}published") for entry in entries] == [line["published_at"] for line in lines]
    assert len({entry.findtext(f"{ATOM}id") for entry in entries}) == len(lines)
    assert filled(noun, "--limit", "10000", "--format", "atom").out == done.out
    for entry, line in zip(entries, lines, strict=True):
        assert line["title"] in (entry.findtext(f"{ATOM}title") or "")
        link = entry.find(f"{ATOM}link")
        assert link is not None
        assert link.get("href") == line["url"]
        assert entry.findtext(f"{ATOM}updated") == line.get("read_at", line["discovered_at"])


@pytest.mark.parametrize("noun", ["alerts", "deliveries"])
def test_the_others_have_no_atom_feed_and_say_so(filled: Command, noun: str) -> None:
    done = filled(noun, "--format", "atom")
    assert (done.status, done.out) == (2, "")
    assert done.err == "newsvane: --format atom is for mentions, articles and stories; use table, json, jsonl or csv\n"


@pytest.mark.parametrize("noun", NOUNS)
class TestPages:
    def test_cursors_lead_through_everything_once_and_in_order(self, filled: Command, noun: str) -> None:
        seen: list[dict[str, Any]] = []
        cursor: tuple[str, ...] = ()
        for _ in range(100):
            done = filled(noun, "--limit", "7", "--format", "jsonl", *cursor)
            assert done.status == 0
            seen += done.lines
            more = re.fullmatch(r"more: --cursor (\S+)\n", done.err)
            if more is None:
                assert done.err == ""
                break
            cursor = ("--cursor", more[1])
        assert seen == everything(filled, noun)

    def test_newest_come_first(self, filled: Command, noun: str) -> None:
        key = "created_at" if noun in {"alerts", "deliveries"} else "discovered_at"
        times = [line[key] for line in everything(filled, noun)]
        assert times == sorted(times, reverse=True)


@pytest.mark.parametrize("noun", NOUNS)
class TestTimes:
    def test_since_takes_a_time_ago(self, filled: Command, noun: str) -> None:
        assert everything(filled, noun, "--since", "2h") == everything(filled, noun)
        assert everything(filled, noun, "--since", "7d") == everything(filled, noun)
        assert filled(noun, "--since", "0s", *ALL).lines == []

    def test_since_and_until_cut_in_two(self, filled: Command, noun: str) -> None:
        lines = everything(filled, noun)
        key = "created_at" if noun in {"alerts", "deliveries"} else "discovered_at"
        middle = lines[len(lines) // 2][key]
        newer = everything(filled, noun, "--since", middle)
        older = everything(filled, noun, "--until", middle)
        assert newer + older == lines
        assert newer
        assert older


class TestFilters:
    @pytest.mark.parametrize("noun", ["mentions", "articles", "alerts"])
    def test_by_entity(self, filled: Command, noun: str) -> None:
        found = everything(filled, noun, "--entity", "xAI")
        wanted = [line for line in everything(filled, noun) if "xAI" in line.get("entities", [line.get("entity")])]
        assert found
        assert found == wanted

    @pytest.mark.parametrize("noun", ["mentions", "articles"])
    def test_by_source(self, filled: Command, noun: str) -> None:
        found = everything(filled, noun, "--source", "Siliziumkurier")
        assert found
        assert found == [line for line in everything(filled, noun) if line["source"] == "Siliziumkurier"]

    def test_deliveries_by_status(self, filled: Command) -> None:
        assert everything(filled, "deliveries", "--status", "sent") == everything(filled, "deliveries")
        assert everything(filled, "deliveries", "--status", "dead") == []

    def test_alerts_by_rule(self, filled: Command) -> None:
        assert everything(filled, "alerts", "--rule", "every mention") == everything(filled, "alerts")

    def test_a_query_narrows_down(self, filled: Command) -> None:
        found = everything(filled, "articles", "title:billion AND entity:HPE")
        assert found
        assert all("HPE" in line["entities"] for line in found)
        assert all("illion" in line["title"] for line in found)
        assert len(found) < len(everything(filled, "articles", "entity:HPE"))

    def test_deliveries_of_an_alert_are_what_the_alert_says(self, filled: Command) -> None:
        of_alerts = {d["id"]: d for alert in everything(filled, "alerts") for d in alert["deliveries"]}
        listed = {delivery["id"]: delivery for delivery in everything(filled, "deliveries")}
        assert of_alerts == listed
        assert {delivery["channel"] for delivery in listed.values()} == {"hook", "desk"}


class TestOutbox:
    def test_a_delivery_with_its_attempts(self, filled: Command) -> None:
        one = everything(filled, "deliveries")[0]
        shown = json.loads(filled("deliveries", "show", one["id"]).out)
        assert {key: shown[key] for key in one} == one
        assert [attempt["outcome"] for attempt in shown["attempts_made"]] == ["sent"]

    def test_an_alert_is_sent_again_as_new_messages(self, scratch: Command) -> None:
        alert = everything(scratch, "alerts")[0]
        done = scratch("alerts", "resend", alert["id"])
        assert (done.status, done.out) == (0, "2 deliveries due; a running daemon sends within seconds\n")
        again = next(line for line in everything(scratch, "alerts") if line["id"] == alert["id"])
        assert [sent["status"] for sent in again["deliveries"]] == ["pending", "pending"]
        before = {sent["message_id"] for sent in alert["deliveries"]}
        assert before.isdisjoint(sent["message_id"] for sent in again["deliveries"])

    def test_a_delivery_that_was_sent_is_not_tried_again(self, scratch: Command) -> None:
        before = scratch.contents()
        sent = everything(scratch, "deliveries")[0]["id"]
        done = scratch("deliveries", "retry", sent)
        assert (done.status, done.out) == (1, "")
        assert done.err == f"newsvane: there is no unsent delivery {sent}; `newsvane deliveries` lists them\n"
        assert scratch.contents() == before

    def test_one_that_waits_is_due_with_its_message_id(self, scratch: Command) -> None:
        alert = everything(scratch, "alerts")[0]
        scratch("alerts", "resend", alert["id"])
        waiting = everything(scratch, "deliveries", "--status", "pending")[0]
        done = scratch("deliveries", "retry", waiting["id"])
        assert (done.status, done.out) == (0, "due; a running daemon sends within seconds\n")
        after = json.loads(scratch("deliveries", "show", waiting["id"]).out)
        assert (after["message_id"], after["status"]) == (waiting["message_id"], "pending")
