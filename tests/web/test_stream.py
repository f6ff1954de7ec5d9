"""The stream over a real server: what it shows, how it is narrowed down, what a mark does, what it says of nothing."""

import re
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.domain.access import NOBODY_ELSE, Scope
from service.domain.facts import Bound, Fact, Kind, Party, Role, Status
from service.domain.query import parse
from service.domain.query.syntax import Is
from service.notify.clean import plain
from service.passwords import hash_password
from service.store import access, marks, triage
from service.web.words import quoted
from tests.web.desk import START
from tests.web.html import check
from tests.web.serving import Site


class TestStream:
    async def test_it_shows_mentions_with_their_names_marked(self, site: Site) -> None:
        await site.desk.publish("HPE wins & smiles", "A deal for HPE’s servers.", names={"HPE": ["HPE"]})
        text = await site.page("/stream")
        page = check(text)
        assert "HPE wins & smiles" in page.text
        assert "A deal for HPE’s servers." in page.text
        assert page.inside("mark", text) == ["HPE"]
        assert "main confidence 93 %" in page.text
        assert {"datetime": "2026-11-22T08:01:00Z"} in page.all("time")

    async def test_it_shows_the_deals_of_a_mention(self, site: Site) -> None:
        deal = Fact(
            Kind.CONTRACT,
            Status.AGREED,
            (Party("HPE", Role.SUPPLIER, tracked=True), Party("<b>X</b>")),
            "HPE has won <i>a deal</i>.",
            1e9,
            "USD",
            Bound.MIN,
        )
        await site.desk.publish(names={"HPE": ["HPE"], "Oracle": ["deal"]}, facts=[deal])
        page = check(await site.page("/stream"))
        assert page.text.count("contract more than 1 billion USD") == 1  # Oracle takes no part in it
        assert "HPE (supplier), <b>X</b> agreed" in page.text
        proof = check(await site.page("/articles/1")).text
        assert "HPE has won <i>a deal</i>." in proof
        assert "more than 1 billion USD" in proof

    async def test_titles_lead_to_the_article_and_why_leads_to_the_proof(self, site: Site) -> None:
        await site.desk.publish(url="https://wire.example.org/hpe?a=1&b=2", names={"HPE": ["HPE"]})
        links = {link["href"]: link.get("rel") for link in check(await site.page("/stream")).all("a")}
        assert links["https://wire.example.org/hpe?a=1&b=2"] == "noopener noreferrer nofollow"
        assert "/articles/1" in links

    async def test_a_search_narrows_the_mentions_and_stays_in_the_box(self, site: Site) -> None:
        await site.desk.track("HPE")
        await site.desk.publish("HPE wins", "HPE has won.", names={"HPE": ["HPE"]})
        await site.desk.publish("Oracle ends talks", "Oracle is out.", names={"Oracle": ["Oracle"]})
        page = check(await site.page('/stream?q=title:"ends+talks"'))
        assert "Oracle ends talks" in page.text
        assert "HPE wins" not in page.text
        assert page.all("input")[0]["value"] == 'title:"ends talks"'
        page = check(await site.page("/stream?entity=HPE"))
        assert "HPE wins" in page.text
        assert "Oracle ends talks" not in page.text
        assert [option["value"] for option in page.all("option") if "selected" in option] == ["HPE", ""]

    async def test_an_error_in_the_query_is_shown_under_the_box_at_its_place(self, site: Site) -> None:
        text = await site.page("/stream?q=HPE+or+Dell", status=400)
        page = check(text)
        assert "at character 5: 'or' in small letters is not an operator; write OR" in page.text
        assert page.inside("mark", text) == ["o"]
        box = page.all("input")[0]
        assert (box["value"], box["aria-describedby"], box["aria-invalid"]) == ("HPE or Dell", "mistake", "true")

    async def test_older_mentions_are_a_link_away(self, site: Site) -> None:
        for number in range(45):
            await site.desk.publish(f"HPE item {number:02}", f"HPE {number}.", names={"HPE": ["HPE"]})
        first = check(await site.page("/stream?entity=HPE"))
        (older,) = [link["href"] for link in first.all("a") if link.get("rel") == "next"]
        assert older.startswith("/stream?entity=HPE&cursor=")
        second = check(await site.page(older))
        assert re.findall(r"HPE item (\d\d)", second.text)[0] == "04"
        assert set(re.findall(r"item \d\d", first.text)).isdisjoint(re.findall(r"item \d\d", second.text))
        assert [link for link in second.all("a") if link.get("rel") == "next"] == []


