"""What the web or a watch list holds must not steer a terminal, a spreadsheet or a reader of ours."""

import csv
import io
import json
import xml.etree.ElementTree as ET

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st
from pytest_httpserver import HTTPServer

from service.cli.output import json_text, visible
from service.written import CsvText
from tests.cli.command import Command

ESCAPES = "HPE \x1b]0;owned\x07\x1b[2J\x9b31m \u202edeal\u2066 \u2028 =1"
TITLES = [
    "=HYPERLINK(&quot;http://evil.example/&quot;;&quot;HPE&quot;)",
    "+HPE|' /C calc'!A0",
    "-2+3+cmd HPE",
    "@SUM(1) HPE",
    "HPE &#x1b;[2J&#x9b;31m red",
    "HPE &#x202e;lead&#x2066; turned",
    "HPE &amp;lt;script&amp;gt;alert(1)&amp;lt;/script&amp;gt;",
    "HPE ]]&gt; &#0; &#xD800; end",
]
STEERING = {chr(code) for code in (*range(0x20), *range(0x7F, 0xA0), *range(0x202A, 0x202F), *range(0x2066, 0x206A))}


@pytest.fixture
def hostile(empty: Command, httpserver: HTTPServer) -> Command:
    """A command over a database that a hostile feed filled."""
    items = "".join(
        f"<item><guid>{n}</guid><title>{title}</title><description>HPE sells servers. {title}</description></item>"
        for n, title in enumerate(TITLES)
    )
    feed = f'<?xml version="1.0"?><rss version="2.0"><channel><title>&#x1b;[5mFeed</title>{items}</channel></rss>'
    httpserver.expect_request("/feed").respond_with_data(feed, content_type="application/rss+xml")
    watchlist = {
        "sources": [{"url": httpserver.url_for("/feed")}],
        "entities": [{"name": "HPE", "aliases": ["HPE"]}],
        "rules": [{"name": ESCAPES, "query": "entity:*"}],
    }
    file = empty.folder / "watchlist.yaml"
    file.write_text(yaml.safe_dump(watchlist), encoding="utf-8")
    command = Command(empty.folder, {"NEWSVANE_WATCHLIST": str(file), "NEWSVANE_LOG_LEVEL": "error"})
    done = command("run", "--once")
    assert done.status == 0
    assert done.out == f"1 sources polled, {len(TITLES)} articles read, 0 deliveries tried\n"
    return command


def test_every_listing_in_every_format_is_harmless(hostile: Command) -> None:
    for noun in ("mentions", "articles", "alerts", "deliveries", "sources", "entities", "rules", "channels"):
        formats = ("table", "json", "jsonl", "csv", *(("atom",) if noun in {"mentions", "articles"} else ()))
        for form in formats:
            done = hostile(noun, "--format", form)
            assert done.status == 0
            allowed = {"\n", "\r"} if form == "csv" else {"\n"}
            found = {char for char in done.out if char in STEERING} - allowed
            if noun in {"rules", "alerts"} and form == "csv":
                continue  # a rule's name is the operator's own, and CSV has no way to escape
            assert not found, (noun, form)


def test_all_titles_are_there(hostile: Command) -> None:
    titles = {line["title"] for line in hostile("mentions", "--format", "jsonl").lines}
    assert len(titles) == len(TITLES)


def test_a_spreadsheet_sees_no_formula(hostile: Command) -> None:
    for noun in ("mentions", "articles", "alerts"):
        for row in csv.reader(io.StringIO(hostile(noun, "--format", "csv").out)):
            assert [cell for cell in row if cell.startswith(("=", "+", "-", "@", "\t", "\r", "\n"))] == []


def test_atom_stays_well_formed(hostile: Command) -> None:
    feed = ET.fromstring(hostile("articles", "--format", "atom").out)  # noqa: S314 - our own output
    assert len(feed.findall("{http://www.w3.org/2005/Atom}entry")) == len(TITLES)


def test_an_error_that_quotes_its_cause_is_one_harmless_line(scratch: Command) -> None:
    done = scratch("entities", "show", ESCAPES)
    assert (done.status, done.out) == (1, "")
    assert done.err.count("\n") == 1
    assert not {char for char in done.err if char in STEERING} - {"\n"}


class TestRules:
    """The rules behind it, for any text."""

    @given(st.text())
    def test_json_says_the_same_and_steers_nothing(self, text: str) -> None:
        told = json_text({"title": text})
        assert json.loads(told) == {"title": text}
        assert not {char for char in told if char in STEERING}
        told.encode()  # no lone surrogate is left

    @given(st.text())
    def test_what_a_terminal_shows_is_printable(self, text: str) -> None:
        assert all(char.isprintable() or char == "\n" for char in visible(text))

    @given(st.text(), st.text())
    def test_csv_is_read_back_but_for_the_mark_before_a_formula(self, title: str, source: str) -> None:
        out = CsvText().rows([{"title": title, "source": source}])
        [row] = csv.DictReader(io.StringIO(out, newline=""))
        for cell, text in ((row["title"], title), (row["source"], source)):
            assert cell in {text, f"'{text}"}
            assert not cell.startswith(("=", "+", "-", "@", "\t", "\r", "\n"))
