"""``newsvane articles show``: an article, its dates, and what its edits changed."""

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
