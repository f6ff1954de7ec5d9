"""One article for one page, and no article under the address of a wall."""

from datetime import UTC, datetime

import pytest

from service.search import Ask, page
from tests.pipeline.site import Site, open_site
from tests.pipeline.tools import Tools
from tests.store.steps import add_entities, add_source, count, entry, fresh, poll, row, rows

STORY = (
    "HPE has won a contract for servers that is worth more than a billion dollars, people who know of it said.\n"
    "The machines are to be delivered before the summer, and the buyer asked three makers for an offer.\n"
    "Neither company wanted to comment on the price, which was settled last week after a long negotiation."
)
WALL = (
    "We and our partners store and read information on a device, such as cookies, to show advertising.\n"
    "You may agree to this, or choose in detail what you agree to, at any time at the foot of the page.\n"
    "Some partners do not ask for consent and rely on their legitimate interest in your data instead."
)


@pytest.fixture
async def watched(tools: Tools) -> Tools:
    await add_entities(tools.db, "HPE")
    return tools


async def read_feed(tools: Tools, site: Site, *items: tuple[str, str, str], feed: str = "/feed") -> None:
    await add_source(tools.db, site.feed(feed, *items))
    await tools.poll()
    await tools.read()


def states(articles: list[object]) -> list[str]:
    return [article.state for article in articles]  # type: ignore[attr-defined]


async def test_forms_of_a_page_in_two_feeds_are_one_article(watched: Tools, site: Site) -> None:
    site.page("/world/story-1", "HPE wins a deal", STORY)
    await read_feed(watched, site, ("/world/story-1?utm_source=rss", "HPE wins a deal", ""))
    await read_feed(watched, site, ("/world/story-1/amp", "HPE wins a deal", ""), feed="/other")
    assert await count(watched.db, "articles", "entries", "mentions") == [1, 2, 1]


async def test_an_amp_link_names_the_page_before_its_amp_form_is_seen(watched: Tools, site: Site) -> None:
    site.page("/1", "HPE wins a deal", STORY)
    html = site.answers["/1"].body.replace("<head>", "<head><link rel='amphtml' href='/lite/1'>")
    site.says("/1", html)
    await read_feed(watched, site, ("/1", "HPE wins a deal", ""))
    await read_feed(watched, site, ("/lite/1", "HPE wins a deal", ""), feed="/other")
    assert await count(watched.db, "articles", "entries") == [1, 2]


async def test_a_wrapper_is_known_by_where_it_ends(watched: Tools, site: Site) -> None:
    site.page("/1", "HPE wins a deal", STORY)
    site.says("/go", "", 302, Location="/1")
    await read_feed(watched, site, ("/go", "HPE wins a deal - Trade Press", ""))
    article = await row(watched.db, "articles")
    assert article.url == site.url("/1")
    await read_feed(watched, site, ("/1", "HPE wins a deal", ""), feed="/other")
    assert await count(watched.db, "articles", "mentions") == [1, 1]


async def test_an_edited_headline_behind_a_wrapper_is_the_same_page(watched: Tools, site: Site) -> None:
    site.page("/1", "HPE wins the deal of the year", STORY)
    site.says("/go", "", 302, Location="/1")
    await read_feed(watched, site, ("/1", "HPE is said to have won", ""))
    await read_feed(watched, site, ("/go", "HPE wins the deal of the year", ""), feed="/other")
    assert states(list(await rows(watched.db, "articles"))) == ["read", "duplicate"]


@pytest.mark.parametrize("original_first", [True, False])
async def test_a_canonical_link_to_another_site_counts_when_that_agrees(
    watched: Tools, site: Site, original_first: bool
) -> None:
    async with open_site() as wire:
        wire.page("/1", "HPE wins a deal", STORY)
        copy = f"<link rel='canonical' href='{wire.url('/1')}'>"
        site.page("/copy", "HPE wins a deal", f"{STORY}\nThis came from a wire service.")
        site.says("/copy", site.answers["/copy"].body.replace("<head>", f"<head>{copy}"))
        feeds = [(wire, "/1"), (site, "/copy")]
        for where, path in feeds if original_first else feeds[::-1]:
            await read_feed(watched, where, (path, "HPE wins a deal", ""))
    assert states(list(await rows(watched.db, "articles"))) == ["read", "duplicate"]
    assert await count(watched.db, "mentions") == [1]


@pytest.mark.parametrize(
    ("title", "text"),
    [("HPE wins a deal", STORY.replace("HPE", "xAI")[::-1]), ("HPE in the news", STORY)],
)
async def test_a_canonical_link_to_a_page_that_says_otherwise_is_not_believed(
    watched: Tools, site: Site, title: str, text: str
) -> None:
    async with open_site() as thief:
        site.page("/1", "HPE wins a deal", STORY)
        thief.page("/1", title, text)
        link = f"<link rel='canonical' href='{site.url('/1')}'>"
        thief.says("/1", thief.answers["/1"].body.replace("<head>", f"<head>{link}"))
        await read_feed(watched, site, ("/1", "HPE wins a deal", ""))
        await read_feed(watched, thief, ("/1", title, ""))
    assert states(list(await rows(watched.db, "articles"))) == ["read", "read"]


