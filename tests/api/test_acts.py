"""What people say of what was found and told, over HTTP; who may; and trying things out."""

from typing import Any

import pytest
from pytest_httpserver import HTTPServer

from service.domain.access import Scope
from tests.api.test_access import bearing, make_token
from tests.api.test_watching import refused, send
from tests.web.serving import Site

FEED = (
    '<rss version="2.0"><channel><title>Wire</title><item><title>HPE wins</title><guid>1</guid></item></channel></rss>'
)


async def told(site: Site) -> tuple[Any, Any]:
    """(A mention, its alert, which has a delivery)."""
    await site.desk.add_channel("desk", url="https://hooks.example.org/in")
    await site.desk.alert("everything", await site.desk.publish(names={"HPE": ["HPE"]}), "desk")
    mentions, alerts = await send(site, "GET", "mentions"), await send(site, "GET", "alerts")
    return mentions["items"][0], alerts["items"][0]


class TestVerdicts:
    async def test_a_mention_is_marked(self, site: Site) -> None:
        mention, _ = await told(site)
        assert await send(site, "POST", f"mentions/{mention['id']}/mark", {"verdict": "wrong"}) == {
            "id": mention["id"],
            "entity": "HPE",
            "verdict": "wrong",
        }
        assert await refused(site, "POST", "mentions/99/mark", {"verdict": "wrong"}) == (
            404,
            "there is no mention 99; GET /api/v1/mentions lists them",
        )

    async def test_each_goes_through_the_news_in_a_way_of_their_own(self, site: Site) -> None:
        await site.desk.publish(names={"HPE": ["HPE"]})
        path, nothing = "articles/1/triage", {"article": 1, "read": False, "starred": False, "done": False}
        assert await send(site, "GET", path) == nothing
        assert await send(site, "PUT", path, {"read": True, "starred": True}) == nothing | {
            "read": True,
            "starred": True,
        }
        assert await send(site, "PUT", path, {"starred": False}) == nothing | {"read": True}
        assert (await refused(site, "PUT", "articles/7/triage", {"read": True}))[0] == 404
        assert (await refused(site, "GET", "articles/7/triage"))[0] == 404
        key = "nv_" + "r" * 43
        await make_token(site, key)
        mine = bearing(key)
        assert await send(site, "GET", path, None, **mine) == nothing
        assert (await send(site, "PUT", path, {"done": True}, **mine))["done"], "the scope read is enough"

    async def test_many_are_gone_through_at_once_and_listings_go_by_it(self, site: Site) -> None:
        for title in ("HPE one", "HPE two", "HPE three"):
            await site.desk.publish(title, title, names={"HPE": ["HPE"]})
        said = await send(site, "PUT", "triage", {"articles": [2, 1, 99], "read": True})
        blank = {"read": True, "starred": False, "done": False}
        assert said == {"items": [{"article": 1, **blank}, {"article": 2, **blank}], "next": None}
        await send(site, "PUT", "triage", {"articles": [2], "done": True, "starred": True})
        marked = (await send(site, "GET", "triage?article=2&article=3&article=99"))["items"]
        assert [(one["article"], one["done"]) for one in marked] == [(2, True), (3, False)]
        views = {"open": [3, 1], "unread": [3], "starred": [2], "done": [2]}
        for view, articles in views.items():
            assert [one["id"] for one in (await send(site, "GET", f"articles?triage={view}"))["items"]] == articles
            mentions = (await send(site, "GET", f"mentions?triage={view}&q=entity:HPE"))["items"]
            assert [one["article"] for one in mentions] == articles
            assert (await send(site, "GET", f"figures/facets/mentions?triage={view}"))["counted"] == len(articles)
            exported = (await site.get(f"/export/articles.jsonl?triage={view}")).text.splitlines()
            assert len(exported) == len(articles)
        assert (await refused(site, "PUT", "triage", {"articles": [99], "read": True}))[0] == 404
        assert (await refused(site, "PUT", "triage", {"articles": []}))[0] == 400
        status, detail = await refused(site, "GET", "figures/facets/alerts?triage=done")
        assert (status, "ask it of mentions, articles or stories" in detail) == (400, True)
        status, detail = await refused(site, "GET", "alerts?triage=done")
        assert (status, "unknown parameter 'triage'" in detail) == (400, True)
        key = "nv_" + "r" * 43
        await make_token(site, key)
        assert len((await send(site, "GET", "articles?triage=open", None, **bearing(key)))["items"]) == 3

    async def test_an_alert_is_seen_to_put_off_and_done_with(self, site: Site) -> None:
        _, alert = await told(site)
        path = f"alerts/{alert['id']}"
        await send(site, "POST", f"{path}/acknowledge", {"by": "ana"})
        await send(site, "POST", f"{path}/acknowledge")
        assert (await send(site, "GET", path))["acknowledged_by"] == "ana"
        await send(site, "POST", f"{path}/snooze", {"for": "2d"})
        assert (await send(site, "GET", path))["state"] == "snoozed"
        await send(site, "POST", f"{path}/resolve")
        assert (await send(site, "GET", path))["state"] == "resolved"
        assert (await refused(site, "POST", f"{path}/snooze", {"for": "soon"}))[0] == 422
        assert (await refused(site, "POST", f"{path}/snooze", {"for": "1h"}))[0] == 409
        assert (await refused(site, "POST", "alerts/alt_none/resolve"))[0] == 404

    async def test_who_acknowledged_is_who_asks(self, site: Site) -> None:
        _, alert = await told(site)
        key = "nv_" + "a" * 43
        await make_token(site, key, Scope.WRITE)
        headers = bearing(key)
        await send(site, "POST", f"alerts/{alert['id']}/acknowledge", None, **headers)
        assert (await send(site, "GET", f"alerts/{alert['id']}", None, **headers))["acknowledged_by"] == "aaaaa"

    async def test_sending_again(self, site: Site) -> None:
        _, alert = await told(site)
        (delivery,) = alert["deliveries"]
        await site.desk.attempt("dead", "the receiver answered 410")
        assert await send(site, "POST", "deliveries/retry", {"channel": "desk", "status": "dead"}) == {"due": 1}
        assert await send(site, "POST", f"deliveries/{delivery['id']}/retry") == {"due": 1}
        assert (await send(site, "POST", f"alerts/{alert['id']}/resend"))["due"] == 1
        assert (await send(site, "GET", f"deliveries/{delivery['id']}"))["status"] == "pending"
        await send(site, "PATCH", "channels/desk", {"enabled": False})
        status, detail = await refused(site, "POST", "deliveries/retry", {"channel": "desk"})
        assert (status, detail) == (409, "channel 'desk' is switched off: enable it first")

    async def test_stories_become_one_and_two_again(self, site: Site) -> None:
        one = await site.desk.publish("HPE wins", "HPE wins a deal with X.", names={"HPE": ["HPE"]})
        other = await site.desk.publish("Oracle loses", "Oracle closes a hall.", names={"Oracle": ["Oracle"]})
        ids = one.story["id"], other.story["id"]
        assert ids[0] != ids[1]
        merged = await send(site, "POST", f"stories/{ids[1]}/merge", {"story": ids[0]})
        assert merged == {"story": ids[0], "gone": ids[1]}
        assert (await refused(site, "POST", f"stories/{ids[1]}/merge", {"story": ids[0]}))[0] == 422
        split = await send(site, "POST", f"articles/{other.mentions[0]['article']}/split")
        assert split["story"] not in ids

    async def test_silences(self, site: Site) -> None:
        await told(site)
        assert len((await send(site, "POST", "silences/preview", {"query": "entity:HPE"}))["items"]) == 1
        made = await send(site, "POST", "silences", {"query": "entity:HPE", "for": "4h", "comment": "earnings"})
        assert made["author"] == "this machine"
        await send(site, "DELETE", f"silences/{made['id']}")
        assert (await refused(site, "DELETE", f"silences/{made['id']}"))[0] == 404
        for body, said in (({}, "say what to mute"), ({"query": "a or b", "for": "1h"}, "at character 3")):
            status, detail = await refused(site, "POST", "silences", {"for": "1h", **body})
            assert (status, said in detail) == (422, True)


