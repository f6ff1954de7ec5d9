"""How many of the labelled passages are read wrongly: the counts may only shrink.

``tests/data/matching/README.md`` explains the errors that are left.
"""

import json
from collections import Counter
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

from service.domain.matching import Matcher, entity_from_mapping
from service.domain.model import Document

ROOT = Path(__file__).parents[3]
DATA = ROOT / "tests" / "data" / "matching"
BUNDLED = ROOT / "service" / "bundled" / "watchlist.yaml"
SHARED = ROOT.parent / "shared" / "data" / "matching" / "dev.jsonl"

# file, watch list -> entity: (false alarms, missed). An entity that is not listed has none of either.
FLOORS: dict[tuple[Path, Path], dict[str, tuple[int, int]]] = {
    (DATA / "companies.jsonl", BUNDLED): {},
    (DATA / "look_alikes.jsonl", BUNDLED): {"xAI": (4, 0), "HPE": (8, 0), "Supermicro": (1, 0), "Oracle": (9, 1)},
    (DATA / "companies_unseen.jsonl", BUNDLED): {"Supermicro": (1, 0)},
    (DATA / "hard_names_unseen.jsonl", DATA / "hard_names.yaml"): {"Meta": (1, 3), "Target": (1, 0)},
    (DATA / "hard_names.jsonl", DATA / "hard_names.yaml"): {
        "Apple": (2, 1),
        "Target": (1, 0),
        "Arm": (1, 0),
        "Block": (2, 0),
        "Amazon": (2, 1),
    },
    (DATA / "names_only.jsonl", DATA / "names_only.yaml"): {
        "Snowflake": (0, 1),
        "Palantir": (2, 1),
        "Crusoe": (2, 0),
        "Nebius": (0, 1),
        "Arista Networks": (0, 1),
    },
    (DATA / "short_names.jsonl", DATA / "short_names.yaml"): {
        "Apple": (2, 0),
        "Bayer": (1, 0),
        "Block": (3, 0),
        "Canon": (2, 0),
        "Continental": (1, 0),
        "Ford": (0, 2),
        "Gap": (1, 0),
        "Meta": (0, 2),
        "Shell": (0, 1),
        "Suzuki": (1, 2),
        "Target": (0, 2),
        "Visa": (3, 0),
    },
    (SHARED, BUNDLED): {},
}


@cache
def errors(passages: Path, watchlist: Path) -> dict[str, tuple[int, int]]:
    """By entity that has any: false alarms, missed."""
    lines: list[dict[str, Any]] = [json.loads(line) for line in passages.read_text(encoding="utf-8").splitlines()]
    named = {name for line in lines for name in line["labels"]}
    data = yaml.safe_load(watchlist.read_text(encoding="utf-8"))["entities"]
    matcher = Matcher(entity_from_mapping({**item, "enabled": True}) for item in data if item["name"] in named)
    false, missed = Counter[str](), Counter[str]()
    for line in lines:
        language = line.get("language") or line.get("lang")
        document = Document(line.get("title") or "", line["text"], language=language)
        found = {mention.entity for mention in matcher.match(document).mentions}
        for name, label in line["labels"].items():
            if (line.get("salience") or {}).get(name) == "boilerplate":
                continue
            false[name] += label == 0 and name in found
            missed[name] += label == 1 and name not in found
    return {name: (false[name], missed[name]) for name in sorted(named) if false[name] or missed[name]}


@pytest.mark.parametrize(
    ("passages", "watchlist", "floor"),
    [
        pytest.param(
            passages,
            watchlist,
            floor,
            id=passages.name,
            marks=pytest.mark.skipif(not passages.is_file(), reason="these passages are not part of the project"),
        )
        for (passages, watchlist), floor in FLOORS.items()
    ],
)
def test_no_more_errors_than_are_known(passages: Path, watchlist: Path, floor: dict[str, tuple[int, int]]) -> None:
    worse = {
        name: counts
        for name, counts in errors(passages, watchlist).items()
        if any(now > known for now, known in zip(counts, floor.get(name, (0, 0)), strict=True))
    }
    assert worse == {}
