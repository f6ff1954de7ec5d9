"""``rules add`` with its ways of telling, ``silences``, and what people say of an alert."""

from dataclasses import replace

import pytest

from tests.cli.command import Command

LAST_FOREVER = ("--for", "1h", "--comment", "planned")


def test_a_rule_with_a_way_of_telling_comes_back_from_its_export(empty: Command) -> None:
    empty("migrate")
    added = empty(
        "rules", "add", "desk", "--query", "entity:*", "--digest", "daily 08:00", "--timezone", "Europe/Berlin",
        "--group-by", "source", "--group-wait", "5m", "--repeat", "material", "--throttle", "3/hour",
        "--quiet", "22:00-07:00", "--quiet-days", "sat", "--quiet-days", "sun", "--quiet-except-high",
        "--active-from", "2026-11-22", "--active-to", "2026-12-31", "--priority", "high",
    )  # fmt: skip
    assert (added.out, added.err) == ("added: rule desk\n", "")
    (line,) = empty("rules", "--format", "jsonl").lines
    assert line["how"] == {
        "digest": "daily 08:00",
        "timezone": "Europe/Berlin",
        "group_by": "source",
        "group_wait": "5m",
        "repeat": "material",
        "throttle": "3/hour",
        "quiet_hours": {"from": "22:00", "to": "07:00", "days": ["sat", "sun"], "except_high": True},
        "active": {"from": "2026-11-22", "to": "2026-12-31"},
        "priority": "high",
    }
    assert "digest daily 08:00" in empty("rules").out
    exported = empty("export").out
    assert empty("apply", "-", given=exported).out == "nothing to change\n"


def test_a_rule_on_volume_and_an_inhibition_come_back_from_their_export(empty: Command) -> None:
    loud = ("rules", "add", "loud", "--query", "entity:*", "--volume", "spike", "--over", "6h", "--minimum", "9")
    assert empty(*loud, "--group-by", "entity").out == "added: rule loud\n"
    assert empty("rules", "add", "both", "--query", "entity:a entity:b", "--within", "story").status == 0
    lines = {line["name"]: line["how"] for line in empty("rules", "--format", "jsonl").lines}
    assert lines["loud"]["volume"] == {"kind": "spike", "over": "6h", "minimum": 9}
    assert lines["both"] == {"within": "story"}
    added = empty(
        "inhibitions", "add", "i", "--source-rule", "loud", "--target-rule", "b*", "--any-story", "--for", "2h"
    )
    assert (added.out, added.err) == ("added: inhibition i\n", "")
    (line,) = empty("inhibitions", "--format", "jsonl").lines
    assert (line["source"], line["equal"], line["for"]) == ({"rule": ["loud"]}, [], "2h")
    assert "rule b*" in empty("inhibitions").out
    exported = empty("export").out
    assert empty("apply", "-", given=exported).out == "nothing to change\n"
    assert empty("inhibitions", "disable", "i").out == "disabled: inhibition i\n"
    assert "enabled: false" in empty("export").out
    assert empty("inhibitions", "remove", "i").status == 0
    assert "inhibitions" not in empty("export").out


def test_an_inhibition_of_a_rule_that_is_not_there_is_refused(empty: Command) -> None:
    refused = empty("inhibitions", "add", "i", "--source-rule", "nobody", "--target-rule", "nothing")
    assert refused.status == 2
    assert "there is no rule 'nobody'; there are:" in refused.err


@pytest.mark.parametrize(
    ("options", "mend"),
    [
        (["--over", "6h"], "need --volume"),
        (["--volume", "spike", "--digest", "hourly"], "rules[0].digest: does not go with volume"),
        (["--digest", "daily"], "rules[0].digest: 'daily' is no digest time; write hourly"),
        (["--quiet", "22:00"], "--quiet 22:00: write it as 22:00-07:00"),
        (["--quiet-days", "sat"], "need --quiet"),
        (["--throttle", "many"], "write 10/hour"),
    ],
)
def test_a_wrong_option_is_mended(empty: Command, options: list[str], mend: str) -> None:
    refused = empty("rules", "add", "r", "--query", "entity:*", *options)
    assert refused.status == 2
    assert mend in refused.err
    assert empty("rules", "--format", "json").out == "[]\n"


