"""The labelled passages keep the format and the policy written down in tests/data/matching/README.md."""

import json
import re
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

FOLDER = Path(__file__).resolve().parent.parent / "data" / "matching"
FILES = sorted(path.name for path in FOLDER.glob("*.jsonl"))
COMPANIES = "companies.jsonl"

FIELDS = {"id", "kind", "lang", "title", "text", "labels", "surfaces", "note"}
KINDS = ("positive", "co-mention", "hard-negative", "easy-negative", "ambiguous")

# What any spelling of a name has in common. Wider than the policy: it says where to look, not what to find.
LOOK_ALIKES = {
    "xAI": re.compile(r"x\.?ai", re.IGNORECASE),
    "HPE": re.compile(r"hpe|hp enterprise|hewlett\W*packard\W*enterprise", re.IGNORECASE),
    "Supermicro": re.compile(r"super\W*micro|smci", re.IGNORECASE),
    "Oracle": re.compile(r"oracle|orcl", re.IGNORECASE),
}

Passage = dict[str, Any]


def passages(name: str) -> list[Passage]:
    lines = (FOLDER / name).read_text(encoding="utf-8").split("\n")
    assert lines.pop() == "", f"{name} does not end with a line feed"
    return [json.loads(line) for line in lines]


def whole(passage: Passage) -> str:
    return f"{passage['title']}\n{passage['text']}"


def companies_labelled(passage: Passage, label: int | str) -> set[str]:
    return {company for company, given in passage["labels"].items() if given == label}


def kinds_allowed(passage: Passage) -> set[str]:
    """The kinds that the labels leave open."""
    named = companies_labelled(passage, 1)
    if len(named) > 1:
        return {"co-mention"}
    if named:
        return {"positive"}
    # One company may be open while another is a plain look-alike: either kind is true then.
    return {"ambiguous", "hard-negative"} if companies_labelled(passage, "?") else {"hard-negative", "easy-negative"}


def readme_rows() -> dict[str, list[str]]:
    """First cell of each table row -> its other cells."""
    rows = {}
    for line in (FOLDER / "README.md").read_text(encoding="utf-8").splitlines():
        if line.startswith("| "):
            first, *rest = [cell.strip() for cell in line.strip("|").split("|")]
            rows[first] = rest
    return rows


@pytest.mark.parametrize("name", FILES)
class TestEveryFile:
    def test_every_line_has_all_fields(self, name: str) -> None:
        for passage in passages(name):
            assert set(passage) == FIELDS, passage
            assert whole(passage).strip(), passage["id"]
            assert re.fullmatch(r"[a-z]{2}", passage["lang"]), passage["id"]

    def test_ids_are_unique(self, name: str) -> None:
        ids = [passage["id"] for passage in passages(name)]
        assert [given for given, times in Counter(ids).items() if times > 1] == []
        assert [given for given in ids if not re.fullmatch(r"[a-z]\d{4}", given)] == []

    def test_no_passage_stands_there_twice(self, name: str) -> None:
        times = Counter(" ".join(whole(passage).casefold().split()) for passage in passages(name))
        assert [text for text, count in times.items() if count > 1] == []

    def test_every_company_has_a_label_on_every_line(self, name: str) -> None:
        found = passages(name)
        companies = set(found[0]["labels"])
        for passage in found:
            assert set(passage["labels"]) == companies, passage["id"]
            # True and 1 are equal in Python and different in JSON.
            assert all(type(label) in (int, str) for label in passage["labels"].values()), passage["id"]
            assert set(passage["labels"].values()) <= {0, 1, "?"}, passage["id"]

    def test_kind_follows_from_the_labels(self, name: str) -> None:
        assert [(p["id"], p["kind"]) for p in passages(name) if p["kind"] not in kinds_allowed(p)] == []

    def test_each_named_company_has_its_surface_in_the_passage(self, name: str) -> None:
        for passage in passages(name):
            assert set(passage["surfaces"]) == companies_labelled(passage, 1), passage["id"]
            for surfaces in passage["surfaces"].values():
                assert surfaces, passage["id"]
                assert all(surface and surface in whole(passage) for surface in surfaces), passage["id"]


class TestCompanies:
    def test_a_surface_belongs_to_its_company(self) -> None:
        for passage in passages(COMPANIES):
            for company, surfaces in passage["surfaces"].items():
                for surface in surfaces:
                    bare = surface.replace("\u00ad", "")
                    assert LOOK_ALIKES[company].search(bare), (passage["id"], surface)

    def test_an_easy_negative_holds_nothing_that_looks_like_a_name(self) -> None:
        found = [
            (passage["id"], company)
            for passage in passages(COMPANIES)
            if passage["kind"] == "easy-negative"
            for company, pattern in LOOK_ALIKES.items()
            if pattern.search(whole(passage))
        ]
        assert found == []

    def test_a_difficult_passage_says_why(self) -> None:
        difficult = {"hard-negative", "ambiguous"}
        assert [p["id"] for p in passages(COMPANIES) if p["kind"] in difficult and not p["note"]] == []

    def test_a_company_labelled_0_beside_a_named_one_is_explained_where_it_looks_named(self) -> None:
        unexplained = [
            (passage["id"], company)
            for passage in passages(COMPANIES)
            for company in companies_labelled(passage, 0)
            if LOOK_ALIKES[company].search(whole(passage)) and not passage["note"]
        ]
        assert unexplained == []

    def test_passages_are_short(self) -> None:
        assert [p["id"] for p in passages(COMPANIES) if len(whole(p).split()) > 160] == []

    def test_readme_counts_are_those_of_the_file(self) -> None:
        found = passages(COMPANIES)
        rows = readme_rows()
        for lang in {passage["lang"] for passage in found} | {"all"}:
            kinds = Counter(passage["kind"] for passage in found if lang in ("all", passage["lang"]))
            assert rows[lang] == [str(kinds[kind]) for kind in KINDS] + [str(kinds.total())], lang
        for company in LOOK_ALIKES:
            labels = Counter(passage["labels"][company] for passage in found)
            assert rows[company] == [str(labels[label]) for label in (1, 0, "?")], company
