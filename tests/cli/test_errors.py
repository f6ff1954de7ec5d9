"""A wrong command line, query, watch list or setting: one line on standard error, nothing on standard output, nothing
changed, and a status that says whose fault it is (2: used wrongly, 1: cannot be done)."""

import contextlib
import sqlite3
from pathlib import Path

import pytest

from tests.cli.command import Command, Result


def assert_refused(done: Result, status: int, line: str) -> None:
    assert (done.status, done.out, done.err) == (status, "", f"newsvane: {line}\n")


@pytest.mark.parametrize(
    ("arguments", "part"),
    [
        # commands and options that there are not, with the one that was meant
        (["mention"], 'Unknown command "mention"'),
        (["sources", "lst"], '`newsvane sources` has no command "lst"; did you mean "list"?'),
        (["mentions", "--limt", "3"], "Unknown option: --limt. Did you mean --limit?"),
        (["match", "--watchlst"], 'Unknown option: "--watchlst"'),
        # a query that was not quoted must not be taken for something else
        (["mentions", "HPE", "deal"], 'takes no "deal" there: put what belongs together into quotes'),
        # values of the wrong kind
        (["mentions", "--limit", "ten"], 'Invalid value for --limit: unable to convert "ten" into int|Literal[all].'),
        (["mentions", "--format", "xml"], 'Invalid value "xml" for --format.'),
        (["deliveries", "--status", "lost"], 'Invalid value "lost" for --status.'),
        (["channels", "add", "a", "--type", "pigeon"], "pigeon"),
        # values that are left out
        (["apply"], "FILE"),
        (["sources", "add"], "URL"),
        (["channels", "add", "a"], "--type"),
    ],
)
def test_the_parser_says_what_is_wrong_and_where_help_is(filled: Command, arguments: list[str], part: str) -> None:
    done = filled(*arguments)
    assert (done.status, done.out) == (2, "")
    assert done.err.startswith("newsvane: ")
    assert done.err.endswith(" Try --help.\n")
    assert done.err.count("\n") == 1
    assert part in done.err


@pytest.mark.parametrize(
    ("arguments", "line"),
    [
        # queries: the place, counted from 1, and the mend
        (
            ["mentions", "HPE AND"],
            "query: at character 8: the query ends where a word was due; "
            "add what is missing, or remove the last operator",
        ),
        (
            ["articles", "deal (HPE"],
            "query: at character 6: this bracket is never closed; add ) after what it holds",
        ),
        # times
        (
            ["alerts", "--since", "yesterday"],
            "since 'yesterday': write a time such as 2026-11-22T08:00:00Z, or 2h, 7d",
        ),
        (
            ["alerts", "--until", "2026-13-01"],
            "until '2026-13-01': write a time such as 2026-11-22T08:00:00Z, or 2h, 7d",
        ),
        (
            ["alerts", "--since", "0001-01-01T00:00:00+14:00"],
            "since '0001-01-01T00:00:00+14:00': is no time that can be told in UTC",
        ),
        (
            ["alerts", "--since", "1h", "--until", "2h"],
            "since '1h' is after until '2h': nothing can lie between; swap them",
        ),
        (["alerts", "--since", "99999999999d"], "since '99999999999d': is too long ago"),
        # pages
        (["mentions", "--limit", "0"], "limit 0: write a number from 1 to 10000"),
        (["mentions", "--limit", "10001"], "limit 10001: write a number from 1 to 10000"),
        (["mentions", "--cursor", "abc"], "cursor: take it from the previous page of the same listing, unchanged"),
        # names that nobody has, with the nearest that somebody has
        (
            ["mentions", "--entity", "Orcale"],
            "--entity 'Orcale': there is none of that name; did you mean 'Oracle'? `newsvane entities` lists them",
        ),
        (
            ["articles", "--source", "Nobody's Feed"],
            '--source "Nobody\'s Feed": there is none of that name; `newsvane sources` lists them',
        ),
        (
            ["alerts", "--rule", "every mentoin"],
            "--rule 'every mentoin': there is none of that name; did you mean 'every mention'? "
            "`newsvane rules` lists them",
        ),
        # nothing named to work on
        (["sources", "remove"], "name at least one source"),
        (["rules", "disable"], "name at least one rule"),
        # things that cannot be added
        (["sources", "add", "news"], "command line: sources[0].url: 'news' is no http or https address"),
        (
            ["sources", "add", "https://a.example/", "--interval", "soon"],
            "command line: sources[0].interval: 'soon' is no interval; write 90s, 5m or 1h",
        ),
        (["rules", "add", "r"], "command line: rules[0]: needs either query or entities, or watch"),
        (
            ["rules", "add", "r", "--query", "entity:HPE", "--channel", "nowhere"],
            "rule 'r': there is no channel 'nowhere'; there are: desk, hook",
        ),
        (
            ["channels", "add", "c", "--type", "webhook"],
            "command line: channels[0]: channel 'c': 'url' is missing: "
            "name the receiver, as in url: https://example.org/hook",
        ),
    ],
)
def test_used_wrongly(filled: Command, arguments: list[str], line: str) -> None:
    before = filled.contents()
    assert_refused(filled(*arguments), 2, line)
    assert filled.contents() == before


