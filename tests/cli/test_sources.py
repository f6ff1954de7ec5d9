"""How a source stands, what a check of it tells, and long lists of sources on a terminal."""

import contextlib
import json
import os
import pty
import re
import socket
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest
from pytest_httpserver import HTTPServer
from werkzeug import Response

from tests.cli.command import Command, environment, run_process


@pytest.fixture
def small(empty: Command) -> Command:
    """A command over a database with one source that was never polled."""
    assert empty("sources", "add", "https://news.example.org/feed").status == 0
    return empty


def make_due(command: Command, url: str) -> None:
    with contextlib.closing(sqlite3.connect(command.database)) as database, database:
        database.execute("UPDATE sources SET next_poll_at = created_at WHERE url = ?", (url,))


def test_show_tells_how_a_source_stands_and_its_history(small: Command, httpserver: HTTPServer) -> None:
    url = httpserver.url_for("/feed")
    feed = "<rss version='2.0'><channel><title>Wire</title><ttl>90</ttl><item><title>First</title></item></channel>"
    here = Command(small.folder, {"NEWSVANE_WATCHLIST": str(small.folder / "one.yaml"), "NEWSVANE_HOST_SPACING": "0"})
    (small.folder / "one.yaml").write_text(f"sources: [{{url: '{url}', tags: [trade]}}]")
    small("sources", "remove", "https://news.example.org/feed")
    httpserver.expect_ordered_request("/feed").respond_with_data(f"{feed}</rss>", content_type="text/xml")
    assert here("run", "--once").status == 0
    shown = here("sources", "show", url).out
    assert "Wire\n" in shown
    assert f"address      {url}\n" in shown
    assert "tags         trade\n" in shown
    assert "state        ok\n" in shown
    assert "why then     the feed asks for 1 h 30 min between polls (ttl or sy:updatePeriod)\n" in shown
    assert re.search(r"^time \(UTC\) +outcome +status +items +new +bytes +ms +what went wrong", shown, re.MULTILINE)
    assert re.search(rf"^20\S+ \S+ +read +200 +1 +1 +{len(feed) + 6} +\d+ *$", shown, re.MULTILINE)
    make_due(here, url)
    httpserver.expect_ordered_request("/feed").respond_with_data("gone", 410)
    here("run", "--once")
    shown = here("sources", "show", url).out
    assert 'state        failing: 1 failure, the last one of the kind "lasting" (docs/polling.md)\n' in shown
    assert "error        The server answered 410 (Gone).\n" in shown
    assert 'of the kind "lasting": a pause of 1 h 30 min, which grows to 30 d at most\n' in shown
    newest, oldest = shown.splitlines()[-2:]
    assert re.search(r" http-410 +410 +\d+ +The server answered 410 \(Gone\)\.", newest)
    assert " read " in oldest


def test_a_source_that_was_never_polled_has_no_history(small: Command) -> None:
    shown = small("sources", "show", "https://news.example.org/feed").out
    assert "state        new\n" in shown
    assert "why then     the first poll; those of many new sources are spread out\n" in shown
    assert shown.endswith("\nno poll yet\n")


@pytest.mark.parametrize(
    ("answer", "told", "problem"),
    [
        (  # a refusal with its wish
            Response("slow down", 503, {"Retry-After": "7200"}),
            [
                "answer: 503 Service Unavailable",
                "  retry-after: 7200",
                'kind "passing"',
                "asks for: no request before",
            ],
            "The server answered 503 (Service Unavailable).",
        ),
        (  # a cap
            Response("x" * 20_000, 200, content_type="text/xml"),
            ["answer: 200 OK", "  content-length: 20000", 'kind "lasting", polled again ever later, up to 30 d'],
            "The answer is larger than 10,000 bytes.",
        ),
        (  # another cap
            Response("", 200, {f"X-{n}": "y" for n in range(300)}),
            ["answer: none", 'kind "lasting"'],
            "sent more than the caps on header fields take: 256 of them",
        ),
        (  # no feed
            Response("<html><title>Log in</title></html>", 200, content_type="text/html"),
            ["  content-type: text/html", "body: 34 bytes, unpacked", 'kind "no feed"'],
            'This is not a feed: an HTML page titled "Log in".',
        ),
        (  # to where nobody may go
            Response("", 302, {"Location": "http://169.254.169.254/?a=\x1b[2J"}),
            ["answer: 302 Found", "  location: http://169.254.169.254/?a=", "asked: http://169.254.169.254/?a="],
            "169.254.169.254 is not public and was not allowed (NEWSVANE_ALLOWED_NETWORKS may allow it)",
        ),
    ],
)
def test_check_tells_the_conversation_that_failed(
    empty: Command, httpserver: HTTPServer, answer: Response, told: list[str], problem: str
) -> None:
    httpserver.expect_request("/old").respond_with_data("", 302, {"Location": "/feed"})
    httpserver.expect_request("/feed").respond_with_response(answer)
    url = httpserver.url_for("/old")
    here = Command(empty.folder, {"NEWSVANE_HOST_SPACING": "0", "NEWSVANE_MAX_FETCH_BYTES": "10000"})
    done = here("sources", "check", url.replace("//", "//me:open-sesame@"))
    assert done.status == 1
    assert done.out.startswith(f"asked: {url}\nanswer: 302 Found\n  location: /feed\n")
    places = [done.out.find(words) for words in told]
    assert -1 not in places, done.out
    assert places == sorted(places)
    assert problem in done.err.splitlines()[-1]
    assert "\x1b" not in done.out
    assert "open-sesame" not in done.out + done.err


