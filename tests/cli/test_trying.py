"""``match`` and ``extract``: what would happen, in the lines that other programs read."""

import json
from pathlib import Path
from typing import Any

import pytest
import yaml
from pytest_httpserver import HTTPServer

from tests.cli.command import Command

WATCHLIST = {
    "entities": [
        {"name": "HPE", "aliases": ["HPE", "Hewlett Packard Enterprise"]},
        {"name": "Oracle", "aliases": ["Oracle"], "masks": ["Oracle Park"]},
    ]
}
PAGE = """<!doctype html><html lang="en"><head><title>HPE ships servers – The Paper</title></head><body>
<nav>Oracle news</nav><article><h1>HPE ships servers</h1>
<p>Hewlett Packard Enterprise has shipped two thousand servers to a customer that it did not want to name. The machines
left the factory on Monday and will be switched on before the end of the month, a person close to the matter said.</p>
<p>The order is one of the larger ones of the year. It had been expected for weeks, since the customer had cleared a
hall for it and had brought in more power than its old machines could ever have used.</p></article></body></html>"""


@pytest.fixture
def watching(empty: Command) -> Command:
    """A command that matches with two entities of its own."""
    (empty.folder / "list.yaml").write_text(yaml.safe_dump(WATCHLIST), encoding="utf-8")
    return empty


def matched(command: Command, *lines: dict[str, object]) -> list[dict[str, Any]]:
    given = "\n".join(json.dumps(line, ensure_ascii=False) for line in lines)
    done = command("match", "-", "--watchlist", str(command.folder / "list.yaml"), given=given)
    assert (done.status, done.err) == (0, "")
    return done.lines


class TestMatch:
    def test_a_line_in_a_line_out_with_the_keys_of_the_interface(self, watching: Command) -> None:
        text = "HPE beat Dell. The Oracle Park was full."
        [line] = matched(watching, {"id": "a", "title": "Deal", "text": text, "url": "https://a.example/"})
        assert set(line) >= {"id", "entities", "mentions", "rejected", "facts"}
        assert (line["id"], line["entities"]) == ("a", ["HPE"])
        [mention] = line["mentions"]
        assert set(mention) >= {"entity", "confidence", "salience", "count", "spans", "evidence"}
        [span] = mention["spans"]
        assert span == {"field": "text", "start": 0, "end": 3, "text": "HPE", "alias": "HPE"}
        assert mention["evidence"]
        assert mention["salience"] in {"main", "secondary", "passing"}
        assert 0 < mention["confidence"] <= 1

    def test_deals_come_with_their_proof(self, watching: Command) -> None:
        text = "It rained. HPE signed a contract with Oracle worth up to €500m. Nothing else happened."
        [line] = matched(watching, {"id": 1, "title": "", "text": text})
        [fact] = line["facts"]
        assert (fact["kind"], fact["status"], fact["parties"]) == ("contract", "agreed", ["HPE", "Oracle"])
        assert (fact["amount"], fact["currency"], fact["bound"]) == (500_000_000, "EUR", "max")
        assert fact["sentence"] == "HPE signed a contract with Oracle worth up to €500m."

    def test_what_was_rejected_says_why(self, watching: Command) -> None:
        [line] = matched(watching, {"id": 1, "title": "", "text": "A game at Oracle Park."})
        [rejected] = line["rejected"]
        assert set(rejected) >= {"entity", "text", "reason"}
        assert (rejected["entity"], rejected["text"]) == ("Oracle", "Oracle")

    def test_offsets_count_code_points(self, watching: Command) -> None:
        text = "🛰️ 𝕏 \u2028 – Zürich: HPE’s servers"
        [line] = matched(watching, {"id": 1, "text": text})
        span = line["mentions"][0]["spans"][0]
        assert text[span["start"] : span["end"]] == span["text"] == "HPE"

    def test_ids_and_order_are_kept_and_blank_lines_are_none(self, watching: Command) -> None:
        given = '{"id": "b", "text": "x"}\n\n  \n{"id": 7, "text": "HPE"}\n'
        done = watching("match", "--watchlist", str(watching.folder / "list.yaml"), given=given)
        assert [line["id"] for line in done.lines] == ["b", "7"]

    def test_a_plain_text_is_one_document(self, watching: Command) -> None:
        file = watching.folder / "news.txt"
        file.write_text("A deal for HPE\n\nand no other.", encoding="utf-8")
        [line] = watching("match", str(file)).lines
        assert (line["id"], line["entities"]) == (str(file), ["HPE"])

    def test_a_lone_surrogate_is_no_trouble(self, watching: Command) -> None:
        done = watching("match", given='{"id": 1, "title": "\\ud800", "text": "\\udfff HPE"}')
        assert done.lines[0]["entities"] == ["HPE"]

    def test_without_a_database_the_bundled_entities_count_and_nothing_is_stored(self, empty: Command) -> None:
        assert empty("match", given="xAI and Supermicro").lines[0]["entities"] == ["xAI", "Supermicro"]
        assert empty("entities", "--format", "json").out == "[]\n"

    @pytest.mark.parametrize(
        ("given", "problem"),
        [
            ('{"id": 1, "text": "HPE"}\n{"id": 2', "line 2: is no JSON"),  # cut off
            ('{"text": "HPE"}', "line 1: 'id' is missing"),
            ('{"id": 1}', "line 1: 'text' is missing"),
            ('{"id": 1, "text": "HPE"}\n[1]', "line 2: is no object"),
            ('{"id": 1, "text": ["HPE"]}', "line 1: 'text' must be text"),
            ('{"id": 1, "title": 5, "text": "HPE"}', "line 1: 'title' must be text"),
            ('{"id": 1, "text": "HPE", "language": 1}', "line 1: 'language' must be text"),
        ],
    )
    def test_a_wrong_line_is_named_before_anything_is_printed(self, empty: Command, given: str, problem: str) -> None:
        done = empty("match", given=given)
        assert (done.status, done.out, done.err.count("\n")) == (2, "", 1)
        assert done.err.startswith(f"newsvane: -, {problem}")

    def test_a_wrong_watch_list_names_the_place(self, watching: Command) -> None:
        file = watching.folder / "wrong.yaml"
        file.write_text("entities: [{name: HPE, aliasse: []}]", encoding="utf-8")
        done = watching("match", "--watchlist", str(file), given="HPE")
        assert (done.status, done.out, done.err.count("\n")) == (2, "", 1)
        assert "aliasse" in done.err