NO_ORCALE = "there is no entity 'Orcale'; did you mean 'Oracle'? `newsvane entities` lists them"


@pytest.mark.parametrize(
    ("arguments", "line"),
    [
        (["entities", "show", "Orcale"], NO_ORCALE),
        (["entities", "edit", "orcale"], NO_ORCALE.replace("Orcale", "orcale")),
        # one of two is not there: the other stays too
        (["entities", "remove", "HPE", "Orcale"], NO_ORCALE),
        (["entities", "disable", "HPE", "Orcale"], NO_ORCALE),
        (["sources", "show", "99999"], "there is no source 99999; `newsvane sources` lists them"),
        (
            ["sources", "enable", "https://a.example/"],
            "there is no source 'https://a.example/'; `newsvane sources` lists them",
        ),
        (["rules", "remove", "r"], "there is no rule 'r'; `newsvane rules` lists them"),
        (["channels", "test", "c"], "there is no channel 'c'; `newsvane channels` lists them"),
        (["alerts", "resend", "alt_0"], "there is no alert alt_0 with a delivery; `newsvane alerts` lists them"),
        (["deliveries", "retry", "dlv_0"], "there is no unsent delivery dlv_0; `newsvane deliveries` lists them"),
        (["deliveries", "show", "dlv_0"], "there is no delivery dlv_0; `newsvane deliveries` lists them"),
        # what cannot be read
        (["apply", "no-such-file"], "no-such-file cannot be read: No such file or directory"),
        (["match", "no-such-file"], "no-such-file cannot be read: No such file or directory"),
        (["extract", "no-such-file"], "no-such-file cannot be read: No such file or directory"),
        (["sources", "import", "no-such-file"], "no-such-file cannot be read: No such file or directory"),
        # what the web does not give, or newsvane does not fetch
        (["sources", "check", "news"], "news: This is not an http(s) address that can be fetched."),
    ],
)
def test_cannot_be_done(filled: Command, arguments: list[str], line: str) -> None:
    before = filled.contents()
    assert_refused(filled(*arguments), 1, line)
    assert filled.contents() == before


@pytest.mark.parametrize(
    ("text", "line"),
    [
        # YAML itself
        ("entities: [", "-: line 1, column 12: expected the node content, but found '<stream end>'"),
        ("entities: []\nentities: []\n", "-: line 2, column 1: 'entities' is written twice"),
        ("- HPE", "-: must hold the keys sources, entities, rules, channels, inhibitions, searches"),
        # unknown keys
        ("entity: []", "-: unknown key 'entity'; use channels, entities, inhibitions, rules, searches, sources"),
        (
            "sources: [{url: 'https://a.example/', titel: A}]",
            "-: sources[0]: unknown key 'titel'; use enabled, interval, language, tags, title, url",
        ),
        # the second item of a section, the others being right
        (
            "sources: [{url: 'https://a.example/'}, {url: 'ftp://a.example/'}]",
            "-: sources[1].url: 'ftp://a.example/' is no http or https address",
        ),
        (
            "rules: [{name: r, query: 'HPE OR'}]",
            "-: rules[0].query: at character 7: the query ends where a word was due; "
            "add what is missing, or remove the last operator",
        ),
        # a rule that leads nowhere, found when everything else was written already
        (
            "entities: [{name: New}]\nrules: [{name: r, query: 'entity:*', channels: [nowhere]}]",
            "rule 'r': there is no channel 'nowhere'; there are: desk, hook",
        ),
        # the same thing twice
        (
            "sources: [{url: 'https://a.example/'}, {url: 'https://a.example/'}]",
            "-: sources[1]: 'https://a.example/' is listed twice",
        ),
    ],
)
def test_a_wrong_watch_list_names_the_place_and_changes_nothing(scratch: Command, text: str, line: str) -> None:
    before = scratch.contents()
    assert_refused(scratch("apply", "-", given=text), 2, line)
    assert scratch.contents() == before


