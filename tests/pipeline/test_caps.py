"""A hostile server costs no more than the caps, and its source says which cap it hit."""

import asyncio
import json
from collections.abc import AsyncIterator

import pytest

from scrapers.guard import AddressGuard
from scrapers.hosts import HostLimits
from scrapers.http import WebClient
from scrapers.workers import ParserPool
from service.search import one
from service.store.engine import Database
from tests.pipeline.site import Site
from tests.pipeline.tools import Tools
from tests.scrapers import hazards as hz
from tests.scrapers.hazards import Hazards, hazard_server
from tests.scrapers.test_workers import SLOW
from tests.store.steps import add_source, row, rows


@pytest.fixture
async def hazards() -> AsyncIterator[Hazards]:
    async with hazard_server() as server:
        yield server


@pytest.fixture
async def capped(db: Database, parser: ParserPool) -> AsyncIterator[Tools]:
    """The steps with small caps."""
    guard = AddressGuard(["127.0.0.1/32"])
    async with WebClient(
        user_agent="t", guard=guard, hosts=HostLimits(0, 20), max_bytes=50_000, max_redirects=2, deadline=0.5
    ) as web:
        yield Tools(db, web, parser)


def feed(items: str) -> hz.Handler:
    body = f"<rss version='2.0'><channel><title>Wire</title>{items}</channel></rss>".encode()
    return hz.answer(200, body, "Content-Type: application/rss+xml")


def item(link: str, text: str, title: str = "HPE wins") -> str:
    return f"<item><guid>1</guid><link>{link}</link><title>{title}</title><description>{text}</description></item>"


DEEP = "<item>" + "<x>" * 5_000 + "</x>" * 5_000 + "</item>"
WIDE = "<item><x " + " ".join(f"a{n}='1'" for n in range(4_000)) + "/></item>"


@pytest.mark.parametrize(
    ("handler", "outcome", "weight", "words"),
    [
        (hz.endless(hz.head(200), b"x" * 10_000), "too-large", "lasting", "larger than 50,000 bytes"),
        (hz.coded("gzip", hz.gzip_bomb(5)), "too-large", "lasting", "larger than 50,000 bytes"),
        (hz.endless(hz.head(200)[:-2], b"X: y\r\n" * 100), "headers-too-large", "lasting", "256 KB together"),
        (hz.redirect(302, "/feed"), "too-many-redirects", "lasting", "redirects more than 2 times"),
        (hz.redirect(302, "http://10.0.0.1/"), "blocked-address", "lasting", "10.0.0.1 is not public"),
        (hz.endless(hz.head(200), b"x", pause=0.02), "timeout", "passing", "longer than the time given to it"),
        (hz.raw(hz.head(200, "Content-Length: 9") + b"x"), "protocol", "passing", "wrongly"),
        (hz.coded("gzip", b"no gzip"), "bad-encoding", "passing", "not valid gzip"),
        (feed(DEEP), "not-a-feed", "no feed", "nests its elements more than"),
        (feed(WIDE), "not-a-feed", "no feed", "attributes on an element"),
    ],
)
async def test_the_source_is_told_the_cap(
    capped: Tools, hazards: Hazards, handler: hz.Handler, outcome: str, weight: str, words: str
) -> None:
    await add_source(capped.db, hazards.on("/feed", handler))
    await capped.poll()
    shown = await one(capped.db, "source", "1")
    assert shown is not None
    assert (shown["polls"][0]["outcome"], shown["fault"]) == (outcome, weight)
    answered = {"headers-too-large": None, "blocked-address": None, "too-many-redirects": 302}
    assert shown["polls"][0]["status_code"] == answered.get(outcome, 200)
    assert words in shown["last_error"]
    assert shown["polls"][0]["detail"] == shown["last_error"]
    assert weight in shown["next_try_because"]


async def test_items_that_are_too_many_or_too_long_are_told_beside_those_that_were_read(
    capped: Tools, hazards: Hazards
) -> None:
    items = "".join(f"<item><guid>{n}</guid><title>Item {n}</title></item>" for n in range(70))  # the step takes 50
    await add_source(capped.db, hazards.on("/feed", feed(items)))
    await capped.poll()
    shown = await one(capped.db, "source", "1")
    assert shown is not None
    assert (shown["polls"][0]["outcome"], shown["polls"][0]["new_articles"]) == ("read", 50)
    assert shown["polls"][0]["detail"] == "20 items beyond the first 50 were left out."


CUT = "only the first 200,000 characters are kept and matched; what follows was left out"
LONG = "HPE sells servers to buyers who wait for them. " * 4_500
STATED = json.dumps({"@type": "NewsArticle", "headline": "HPE wins", "articleBody": LONG})