@pytest.mark.parametrize(
    ("title", "text", "expected"),
    [
        ("HPE wins a deal", f"{STORY}\nThis came from a wire service.", ["read", "duplicate", "duplicate"]),
        ("HPE in the news", f"{STORY}\nThis came from a wire service.", ["read", "read", "duplicate"]),
        ("HPE wins a deal", STORY.replace("HPE", "xAI")[::-1], ["read", "read", "duplicate"]),
    ],
)
async def test_two_copies_that_name_one_original_agree_with_each_other(
    watched: Tools, site: Site, title: str, text: str, expected: list[str]
) -> None:
    """The original is not fetched for that; it joins them when a source brings it."""
    async with open_site() as wire, open_site() as other:
        wire.page("/1", "HPE wins a deal", STORY)
        link = f"<link rel='canonical' href='{wire.url('/1')}'>"
        for where, name, said in ((site, "HPE wins a deal", f"{STORY}\nRead at the site."), (other, title, text)):
            where.page("/copy", name, said)
            where.says("/copy", where.answers["/copy"].body.replace("<head>", f"<head>{link}"))
            await read_feed(watched, where, ("/copy", name, ""))
        assert wire.asked == []
        await read_feed(watched, wire, ("/1", "HPE wins a deal", ""))
    assert states(list(await rows(watched.db, "articles"))) == expected


async def test_a_wall_that_keeps_the_way_back_is_not_the_article(watched: Tools, site: Site) -> None:
    site.page("/consent", "Before you continue", WALL)
    site.says("/1", "", 302, Location="/consent?continue=/1")
    await read_feed(watched, site, ("/1", "HPE wins a deal", "HPE has won a contract."))
    article = await row(watched.db, "articles")
    assert (article.url, article.origin, article.text) == (site.url("/1"), "feed", "HPE has won a contract.")
    assert article.origin_note == "its address leads to a page that is not this article's"


async def test_an_address_where_different_articles_end_is_nobodys(watched: Tools, site: Site) -> None:
    """The first article cannot know better; when the second ends there, too, it is set right."""
    site.page("/wall", "Before you continue", WALL)
    items = [(f"/{n}", f"HPE deal number {n}", f"HPE has won contract {n}.") for n in range(3)]
    for path, _, _ in items:
        site.says(path, "", 302, Location="/wall")
    await read_feed(watched, site, *items)
    await watched.read()
    articles = await rows(watched.db, "articles")
    assert [(a.state, a.url) for a in articles] == [("read", site.url(path)) for path, _, _ in items]
    assert articles[0].text == "HPE has won contract 0."
    assert articles[2].text == "HPE has won contract 2."
    (wall,) = [address for address in await rows(watched.db, "article_addresses") if address.shared]
    assert wall.key.endswith("/wall")
    # an item that leads straight to it is an article of its own
    await read_feed(watched, site, ("/wall", "HPE behind a wall", "HPE."), feed="/other")
    assert await count(watched.db, "articles") == [4]


async def test_an_item_that_moves_is_known_under_both_addresses(watched: Tools) -> None:
    await add_source(watched.db)
    await poll(watched.db, fresh(entry(1)))
    watched.later(minutes=10)
    await poll(watched.db, fresh(entry(1, url="https://news.example/moved/1"), body="b"), now=watched.now)
    keys = {address.key for address in await rows(watched.db, "article_addresses")}
    assert keys == {"news.example/1", "news.example/moved/1"}
    assert (await row(watched.db, "articles")).url == "https://news.example/moved/1"


@pytest.mark.parametrize(
    ("stated", "published", "noted"),
    [
        ("Sun, 22 Nov 2026 07:00:00 GMT", "2026-11-22T07:00:00.000Z", False),
        ("2026-11-22 07:00:00", "2026-11-22T07:00:00.000Z", False),  # without a zone: UTC
        ("Thu, 01 Jan 1970 00:00:00 GMT", "2026-11-22T08:00:00.000Z", True),
        ("Sat, 22 Nov 2036 07:00:00 GMT", "2026-11-22T08:00:00.000Z", True),
        ("Tue, 24 Nov 2026 08:00:00 GMT", "2026-11-22T08:00:00.000Z", True),
    ],
)
async def test_dates_that_cannot_be_are_marked(
    watched: Tools, site: Site, stated: str, published: str, noted: bool
) -> None:
    assert watched.now == datetime(2026, 11, 22, 8, tzinfo=UTC)
    item = f"<item><guid>1</guid><title>HPE</title><description>HPE.</description><pubDate>{stated}</pubDate></item>"
    rss = f"<rss version='2.0'><channel><title>Trade Press</title>{item}</channel></rss>"
    await add_source(watched.db, site.says("/feed", rss, type="application/rss+xml"))
    await watched.poll()
    await watched.read()
    (line,) = (await page(watched.db, "articles", Ask(), now=watched.now)).lines
    assert line["published_at"] == published
    assert bool(line["date_note"]) == noted