class TestNothingYet:
    async def test_no_entity(self, site: Site) -> None:
        await site.desk.subscribe()
        assert "newsvane entities add NAME" in check(await site.page("/stream")).text

    async def test_not_polled_yet_says_when(self, site: Site) -> None:
        await site.desk.track("HPE")
        await site.desk.subscribe()
        site.desk.time -= timedelta(minutes=3)
        assert "1 source is polled, the next in 3 min (22 Nov 08:00)" in check(await site.page("/stream")).text

    async def test_articles_that_name_nobody(self, site: Site) -> None:
        await site.desk.track("HPE")
        await site.desk.publish("Rain", "It rains.")
        assert "1 article was read and none names a tracked entity" in check(await site.page("/stream")).text

    async def test_nothing_answers_a_search(self, site: Site) -> None:
        await site.desk.publish(names={"HPE": ["HPE"]})
        assert (
            "Nothing stored answers this, unless it is done. Ask the same of all"
            in check(await site.page("/stream?q=unheard")).text
        )


class TestMarks:
    async def test_a_mark_is_kept_and_shown_and_leads_back(self, site: Site) -> None:
        saved = await site.desk.publish(names={"HPE": ["HPE"]})
        mention = saved.mentions[0]["id"]
        to = f"/stream?entity=HPE#m{mention}"
        answer = await site.client.post(f"/mentions/{mention}/mark", data={"verdict": "wrong", "to": to})
        assert (answer.status_code, answer.headers["location"]) == (303, to)
        async with site.db.read() as session:
            assert await marks.verdicts(session, [mention]) == {mention: False}
        buttons = check(await site.page("/stream")).all("button")
        pressed = {button["value"]: button["aria-pressed"] for button in buttons if button.get("name") == "verdict"}
        assert pressed == {"right": "false", "wrong": "true"}

    @pytest.mark.parametrize(
        "to", ["https://evil.example/", "//evil.example", "/\\evil.example", "javascript:alert(1)"]
    )
    async def test_it_leads_nowhere_else(self, site: Site, to: str) -> None:
        saved = await site.desk.publish(names={"HPE": ["HPE"]})
        answer = await site.client.post(
            f"/mentions/{saved.mentions[0]['id']}/mark", data={"verdict": "right", "to": to}
        )
        assert (answer.status_code, answer.headers["location"]) == (303, "/stream")

    @pytest.mark.parametrize(
        ("path", "verdict", "status"), [("/mentions/7/mark", "right", 404), ("/mentions/1/mark", "x", 400)]
    )
    async def test_what_cannot_be_marked(self, site: Site, path: str, verdict: str, status: int) -> None:
        await site.desk.publish(names={"HPE": ["HPE"]})
        assert (await site.client.post(path, data={"verdict": verdict})).status_code == status

    async def test_who_may_only_read_sees_no_buttons_and_marks_nothing(self, site: Site) -> None:
        saved = await site.desk.publish(names={"HPE": ["HPE"]})
        async with site.db.write() as session:
            hashed = hash_password("four words make it")
            await access.put_user(session, name="ana", password=hashed, scope=Scope.READ, now=START)
        await site.client.post("/sign-in", data={"name": "ana", "password": "four words make it"})
        page = check(await site.page("/stream"))
        assert "ana may read Sign out" in page.text
        assert not [button for button in page.all("button") if button.get("name") == "verdict"]
        path = f"/mentions/{saved.mentions[0]['id']}/mark"
        assert (await site.client.post(path, data={"verdict": "right"})).status_code == 403