@pytest.mark.parametrize(
    ("page", "text", "origin"),
    [
        (f"<article><h1>HPE wins</h1><p>{LONG}</p></article>", "A summary.", "page"),
        (
            f"<script type='application/ld+json'>{STATED}</script><p>HPE wins. Read on in our app.</p>",
            "",
            "linked-data",
        ),
        (None, LONG, "feed"),
    ],
)
async def test_a_text_that_is_too_long_says_so_on_its_article(
    db: Database, parser: ParserPool, hazards: Hazards, page: str | None, text: str, origin: str
) -> None:
    """And on its source, where the feed itself has it."""
    hazards.on("/robots.txt", hz.answer(404))
    body = f"<html><head><title>HPE wins</title></head><body>{page}</body></html>".encode()
    link = hazards.on("/1", hz.answer(200, body, "Content-Type: text/html") if page else hz.answer(404))
    await add_source(db, hazards.on("/feed", feed(item(link, text))))
    guard = AddressGuard(["127.0.0.1/32"])
    async with WebClient(user_agent="t", guard=guard, hosts=HostLimits(0, 2)) as web:
        tools = Tools(db, web, parser)
        await tools.poll()
        await tools.read()
        tools.later(minutes=10)
        hazards.on("/1", hz.answer(404))
        hazards.on("/feed", feed(item(link, text, title="HPE wins: what follows")))
        assert len(await tools.poll()) == 1
        await tools.read()
    article = await one(db, "article", "1")
    assert article is not None
    assert (article["origin"], 199_900 < len(article["text"]) <= 200_000) == (origin, True)
    assert article["cut_note"] == CUT, "and so after another title was taken up"
    source = await one(db, "source", "1")
    assert source is not None
    assert ("more than 200,000 characters" in source["polls"][-1]["detail"]) == (origin == "feed")


async def test_a_text_that_is_short_enough_says_nothing_of_a_cut(tools: Tools, site: Site) -> None:
    site.page("/1", "HPE wins", "HPE has won a contract for servers, people who know of it said.\nIt is a large one.")
    await add_source(tools.db, site.feed("/feed", ("/1", "HPE wins", "A summary."), ("/2", "Two", "Text")))
    await tools.poll()
    await tools.read()
    assert {article.cut_note for article in await rows(tools.db, "articles")} == {None}


@pytest.mark.parametrize("link", ["http://a..b/x", "http://xn--/x", f"http://{'a' * 64}.example/x", "http://.a/x"])
async def test_an_item_whose_link_is_no_address_is_read_from_its_feed(tools: Tools, site: Site, link: str) -> None:
    feed_text = f"<rss version='2.0'><channel><title>Wire</title>{item(link, 'HPE sells servers.')}</channel></rss>"
    await add_source(tools.db, site.says("/feed", feed_text, type="application/rss+xml"))
    await tools.poll()
    await tools.read()
    article = await row(tools.db, "articles")
    assert (article.state, article.origin, article.text) == ("read", "feed", "HPE sells servers.")
    assert article.origin_note


async def test_a_page_that_overruns_is_marked_and_read_from_its_feed(db: Database, hazards: Hazards) -> None:
    """The worker is killed; the article says why its text is the feed's, and the next one is read."""
    hazards.on("/robots.txt", hz.answer(404))
    page = hazards.on("/1", hz.answer(200, SLOW, "Content-Type: text/html"))
    text = "HPE has won a contract for servers, people who know of it said."
    hazards.on(
        "/feed", feed(f"<item><link>{page}</link><title>HPE wins</title><description>{text}</description></item>")
    )
    await add_source(db, hazards.url("/feed"))
    pool = ParserPool(1, seconds=1)
    guard = AddressGuard(["127.0.0.1/32"])
    try:
        async with (
            WebClient(user_agent="t", guard=guard, hosts=HostLimits(0, 2), deadline=30) as web,
            asyncio.timeout(60),
        ):
            tools = Tools(db, web, pool)
            await tools.poll()
            for _ in range(9):
                await tools.read()
                tools.later(days=1)
    finally:
        await pool.close()
    article = await row(db, "articles")
    assert (article.state, article.origin, article.text) == ("read", "feed", text)
    assert article.origin_note
    assert "second" in article.origin_note, article.origin_note


@pytest.mark.parametrize(("status", "moved"), [(301, True), (308, True), (302, False), (303, False), (307, False)])
async def test_only_a_lasting_redirect_moves_a_source(
    capped: Tools, hazards: Hazards, status: int, moved: bool
) -> None:
    target = hazards.on("/new", feed("<item><guid>1</guid><title>One</title></item>"))
    old = hazards.on("/old", hz.redirect(status, "/new"))
    await add_source(capped.db, old)
    addresses = []
    for _ in range(5):
        await capped.poll()
        addresses.append((await rows(capped.db, "sources"))[0].url)
        capped.later(days=1)
    assert addresses == ([old, old, target, target, target] if moved else [old] * 5)
    assert [request.target for request in hazards.seen][-2:] == (["/new"] * 2 if moved else ["/old", "/new"])