class TestSilences:
    def test_they_come_are_listed_and_end(self, scratch: Command) -> None:
        added = scratch("silences", "add", "--query", "entity:HPE", *LAST_FOREVER, "--author", "ada")
        assert added.status == 0, added.err
        (line,) = scratch("silences", "--format", "jsonl").lines
        assert (line["query"], line["author"], line["comment"], line["state"]) == (
            "entity:HPE",
            "ada",
            "planned",
            "mutes",
        )
        assert scratch("silences", "remove", line["id"]).out == f"ended: {line['id']}\n"
        assert scratch("silences", "--format", "jsonl").lines[0]["state"] == "over"
        assert scratch("silences", "remove", line["id"]).status == 1

    def test_one_that_is_to_come_says_so(self, scratch: Command) -> None:
        assert scratch("silences", "add", "--rule", "every mention", "--from", "2999-01-01", "--for", "1d").status == 0
        assert scratch("silences", "--format", "jsonl").lines[0]["state"] == "to come"

    def test_a_preview_shows_what_it_would_have_muted(self, filled: Command) -> None:
        muted = filled("silences", "preview", "--query", "entity:xAI", "--format", "jsonl", "--limit", "1000").lines
        every = filled("alerts", "--format", "jsonl", "--limit", "1000").lines
        assert 0 < len(muted) < len(every)
        assert all("xAI" in {mention["entity"] for mention in line["mentions"]} for line in muted)
        channel = every[0]["deliveries"][0]["channel"]
        assert filled("silences", "preview", "--channel", channel, "--format", "jsonl").lines

    @pytest.mark.parametrize(
        ("arguments", "status", "mend"),
        [
            (["--for", "1h"], 2, "say what to mute"),
            (["--query", "entity:HPE"], 2, "say how long"),
            (["--query", "entity:HPE", "--for", "1h", "--until", "2999-01-01"], 2, "say how long"),
            (["--query", "title:(", "--for", "1h"], 2, "query: at character"),
            (["--query", "a", "--until", "2020-01-01"], 2, "write a later time"),
            (["--query", "a", "--for", "soon"], 2, "write 90s, 5m or 1h"),
            (["--rule", "nobody", "--for", "1h"], 1, "there is no rule 'nobody'"),
            (["--channel", "nobody", "--for", "1h"], 1, "there is no channel 'nobody'"),
        ],
    )
    def test_a_wrong_silence_is_mended(self, filled: Command, arguments: list[str], status: int, mend: str) -> None:
        refused = filled("silences", "add", *arguments)
        assert refused.status == status
        assert mend in refused.err
        assert filled("silences", "--format", "json").out == "[]\n"


class TestAlerts:
    def test_what_people_say_of_it_is_listed(self, scratch: Command) -> None:
        alert = scratch("alerts", "--format", "jsonl", "--limit", "1").lines[0]["id"]
        states = []
        for said in (["ack", alert, "--by", "ada"], ["snooze", alert, "--for", "4h"], ["resolve", alert]):
            assert scratch("alerts", *said).status == 0
            states.append(scratch("alerts", "--format", "jsonl", "--limit", "1").lines[0])
        assert [line["state"] for line in states] == ["acknowledged", "snoozed", "resolved"]
        assert states[0]["acknowledged_by"] == "ada"
        assert scratch("alerts", "ack", alert, "--by", "bob").status == 0
        last = scratch("alerts", "--format", "jsonl", "--limit", "1").lines[0]
        assert last["acknowledged_by"] == "ada", "who was first stays"
        assert "resolved" in scratch("alerts", "--limit", "1").out
        late = scratch("alerts", "snooze", alert, "--for", "1h")
        assert (late.status, "is resolved: its rule tells nothing more" in late.err) == (1, True)

    def test_an_id_stands_in_one_piece_in_a_narrow_terminal(self, scratch: Command) -> None:
        alert = scratch("alerts", "--format", "jsonl", "--limit", "1").lines[0]["id"]
        narrow = replace(scratch, extra={**scratch.extra, "COLUMNS": "80"})
        assert alert in narrow("alerts", "--limit", "1").out

    @pytest.mark.parametrize("word", ["ack", "snooze", "resolve"])
    def test_an_unknown_alert(self, scratch: Command, word: str) -> None:
        refused = scratch("alerts", word, "alt_none")
        assert (refused.status, "there is no alert alt_none" in refused.err) == (1, True)


def test_a_rule_may_watch_newsvane_itself(empty: Command) -> None:
    assert empty("rules", "add", "disk", "--watch", "disk-low", "--throttle", "2/day").status == 0
    (line,) = empty("rules", "--format", "jsonl").lines
    assert (line["query"], line["watch"], line["how"]) == ("", {"kind": "disk-low"}, {"throttle": "2/day"})
    assert "watch: disk-low" in empty("rules").out
    refused = empty("rules", "preview", "disk")
    assert (refused.status, "watches newsvane itself" in refused.err) == (2, True)
    assert empty("rules", "add", "x", "--watch", "disk-low", "--query", "entity:*").status == 2
