"""Feeds for feed readers: whole, safe, cheap to ask again, and opened by one key each."""

import io
import json
import re
from datetime import UTC, datetime
from typing import Any

import feedparser
import httpx
import pytest

from service.domain.access import fingerprint
from service.store import searches
from service.store.watchlist import Changes
from tests.api.test_access import KEY, bearing, make_token
from tests.web.desk import START
from tests.web.serving import Site, open_site

HOSTILE = "<script>alert(1)</script> &amp; <b>HPE</b> \u202eturned \x1b[2J \ufffe end"


async def save(site: Site, name: str = "deals", query: str = "entity:HPE", lists: str = "mentions") -> None:
    async with site.db.write() as session:
        definition = {"name": name, "query": query, "lists": lists}
        await searches.put_search(session, definition, Changes(), now=START)


async def share(site: Site, name: str, key: str | None) -> None:
    async with site.db.write() as session:
        assert await searches.share(session, name, fingerprint(key) if key else None, now=START)


def parsed(answer: httpx.Response) -> feedparser.FeedParserDict:
    """As a feed reader sees it; malformed XML would be told."""
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "application/atom+xml; charset=utf-8"
    feed = feedparser.parse(io.BytesIO(answer.content), response_headers={"content-type": "application/atom+xml"})
    assert not feed.bozo, feed.get("bozo_exception")
    return feed


def checked(answer: httpx.Response) -> dict[str, Any]:
    """Holds an answer to what jsonfeed.org/version/1.1 requires."""
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "application/feed+json"
    feed: dict[str, Any] = answer.json()
    assert feed["version"] == "https://jsonfeed.org/version/1.1"
    assert feed["title"]
    assert isinstance(feed["items"], list)
    for item in feed["items"]:
        assert isinstance(item["id"], str)
        assert isinstance(item["content_text"], str)
        assert "content_html" not in item
        assert item.get("url", "https://").startswith(("http://", "https://"))
        assert all(isinstance(tag, str) for tag in item["tags"])
        assert all(author["name"] for author in item["authors"])
        for date in ("date_published", "date_modified"):
            assert datetime.fromisoformat(item[date]).tzinfo is not None
    return feed


async def two_mentions(site: Site) -> None:
    await site.desk.publish("HPE wins a deal", names={"HPE": ["HPE"]})
    await site.desk.publish("Oracle and HPE", "Oracle and HPE talk.", names={"Oracle": ["Oracle"], "HPE": ["HPE"]})