def test_no_command_about_an_address_tells_its_password(empty: Command) -> None:
    url = "https://me:open-sesame@nowhere.invalid/feed"
    for command in ("check", "discover", "add", "disable", "remove"):
        done = empty("sources", command, url)
        assert "open-sesame" not in done.out + done.err, command


def test_check_tells_of_a_server_that_never_answers(empty: Command) -> None:
    here = Command(empty.folder, {"NEWSVANE_FETCH_TIMEOUT": "1s"})
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"http://127.0.0.1:{silent.getsockname()[1]}/feed"
        done = here("sources", "check", url)
    assert done.out.splitlines()[:2] == [f"asked: {url}", "answer: none"]
    assert "took longer than the time given to it" in done.err


def test_an_import_shows_its_progress_on_a_terminal_only(empty: Command, tmp_path: Path) -> None:
    outlines = "".join(f"<outline type='rss' text='{n}' xmlUrl='https://h{n}.example/feed'/>" for n in range(1200))
    file = tmp_path / "list.opml"
    file.write_text(f"<opml version='2.0'><body>{outlines}</body></opml>", encoding="utf-8")
    status, out, err = on_a_terminal(empty, "sources", "import", str(file))
    assert (status, out) == (0, "1200 added, 0 changed, of 1200\n")
    assert "Adding sources" in err
    assert "/1200" in err
    done = run_process(empty, "sources", "import", str(file))
    assert (done.out, done.err) == ("0 added, 0 changed, of 1200\n", "")


def test_an_import_that_was_killed_is_gone_on_with_behind_what_is_done(empty: Command, tmp_path: Path) -> None:
    parts = [[{"url": f"https://h{part}{n}.example/feed", "tags": []} for n in range(3)] for part in range(3)]
    assert empty("jobs", "--format", "jsonl").out == ""
    file = tmp_path / "list.opml"
    file.write_text(f"<opml version='2.0'><body><outline xmlUrl='{parts[0][0]['url']}'/></body></opml>")
    empty("sources", "import", str(file))
    with contextlib.closing(sqlite3.connect(empty.database)) as database, database:
        cut_off = "state = 'open', finished_at = NULL, lease_until = created_at, done = 3, total = 9, result = ?"
        database.execute(f"UPDATE jobs SET {cut_off}", (json.dumps({"added": 3, "changed": 0}),))  # noqa: S608
        for number, part in enumerate(parts[1:], 1):
            database.execute("INSERT INTO job_parts VALUES (1, ?, ?)", (number, json.dumps(part)))
    told = empty("jobs")
    assert ("stopped" in told.out, "3 of 9" in told.out) == (True, True)
    done = empty("jobs", "resume", "1")
    assert (done.status, done.out) == (0, "9 added, 0 changed, of 9\n")
    assert len(empty("sources", "--format", "jsonl").lines) == 1 + 6, "the first part is not done twice"
    assert empty("jobs", "--format", "jsonl").lines[0]["state"] == "done"
    again = empty("jobs", "resume", "1")
    assert (again.status, "there is nothing to go on with" in again.err) == (1, True)
    assert empty("jobs", "cancel", "1").status == 1
    assert empty("jobs", "cancel", "7").err == "newsvane: there is no job 7; `newsvane jobs` lists them\n"


def on_a_terminal(command: Command, *arguments: str) -> tuple[int, str, str]:
    """Status, output, and what a terminal got that took standard error."""
    ours, theirs = pty.openpty()
    variables = {**environment(command.folder, command.extra), "TERM": "xterm", "COLUMNS": "100"}
    with subprocess.Popen(
        [sys.executable, "-m", "service", *arguments], env=variables, stdout=subprocess.PIPE, stderr=theirs
    ) as process:
        os.close(theirs)
        shown = b"".join(iter(lambda: read_terminal(ours), b""))
        out = process.stdout.read() if process.stdout else b""
    os.close(ours)
    return process.returncode, out.decode(), shown.decode()


def read_terminal(end: int) -> bytes:
    """What the other side wrote; nothing once it is closed, which Linux tells by an error."""
    try:
        return os.read(end, 65536)
    except OSError:
        return b""