class TestTrying:
    async def test_texts_are_matched_and_nothing_is_stored(self, site: Site) -> None:
        text = {"id": "1", "title": "", "text": "HPE will build a $2 billion system for Oracle Park fans."}
        (line,) = (await send(site, "POST", "match", {"texts": [text]}))["items"]
        assert line["entities"] == ["HPE"]
        assert [rejected["entity"] for rejected in line["rejected"]] == ["Oracle"]
        assert (await send(site, "GET", "articles"))["items"] == []

    async def test_a_query_is_checked_with_its_place(self, site: Site) -> None:
        found = await send(site, "GET", "query?q=HPE+or+X")
        assert (found["ok"], found["position"], found["mend"][:8]) == (False, 4, "write OR")
        assert (await send(site, "GET", "query?q=HPE+OR+X"))["ok"] is True

    async def test_previews(self, site: Site) -> None:
        await told(site)
        await site.desk.track("HPE")
        rule = await send(site, "POST", "previews/rule", {"query": "entity:HPE"})
        assert rule["periods"][0]["new"]["mentions"] == 1
        entity = await send(site, "POST", "previews/entity", {"definition": {"name": "HPE", "aliases": ["deal"]}})
        assert entity["of"] == "entity HPE"
        assert (await refused(site, "POST", "previews/rule", {}))[0] == 422
        assert (await refused(site, "POST", "previews/entity", {"definition": {"nam": "HPE"}}))[0] == 422

    async def test_a_feed_is_checked_and_found(self, site: Site, httpserver: HTTPServer) -> None:
        httpserver.expect_request("/feed").respond_with_data(FEED, content_type="application/rss+xml")
        link = '<link rel="alternate" type="application/rss+xml" href="/feed" title="Wire">'
        httpserver.expect_request("/").respond_with_data(f"<html><head>{link}</head></html>", content_type="text/html")
        feed = httpserver.url_for("/feed")
        checked = await send(site, "POST", "sources/check", {"url": feed})
        assert (checked["problem"], checked["known"], checked["new"]) == (None, False, ["HPE wins"])
        found = await send(site, "POST", "sources/discover", {"url": httpserver.url_for("/")})
        assert found == {"feeds": [{"url": feed, "title": "Wire"}], "problem": None}
        missing = await send(site, "POST", "sources/check", {"url": httpserver.url_for("/none")})
        assert "500" in missing["problem"] or "404" in missing["problem"]
        private = await send(site, "POST", "sources/check", {"url": "http://10.0.0.1/feed"})
        assert "not public" in private["problem"], private
        assert "answer: none" in private["lines"]

    async def test_subscription_lists(self, site: Site) -> None:
        opml = '<opml version="2.0"><body><outline text="A" xmlUrl="https://a.example.org/feed"/></body></opml>'
        done = await site.client.post("/api/v1/sources/opml", content=opml)
        assert done.json()["added"] == ["source https://a.example.org/feed"]
        assert 'xmlUrl="https://a.example.org/feed"' in (await site.get("/api/v1/sources/opml")).text
        assert (await site.client.post("/api/v1/sources/opml", content="<html>")).status_code == 422

    async def test_a_rescan_is_begun_left_and_looked_after(self, site: Site) -> None:
        await told(site)
        begun = await send(site, "POST", "rescans", {})
        for _ in range(200):
            (line,) = (await send(site, "GET", "rescans"))["items"]
            if line["state"] == "done":
                break
        assert (line["id"], line["state"], line["done"]) == (begun["id"], "done", 1)
        assert await send(site, "GET", f"rescans/{begun['id']}") == line
        assert (await refused(site, "GET", "rescans/77"))[0] == 404
        assert (await refused(site, "POST", f"rescans/{begun['id']}/cancel"))[0] == 404
        assert (await refused(site, "POST", f"rescans/{begun['id']}/resume"))[0] == 404
        assert (await refused(site, "POST", "rescans", {"entity": "Nobody"}))[0] == 422

    async def test_figures(self, site: Site) -> None:
        await told(site)
        voice = await send(site, "GET", "figures/share-of-voice?past=true")
        assert [(share["entity"], share["articles"]) for share in voice["shares"]] == [("HPE", 1)]
        assert (await send(site, "GET", "figures/facets/mentions?entity=HPE"))["counted"] == 1
        await send(site, "PUT", "searches/choirs", {"query": "choir"})
        assert (await send(site, "GET", "figures/facets/mentions?search=choirs"))["counted"] == 0
        assert (await send(site, "GET", "figures/share-of-voice?past=true&search=choirs"))["shares"] == []
        for figure in ("volume?bands=true", "co-mentions", "top-sources", "deals?order=biggest"):
            assert "basis" in await send(site, "GET", f"figures/{figure}")
        assert (await refused(site, "GET", "figures/volume?timezone=Nowhere"))[0] == 400