class TestContents:
    async def test_a_saved_search_as_atom_and_as_json(self, site: Site) -> None:
        await save(site)
        await two_mentions(site)
        feed = parsed(await site.get("/feeds/deals.atom"))
        assert feed.feed.title == "newsvane: deals"
        assert [entry.title for entry in feed.entries] == ["HPE: Oracle and HPE", "HPE: HPE wins a deal"]
        assert feed.entries[0].summary == "Oracle and HPE talk."
        assert [tag.term for tag in feed.entries[0].tags] == ["HPE"]
        items = checked(await site.get("/feeds/deals.json"))["items"]
        assert [item["title"] for item in items] == ["HPE: Oracle and HPE", "HPE: HPE wins a deal"]
        assert items[0]["_newsvane"]["evidence"] == ["“HPE” is a name that proves itself"]
        assert [item["id"] for item in items] == [entry.id for entry in feed.entries]

    async def test_its_own_address_is_one_whatever_its_name(self, site: Site) -> None:
        await site.client.put("/api/v1/searches/big%20deals%20%26%20caf%C3%A9%3F", json={"query": "deal"})
        for form in ("json", "atom"):
            address = f"{str(site.client.base_url).rstrip('/')}/feeds/big%20deals%20%26%20caf%C3%A9%3F.{form}"
            answer = await site.get(address)
            assert answer.status_code == 200
            assert f'"{address}"' in answer.text

    async def test_any_question_is_a_feed(self, site: Site) -> None:
        await two_mentions(site)
        feed = parsed(await site.get("/feeds/mentions.atom?q=entity:Oracle+talk&limit=1"))
        assert [entry.title for entry in feed.entries] == ["Oracle: Oracle and HPE"]
        assert len(parsed(await site.get("/feeds/articles.atom")).entries) == 2
        assert len(parsed(await site.get("/feeds/stories.atom")).entries) == 2
        checked(await site.get("/feeds/stories.json"))
        checked(await site.get("/feeds/articles.json"))

    async def test_a_saved_search_lists_what_it_says_and_may_be_narrowed_down(self, site: Site) -> None:
        await save(site, "all / of it".replace("/", "&"), "HPE", "articles")
        await two_mentions(site)
        assert len(parsed(await site.get("/feeds/all%20%26%20of%20it.atom")).entries) == 2
        (entry,) = parsed(await site.get("/feeds/all%20%26%20of%20it.atom?q=talk")).entries
        assert entry.title == "Oracle and HPE"

    async def test_what_is_asked_beside_a_saved_search_never_widens_it(self, site: Site) -> None:
        await save(site, query="entity:Dell")
        await two_mentions(site)
        assert parsed(await site.get("/feeds/deals.atom", params={"q": "entity:* OR HPE"})).entries == []
        answer = await site.get("/feeds/deals.atom", params={"q": "x) OR (entity:*"})
        assert answer.status_code == 400

    async def test_ids_stay_and_are_this_installation_s_own(self, site: Site) -> None:
        await two_mentions(site)
        before = [entry.id for entry in parsed(await site.get("/feeds/mentions.atom")).entries]
        await site.desk.publish("HPE again", "HPE comes again.", names={"HPE": ["HPE"]})
        after = [entry.id for entry in parsed(await site.get("/feeds/mentions.atom")).entries]
        assert after[1:] == before
        assert len(set(after)) == 4
        assert all(re.fullmatch(r"urn:uuid:[0-9a-f-]{36}", one) for one in after)

    async def test_at_most_a_hundred(self, site: Site) -> None:
        assert (await site.get("/feeds/mentions.atom?limit=101")).status_code == 400

    async def test_an_empty_feed_is_one(self, site: Site) -> None:
        assert parsed(await site.get("/feeds/mentions.atom")).entries == []
        assert checked(await site.get("/feeds/mentions.json"))["items"] == []

    async def test_what_the_web_wrote_is_text(self, site: Site) -> None:
        await site.desk.publish(
            HOSTILE, f"HPE. {HOSTILE}", names={"HPE": ["HPE"]}, url="javascript:alert(1)", snippet=HOSTILE
        )
        answer = await site.get("/feeds/mentions.atom")
        assert "<script" not in answer.text
        (entry,) = parsed(answer).entries
        (content,) = entry.content  # RFC 4287, 4.1.2: in the place of the link that is left out
        assert entry.title_detail.type == content.type == "text/plain"
        assert "links" not in entry
        (item,) = checked(await site.get("/feeds/mentions.json"))["items"]
        assert "url" not in item
        for text in (entry.title, content.value, item["title"], item["content_text"]):
            assert "<script>alert(1)</script>" in text
            assert not {char for char in text if char in "\u202e\x1b"}

    @pytest.mark.parametrize(
        ("path", "status"),
        [
            ("nothing.atom", 404),
            ("alerts.atom", 404),  # what is no feed, and no saved search either
            ("a%00b.atom", 400),
            ("mentions.atom?q=HPE+or+Dell", 400),
            ("mentions.json?querry=x", 400),
            ("mentions.atom?search=nothing", 400),
            ("mentions.rss", 404),
        ],
    )
    async def test_what_is_wrong_is_said(self, site: Site, path: str, status: int) -> None:
        answer = await site.get(f"/feeds/{path}")
        assert (answer.status_code, answer.headers["content-type"]) == (status, "application/problem+json")


class TestAskingAgain:
    @pytest.mark.parametrize("form", ["atom", "json"])
    async def test_nothing_new_is_not_sent_again(self, site: Site, form: str) -> None:
        await two_mentions(site)
        first = await site.get(f"/feeds/mentions.{form}")
        for headers in (
            {"If-None-Match": first.headers["etag"]},
            {"If-None-Match": f'"other", W/{first.headers["etag"]}'},
            {"If-Modified-Since": first.headers["last-modified"]},
        ):
            again = await site.get(f"/feeds/mentions.{form}", headers=headers)
            assert (again.status_code, again.content) == (304, b""), headers
            assert again.headers["etag"] == first.headers["etag"]

    async def test_something_new_is(self, site: Site) -> None:
        await two_mentions(site)
        first = await site.get("/feeds/mentions.atom")
        await site.desk.publish("HPE again", "HPE comes again.", names={"HPE": ["HPE"]})
        for headers in (
            {"If-None-Match": first.headers["etag"]},
            {"If-Modified-Since": first.headers["last-modified"]},
            # the tag alone decides (RFC 9110, 13.2.2)
            {"If-None-Match": '"x"', "If-Modified-Since": "Sun, 22 Nov 2099 08:00:00 GMT"},
            {"If-Modified-Since": "yesterday"},
        ):
            assert (await site.get("/feeds/mentions.atom", headers=headers)).status_code == 200, headers

    async def test_last_modified_is_that_of_the_newest(self, site: Site) -> None:
        await two_mentions(site)
        answer = await site.get("/feeds/mentions.atom")
        assert answer.headers["last-modified"] == "Sun, 22 Nov 2026 08:02:00 GMT"
        assert parsed(answer).feed.updated_parsed[:6] == datetime(2026, 11, 22, 8, 2, tzinfo=UTC).timetuple()[:6]


