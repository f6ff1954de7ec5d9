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
    assert "  - hook: sent, tried once" in told


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


def test_a_name_that_nobody_tracks_is_not_said_to_be_absent(scratch: Command) -> None:
    """A misspelt name would else be told that nothing like it stands there."""
    url = article(scratch, "Hewlett Packard Enterprise Co: current report")["url"]
    misspelt = scratch("explain", url, "Supermicr")
    assert (misspelt.status, misspelt.out) == (1, "")
    assert "there is no entity 'Supermicr'; did you mean 'Supermicro'?" in misspelt.err
    assert scratch("explain", url, "Supermicro").status == 0
    scratch("entities", "disable", "Supermicro")
    assert "is switched off" in scratch("explain", url, "Supermicro").err


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


def test_rules_are_told_with_the_part_that_fails(scratch: Command) -> None:
    known = article(scratch, "Hewlett Packard Enterprise Co: current report")
    assert scratch("rules", "add", "floods", "--query", "entity:HPE AND flood AND (river OR lake)").status == 0
    told = scratch("explain", known["url"]).out
    assert "rule floods is missed\n  - flood\n  - river OR lake\n" in told
    assert "is met, for HPE\n  - alert alt_" in told
    assert scratch("rules", "add", "late", "--query", "entity:HPE").status == 0
    late = next(
        rule
        for rule in json.loads(scratch("explain", known["url"], "--format", "json").out)["rules"]
        if rule["name"] == "late"
    )
    assert (late["met"], late["entities"], late["alert"]) == (True, ["HPE"], None)
    assert late["because"].endswith("after it was read")


def test_a_story_that_had_raised_its_alert_is_told(filled: Command) -> None:
    lines = [json.loads(line) for line in filled("stories", "--format", "jsonl", "--limit", "1000").out.splitlines()]
    story = next(line for line in lines if line["copies"] > 2 and "HPE" in line["entities"])
    told = [json.loads(filled("explain", str(one), "--format", "json").out) for one in story["articles"]]
    assert {one["id"] for one in told[0]["same_story"]} == set(story["articles"][1:])
    grouped = [rule for one in told for rule in one["rules"] if "had raised it" in rule["because"] and rule["met"]]
    assert grouped
    assert f"story {story['id']}, with" in filled("explain", str(story["articles"][0])).out


def test_the_deals_that_rules_may_ask_for_are_told(filled: Command) -> None:
    known = article(filled, "X picks Hewlett Packard Enterprise")
    told = filled("explain", known["url"], "HPE").out
    parties = "X, HPE, Dell, Supermicro"  # the last two lost
    assert f"a contract is told: at least 1,000,000,000 USD, won, {parties}\n  - X picks Hewlett Packard" in told


def test_a_mention_of_a_rescan_is_told_as_such(scratch: Command) -> None:
    scratch("entities", "add", "Bloomberg")
    scratch("rescan", "--entity", "Bloomberg")
    mention = scratch("mentions", "--entity", "Bloomberg", "--format", "jsonl").lines[0]
    assert "found afterwards in the stored article" in scratch("explain", mention["url"], "Bloomberg").out