class TestWhoMay:
    @pytest.mark.parametrize(
        ("scope", "statuses"),
        [
            (Scope.READ, [200, 403, 403, 403]),
            (Scope.WRITE, [200, 404, 403, 403]),
            (Scope.ADMIN, [200, 404, 200, 200]),
        ],
    )
    async def test_each_scope_holds_those_before_it(self, site: Site, scope: Scope, statuses: list[int]) -> None:
        key = "nv_" + "w" * 43
        await make_token(site, key, scope)
        asked = [("GET", "me"), ("DELETE", "rules/none"), ("GET", "tokens"), ("GET", "watchlist")]
        found = [await site.client.request(method, f"/api/v1/{path}", headers=bearing(key)) for method, path in asked]
        assert [answer.status_code for answer in found] == statuses
        assert found[0].json()["scope"] == scope.word

    async def test_users_and_tokens_come_and_go(self, site: Site) -> None:
        key = "nv_" + "a" * 43
        await make_token(site, key, Scope.ADMIN)
        headers = bearing(key)
        assert (await refused(site, "PUT", "users/ana", {"password": "short"}, **headers))[0] == 422
        await send(site, "PUT", "users/ana", {"password": "four words make one", "scope": "write"}, **headers)
        assert [user["name"] for user in (await send(site, "GET", "users", None, **headers))["items"]] == ["ana"]
        await send(site, "DELETE", "users/ana", None, **headers)
        made = await send(site, "POST", "tokens", {"name": "wall", "expires": "90d"}, **headers)
        assert (await send(site, "GET", "me", None, **bearing(made["token"]))) == {"name": "wall", "scope": "read"}
        await send(site, "DELETE", "tokens/wall", None, **headers)
        assert (await refused(site, "GET", "me", None, **bearing(made["token"])))[0] == 401


