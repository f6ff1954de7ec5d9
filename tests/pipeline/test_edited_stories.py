# ruff: noqa: E501 - running text
"""What an edit does to an article's story: mostly nothing; another news is another story, told anew."""

from datetime import timedelta

import pytest

from service.search import Ask, page
from service.store import stories
from tests.pipeline.site import Site
from tests.pipeline.tools import Tools
from tests.store.steps import add_channel, add_entities, add_rule, add_source, count, rows

ORDER = (
    "HPE has won an order for servers worth more than $1.3 billion from X, people familiar with the matter said on Monday. "
    "Dell and Supermicro had bid, too, but their prices were 4.5 percent higher. A spokesman for X, Paul Jensen, declined "
    "to comment. The order is the largest since 2019 for the division in Houston, which employs 2,300 people."
)
STRIKE = (
    "Workers of HPE in Aguadilla walked out on Thursday after talks about pay had failed, the union UTIER said. "
    "Maria Ortiz, who leads it, spoke of 870 people at the gates and asked for 6.2 percent more. The plant in Puerto Rico "
    "makes parts for storage worth $45 million a month; Juan Vega, its manager, called the strike a surprise."
)
BRIEF = "HPE has won an order for servers worth more than $1.3 billion from X, people familiar with the matter said on Monday."


@pytest.fixture
async def watched(tools: Tools, site: Site) -> Tools:
    """HPE is tracked by a rule; the source is past its first poll."""
    await add_entities(tools.db, "HPE")
    await add_channel(tools.db, "hook")
    await add_rule(tools.db, "hpe", "entity:HPE", "hook")
    site.feed("/feed")
    await add_source(tools.db, site.url("/feed"))
    await tools.poll()
    return tools


async def publish(tools: Tools, site: Site, *pages: tuple[str, str, str], summary: str = "A summary.") -> None:
    """(path, title, text): the pages say this now, and the feed lists them; they are read one after the other."""
    for path, title, text in pages:
        site.page(path, title, text)
    site.feed("/feed", *((path, title, summary) for path, title, _ in pages))
    tools.later(minutes=30)
    await tools.poll()
    await tools.read()


async def placed(tools: Tools) -> list[int | None]:
    return [article.story_id for article in await rows(tools.db, "articles")]


async def told(tools: Tools) -> list[tuple[str, int | None]]:
    return [(alert.rule, alert.story_id) for alert in await rows(tools.db, "alerts")]


async def test_a_page_that_tells_another_news_is_another_story_and_is_told(watched: Tools, site: Site) -> None:
    await publish(watched, site, ("/latest", "HPE wins a server order from X", ORDER))
    (first,) = await placed(watched)
    await publish(watched, site, ("/latest", "Strike at HPE in Aguadilla", STRIKE), summary="New.")
    (second,) = await placed(watched)
    assert second != first
    assert await told(watched) == [("hpe", first), ("hpe", second)], "what was told stays with what it told of"
    assert await count(watched.db, "articles", "mentions", "revisions") == [1, 1, 1]
    old, new = await rows(watched.db, "stories")
    assert old.update_note == f"article 1 was edited, and tells story {second} since"
    assert (new.title, new.merged_into, old.merged_into) == ("Strike at HPE in Aguadilla", None, None)
    (line,) = (await page(watched.db, "stories", Ask(), now=watched.now)).lines
    assert line["id"] == second


async def test_what_leaves_a_story_joins_the_one_that_it_tells(watched: Tools, site: Site) -> None:
    await publish(
        watched,
        site,
        ("/1", "HPE wins a server order from X", ORDER),
        ("/2", "Server order goes to HPE", ORDER),
        ("/3", "Strike at HPE", STRIKE),
    )
    order, same, strike = await placed(watched)
    assert order == same != strike
    await publish(watched, site, ("/1", "HPE plant on strike", f"{STRIKE} More follows."), summary="New.")
    assert await placed(watched) == [strike, order, strike]
    assert await told(watched) == [("hpe", order), ("hpe", strike)], "the strike had been told"
    kept = next(story for story in await rows(watched.db, "stories") if story.id == order)
    assert kept.title == "Server order goes to HPE"
    # and those that it leaves behind are still found
    await publish(watched, site, ("/4", "Order of servers", ORDER))
    assert (await placed(watched))[3] == order


async def test_a_brief_that_is_written_out_joins_its_copies_and_is_not_told_again(watched: Tools, site: Site) -> None:
    await publish(watched, site, ("/1", "Developing: a large order", "Details are to follow in a few minutes."))
    await publish(watched, site, ("/2", "HPE wins a server order from X", ORDER))
    first, second = await placed(watched)
    assert first != second
    await publish(watched, site, ("/1", "Developing: a large order", f"{ORDER} We thank our readers."), summary="New.")
    assert await placed(watched) == [first, first]
    assert [rule for rule, _ in await told(watched)] == ["hpe"]
    async with watched.db.read() as session:
        assert await stories.story_of(session, second or 0) == first


@pytest.mark.parametrize(
    ("before", "title", "text"),
    [
        # a figure is corrected
        (BRIEF, "HPE wins a server order from X", BRIEF.replace("1.3", "2.4")),
        # a figure of several, the day and a name
        (ORDER, "HPE wins a server order from X", ORDER.replace("1.3", "2.4").replace("Monday", "Sunday").replace("Jensen", "Larsen")),
        # the brief is written out
        (BRIEF, "HPE wins a server order from X", ORDER),
        # told anew in other words
        (BRIEF, "X buys from HPE", "X buys servers for $1.3 billion from HPE, said people who know of the deal."),
    ],
)  # fmt: skip
async def test_a_correction_stays_in_its_story(watched: Tools, site: Site, before: str, title: str, text: str) -> None:
    await publish(watched, site, ("/1", "HPE wins a server order from X", before))
    await publish(watched, site, ("/1", title, text), summary="New.")
    assert await count(watched.db, "stories", "alerts", "revisions") == [1, 1, 1]
    await publish(watched, site, ("/2", title, text))
    assert len(set(await placed(watched))) == 1, "it is found by its new words"


async def test_what_a_person_arranged_no_edit_moves(watched: Tools, site: Site) -> None:
    await publish(
        watched, site, ("/1", "HPE wins a server order from X", ORDER), ("/2", "Server order goes to HPE", ORDER)
    )
    story = (await placed(watched))[0]
    async with watched.db.write() as session:
        alone = await stories.split(session, 1, now=watched.now)
    await publish(watched, site, ("/1", "Strike at HPE in Aguadilla", STRIKE), summary="New.")
    assert await placed(watched) == [alone, story]
    await publish(watched, site, ("/3", "HPE plant on strike", STRIKE))
    assert (await placed(watched))[2] == alone, "it is found by what it says now"


async def test_words_that_say_the_same_leave_the_index_alone(watched: Tools, site: Site) -> None:
    await publish(watched, site, ("/1", "HPE wins a server order from X", ORDER))
    before = await rows(watched.db, "story_signatures"), await rows(watched.db, "story_posts")
    watched.later(minutes=1)
    await publish(watched, site, ("/1", "HPE wins a server order from X!", ORDER.replace(",", " –")), summary="New.")
    assert (await rows(watched.db, "story_signatures"), await rows(watched.db, "story_posts")) == before
    assert timedelta(0) < watched.now - before[0][0].at