class TestTriage:
    async def test_it_is_kept_for_who_says_it_and_leads_back(self, site: Site) -> None:
        await site.desk.publish("HPE wins", names={"HPE": ["HPE"]})
        await site.desk.publish("HPE loses", names={"HPE": ["HPE"]})
        answer = await site.send("/triage", article="1", say="starred", to="/stream?entity=HPE#a1")
        assert (answer.status_code, answer.headers["location"]) == (303, "/stream?entity=HPE#a1")
        starred = check(await site.page("/stream?triage=starred"))
        assert "HPE wins" in starred.text
        assert "HPE loses" not in starred.text
        (pressed,) = [button for button in starred.all("button") if button.get("aria-pressed") == "true"]
        assert (pressed["value"], pressed["aria-label"]) == ("not starred", "starred: HPE wins")
        await site.act("/triage", article="1", say="not starred")
        assert "Nothing starred answers this" in check(await site.page("/stream?triage=starred")).text

    async def test_a_whole_page_is_done_at_once_and_found_again(self, site: Site) -> None:
        await site.desk.track("HPE")
        for title in ("One", "Two"):
            await site.desk.publish(title, names={"HPE": ["HPE"]})
        page = check(await site.page("/stream"))
        shown = [field["value"] for field in page.all("input") if field.get("name") == "article"]
        assert "Done with all 2 on this page" in page.text
        assert "All is done" in check(await site.act("/triage", article=shown, say="done", to="/stream")).text
        for view, there in (("", False), ("unread", False), ("starred", False), ("done", True), ("all", True)):
            assert ("Two" in check(await site.page(f"/stream?q=deal&triage={view}")).text) is there, view

    async def test_a_module_is_told_nothing_more(self, site: Site) -> None:
        await site.desk.publish(names={"HPE": ["HPE"]})
        answer = await site.client.post(
            "/triage", data={"article": "1", "say": "read"}, headers={"Accept": "application/json"}
        )
        assert (answer.status_code, answer.content) == (204, b"")
        assert await triage_of(site, NOBODY_ELSE.key) == {1: {"read"}}

    @pytest.mark.parametrize(
        ("fields", "status"),
        [
            ({"article": "7", "say": "read"}, 404),  # there is none
            ({"article": "1", "say": "liked"}, 400),
            ({"article": "x", "say": "read"}, 400),
            ({"say": "read"}, 400),
            ({"article": str(2**63), "say": "read"}, 400),
            ({"article": ["1"] * 1001, "say": "read"}, 400),
        ],
    )
    async def test_what_cannot_be_said(self, site: Site, fields: dict[str, object], status: int) -> None:
        await site.desk.publish(names={"HPE": ["HPE"]})
        assert (await site.send("/triage", **fields)).status_code == status
        assert await triage_of(site, NOBODY_ELSE.key) == {}

    async def test_each_has_a_way_of_their_own_and_who_may_read_has_one_too(self, site: Site) -> None:
        await site.desk.publish(names={"HPE": ["HPE"]})
        await site.send("/triage", article="1", say="starred")
        async with site.db.write() as session:
            hashed = hash_password("four words make it")
            await access.put_user(session, name="ana", password=hashed, scope=Scope.READ, now=START)
        site.desk.time += timedelta(seconds=10)
        assert (await site.send("/triage", article="1", say="done")).status_code == 401
        await site.client.post("/sign-in", data={"name": "ana", "password": "four words make it"})
        await site.act("/triage", article="1", say="done")
        assert await triage_of(site, "user 1") == {1: {"done"}}
        assert await triage_of(site, NOBODY_ELSE.key) == {1: {"starred"}}

    async def test_programs_are_asked_in_their_own_words(self, site: Site) -> None:
        """A feed, a table and the module's own question know nothing of a reader."""
        await site.desk.publish(names={"HPE": ["HPE"]})
        page = check(await site.page("/stream?q=deal&triage=all"))
        addresses = [
            link["href"] for link in page.all("a") if link["href"].startswith(("/feeds", "/export", "/rules/new"))
        ]
        addresses += [p["data-live"] for p in page.all("p") if "data-live" in p]
        assert len(addresses) == 4
        for address in addresses:
            assert "triage" not in address
            assert (await site.get(address)).status_code == 200


class TestLive:
    async def test_the_first_page_says_where_to_ask_for_newer_ones(self, site: Site) -> None:
        first = await site.desk.publish(names={"HPE": ["HPE"]})
        (pill,) = [p for p in check(await site.page("/stream?entity=HPE&q=deal")).all("p") if "data-live" in p]
        assert pill["data-newest"] == str(first.mentions[0]["id"])
        assert [m["id"] for m in (await site.get(pill["data-live"])).json()["items"]] == [first.mentions[0]["id"]]
        newer = await site.desk.publish(names={"HPE": ["HPE"]})
        items = (await site.get(pill["data-live"])).json()["items"]
        assert [m["id"] for m in items if m["id"] > int(pill["data-newest"])] == [newer.mentions[0]["id"]]

    async def test_a_page_of_the_past_asks_for_nothing(self, site: Site) -> None:
        await site.desk.publish(names={"HPE": ["HPE"]})
        page = check(await site.page("/stream?until=2026-11-30"))
        assert not [p for p in page.all("p") if "data-live" in p]