class TestReadingAgain:
    async def test_what_is_known_is_not_sent_again(self, site: Site) -> None:
        await told(site)
        first = await site.get("/api/v1/mentions")
        tag = first.headers["etag"]
        assert tag.startswith('W/"')
        for asked in (tag, tag.removeprefix("W/"), f'"x", {tag}', "*"):
            again = await site.get("/api/v1/mentions", headers={"If-None-Match": asked})
            assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", tag)
        await site.desk.publish("HPE again", "HPE again.", names={"HPE": ["HPE"]})
        assert (await site.get("/api/v1/mentions", headers={"If-None-Match": tag})).status_code == 200

    async def test_a_link_leads_to_the_next_page_with_the_same_question(self, site: Site) -> None:
        for number in range(5):
            await site.desk.publish(f"HPE {number} & co", f"HPE item {number}.", names={"HPE": ["HPE"]})
        titles, path = [], "/api/v1/mentions?limit=2&q=title%3AHPE"
        for _ in range(5):
            answer = await site.get(path)
            titles += [line["title"] for line in answer.json()["items"]]
            if "next" not in answer.links:
                break
            assert answer.json()["next"] in answer.links["next"]["url"]
            path = answer.links["next"]["url"]
        assert titles == [f"HPE {number} & co" for number in (4, 3, 2, 1, 0)]
