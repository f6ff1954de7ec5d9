"""Saved searches and SQL as their user types them."""

import csv
import io

import pytest
import yaml

from tests.cli.command import Command


class TestSaved:
    def test_a_search_from_its_name_to_a_rule(self, scratch: Command) -> None:
        assert scratch("searches", "add", "big deals", "entity:HPE billion").out == "added: search big deals\n"
        found = scratch("mentions", "--search", "big deals", "--format", "jsonl").lines
        assert found == scratch("mentions", "entity:HPE billion", "--format", "jsonl").lines
        assert found
        narrower = scratch("mentions", "xAI", "--search", "big deals", "--format", "jsonl").lines
        assert narrower == scratch("mentions", "entity:HPE billion xAI", "--format", "jsonl").lines
        made = scratch("searches", "rule", "big deals", "--channel", "hook", "--digest", "daily 08:00")
        assert made.out == "added: rule big deals\n"
        rule = scratch("rules", "--format", "jsonl").lines[-1]
        assert (rule["name"], rule["query"], rule["channels"]) == ("big deals", "entity:HPE billion", ["hook"])
        assert rule["how"] == {"digest": "daily 08:00"}
        assert scratch("searches", "remove", "big deals").status == 0
        assert scratch("searches", "--format", "json").out == "[]\n"

    def test_it_is_part_of_the_watch_list(self, scratch: Command) -> None:
        scratch("searches", "add", "deals", "entity:HPE", "--lists", "articles")
        scratch("searches", "add", "all", "entity:*")
        whole = scratch("export").out
        assert yaml.safe_load(whole)["searches"] == [
            {"name": "deals", "query": "entity:HPE", "lists": "articles"},
            {"name": "all", "query": "entity:*"},
        ]
        assert scratch("apply", "-", given=whole).out == "nothing to change\n"
        pruned = whole.replace("- name: all\n  query: entity:*\n", "")
        assert scratch("apply", "-", "--prune", given=pruned).out == "removed: search all\n"
        assert scratch("apply", "-", given=whole).out == "added: search all\n"

    def test_an_address_with_a_key_is_shown_once(self, scratch: Command) -> None:
        scratch("searches", "add", "big & small", "entity:HPE")
        first, second = (scratch("searches", "share", "big & small").out.splitlines() for _ in range(2))
        base = "http://127.0.0.1:8780/feeds/big%20%26%20small."
        for addresses in (first, second):
            assert [line.partition("?key=")[0] for line in addresses] == [f"{base}atom", f"{base}json"]
        key = second[0].partition("?key=")[2]
        assert key != first[0].partition("?key=")[2]
        assert len(key) == 43
        for shown in (scratch("searches", "--format", "json").out, scratch("searches", "show", "big & small").out):
            assert key not in shown
            assert '"shared_at": "20' in shown
        assert key not in "".join(scratch.contents())
        assert scratch("searches", "unshare", "big & small").status == 0
        assert scratch("searches", "--format", "jsonl").lines[0]["shared_at"] is None

    @pytest.mark.parametrize(
        ("arguments", "status", "mend"),
        [
            (("add", "deals", "HPE or Dell"), 2, "command line: searches[0].query: at character 5"),
            (("add", "a/b", "HPE"), 2, "'a/b' cannot be part of an address; choose another, without /"),
            (("add", "mentions", "HPE"), 2, "'mentions' cannot be part of an address"),
            (("add", " ", "HPE"), 2, "needs a name"),
            (("add", "deals", ""), 2, "command line: searches[0].query: "),
            (("show", "nothing"), 1, "there is no search 'nothing'; `newsvane searches` lists them"),
            (("share", "nothing"), 1, "there is no search 'nothing'"),
            (("remove", "nothing"), 1, "there is no search 'nothing'"),
            (("rule", "nothing", "--channel", "hook"), 1, "there is no search 'nothing'"),
        ],
    )
    def test_a_mistake_changes_nothing(
        self, scratch: Command, arguments: tuple[str, ...], status: int, mend: str
    ) -> None:
        before = scratch.contents()
        done = scratch("searches", *arguments)
        assert (done.status, done.out) == (status, "")
        assert mend in done.err
        assert scratch.contents() == before

    def test_a_listing_says_when_there_is_no_such_search(self, filled: Command) -> None:
        done = filled("mentions", "--search", "nothing")
        assert (done.status, done.out) == (2, "")
        assert "search 'nothing': there is none of that name" in done.err


class TestAll:
    @pytest.mark.parametrize("noun", ["mentions", "articles", "facts", "stories", "alerts", "deliveries"])
    def test_everything_as_it_is_read(self, filled: Command, noun: str) -> None:
        for form in ("jsonl", "csv"):
            whole = filled(noun, "--limit", "all", "--format", form)
            assert (whole.status, whole.err) == (0, "")
            assert whole.out == filled(noun, "--limit", "10000", "--format", form).out
            assert whole.out

    @pytest.mark.parametrize("form", ["table", "json", "atom"])
    def test_what_needs_all_lines_at_once_is_refused(self, filled: Command, form: str) -> None:
        done = filled("mentions", "--limit", "all", "--format", form)
        assert (done.status, done.out) == (2, "")
        assert "use --format jsonl or csv" in done.err


class TestSql:
    def test_a_question_in_every_format(self, filled: Command) -> None:
        question = "SELECT entity, count(*) AS named FROM mentions_v GROUP BY entity ORDER BY entity"
        lines = filled("sql", question, "--format", "jsonl").lines
        wanted: dict[str, int] = {}
        for line in filled("mentions", "--limit", "10000", "--format", "jsonl").lines:
            wanted[line["entity"]] = wanted.get(line["entity"], 0) + 1
        assert {line["entity"]: line["named"] for line in lines} == wanted
        rows = list(csv.DictReader(io.StringIO(filled("sql", question, "--format", "csv").out)))
        assert {row["entity"]: int(row["named"]) for row in rows} == wanted
        assert "Supermicro" in filled("sql", question).out
        assert filled("sql", "-", "--format", "jsonl", given=question).lines == lines

    def test_rows_are_bounded_unless_all_are_asked_for(self, filled: Command) -> None:
        question = "SELECT id FROM articles_v ORDER BY id"
        done = filled("sql", question, "--limit", "3", "--format", "jsonl")
        assert len(done.lines) == 3
        assert done.err == "there are more than 3: --limit N, or --limit all\n"
        everything = filled("articles", "--limit", "10000", "--format", "jsonl").lines
        done = filled("sql", question, "--limit", "all", "--format", "csv")
        assert len(done.out.splitlines()) == len(everything) + 1

    @pytest.mark.parametrize(
        ("arguments", "mend"),
        [
            (("DELETE FROM articles",), "only reading is allowed here: write one SELECT"),
            (("SELECT * FROM channels",), "channels cannot be read here; there are articles_v"),
            (("SELECT 1", "--limit", "0"), "--limit 0: write a number from 1, or all"),
            (("SELECT 1", "--format", "atom"), "use table, json, jsonl or csv"),
            (("SELECT 1", "--timeout", "soon"), "--timeout: 'soon' is no interval"),
        ],
    )
    def test_what_it_does_not_do(self, filled: Command, arguments: tuple[str, ...], mend: str) -> None:
        before = filled.contents()
        done = filled("sql", *arguments)
        assert (done.status, done.out, done.err.count("\n")) == (2, "", 1)
        assert mend in done.err
        assert filled.contents() == before
