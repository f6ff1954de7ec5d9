"""``cluster`` and ``stories``: what a user types, and the lines that other programs read."""

import json

import pytest

from tests.cli.command import Command

TEXT = (
    "HPE has won an order for servers worth more than $1 billion from X, two people familiar with it said on Monday."
    " Dell and Supermicro had bid, too, but their prices were 4.5 percent higher."
)


def lines(*articles: dict[str, object]) -> str:
    return "".join(f"{json.dumps(article)}\n" for article in articles)


def test_copies_share_a_story(empty: Command) -> None:
    given = lines(
        {"id": "a", "title": "HPE wins order", "text": TEXT, "published_at": "2026-11-22T08:00:00Z"},
        {"id": "b", "title": "Something else", "text": "Rain is expected in the north."},
        {"id": 3, "title": "X buys servers", "text": f"{TEXT} Read more.", "url": "https://x.example/"},
    )
    found = empty("cluster", "-", given=given).lines
    assert [(line["id"], line["story"]) for line in found] == [("a", 1), ("b", 2), (3, 1)]
    assert found[2]["reason"].startswith("a copy: ")
    assert json.loads(empty("cluster", "--format", "json", given=given).out) == found
    assert empty("cluster", "--format", "csv", given=given).out.splitlines()[0] == "id,story,reason"
    assert "X buys servers" in empty("cluster", "--format", "table", given=given).out
    assert not empty.database.exists(), "it stores nothing"


@pytest.mark.parametrize(
    ("line", "wrong"),
    [
        ("[]", "is no object"),
        ('{"title": "T"}', "'id' is missing"),
        ('{"id": 1, "text": 5}', "'text' must be text"),
        ('{"id": 1, "published_at": "soon"}', "'published_at' 'soon' is no time"),
        ("{", "is no JSON (Expecting property name"),
    ],
)
def test_a_mistake_is_named_with_its_line(empty: Command, line: str, wrong: str) -> None:
    done = empty("cluster", given=f'{{"id": 0}}\n{line}\n')
    assert (done.status, done.out) == (2, "")
    assert done.err.startswith(f"newsvane: -, line 2: {wrong}")


def test_hostile_texts_are_articles_like_others(empty: Command) -> None:
    given = lines({"id": 1, "title": "\ud800", "text": "\0" * 99}, {"id": 2, "text": "a " * 99_999})
    assert [line["story"] for line in empty("cluster", given=given).lines] == [1, 2]


def test_stories_of_the_sample_world_are_listed_merged_and_split(scratch: Command) -> None:
    stories = scratch("stories", "--format", "jsonl", "--limit", "1000").lines
    big, next_ = sorted(stories, key=lambda line: -line["copies"])[:2]
    assert big["copies"] == len(big["articles"]) >= len(big["outlets"]) > 1
    assert big["first_seen"] <= big["last_seen"]
    assert big["title"] in scratch("stories").out
    assert "<entry>" in scratch("stories", "--format", "atom").out
    into, gone = sorted((big["id"], next_["id"]))
    assert scratch("stories", "merge", str(gone), str(into)).out == f"story {gone} is now part of story {into}\n"
    again = scratch("stories", "merge", str(gone), str(into))
    assert (again.status, again.err) == (2, f"newsvane: {gone} and {into} are one story already\n")
    article = big["articles"][-1]
    assert scratch("stories", "split", str(article)).status == 0
    after = scratch("stories", "--format", "jsonl", "--limit", "1000").lines
    assert len(after) == len(stories)
    assert [line["articles"] for line in after if article in line["articles"]] == [[article]]


def test_what_is_not_there_cannot_be_merged_or_split(empty: Command) -> None:
    for arguments, wrong in ((("merge", "7", "8"), "there is no story 7"), (("split", "7"), "there is no article 7")):
        done = empty("stories", *arguments)
        assert done.status == 1
        assert wrong in done.err
    assert empty("stories", "--format", "json").out == "[]\n"


def test_a_story_shows_its_versions(scratch: Command) -> None:
    big = max(scratch("stories", "--format", "jsonl", "--limit", "1000").lines, key=lambda line: int(line["copies"]))
    story = json.loads(scratch("stories", "show", str(big["id"]), "--format", "json").out)
    # A listing joins what the articles tell of one deal; the page tells who tells it how.
    assert {**story, **big, "facts": story["facts"]} == story
    assert all(fact["articles"] for fact in story["facts"])
    assert sorted(version["article"] for version in story["timeline"]) == big["articles"]
    assert [version["head"] for version in story["timeline"]].count(True) == 1
    shown = scratch("stories", "show", str(big["id"])).out
    assert shown.startswith(f"Story {big['id']}: {big['title']}\n")
    assert "of its words" in shown
    missing = scratch("stories", "show", "999999")
    assert (missing.status, missing.err) == (1, "newsvane: there is no story 999999; `newsvane stories` lists them\n")
    other = min(line["id"] for line in scratch("stories", "--format", "jsonl", "--limit", "1000").lines)
    if other != big["id"]:
        scratch("stories", "merge", str(other), str(big["id"]))
        assert json.loads(scratch("stories", "show", str(big["id"]), "--format", "json").out)["id"] == other
