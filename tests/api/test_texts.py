"""Texts and pages that are sent: matched, scored, sorted into stories, read. Nothing is stored."""

import json
from typing import Any

import httpx
import pytest
from pytest_httpserver import HTTPServer

from tests.web.serving import Site

TEXT = (
    "HPE has won an order for servers worth more than $1 billion from X, two people familiar with it said on Monday."
    " Dell and Supermicro had bid, too, but their prices were 4.5 percent higher."
)
PAGE = f"<html><head><title>HPE wins order</title></head><body><article><p>{TEXT}</p><p>{TEXT[::-1]}</p></article>"
pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)  # little of it asks the database
ORACLE = {"name": "Oracle", "aliases": [{"text": "Oracle", "strength": "weak"}], "for": ["database"]}


async def post(site: Site, path: str, body: object) -> httpx.Response:
    """In escapes, so that a text may hold what is no character."""
    headers = {"Content-Type": "application/json"}
    return await site.client.post(f"/api/v1/{path}", content=json.dumps(body), headers=headers)


async def sent(site: Site, path: str, status: int = 200, **body: object) -> dict[str, Any]:
    answer = await post(site, path, body)
    assert answer.status_code == status, answer.text
    return dict(answer.json())


class TestMatch:
    async def test_with_other_entities_than_those_of_the_watch_list(self, site: Site) -> None:
        await site.desk.track("HPE")
        texts = [{"id": "1", "text": "HPE runs an Oracle database."}]
        (line,) = (await sent(site, "match", texts=texts))["items"]
        assert line["entities"] == ["HPE"]
        (line,) = (await sent(site, "match", texts=texts, entities=[ORACLE]))["items"]
        assert line["entities"] == ["Oracle"]

    async def test_a_mistake_in_a_definition_is_named_with_its_place(self, site: Site) -> None:
        told = await sent(site, "match", 422, texts=[{"id": "1", "text": "x"}], entities=[ORACLE, {"name": ""}])
        assert told["detail"].startswith("this request: entities[1]")

    async def test_too_much_at_once_is_refused(self, site: Site) -> None:
        texts = [{"id": str(number), "text": "x" * 900_000} for number in range(5)]
        assert "send fewer texts at once" in (await sent(site, "match", 400, texts=texts))["detail"]


class TestEvaluate:
    async def test_labels_are_counted_by_entity_and_kind(self, site: Site) -> None:
        passages = [
            {"id": "1", "text": "HPE sold servers.", "labels": {"HPE": 1, "Oracle": 0}, "kind": "positive"},
            {"id": "2", "text": "An Oracle database.", "labels": {"Oracle": 1}, "kind": "positive"},
            {"id": "3", "text": "Nobody is named.", "labels": {"HPE": 1, "Oracle": "?"}, "kind": "odd"},
            {"id": "4", "text": "Nobody.", "labels": {"HPE": 1}, "salience": {"HPE": "boilerplate"}},
        ]
        told = await sent(site, "evaluate", passages=passages, entities=[ORACLE, {"name": "HPE", "aliases": ["HPE"]}])
        assert told["by_entity"]["HPE"] == {
            "precision": 1.0,
            "recall": 0.5,
            "f1": 2 / 3,
            "right": 1,
            "false_alarms": 0,
            "missed": 1,
        }
        assert (told["all"]["right"], told["by_kind"]["positive"]["right"]) == (2, 2)
        assert told["errors"] == [{"id": "3", "entity": "HPE", "what": "missed"}]

    async def test_a_label_for_nobody_says_how_to_mend_it(self, site: Site) -> None:
        await site.desk.track("HPE")
        told = await sent(site, "evaluate", 422, passages=[{"id": "1", "text": "x", "labels": {"Nobody": 1}}])
        assert "no entity is called 'Nobody'; add it, or define it in entities" in told["detail"]

    @pytest.mark.parametrize("label", [2, -1, "yes", None, []])
    async def test_what_is_no_label(self, site: Site, label: object) -> None:
        await sent(site, "evaluate", 400, passages=[{"id": "1", "text": "x", "labels": {"HPE": label}}])


class TestCluster:
    async def test_copies_share_a_story(self, site: Site) -> None:
        articles = [
            {"id": "a", "title": "HPE wins order", "text": TEXT, "published_at": "2026-11-22T08:00:00Z"},
            {"id": "b", "title": "Something else", "text": "Rain is expected in the north."},
            {"id": "c", "title": "X buys servers", "text": f"{TEXT} Read more."},
        ]
        items = (await sent(site, "cluster", articles=articles))["items"]
        assert [(line["id"], line["story"]) for line in items] == [("a", 1), ("b", 2), ("c", 1)]
        assert items[2]["reason"].startswith("a copy: ")

    async def test_what_is_no_time_is_named_with_its_place(self, site: Site) -> None:
        told = await sent(site, "cluster", 422, articles=[{"id": "a"}, {"id": "b", "published_at": "soon"}])
        assert told["places"] == ["body.articles.1"]
        assert "'soon' is no time" in told["detail"]


class TestExtract:
    async def test_html_is_read_where_it_is_said_to_stand(self, site: Site) -> None:
        html = PAGE.replace("<title>", '<link rel="canonical" href="/story"><title>')
        told = await sent(site, "extract", html=html, url="https://wire.example.org/odd")
        assert TEXT in told["text"]
        assert (told["title"], told["origin"]) == ("HPE wins order", "page")
        assert told["canonical_url"] == "https://wire.example.org/story"

    async def test_an_address_is_fetched_as_pages_are(self, site: Site, httpserver: HTTPServer) -> None:
        httpserver.expect_request("/page").respond_with_data(PAGE, content_type="text/html")
        assert TEXT in (await sent(site, "extract", url=httpserver.url_for("/page")))["text"]

    @pytest.mark.parametrize(
        "url",
        [
            "http://10.0.0.1/",  # a private network
            "http://169.254.169.254/latest/meta-data/",  # a cloud's secrets
            "file:///etc/passwd",
            "https://",
            "HPE",
        ],
    )
    async def test_the_guard_stands_before_it(self, site: Site, url: str) -> None:
        assert (await sent(site, "extract", 409, url=url))["detail"]

    @pytest.mark.parametrize("html", ["", "no page at all", "<p>" * 200_000, "\ud800<html>\x00</html>"])
    async def test_what_cannot_be_read_has_its_reason(self, site: Site, html: str) -> None:
        answer = await post(site, "extract", {"html": html})
        assert answer.status_code in {200, 400, 409}, answer.text
        assert answer.status_code == 200 or answer.json()["detail"]

    async def test_nothing_to_read(self, site: Site) -> None:
        assert (await sent(site, "extract", 422))["places"] == ["body.url"]


async def test_a_shared_search_is_read_by_its_address_until_it_is_not(site: Site) -> None:
    put = await site.client.put("/api/v1/searches/big deals", json={"query": "entity:HPE"})
    assert put.status_code == 200, put.text
    shared = await sent(site, "searches/big%20deals/share", 201)
    assert shared["atom"].startswith("/feeds/big%20deals.atom?key=")
    for path in (shared["atom"], shared["json_feed"]):
        assert (await site.get(path)).status_code == 200
    assert await sent(site, "searches/big%20deals/unshare") == {"id": "big deals", "done": "unshared"}
    assert (await site.get(shared["atom"])).status_code == 401
    assert (await site.client.post("/api/v1/searches/none/share")).status_code == 404
    keyed = await site.client.post("/api/v1/searches/big%20deals/share", headers={"Idempotency-Key": "k"})
    assert keyed.status_code == 400
