"""``rules preview`` and ``entities preview`` over the sample world."""

import json
from pathlib import Path
from typing import Any

from tests.cli.command import Command


def told(command: Command, *arguments: str) -> Any:
    result = command(*arguments, "--format", "json")
    assert result.status == 0, result.err
    return json.loads(result.out)


def test_a_query_finds_the_mentions_that_are_stored(filled: Command) -> None:
    stored = filled("mentions", "--entity", "HPE", "--format", "jsonl", "--limit", "1000").lines
    preview = told(filled, "rules", "preview", "--query", "entity:HPE")
    assert [period["new"]["mentions"] for period in preview["periods"]] == [len(stored)] * 2
    assert preview["periods"][0]["old"] is None
    assert {one["entity"] for one in preview["samples"]} == {"HPE"}


def test_a_rule_is_compared_with_the_one_that_stands(filled: Command) -> None:
    name = json.loads(filled("rules", "--format", "json").out)[0]["name"]
    period = told(filled, "rules", "preview", name, "--query", "entity:HPE AND title:HPE")["periods"][0]
    assert period["gained"] == 0
    assert period["lost"] == period["old"]["mentions"] - period["new"]["mentions"] > 0
    table = filled("rules", "preview", name, "--query", "entity:HPE AND title:HPE").out
    assert "lost:" in table
    assert "for instance:" in table


def test_a_rule_on_volume_says_what_it_would_need(filled: Command) -> None:
    """Saved or not: the sample world has a past of two days."""
    spike = ("--query", "entity:HPE", "--volume", "spike", "--over", "2h")
    assert told(filled, "rules", "preview", *spike)["note"].startswith("Nothing is known to be usual")
    assert "that takes three weeks" in filled("rules", "preview", *spike).out
    name = json.loads(filled("rules", "--format", "json").out)[0]["name"]
    period = told(filled, "rules", "preview", name, *spike)["periods"][0]
    assert (period["new"]["mentions"], period["lost"]) == (0, period["old"]["mentions"])


def test_a_rule_within_a_story_is_tried(filled: Command) -> None:
    rule = ("rules", "preview", "--query", "entity:xAI AND entity:HPE", "--within", "story")
    new = told(filled, *rule)["periods"][0]["new"]
    assert new["mentions"] > new["alerts"] > 0


def test_an_entity_that_stands_finds_what_is_stored_and_a_changed_one_differs(filled: Command, tmp_path: Path) -> None:
    before = filled.contents()
    stored = filled("mentions", "--entity", "HPE", "--format", "jsonl", "--limit", "1000").lines
    assert told(filled, "entities", "preview", "HPE")["periods"][0]["new"]["mentions"] == len(stored)
    file = tmp_path / "hpe.yaml"
    file.write_text("name: HPE\naliases: [Hewlett Packard Enterprise Financial Circus]\n", encoding="utf-8")
    period = told(filled, "entities", "preview", "--file", str(file))["periods"][0]
    assert (period["new"]["mentions"], period["lost"]) == (0, len(stored))
    assert told(filled, "entities", "preview", "Bloomberg")["periods"][0]["new"]["alerts"] > 0
    assert filled.contents() == before


def test_wrong_use_is_one_line(filled: Command, tmp_path: Path) -> None:
    file = tmp_path / "broken.yaml"
    file.write_text("- no\n- mapping\n", encoding="utf-8")
    for arguments in (
        ("rules", "preview"),
        ("rules", "preview", "--query", "entity:"),
        ("entities", "preview"),
        ("entities", "preview", "--file", str(file)),
    ):
        result = filled(*arguments)
        assert (result.status, result.out) == (2, "")
        assert result.err.count("\n") == 1
    assert filled("rules", "preview", "nobody").status == 1


def test_another_way_of_telling_is_compared_before_it_is_saved(filled: Command) -> None:
    before = filled.contents()
    line = json.loads(filled("rules", "--format", "json").out)[0]
    raised = filled("alerts", "--rule", line["name"], "--format", "jsonl", "--limit", "1000").lines
    period = told(filled, "rules", "preview", line["name"], "--digest", "hourly")["periods"][0]
    assert period["old"]["alerts"] == len(raised) > period["new"]["alerts"]
    assert (period["gained"], period["lost"]) == (0, 0)
    assert period["more_alerts"] == period["new"]["alerts"] - len(raised)
    assert sum(period["old"]["by_day"].values()) == len(raised)
    shown = filled("rules", "preview", line["name"], "--digest", "hourly").out
    assert "mentions would still wait to be told" in shown
    assert "alerts that there would be no more:" in shown
    assert "stories told before" in filled("rules", "preview", line["name"]).out
    wrong = filled("rules", "preview", line["name"], "--digest", "sometimes")
    assert (wrong.status, wrong.err.count("\n")) == (2, 1)
    assert filled.contents() == before
