"""``newsvane explain`` over the sample world, whose stories are known."""

import json
from typing import Any

from tests.cli.command import Command


def article(filled: Command, title: str) -> dict[str, Any]:
    lines = [json.loads(line) for line in filled("articles", "--format", "jsonl", "--limit", "1000").out.splitlines()]
    found: dict[str, Any] = next(line for line in lines if title in line["title"])
    return found


def test_a_mention_is_explained_with_its_alerts(filled: Command) -> None:
    known = article(filled, "Hewlett Packard Enterprise Co: current report")  # which nobody else tells
    told = filled("explain", known["url"]).out
    assert "HPE is named: main" in told
    assert "a strong alias" in told
    assert "alert alt_" in told
    assert "  - hook: sent after 1 attempts" in told


def test_an_address_with_other_tracking_leads_to_the_same_article(filled: Command) -> None:
    known = article(filled, "X picks Hewlett Packard Enterprise")
    bare = known["url"].partition("?")[0]
    assert filled("explain", f"{bare}?utm_source=elsewhere#top").out == filled("explain", known["url"]).out


def test_a_look_alike_is_explained(filled: Command) -> None:
    lines = [json.loads(line) for line in filled("articles", "--format", "jsonl", "--limit", "1000").out.splitlines()]
    known = next(line for line in lines if line["rejected"] and not line["entities"])
    rejected = known["rejected"][0]
    told = filled("explain", known["url"], rejected["entity"]).out
    assert f"not {rejected['entity']}: “{rejected['span']['text']}”" in told
    assert rejected["reason"] in told
    assert "alert alt_" not in told


def test_as_json_it_has_every_field(filled: Command) -> None:
    known = article(filled, "X picks Hewlett Packard Enterprise")
    told = json.loads(filled("explain", str(known["id"]), "HPE", "--format", "json").out)
    assert {mention["entity"] for mention in told["mentions"]} == {"HPE"}
    assert all("HPE" in alert["entities"] for alert in told["alerts"])
    assert told["text"] == known["text"]


def test_an_unknown_address_is_one_line(filled: Command) -> None:
    result = filled("explain", "https://nowhere.example/")
    assert (result.status, result.out) == (1, "")
    assert result.err == "newsvane: no article is known at https://nowhere.example/; `newsvane articles` lists them\n"