class TestAccess:
    async def test_a_locked_feed_takes_a_token_or_its_own_key(self, site: Site) -> None:
        await save(site)
        await save(site, "others", "entity:Oracle")
        await two_mentions(site)
        await make_token(site)
        assert (await site.get("/feeds/deals.atom")).status_code == 401
        assert (await site.get("/feeds/deals.atom?key=guessed")).status_code == 401
        assert (await site.get("/feeds/deals.atom", headers=bearing(KEY))).status_code == 200
        await share(site, "deals", "right")
        for form in ("atom", "json"):
            assert (await site.get(f"/feeds/deals.{form}?key=right")).status_code == 200
        for path in (
            "feeds/others.atom",
            "feeds/mentions.atom",
            "feeds/mentions.atom?q=entity:HPE",
            "export/mentions.csv",
            "api/v1/mentions",
            "",
        ):
            joined = f"/{path}{'&' if '?' in path else '?'}key=right"
            answer = await site.get(joined)
            assert answer.status_code == (303 if path == "" else 401), path

    async def test_no_token_opens_by_the_address(self, site: Site) -> None:
        await save(site)
        await make_token(site)
        assert (await site.get(f"/feeds/deals.atom?key={KEY}")).status_code == 401

    async def test_a_key_ends_when_it_is_taken_back_or_replaced(self, site: Site) -> None:
        await save(site)
        await make_token(site)
        await share(site, "deals", "first")
        await share(site, "deals", "second")
        assert (await site.get("/feeds/deals.atom?key=first")).status_code == 401
        assert (await site.get("/feeds/deals.atom?key=second")).status_code == 200
        await share(site, "deals", None)
        assert (await site.get("/feeds/deals.atom?key=second")).status_code == 401

    async def test_a_change_of_the_query_keeps_the_key(self, site: Site) -> None:
        await save(site)
        await make_token(site)
        await share(site, "deals", "right")
        await save(site, query="entity:Oracle")
        assert (await site.get("/feeds/deals.atom?key=right")).status_code == 200

    async def test_the_key_is_nowhere_in_what_is_answered(self, site: Site) -> None:
        await save(site)
        await two_mentions(site)
        await share(site, "deals", "5ecret")
        for path in ("/feeds/deals.atom?key=5ecret", "/feeds/deals.json?key=5ecret", "/api/v1/searches"):
            answer = await site.get(path)
            assert answer.status_code == 200
            assert "5ecret" not in answer.text
            assert fingerprint("5ecret") not in answer.text

    async def test_where_others_can_ask_a_key_still_opens(self, site: Site) -> None:
        await save(site)
        await share(site, "deals", "right")
        async with open_site(site.db, listen="0.0.0.0:8780") as reachable:
            assert (await reachable.get("/feeds/deals.atom")).status_code == 401
            assert (await reachable.get("/feeds/deals.atom?key=right")).status_code == 200


async def test_the_api_lists_saved_searches(site: Site) -> None:
    await save(site)
    await share(site, "deals", "right")
    assert (await site.get("/api/v1/searches")).json()["items"] == [
        {
            "name": "deals",
            "query": "entity:HPE",
            "lists": "mentions",
            "created_at": "2026-11-22T08:00:00.000Z",
            "shared_at": "2026-11-22T08:00:00.000Z",
        }
    ]
    await two_mentions(site)
    found = json.loads((await site.get("/api/v1/mentions?search=deals&q=talk")).text)["items"]
    assert [line["title"] for line in found] == ["Oracle and HPE"]
