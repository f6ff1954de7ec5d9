"""From pages as sites serve them to mentions: which text became the article, what was kept out of it, and why."""

import json
from html import escape

import pytest

from service.search import one
from tests.pipeline.site import Site
from tests.pipeline.tools import Tools
from tests.store.steps import add_channel, add_entities, add_rule, add_source, count, rows

RECURS = "recurs on this host's pages"
CONSENT = (
    "<html><head><title>Before you go on</title></head><body><div role='dialog'><h1>Before you go on</h1>"
    "<p>We and HPE, our partner, store information on your device and use it to show you advertising.</p>"
    "<p>You may change your mind at any time in the settings of this site, or of your browser.</p>"
    "<button>Accept all</button><button>Manage options</button></div></body></html>"
)


def story(number: int) -> str:
    return "\n".join(
        f"In part {part} of report {number} the council told of bread number {number * 10 + part} and how it was baked."
        for part in range(6)
    )


@pytest.fixture
async def watched(tools: Tools, site: Site) -> Tools:
    """HPE and Supermicro are tracked; the source is past its first poll."""
    await add_entities(tools.db, "HPE", "Supermicro")
    await add_channel(tools.db, "hook")
    await add_rule(tools.db, "all", "entity:*", "hook")
    await add_rule(tools.db, "words", "text:Supermicro", "hook")
    site.feed("/feed", ("/old", "Old", "Text without a name."))
    await add_source(tools.db, site.url("/feed"))
    await tools.poll()
    await tools.read()
    return tools


def page(site: Site, path: str, title: str, text: str, *, below: str = "", head: str = "") -> None:
    lines = "".join(f"<p>{escape(line)}</p>" for line in text.split("\n"))
    site.says(
        path,
        f"<html lang='en'><head><title>{escape(title)}</title>{head}</head><body><article><h1>{escape(title)}</h1>"
        f"{lines}{below}</article></body></html>",
    )


async def publish(tools: Tools, site: Site, *items: tuple[str, str, str]) -> None:
    tools.later(minutes=5)
    site.feed("/feed", *items)
    await tools.poll()
    await tools.read()


async def stored(tools: Tools, site: Site, path: str) -> dict[str, object]:
    article = await one(tools.db, "article", site.url(path))
    assert article is not None
    return article


async def test_a_line_on_every_page_is_kept_out_once_it_is_known(watched: Tools, site: Site) -> None:
    teaser = "<p>Supermicro wins an order</p>"
    for number in range(5):
        page(site, f"/{number}", f"Bread report {number}", story(number), below=teaser)
        await publish(watched, site, (f"/{number}", f"Bread report {number}", "A summary."))
    mentioned = {mention.article_id for mention in await rows(watched.db, "mentions")}
    ids = [article.id for article in await rows(watched.db, "articles")][1:]
    assert mentioned == set(ids[:3]), "the first articles of a host are read as they always were"
    article = await stored(watched, site, "/4")
    assert "Supermicro wins an order" in str(article["text"]), "what is stored is whole"
    assert [line["reason"] for line in article["rejected"]] == [RECURS]  # type: ignore[attr-defined]
    assert article["alerts"] == []


async def test_background_in_follow_ups_is_still_matched(watched: Tools, site: Site) -> None:
    background = (
        "HPE has owned the bakery since last year, when it bought the mill, the ovens and forty carts of flour."
    )
    for number in range(4):
        page(site, f"/{number}", f"Bread report {number}", f"{story(number)}\n{background}")
        await publish(watched, site, (f"/{number}", f"Bread report {number}", "A summary."))
    assert await count(watched.db, "mentions") == [4]


async def test_consent_pages_never_become_articles(watched: Tools, site: Site) -> None:
    for number in range(3):
        site.says(f"/{number}", CONSENT)
        await publish(watched, site, (f"/{number}", f"Bread report {number}", f"The bread of day {number}."))
    read = (await rows(watched.db, "articles"))[1:]
    assert [article.text for article in read] == [f"The bread of day {number}." for number in range(3)]
    assert {article.origin_note for article in read} == {
        "the page is a dialog or form that asks the visitor for something"
    }
    assert await count(watched.db, "mentions") == [0]


async def test_a_notice_without_a_form_is_known_from_its_second_address_on(watched: Tools, site: Site) -> None:
    notice = "This part of our site cannot be shown in your region.\nWe are sorry, and are working on it with HPE."
    for number in range(3):
        page(site, f"/{number}", "Not here", notice)
        await publish(watched, site, (f"/{number}", f"Bread report of day {number}", f"The bread of day {number}."))
    read = (await rows(watched.db, "articles"))[1:]
    assert [article.origin for article in read] == ["page", "feed", "feed"]
    assert read[2].origin_note == "the page shows the same text as other addresses of its site"


async def test_the_feeds_text_stands_in_for_a_stub_behind_a_pay_wall(watched: Tools, site: Site) -> None:
    data = {"@type": "NewsArticle", "headline": "Bread report", "isAccessibleForFree": False,
            "hasPart": {"cssSelector": ".paid", "isAccessibleForFree": False}}  # fmt: skip
    head = f'<script type="application/ld+json">{json.dumps(data)}</script>'
    page(site, "/1", "Bread report", "\n".join(story(1).split("\n")[:2]), head=head)
    await publish(watched, site, ("/1", "Bread report", " ".join(story(1).split("\n")[:3])))
    article = await stored(watched, site, "/1")
    assert article["origin"] == "feed"
    assert article["origin_note"] == "the page says that it is not free to read, and its feed has more of the article"


async def test_a_body_that_only_scripts_would_draw_is_read_from_the_data(watched: Tools, site: Site) -> None:
    data = {"@graph": [{"@type": "NewsArticle", "headline": "Bread report", "articleBody": f"{story(1)}\nHPE helped."}]}
    head = f'<script type="application/ld+json">{json.dumps(data)}</script>'
    page(site, "/1", "Bread report", "In part 0 of report 1 the council told", head=head)
    await publish(watched, site, ("/1", "Bread report", "A summary."))
    article = await stored(watched, site, "/1")
    assert (article["origin"], article["text"]) == ("linked-data", f"{story(1)}\nHPE helped.")
    assert await count(watched.db, "mentions") == [1]
