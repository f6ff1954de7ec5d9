"""``newsvane articles``: one article, its dates, and what its edits changed; going through them."""

import contextlib
import json
import sqlite3

from tests.cli.command import Command


def edited(scratch: Command) -> int:
    """An article said something else before; its number."""
    (line,) = scratch("articles", "--limit", "1", "--format", "jsonl").lines
    statement = (
        "INSERT INTO revisions (article_id, at, read_at, title, text, origin) "
        "VALUES (?, '2026-11-22 08:15:00.000000', NULL, ?, ?, 'page')"
    )
    with contextlib.closing(sqlite3.connect(scratch.database)) as database:
        database.execute(statement, (line["id"], f"Old {line['title']}", line["text"] + " And\x1b[31m more."))
        database.execute(
            "UPDATE articles SET date_note = 'dated 2036-01-01, which is to come' WHERE id = ?", (line["id"],)
        )
        database.commit()
    return int(line["id"])


def test_what_an_edit_changed_is_marked(scratch: Command) -> None:
    number = edited(scratch)
    told = scratch("articles", "show", str(number))
    assert (told.status, told.err) == (0, "")
    assert "edited, seen 2026-11-22 08:15\n  title: [-Old -]" in told.out
    assert "[- And\\u001b[31m more.-]" in told.out
    assert "(dated 2036-01-01, which is to come)" in told.out


def test_as_json_it_has_its_revisions(scratch: Command) -> None:
    number = edited(scratch)
    line = json.loads(scratch("articles", "show", str(number), "--format", "json").out)
    assert line["id"] == number
    assert [revision["title"] for revision in line["revisions"]] == [f"Old {line['title']}"]
    assert line["date_note"] == "dated 2036-01-01, which is to come"


def test_an_article_is_found_under_any_form_of_its_address(filled: Command) -> None:
    lines = filled("articles", "--limit", "1000", "--format", "jsonl").lines
    known = next(line for line in lines if "X picks Hewlett Packard Enterprise" in line["title"])
    told = filled("articles", "show", f"{known['url'].partition('?')[0]}/amp?utm_source=elsewhere#top").out
    assert told == filled("articles", "show", str(known["id"])).out
    assert told.startswith(known["title"])
    assert known["text"] in told


def test_an_unknown_article_is_one_line(filled: Command) -> None:
    told = filled("articles", "show", "https://nowhere.example/")
    assert (told.status, told.out) == (1, "")
    assert told.err == "newsvane: no article is known at https://nowhere.example/; `newsvane articles` lists them\n"


def ids(command: Command, *arguments: str) -> set[int]:
    found = command(*arguments, "--format", "jsonl", "--limit", "1000")
    assert (found.status, found.err) == (0, "")
    return {line["article"] if arguments[0] == "mentions" else line["id"] for line in found.lines}


def test_articles_are_gone_through(scratch: Command) -> None:
    lines = scratch("articles", "--limit", "4", "--format", "jsonl").lines
    one, two, *_ = (line["id"] for line in lines)
    done = scratch("articles", "triage", "done", str(one), lines[1]["url"])
    assert (done.status, done.out) == (0, "2 articles: done\n")
    scratch("articles", "triage", "starred", str(two))
    every = ids(scratch, "articles")
    assert ids(scratch, "articles", "--triage", "done") == {one, two}
    assert ids(scratch, "articles", "--triage", "open") == every - {one, two}
    assert ids(scratch, "mentions", "--triage", "done") <= {one, two}
    assert scratch("articles", "triage", "not-done", str(two)).out == "1 article: not done\n"
    assert ids(scratch, "articles", "--triage", "done") == {one}
    assert ids(scratch, "articles", "--triage", "starred") == {two}
    counted = json.loads(scratch("articles", "--triage", "starred", "--facets", "--format", "json").out)
    assert counted["counted"] == 1


def test_what_is_wrongly_asked_of_triage_is_told_and_changes_nothing(scratch: Command) -> None:
    before = scratch.contents()
    (line,) = scratch("articles", "--limit", "1", "--format", "jsonl").lines
    for arguments, status, said in (
        (("articles", "triage", "done"), 2, "name at least one article"),
        (("articles", "triage", "done", str(line["id"]), "999999"), 1, "no article 999999"),
        (("articles", "triage", "done", "https://nowhere.example.org/a"), 1, "no article is known at"),
        (("articles", "triage", "done", "1", "--reader", "ana"), 2, "no user and no token is named 'ana'"),
        (("articles", "--reader", "ana"), 2, "--triage"),
        (("alerts", "--triage", "done"), 2, "ask it of mentions, articles or stories"),
    ):
        told = scratch(*arguments)
        assert (told.status, said in told.err) == (status, True), told.err
    assert scratch.contents() == before


def test_where_people_sign_in_each_has_a_way_of_their_own(scratch: Command) -> None:
    (line,) = scratch("articles", "--limit", "1", "--format", "jsonl").lines
    assert scratch("users", "add", "ana", given="four words make one\n").status == 0
    assert scratch("token", "create", "wall").status == 0
    told = scratch("articles", "--triage", "done")
    assert (told.status, "say whose" in told.err) == (2, True)
    assert scratch("articles", "triage", "done", str(line["id"]), "--reader", "ana").status == 0
    assert ids(scratch, "articles", "--triage", "done", "--reader", "ana") == {line["id"]}
    assert ids(scratch, "articles", "--triage", "done", "--reader", "wall") == set()
