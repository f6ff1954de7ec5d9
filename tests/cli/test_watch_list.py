"""``apply``, ``export`` and the commands that change one thing: sources, entities, rules, channels."""

import json
from pathlib import Path

import pytest
import yaml
from pytest_httpserver import HTTPServer

from tests.cli.command import Command

LIST = """
sources:
  - {url: "https://news.example.org/feed", title: News, tags: [business], interval: 10m}
entities:
  - {name: HPE, aliases: [HPE, {text: Hewlett Packard Enterprise}]}
  - {name: Oracle, aliases: [{text: Oracle, strength: weak}], for: [cloud], masks: [Oracle Park], enabled: false}
rules:
  - {name: big, entities: [HPE], channels: [hook]}
channels:
  - {name: hook, type: webhook, url: "https://hooks.example.org/a/b?token=open-sesame", secret: open-sesame-secret}
"""
LISTINGS = ("sources", "entities", "rules", "channels")


@pytest.fixture
def small(empty: Command) -> Command:
    """A command over a database with the list above."""
    (empty.folder / "list.yaml").write_text(LIST, encoding="utf-8")
    assert empty("apply", str(empty.folder / "list.yaml")).status == 0
    return empty


class TestApplyAndExport:
    def test_apply_says_what_it_did_and_a_second_time_does_nothing(self, empty: Command) -> None:
        empty("migrate")
        done = empty("apply", "-", given=LIST)
        assert (done.status, done.err) == (0, "")
        assert sorted(done.out.splitlines()) == [
            "added: channel hook",
            "added: entity HPE",
            "added: entity Oracle",
            "added: rule big",
            "added: source https://news.example.org/feed",
        ]
        before = empty.contents()
        assert empty("apply", "-", given=LIST).out == "nothing to change\n"
        assert empty.contents() == before

    def test_a_dry_run_says_the_same_and_changes_nothing(self, small: Command) -> None:
        before = small.contents()
        changed = LIST.replace("interval: 10m", "interval: 20m").replace("name: big", "name: large")
        done = small("apply", "-", "--dry-run", "--prune", given=changed)
        assert sorted(done.out.splitlines()) == [
            "would be added: rule large",
            "would be changed: source https://news.example.org/feed",
            "would be removed: rule big",
        ]
        assert small.contents() == before

    def test_what_a_file_leaves_out_stays_unless_pruned(self, small: Command) -> None:
        only_one = "entities: [{name: HPE, aliases: [HPE, {text: Hewlett Packard Enterprise}]}]"
        assert small("apply", "-", given=only_one).out == "nothing to change\n"
        done = small("apply", "-", "--prune", given=only_one)
        assert set(done.out.splitlines()) == {
            "removed: source https://news.example.org/feed",
            "removed: entity Oracle",
            "removed: rule big",
            "removed: channel hook",
        }
        assert [line["name"] for line in small("entities", "--format", "jsonl").lines] == ["HPE"]

    def test_an_empty_file_prunes_nothing(self, small: Command) -> None:
        """It is what an export that failed leaves behind."""
        before = small.contents()
        done = small("apply", "-", "--prune", given="# nothing\n")
        assert (done.status, done.out) == (2, "")
        assert "is empty: with --prune that would remove the whole watch list" in done.err
        assert small.contents() == before

    @pytest.mark.parametrize(
        ("query", "doubt"),
        [
            ("entity:Orcale AND cloud", "'Orcale', which is not tracked: did you mean 'Oracle'?"),
            ("HPE NOT title:(entity:Kodak)", "'Kodak', which is not tracked: add it, or nothing will be found for it"),
            ("entity:oracle", "'Oracle', which is switched off"),
            ("entity:* AND entity:hp*", ""),  # patterns name nobody
            ("entity:hpe NEAR/3 Orcale", ""),  # case does not count, and words are no names
        ],
    )
    def test_a_rule_that_can_never_be_met_is_taken_and_doubted(self, small: Command, query: str, doubt: str) -> None:
        for done in (
            small("rules", "add", "r", "--query", query),
            small("apply", "-", given=f"rules: [{{name: r2, query: '{query}'}}]"),
        ):
            assert done.status == 0
            assert doubt in done.err
            assert bool(done.err) == bool(doubt)

    def test_what_is_exported_can_be_applied_without_a_change(self, small: Command, tmp_path: Path) -> None:
        exported = small("export").out
        assert set(yaml.safe_load(exported)) == set(LISTINGS)
        assert "open-sesame-secret" in exported
        assert small("apply", "-", "--prune", given=exported).out == "nothing to change\n"
        other = Command(tmp_path / "other", {})
        assert other("apply", "-", given=exported).status == 0
        assert other("export").out == exported