class TestExtract:
    def test_a_file(self, empty: Command, tmp_path: Path) -> None:
        (tmp_path / "page.html").write_text(PAGE, encoding="utf-8")
        done = empty("extract", str(tmp_path / "page.html"))
        assert (done.status, done.err) == (0, "")
        article = json.loads(done.out)
        assert article["title"] == "HPE ships servers"
        assert "two thousand servers" in article["text"]
        assert "Oracle" not in article["text"]
        assert (article["origin"], article["note"]) == ("page", None)
        assert empty("extract", str(tmp_path / "page.html"), "--text").out == article["text"] + "\n"

    def test_it_says_why_this_text(self, empty: Command, tmp_path: Path) -> None:
        body = "HPE ships two thousand servers to a harbour in the north, where nobody had asked for any. " * 10
        data = json.dumps({"@type": "NewsArticle", "headline": "HPE ships", "articleBody": body})
        shell = "<title>HPE ships</title><script type='application/ld+json'>" + data + "</script><div id='app'></div>"
        (tmp_path / "page.html").write_text(shell, encoding="utf-8")
        article = json.loads(empty("extract", str(tmp_path / "page.html")).out)
        assert (article["origin"], article["text"]) == ("linked-data", body.strip())
        assert article["note"] == "only the page's own data (JSON-LD) has the article's text"

    def test_an_address(self, empty: Command, httpserver: HTTPServer) -> None:
        httpserver.expect_request("/page").respond_with_data(PAGE, content_type="text/html")
        article = json.loads(empty("extract", httpserver.url_for("/page")).out)
        assert article["title"] == "HPE ships servers"
        assert article["language"] == "en"

    def test_times_are_written_as_everywhere(self, empty: Command, tmp_path: Path) -> None:
        page = PAGE.replace(
            "<title>", '<meta property="article:published_time" content="2026-11-22T09:00:00+01:00"><title>'
        )
        (tmp_path / "page.html").write_text(page, encoding="utf-8")
        article = json.loads(empty("extract", str(tmp_path / "page.html")).out)
        assert article["published_at"] == "2026-11-22T08:00:00.000Z"

    def test_what_is_no_article(self, empty: Command, tmp_path: Path) -> None:
        (tmp_path / "page.html").write_text("", encoding="utf-8")
        done = empty("extract", str(tmp_path / "page.html"))
        assert (done.status, done.out, done.err.count("\n")) == (1, "", 1)

    def test_an_address_that_is_not_allowed(self, empty: Command) -> None:
        done = Command(empty.folder, {"NEWSVANE_ALLOWED_NETWORKS": ""})("extract", "http://127.0.0.1:9/")
        assert (done.status, done.out, done.err.count("\n")) == (1, "", 1)
        assert "not public" in done.err
