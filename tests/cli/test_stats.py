"""``newsvane stats``, and listings counted or ordered otherwise."""

import csv
import io
import json
from collections import Counter

import pytest

from tests.cli.command import Command


def test_json_has_every_figure_with_its_basis(filled: Command) -> None:
    done = filled("stats", "--past", "--format", "json")
    assert done.status == 0
    told = json.loads(done.out)
    assert set(told) == {"totals", "share_of_voice", "volume", "co_mentions", "top_sources", "deals"}
    mentions = Counter(line["entity"] for line in filled("mentions", "--limit", "10000", "--format", "jsonl").lines)
    assert {share["entity"]: share["articles"] for share in told["share_of_voice"]["shares"]} == mentions
    assert sum(series["total"] for series in told["volume"]["series"]) == sum(mentions.values())
    assert all(told[name]["basis"]["exact"] for name in told if name != "totals")
    assert told["deals"]["deals"]
    assert told["totals"]["mentions"] == sum(mentions.values())


def test_without_past_only_news_counts(filled: Command) -> None:
    news, everything = (
        json.loads(filled("stats", *past, "--format", "json").out)["share_of_voice"]["mentions"]
        for past in ((), ("--past",))
    )
    assert 0 < news < everything


def test_lines_are_the_same_in_jsonl_and_csv(filled: Command) -> None:
    lines = filled("stats", "--format", "jsonl").lines
    rows = list(csv.DictReader(io.StringIO(filled("stats", "--format", "csv").out)))
    assert [{key: "" if v is None else str(v) for key, v in line.items()} for line in lines] == rows
    assert {line["figure"] for line in lines} == {
        *("share of voice", "volume", "named together", "top sources", "deals"),
    }


def test_a_table_has_a_part_for_each_figure_and_says_of_which_time(filled: Command) -> None:
    done = filled("stats", "--step", "week", "--timezone", "Europe/Berlin")
    assert done.status == 0
    for figure in ("share of voice", "volume", "named together", "top sources", "deals"):
        assert f"\n{figure}\n" in done.out
    assert done.err.startswith("counted: 20")


@pytest.mark.parametrize(
    ("options", "problem"),
    [
        (("title:(",), "query: "),
        (("--timezone", "Mars/Base"), "timezone: "),
        (("--since", "soon"), "since 'soon'"),
        (("--step", "hour", "--since", "9999d"), "step hour: "),
        (("--format", "atom"), "--format atom is for"),
    ],
)
def test_what_cannot_be_counted_is_one_line(filled: Command, options: tuple[str, ...], problem: str) -> None:
    done = filled("stats", *options)
    assert (done.status, done.out) == (2, "")
    assert done.err.startswith(f"newsvane: {problem}")
    assert done.err.count("\n") == 1


def test_facets_stand_in_place_of_the_lines(filled: Command) -> None:
    lines = filled("deliveries", "--limit", "10000", "--format", "jsonl").lines
    told = json.loads(filled("deliveries", "--facets", "--format", "json").out)
    assert told["counted"] == len(lines)
    assert {one["value"]: one["count"] for one in told["fields"]["status"]} == Counter(line["status"] for line in lines)
    counted = filled("mentions", "--entity", "xAI", "--facets", "--format", "jsonl").lines
    assert {line["value"] for line in counted if line["field"] == "entity"} == {"xAI"}
    table = filled("mentions", "--facets")
    assert (table.status, table.err) == (0, "")
    assert "salience" in table.out


def test_the_best_come_first_on_request(filled: Command) -> None:
    done = filled("articles", "deal", "--order", "relevance", "--highlights", "--format", "jsonl")
    weights = [line["relevance"] for line in done.lines]
    assert weights == sorted(weights, reverse=True)
    assert len(set(weights)) > 1
    for line in done.lines:
        words = [line["title"][s:e] for s, e, kind in line["highlights"]["title"] if kind == "word"]
        words += [line["highlights"]["text"][s:e] for s, e, kind in line["highlights"]["spans"] if kind == "word"]
        assert {word.lower() for word in words} <= {"deal"}
    assert filled("alerts", "--order", "relevance").status == 2