@pytest.mark.parametrize("noun", LISTINGS)
class TestListings:
    def test_the_formats_tell_the_same(self, small: Command, noun: str) -> None:
        lines = small(noun, "--format", "jsonl").lines
        assert lines
        assert json.loads(small(noun, "--format", "json").out) == lines
        assert small(noun, "list", "--format", "jsonl").lines == lines
        csv_rows = small(noun, "--format", "csv").out.splitlines()
        assert csv_rows[0].split(",") == list(lines[0])
        assert len(csv_rows) == len(lines) + 1
        table = small(noun)
        assert (table.status, table.err) == (0, "")
        assert len(table.out.splitlines()) == len(lines) + 1

    def test_no_secret_is_shown(self, small: Command, noun: str) -> None:
        shown = [small(noun, "--format", form) for form in ("table", "json", "csv")]
        assert all("open-sesame" not in done.out for done in shown)


def without_jobs(command: Command) -> list[str]:
    """All but the note that there was an import."""
    return [
        line for line in command.contents() if not line.startswith(('INSERT INTO "jobs"', 'INSERT INTO "sqlite_seq'))
    ]


class TestSources:
    def test_add_show_switch_and_remove(self, small: Command) -> None:
        url = "https://more.example.org/rss"
        assert (
            small("sources", "add", url, "--title", "More", "--tag", "a", "--tag", "b").out == f"added: source {url}\n"
        )
        shown = json.loads(small("sources", "show", url, "--format", "json").out)
        assert (shown["title"], shown["tags"], shown["polls"]) == ("More", ["a", "b"], [])
        assert [line["url"] for line in small("sources", "--tag", "b", "--format", "jsonl").lines] == [url]
        assert small("sources", "disable", url).out == f"disabled: source {url}\n"
        assert json.loads(small("sources", "show", str(shown["id"]), "--format", "json").out)["enabled"] is False
        assert small("sources", "enable", url).status == 0
        assert small("sources", "remove", url).out == f"removed: source {url} (what it brought stays)\n"
        assert small("sources", "show", url).status == 1

    def test_a_source_goes_by_its_number_too(self, small: Command) -> None:
        [line] = small("sources", "--format", "jsonl").lines
        number, url = str(line["id"]), line["url"]
        assert small("sources", "disable", number).out == f"disabled: source {url}\n"
        assert small("sources", "enable", number).out == f"enabled: source {url}\n"
        assert (
            small("sources", "remove", "99").err == "newsvane: there is no source '99'; `newsvane sources` lists them\n"
        )
        assert small("sources", "remove", number).out == f"removed: source {url} (what it brought stays)\n"

    def test_a_password_in_an_address_is_shown_to_nobody(self, small: Command) -> None:
        url = "https://me:open-sesame@paid.example.org/feed"
        assert "open-sesame" not in small("sources", "add", url).out
        shown = "https://paid.example.org/feed"
        lines = small("sources", "--format", "jsonl").lines
        assert lines[-1]["url"] == shown
        number = str(lines[-1]["id"])
        told = [small("sources"), small("sources", "show", number), small("sources", "export")]
        assert all("open-sesame" not in done.out for done in told)
        assert "open-sesame" in small("export").out, "the watch list alone holds it"
        assert small("sources", "show", shown).out == small("sources", "show", number).out
        assert small("sources", "disable", shown).out == f"disabled: source {shown}\n"
        mistyped = small("sources", "enable", f"{shown}s").err
        assert (shown in mistyped, "open-sesame" in mistyped) == (True, False)
        assert small("sources", "remove", number).out == f"removed: source {shown} (what it brought stays)\n"

    def test_trouble_lists_only_sources_that_failed(self, filled: Command) -> None:
        lines = filled("sources", "--trouble", "--format", "jsonl").lines
        assert {line["title"] for line in lines} == {"Quiet Server Times", "Night Shift Cloud"}
        assert all(line["last_error"] and line["next_poll_at"] for line in lines)

    def test_opml_out_and_in(self, small: Command, tmp_path: Path) -> None:
        opml = small("sources", "export").out
        other = Command(tmp_path / "other", {})
        assert other("sources", "import", "-", given=opml).out == "1 added, 0 changed, of 1\n"
        [line] = other("sources", "--format", "jsonl").lines
        assert (line["url"], line["title"], line["tags"]) == ("https://news.example.org/feed", "News", ["business"])

    def test_ten_thousand_subscriptions_are_added_once_and_change_nothing_that_a_user_decided(
        self, small: Command
    ) -> None:
        outlines = "".join(
            f"<outline type='rss' text='Feed {n}' xmlUrl='https://h{n}.example/feed'/>" for n in range(10_000)
        )
        known = "<outline type='rss' text='Other name' xmlUrl='https://news.example.org/feed'/>"
        opml = f"<opml version='2.0'><body><outline text='Trade'>{known}{outlines}</outline></body></opml>"
        small("sources", "disable", "https://news.example.org/feed")
        done = small("sources", "import", "-", given=opml)
        assert (done.out, done.err) == ("10000 added, 1 changed, of 10001\n", "")
        before = without_jobs(small)
        assert small("sources", "import", "-", given=opml).out == "0 added, 0 changed, of 10001\n"
        assert without_jobs(small) == before
        lines = small("sources", "--format", "jsonl").lines
        kept = lines[0]
        assert (kept["title"], kept["tags"], kept["enabled"]) == ("News", ["business", "Trade"], False)
        assert len({line["next_poll_at"] for line in lines}) > 9_000, "first polls are spread"
        assert small("sources", "export").out.count("category=") == 10_001

    def test_check_reads_a_feed_and_stores_nothing(self, small: Command, httpserver: HTTPServer) -> None:
        feed = "<rss version='2.0'><channel><title>Wire</title><item><title>First</title></item></channel></rss>"
        httpserver.expect_request("/feed").respond_with_data(feed, content_type="application/rss+xml")
        before = small.contents()
        done = small("sources", "check", httpserver.url_for("/feed"))
        assert done.status == 0
        assert "feed: Wire, 1 items, 0 of them dated\n" in done.out
        assert "- First\n" in done.out
        assert small.contents() == before

    def test_check_tells_the_whole_conversation(self, small: Command, httpserver: HTTPServer) -> None:
        page = httpserver.url_for("/private/1")
        feed = (
            f"<rss version='2.0'><channel><title>Wire</title><ttl>90</ttl><item><title>First</title><link>{page}</link>"
        )
        httpserver.expect_request("/old").respond_with_data("", 301, {"Location": "/feed"})
        httpserver.expect_request("/feed", headers={"If-None-Match": '"v1"'}).respond_with_data("", 304)
        httpserver.expect_request("/feed").respond_with_data(
            f"{feed}</item></channel></rss>", headers={"ETag": '"v1"'}, content_type="application/rss+xml"
        )
        httpserver.expect_request("/robots.txt").respond_with_data("User-agent: *\nDisallow: /private/")
        url = httpserver.url_for("/old")
        small("sources", "add", url)
        before = small.contents()
        done = Command(small.folder, {"NEWSVANE_HOST_SPACING": "0"})("sources", "check", url)
        assert done.status == 0, done.err
        length = len(feed) + len("</item></channel></rss>")
        assert done.out.splitlines() == [
            f"asked: {url}",
            "answer: 301 Moved Permanently",
            "  location: /feed",
            "  content-type: text/plain; charset=utf-8",
            "  content-length: 0",
            f"asked: {httpserver.url_for('/feed')}",
            "answer: 200 OK",
            "  content-type: application/rss+xml",
            f"  content-length: {length}",
            '  etag: "v1"',
            f"body: {length} bytes, unpacked",
            "feed: Wire, 1 items, 0 of them dated",
            f"note: it has moved for good to {httpserver.url_for('/feed')}",
            "validators: sent back, answered 304 (unchanged) as they should be",
            "asks for: 90 minutes between polls",
            f"robots.txt: does not let us read {page}",
            "stored: 1 of its 1 items would be new",
            "- First",
        ]
        assert small.contents() == before

    def test_a_sites_address_is_told_where_to_go_on(self, small: Command, httpserver: HTTPServer) -> None:
        httpserver.expect_request("/").respond_with_data("<html><title>News</title></html>", content_type="text/html")
        url = httpserver.url_for("/")
        assert f"`newsvane sources discover {url}` looks for the feeds" in small("sources", "check", url).err

    def test_discover_finds_what_a_page_names(self, empty: Command, httpserver: HTTPServer) -> None:
        page = "<html><head><link rel='alternate' type='application/rss+xml' title='All' href='/all.xml'></head></html>"
        httpserver.expect_request("/").respond_with_data(page, content_type="text/html")
        done = empty("sources", "discover", httpserver.url_for("/"))
        assert (done.status, done.out) == (0, f"{httpserver.url_for('/all.xml')}  All\n")

    def test_discover_looks_in_the_usual_places_of_a_page_that_names_none(
        self, empty: Command, httpserver: HTTPServer
    ) -> None:
        httpserver.expect_request("/").respond_with_data("<p>Welcome</p>", content_type="text/html")
        done = Command(empty.folder, {"NEWSVANE_HOST_SPACING": "0"})("sources", "discover", httpserver.url_for("/"))
        assert (done.status, done.out) == (1, "")
        httpserver.expect_request("/rss.xml").respond_with_data("<rss version='2.0'/>", content_type="text/xml")
        done = Command(empty.folder, {"NEWSVANE_HOST_SPACING": "0"})("sources", "discover", httpserver.url_for("/"))
        assert (done.status, done.out) == (0, httpserver.url_for("/rss.xml") + "\n")

    @pytest.mark.parametrize(
        ("path", "content_type", "body"),
        [
            ("/export?format=rss&id=7", "text/html; charset=utf-8", "<rss version='2.0'>{}</rss>"),
            ("/", "application/octet-stream", "\ufeff<!-- made by hand -->\n<rss version='2.0'>{}</rss>"),
            ("/news", "text/plain", "<?xml version='1.0'?><!DOCTYPE rss><rss version='0.91'>{}</rss>"),
        ],
        ids=["a query, called a page", "no type, a mark and a comment first", "plain text with a document type"],
    )
    def test_discover_says_that_an_address_is_a_feed(
        self, empty: Command, httpserver: HTTPServer, path: str, content_type: str, body: str
    ) -> None:
        channel = "<channel><title>Wire</title><item><title>One</title><guid>1</guid></item></channel>"
        where, _, query = path.partition("?")
        httpserver.expect_request(where, query_string=query or None).respond_with_data(
            body.format(channel), content_type=content_type
        )
        httpserver.expect_request("/feed").respond_with_data(f"<rss>{channel}</rss>")  # of the site, but not asked for
        done = empty("sources", "discover", httpserver.url_for(path))
        assert (done.status, done.out) == (0, f"{httpserver.url_for(path)}  Wire\n")

    @pytest.mark.parametrize(("status", "lives_at"), [(301, "/all.json"), (302, "/old")])
    def test_discover_of_a_feed_behind_a_redirect(
        self, empty: Command, httpserver: HTTPServer, status: int, lives_at: str
    ) -> None:
        feed = {"version": "https://jsonfeed.org/version/1.1", "title": "J", "items": [{"id": "1", "title": "One"}]}
        httpserver.expect_request("/old").respond_with_data("", status, {"Location": "/all.json"})
        httpserver.expect_request("/all.json").respond_with_json(feed, content_type="text/plain")
        done = Command(empty.folder, {"NEWSVANE_HOST_SPACING": "0"})("sources", "discover", httpserver.url_for("/old"))
        assert (done.status, done.out) == (0, f"{httpserver.url_for(lives_at)}  J\n")

    def test_discover_of_what_only_looks_like_a_feed(self, empty: Command, httpserver: HTTPServer) -> None:
        page = "<html><body><rss></rss><a href='/all/feed'>All</a></body></html>"
        httpserver.expect_request("/").respond_with_data(page, content_type="text/html")
        done = empty("sources", "discover", httpserver.url_for("/"))
        assert (done.status, done.out) == (0, httpserver.url_for("/all/feed") + "\n")


