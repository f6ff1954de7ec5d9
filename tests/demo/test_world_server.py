"""The sample world over real HTTP: every feed parses, every page is served, conditional requests are honest."""

import io
import json
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from html import unescape
from typing import Any

import feedparser
import httpx
import pytest

from service.demo.server import WorldServer
from service.demo.world.content import FeedFault, FeedFormat, FeedSpec, Outlet, PageState

NOW = datetime(2026, 3, 4, 12, 0, 30, 5, tzinfo=UTC)


@pytest.fixture
async def server() -> AsyncIterator[WorldServer]:
    async with WorldServer(NOW) as running:
        yield running


@pytest.fixture
async def client() -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(trust_env=False) as http:
        yield http


def _readable_feeds(server: WorldServer) -> list[tuple[Outlet, FeedSpec, str]]:
    return [
        (outlet, feed, server.origins[outlet.id] + feed.path)
        for outlet in server.world.outlets
        for feed in outlet.feeds
        if feed.fault in (None, FeedFault.ILL_FORMED)
    ]


def _items(feed: FeedSpec, body: bytes, content_type: str) -> list[tuple[str, str]]:
    """(address, title) of each item, as an independent reader sees them."""
    if feed.format is FeedFormat.JSON:
        return [(item["url"], item["title"]) for item in json.loads(body)["items"]]
    parsed: Any = feedparser.parse(io.BytesIO(body), response_headers={"content-type": content_type})
    assert bool(parsed.bozo) is (feed.fault is FeedFault.ILL_FORMED), feed.path
    return [(entry.link, entry.title) for entry in parsed.entries]


@pytest.mark.parametrize("phase", [1, 2])
async def test_every_feed_holds_its_items_newest_first(
    server: WorldServer, client: httpx.AsyncClient, phase: int
) -> None:
    if phase == 2:
        server.advance()
    feeds = _readable_feeds(server)
    assert len(feeds) >= 12
    for outlet, feed, url in feeds:
        answer = await client.get(url)
        assert answer.status_code == 200
        stories = server.world.items_of(outlet, feed, phase=phase)
        items = _items(feed, answer.content, answer.headers["content-type"])
        assert [title for _, title in items] == [story.title for story in stories], url
        assert [server.story_at(link) for link, _ in items] == list(stories), url
        assert stories, url


async def test_full_texts_and_times_survive_the_feed(server: WorldServer, client: httpx.AsyncClient) -> None:
    server.advance()
    answer = await client.get(server.origins["coldaisle"] + "/index.xml")
    parsed: Any = feedparser.parse(io.BytesIO(answer.content))
    entry = next(entry for entry in parsed.entries if "I counted the breakers" in entry.title)
    story = server.world.story("vanished-note")
    assert all(paragraph in unescape(entry.content[0].value) for paragraph in story.paragraphs)
    published = datetime.fromisoformat(entry.published)
    assert published == NOW.replace(microsecond=0) - timedelta(minutes=story.minutes_ago)


async def test_advance_adds_items_and_pages(server: WorldServer, client: httpx.AsyncClient) -> None:
    story = server.world.story("hpe-wins-x-servers")
    before = len(server.published)
    assert (await client.get(server.url_of(story))).status_code == 404
    server.advance()
    assert (await client.get(server.url_of(story))).status_code == 200
    assert len(server.published) - before >= 20


async def test_every_page_carries_its_article_and_its_boilerplate(
    server: WorldServer, client: httpx.AsyncClient
) -> None:
    server.advance()
    served = 0
    for story in server.published:
        answer = await client.get(server.url_of(story))
        if story.page is PageState.MISSING:
            assert answer.status_code == 404
            continue
        served += 1
        page = unescape(answer.content.decode(server.world.outlet(story.outlet).charset))
        assert all(paragraph in page for paragraph in (story.title, *story.paragraphs)), story.id
        for boilerplate in ("Share on X", "Follow us on X", "Facebook", "LinkedIn", "All rights reserved"):
            assert boilerplate in page, story.id
    assert served >= 60


async def test_boilerplate_names_companies_that_the_article_does_not(
    server: WorldServer, client: httpx.AsyncClient
) -> None:
    story = server.world.story("bridge-until-spring")
    assert "xAI" not in story.text
    assert "xAI" in (await client.get(server.url_of(story))).text


async def test_a_page_stays_the_same_when_the_world_advances(server: WorldServer, client: httpx.AsyncClient) -> None:
    first = {story.id: (await client.get(server.url_of(story))).content for story in server.published}
    stories = server.published
    server.advance()
    for story in stories:
        assert (await client.get(server.url_of(story))).content == first[story.id]