class TestQuestions:
    async def test_the_box_offers_what_can_be_written(self, site: Site) -> None:
        await site.desk.track("Hewlett Packard")
        offered = [option["value"] for option in check(await site.page("/stream")).all("option")]
        assert {'entity:"Hewlett Packard"', "salience:main", "kind:contract", "confidence>=", "lang:"} <= set(offered)

    async def test_times_and_sources_narrow_down_and_can_be_dropped(self, site: Site) -> None:
        await site.desk.publish("Early", names={"HPE": ["HPE"]})
        site.desk.time += timedelta(days=2)
        await site.desk.publish("Late", names={"HPE": ["HPE"]})
        page = check(await site.page("/stream?until=2026-11-23&source=The+Wire"))
        assert "Early" in page.text
        assert "Late" not in page.text
        drops = {link["aria-label"]: link["href"] for link in page.all("a") if "aria-label" in link}
        assert drops["Any source"] == "/stream?until=2026-11-23"
        assert drops["At any time"] == "/stream?source=The+Wire"


class TestNarrowing:
    async def test_facets_are_counted_links_that_narrow_down(self, site: Site) -> None:
        await site.desk.publish("One", names={"HPE": ["HPE"]})
        await site.desk.publish("Two", names={"HPE": ["HPE"]}, source="https://other.example.org/feed")
        site.desk.time += timedelta(days=1)
        await site.desk.publish("Three", names={"Oracle": ["deal"]})
        text = await site.page("/stream?q=deal")
        page = check(text)
        assert "Entity HPE 2 Oracle 1" in page.text
        assert "Day (UTC) 2026-11-23 1 2026-11-22 2" in page.text
        links = [link["href"] for link in page.all("a")]
        assert "/stream?q=deal&entity=HPE" in links
        assert "/stream?q=deal&since=2026-11-22&until=2026-11-23" in links
        narrowed = check(await site.page("/stream?q=deal&since=2026-11-22&until=2026-11-23")).text
        assert "Two" in narrowed
        assert "Three" not in narrowed

    async def test_what_is_chosen_can_be_dropped_again(self, site: Site) -> None:
        await site.desk.publish("One", names={"HPE": ["HPE"]})
        page = check(await site.page("/stream?q=deal+salience:main&entity=HPE"))
        chosen = [link["href"] for link in page.all("a") if link.get("aria-current") == "true"]
        assert chosen == ["/stream?q=deal+salience%3Amain", "/stream?q=deal&entity=HPE"]


class TestKeeping:
    async def test_a_question_is_offered_as_a_rule_a_feed_and_a_table(self, site: Site) -> None:
        page = check(await site.page('/stream?q=deal+OR+bid&entity=HPE&source=The+"Wire"&since=7d'))
        kept = {link["href"].partition("?")[0]: link["href"] for link in page.all("a")}
        written = parse_qs(urlsplit(kept["/rules/new"]).query)["query"][0]
        assert written == r'(deal OR bid) entity:HPE source:"The \"Wire\""'
        assert parse(written) == parse(r'(deal OR bid) AND entity:HPE AND source:"The \"Wire\""')
        asked = "?q=deal+OR+bid&entity=HPE&source=The+%22Wire%22&since=7d"
        assert kept["/feeds/mentions.atom"] == f"/feeds/mentions.atom{asked}"
        assert kept["/export/mentions.csv"] == f"/export/mentions.csv{asked}"

    @given(st.text(min_size=1, max_size=30).map(lambda text: plain(text).strip()).filter(bool))
    def test_any_name_can_be_written_into_a_query(self, name: str) -> None:
        assert parse(f"entity:{quoted(name)}") == Is("entity", name)


async def triage_of(site: Site, reader: str) -> dict[int, frozenset[triage.Kind]]:
    async with site.db.read() as session:
        return await triage.standing(session, reader, [1, 2, 3])