class TestEntities:
    def test_a_name_alone_is_enough(self, small: Command) -> None:
        done = small("entities", "add", "Supermicro", "--weak", "SMCI", "--context", "server", "--ticker", "SMCI")
        assert done.out.splitlines()[0] == "added: entity Supermicro"
        shown = yaml.safe_load(small("entities", "show", "Supermicro").out)
        assert {"text": "SMCI", "strength": "weak"}.items() <= next(
            alias for alias in shown["aliases"] if isinstance(alias, dict) and alias["text"] == "SMCI"
        ).items()
        assert "server" in shown["for"]
        assert small("match", given="Supermicro sells a server").lines[0]["entities"] == ["Supermicro"]

    def test_adding_twice_replaces_nothing(self, small: Command) -> None:
        before = small.contents()
        done = small("entities", "add", "Oracle")
        assert (done.status, done.out, done.err.count("\n")) == (1, "", 1)
        assert "change that one" in done.err
        assert small.contents() == before
        assert small("entities", "add", "Vertiv").out == "added: entity Vertiv\n"
        assert small("entities", "add", "Vertiv").out == "nothing to change\n"

    def test_edit_in_an_editor(self, small: Command) -> None:
        editing = Command(small.folder, {"EDITOR": "sed -i s/Park/Arena/"})
        assert editing("entities", "edit", "Oracle").out == "changed: entity Oracle\n"
        assert yaml.safe_load(small("entities", "show", "Oracle").out)["masks"] == ["Oracle Arena"]

    @pytest.mark.parametrize(
        ("editor", "status"),
        [
            ("false", 1),  # the editor itself failed
            ("sed -i s/^name:.*/name:\\ Orakel/", 1),  # another name
            ("sed -i s/masks/maks/", 2),  # a key that there is not
            ("sed -i s/masks:/[/", 2),  # no YAML any more
        ],
    )
    def test_a_mistake_in_the_editor_changes_nothing(self, small: Command, editor: str, status: int) -> None:
        before = small.contents()
        done = Command(small.folder, {"EDITOR": editor})("entities", "edit", "Oracle")
        assert (done.status, done.out, done.err.count("\n")) == (status, "", 1)
        assert small.contents() == before

    def test_switch_and_remove(self, small: Command) -> None:
        assert small("entities", "enable", "Oracle").out == "enabled: entity Oracle\n"
        assert small("entities", "disable", "Oracle", "HPE").status == 0
        assert [line["enabled"] for line in small("entities", "--format", "jsonl").lines] == [False, False]
        assert small("entities", "remove", "Oracle", "HPE").status == 0
        assert small("entities", "--format", "json").out == "[]\n"