async def test_redirect_tracking_and_query_addresses_lead_to_one_page(
    server: WorldServer, client: httpx.AsyncClient
) -> None:
    moved = server.world.story("oracle-leases-halls")
    old = f"{server.origins['meridian']}/go/{moved.id}?utm_source=rss&utm_medium=feed"
    answer = await client.get(old)
    assert answer.status_code == 301
    assert answer.headers["location"] == server.url_of(moved)
    numbered = server.world.story("modem-choir")
    page = await client.get(server.url_of(numbered) + "&utm_source=letter")
    assert page.status_code == 200
    assert numbered.title in page.text
    assert server.story_at(old) == moved
    assert server.story_at("http://127.0.0.1:1/elsewhere") is None


async def test_a_feed_in_a_legacy_charset_is_declared_so(server: WorldServer, client: httpx.AsyncClient) -> None:
    answer = await client.get(server.origins["sparks"] + "/backend.php")
    assert answer.charset_encoding == "windows-1252"
    assert "’" in answer.text
    with pytest.raises(UnicodeDecodeError):
        answer.content.decode("utf-8")


async def test_conditional_requests(server: WorldServer, client: httpx.AsyncClient) -> None:
    url = server.origins["rackledger"] + "/feed/"
    full = await client.get(url)
    etag, modified = full.headers["etag"], full.headers["last-modified"]
    # A row: what is sent, what comes back. If-None-Match decides alone where it is there.
    rows = [
        ({"If-None-Match": etag}, 304),
        ({"If-None-Match": f'"other", W/{etag}'}, 304),
        ({"If-None-Match": '"other"'}, 200),
        ({"If-Modified-Since": modified}, 304),
        ({"If-None-Match": '"other"', "If-Modified-Since": modified}, 200),
        ({"If-Modified-Since": "Sun, 01 Jan 2006 00:00:00 GMT"}, 200),
        ({"If-Modified-Since": "yesterday"}, 200),
    ]
    for headers, status in rows:
        answer = await client.get(url, headers=headers)
        assert answer.status_code == status, headers
        assert answer.headers["etag"] == etag
        assert bool(answer.content) is (status == 200)
    server.advance()
    for headers in ({"If-None-Match": etag}, {"If-Modified-Since": modified}):
        assert (await client.get(url, headers=headers)).status_code == 200


async def test_outlets_differ_in_their_validators(server: WorldServer, client: httpx.AsyncClient) -> None:
    sent = {}
    for outlet, _, url in _readable_feeds(server):
        headers = (await client.get(url)).headers
        sent[outlet.id] = ("etag" in headers, "last-modified" in headers)
    assert set(sent.values()) == {(True, True), (True, False), (False, True)}


async def test_broken_sources_are_among_the_sources(server: WorldServer, client: httpx.AsyncClient) -> None:
    sources = {source["title"]: source for source in server.sources}
    assert len(sources) == len(_readable_feeds(server)) + 2
    assert all(set(source) == {"url", "title", "tags"} for source in sources.values())
    page = await client.get(sources["Quiet Server Times"]["url"])
    assert page.status_code == 200
    assert page.headers["content-type"].startswith("text/html")
    assert (await client.get(sources["Night Shift Cloud"]["url"])).status_code == 500


async def test_robots_and_front_page_of_every_outlet(server: WorldServer, client: httpx.AsyncClient) -> None:
    for outlet in server.world.outlets:
        origin = server.origins[outlet.id]
        robots = await client.get(f"{origin}/robots.txt")
        assert robots.status_code == 200
        assert robots.text.startswith("User-agent: *\n")
        front = await client.get(f"{origin}/")
        assert all(f'href="{origin}{feed.path}"' in front.text for feed in outlet.feeds)
    members = server.world.story("orcl-quarterly-notes")
    closed = await client.get(server.origins["ledgerline"] + "/robots.txt")
    assert "Disallow: /members/" in closed.text
    assert "/members/" in server.url_of(members)


async def test_requests_are_recorded_and_bounded(client: httpx.AsyncClient) -> None:
    async with WorldServer(NOW, keep=3) as server:
        for number in range(5):
            await client.get(f"{server.origins['kikai']}/none?n={number}", headers={"User-Agent": "a reader"})
        assert [(request.outlet, request.target, request.status) for request in server.requests] == [
            ("kikai", f"/none?n={number}", 404) for number in (2, 3, 4)
        ]
        assert server.requests[0].headers["user-agent"] == "a reader"
        assert server.requests[0].at <= server.requests[2].at


async def test_two_servers_of_the_same_moment_differ_in_ports_only(client: httpx.AsyncClient) -> None:
    async with WorldServer(NOW) as one, WorldServer(NOW) as two:
        for outlet, feed, url in _readable_feeds(one):
            first = (await client.get(url)).content.replace(one.origins[outlet.id].encode(), b"")
            second = (await client.get(two.origins[outlet.id] + feed.path)).content
            assert first == second.replace(two.origins[outlet.id].encode(), b"")


def test_a_naive_moment_is_refused() -> None:
    with pytest.raises(ValueError, match="aware"):
        WorldServer(NOW.replace(tzinfo=None))
