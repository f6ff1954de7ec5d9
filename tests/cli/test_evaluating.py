"""``newsvane evaluate`` and marks: how good the matching is, by labels and by people's verdicts."""

import json
from pathlib import Path

from tests.cli.command import Command

WATCHLIST = """
entities:
  - {name: HPE, aliases: [HPE]}
  - {name: Oracle, aliases: [{text: Oracle, strength: weak}], for: [database]}
"""


def passages(folder: Path) -> str:
    lines = [
        {"id": 1, "text": "HPE sold servers.", "labels": {"HPE": 1, "Oracle": 0}, "kind": "positive"},
        {"id": 2, "text": "An Oracle database.", "labels": {"HPE": 0, "Oracle": 1}, "kind": "positive"},
        {"id": 3, "text": "Nobody is named.", "labels": {"HPE": 1, "Oracle": "?"}, "kind": "odd"},
        {"id": 4, "text": "HPE means something else.", "labels": {"HPE": 0}, "kind": "odd"},
        # named in boilerplate only: not scored
        {"id": 5, "text": "Nobody.", "labels": {"HPE": 1}, "salience": {"HPE": "boilerplate"}},
        {"id": 6, "text": "A line\u2028separator.", "labels": {"HPE": 0}},
    ]
    (folder / "watchlist.yaml").write_text(WATCHLIST)
    (folder / "passages.jsonl").write_text("\n".join(json.dumps(line, ensure_ascii=False) for line in lines))
    return str(folder / "passages.jsonl")


def test_labels_are_counted_by_entity_and_kind(empty: Command, tmp_path: Path) -> None:
    result = empty("evaluate", passages(tmp_path), "--watchlist", str(tmp_path / "watchlist.yaml"), "--format", "json")
    found = json.loads(result.out)
    hpe = found["by_entity"]["HPE"]
    assert (hpe["right"], hpe["false_alarms"], hpe["missed"]) == (1, 1, 1)
    assert (hpe["precision"], hpe["recall"], hpe["f1"]) == (0.5, 0.5, 0.5)
    assert found["by_entity"]["Oracle"]["precision"] == 1.0
    assert found["by_kind"]["odd"]["right"] == 0
    assert found["errors"] == [
        {"id": "3", "entity": "HPE", "what": "missed"},
        {"id": "4", "entity": "HPE", "what": "false alarm"},
    ]


def test_the_table_shows_rates_and_errors(empty: Command, tmp_path: Path) -> None:
    out = empty("evaluate", passages(tmp_path), "--watchlist", str(tmp_path / "watchlist.yaml")).out
    assert "HPE                        0.500   0.500   0.500       1      1       1" in out
    assert "false alarm HPE           4" in out


def test_a_label_for_nobody_is_one_line(empty: Command, tmp_path: Path) -> None:
    file = tmp_path / "passages.jsonl"
    file.write_text('{"id": 1, "text": "x", "labels": {"Nobody": 1}}')
    empty("migrate")
    result = empty("evaluate", str(file))
    assert (result.status, result.out) == (2, "")
    assert "no entity is called 'Nobody'" in result.err
    assert result.err.count("\n") == 1


def test_a_mention_is_marked_and_its_entity_tells(scratch: Command) -> None:
    mention = scratch("mentions", "--entity", "HPE", "--format", "jsonl", "--limit", "1").lines[0]
    assert (
        scratch("mentions", "mark", str(mention["id"]), "wrong").out
        == f"mention {mention['id']} of HPE is marked wrong\n"
    )
    told = scratch("entities", "show", "HPE").out
    assert f"# alias {mention['spans'][0]['alias']}: 0.00 right (0 right, 1 wrong)" in told
    scratch("mentions", "mark", str(mention["id"]), "right")
    assert "1.00 right (1 right, 0 wrong)" in scratch("entities", "show", "HPE").out
    assert scratch("mentions", "mark", "999999", "right").status == 1