class TestRulesAndChannels:
    def test_a_rule_with_a_query(self, small: Command) -> None:
        done = small("rules", "add", "deals", "--query", "entity:HPE AND title:deal", "--channel", "hook")
        assert done.out == "added: rule deals\n"
        assert small("rules", "disable", "deals").status == 0
        line = small("rules", "--format", "jsonl").lines[-1]
        wanted = {"name": "deals", "query": "entity:HPE AND title:deal", "channels": ["hook"], "enabled": False}
        assert wanted.items() <= line.items()
        assert small("rules", "enable", "deals").status == 0
        assert small("rules", "remove", "deals").out == "removed: rule deals (what it brought stays)\n"

    def test_channels_come_and_go(self, small: Command) -> None:
        assert small("channels", "add", "desk", "--type", "email", "--to", "a@example.org").status == 0
        assert small("channels", "disable", "desk").status == 0
        line = small("channels", "--format", "jsonl").lines[-1]
        assert (line["name"], line["to"], line["enabled"]) == ("desk", ["a@example.org"], False)
        assert small("channels", "enable", "desk").status == 0
        assert small("channels", "remove", "desk").status == 0

    def test_a_channel_that_a_rule_names_stays(self, small: Command) -> None:
        done = small("channels", "remove", "hook")
        assert (done.status, done.out) == (1, "")
        assert done.err == "newsvane: rule 'big' sends to 'hook'; change the rule first\n"

    def test_a_real_test_message(self, empty: Command, httpserver: HTTPServer) -> None:
        httpserver.expect_request("/hook", method="POST").respond_with_data("thanks \x1b[2J")
        empty("channels", "add", "hook", "--type", "webhook", "--url", httpserver.url_for("/hook"))
        done = empty("channels", "test", "hook")
        assert done.status == 0
        assert "\nsent; the receiver answered 200 thanks" in done.out
        assert "\x1b" not in done.out
        [(request, _)] = httpserver.log
        body = json.loads(request.get_data())
        assert body["type"] == "alert.created"
        assert body["data"]["kind"] == "notice"