class TestBytes:
    @pytest.mark.parametrize("command", [("apply", "-"), ("match",), ("match", "-")])
    def test_what_is_no_text(self, empty: Command, command: tuple[str, ...]) -> None:
        assert_refused(empty(*command, given=b"HPE \xff"), 1, "- is no text in UTF-8 (see byte 5)")

    def test_a_byte_order_mark_is_no_trouble(self, empty: Command) -> None:
        assert empty("match", given=b'\xef\xbb\xbf{"id": 1, "text": "HPE"}').lines[0]["id"] == "1"


class TestSettings:
    def test_a_wrong_setting_stops_any_command(self, filled: Command) -> None:
        done = Command(filled.folder, {"NEWSVANE_LEASE": "long"})("mentions")
        assert_refused(done, 2, "NEWSVANE_LEASE: write a duration such as 90s, 5m, 2h or 7d (it is 'long')")

    @pytest.mark.parametrize("command", [("mentions",), ("run", "--once"), ("migrate",), ("doctor",)])
    def test_a_database_of_another_make(self, empty: Command, command: tuple[str, ...]) -> None:
        done = Command(empty.folder, {"NEWSVANE_DATABASE_URL": "mysql://me:open-sesame@host/news"})(*command)
        line = "NEWSVANE_DATABASE_URL: mysql is not supported; use sqlite:///newsvane.db or postgresql://user@host/name"
        assert_refused(done, 2, line)

    def test_a_watch_list_that_is_not_there(self, scratch: Command) -> None:
        done = Command(scratch.folder, {"NEWSVANE_WATCHLIST": "no-such-file"})("run", "--once")
        assert_refused(done, 2, "NEWSVANE_WATCHLIST: no-such-file cannot be read (No such file or directory)")


class TestDatabase:
    def test_a_file_that_is_no_database(self, empty: Command) -> None:
        empty.database.write_bytes(b"this is a text" * 100)
        assert_refused(
            empty("mentions"),
            1,
            "the database cannot be used: file is not a database (NEWSVANE_DATABASE_URL names a file of another kind)",
        )
        assert empty.database.read_bytes() == b"this is a text" * 100

    def test_a_folder_that_cannot_be_made(self, empty: Command, tmp_path: Path) -> None:
        (tmp_path / "file").write_text("")
        url = f"sqlite:///{tmp_path / 'file' / 'deeper' / 'news.db'}"
        done = Command(empty.folder, {"NEWSVANE_DATABASE_URL": url})("mentions")
        assert_refused(done, 1, f"{tmp_path / 'file' / 'deeper'}: Not a directory")

    @pytest.mark.parametrize("command", [("mentions",), ("migrate",), ("run", "--once"), ("doctor",)])
    def test_a_database_of_a_newer_version_is_left_alone(self, scratch: Command, command: tuple[str, ...]) -> None:
        with contextlib.closing(sqlite3.connect(scratch.database)) as database, database:
            [(known,)] = database.execute("SELECT version_num FROM alembic_version").fetchall()
            database.execute("UPDATE alembic_version SET version_num = '9999'")
        before = scratch.contents()
        line = f"the database has schema 9999, newer than this program's {known}: update newsvane"
        assert_refused(scratch(*command), 1, line)
        assert scratch.contents() == before
