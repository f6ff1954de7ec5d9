"""An edit is an update of the article that was read: its revision, its mentions, its alerts, and what it costs."""

import pytest
from sqlalchemy.exc import IntegrityError

from service.domain.revisions import MOST_REREADS
from service.search import Ask, one, page
from tests.pipeline.site import Site
from tests.pipeline.tools import Tools
from tests.store.steps import add_channel, add_entities, add_rule, add_source, claim_articles, count, row, rows

STORY = (
    "HPE has won a contract for servers that is worth more than a billion dollars, people who know of it said.\n"
    "The machines are to be delivered before the summer, and the buyer asked three makers for an offer.\n"
    "Neither company wanted to comment on the price, which was settled last week after a long negotiation.\n"
    "Acme did not bid for it."
)
KEPT = ("articles", "revisions", "mentions", "alerts", "deliveries")


@pytest.fixture
async def watched(tools: Tools) -> Tools:
    """HPE and xAI are tracked, each by a rule of its own; all mentions of HPE go to one more."""
    await add_entities(tools.db, "HPE", "xAI")
    await add_channel(tools.db, "hook")
    await add_rule(tools.db, "hpe", "entity:HPE", "hook")
    await add_rule(tools.db, "xai", "entity:xAI", "hook")
    return tools


async def read_story(tools: Tools, site: Site) -> None:
    """A source past its first poll brought an article that names HPE."""
    site.feed("/feed")
    await add_source(tools.db, site.url("/feed"))
    await tools.poll()
    tools.later(minutes=5)
    site.page("/1", "HPE wins a deal", STORY)
    site.feed("/feed", ("/1", "HPE wins a deal", "A summary."))
    await tools.poll()
    assert await tools.read() == 1
    assert await count(tools.db, *KEPT) == [1, 0, 1, 1, 1]


async def edit(tools: Tools, site: Site, text: str, *, title: str = "HPE wins a deal", summary: str = "New.") -> int:
    """The page and its feed change; how many articles were read again."""
    site.page("/1", title, text)
    site.feed("/feed", ("/1", title, summary))
    tools.later(minutes=30)
    await tools.poll()
    return await tools.read()


async def test_an_edit_that_names_another_entity_alerts_for_it_alone(watched: Tools, site: Site) -> None:
    await read_story(watched, site)
    assert await edit(watched, site, f"{STORY}\nThe buyer is xAI, a filing says.") == 1
    assert await count(watched.db, *KEPT) == [1, 1, 2, 2, 2]
    article, revision = await row(watched.db, "articles"), await row(watched.db, "revisions")
    assert article.text.endswith("The buyer is xAI, a filing says.")
    assert (revision.article_id, revision.text, revision.title) == (article.id, STORY, "HPE wins a deal")
    assert revision.at == article.read_at == watched.now
    assert article.reread_at is None
    old, new = await rows(watched.db, "alerts")
    assert (old.rule, new.rule, new.entities, new.kind) == ("hpe", "xai", ["xAI"], "mention")
    assert new.reason == "Rule “xai” met: xAI named by Trade Press since an edit."
    assert [mention.backfilled for mention in await rows(watched.db, "mentions")] == [False, False]
    for mention in await rows(watched.db, "mentions"):
        for span in mention.spans:
            where = article.title if span["field"] == "title" else article.text
            assert where[span["start"] : span["end"]] == span["text"]


async def test_an_edit_of_the_same_story_alerts_once_a_rule(watched: Tools, site: Site) -> None:
    await read_story(watched, site)
    await add_rule(watched.db, "all", "entity:*", "hook")
    await edit(watched, site, f"{STORY}\nThe buyer is xAI, a filing says.")
    await add_entities(watched.db, "Bloomberg")
    await edit(watched, site, f"{STORY}\nThe buyer is xAI, Bloomberg says.", summary="Newer.")
    assert sorted(alert.rule for alert in await rows(watched.db, "alerts")) == ["all", "hpe", "xai"]


async def test_an_edit_that_makes_a_rule_true_alerts(watched: Tools, site: Site) -> None:
    await add_rule(watched.db, "lawsuit", "entity:HPE AND lawsuit", "hook")
    await read_story(watched, site)
    await edit(watched, site, f"{STORY}\nA lawsuit followed.")
    assert [alert.rule for alert in await rows(watched.db, "alerts")] == ["hpe", "lawsuit"]


async def test_an_edit_that_tells_another_amount_is_a_new_fact_and_meets_its_rule(watched: Tools, site: Site) -> None:
    await add_rule(watched.db, "huge", "party:HPE amount>=5bn", "hook")
    await read_story(watched, site)
    first = (await row(watched.db, "facts")).discovered_at
    lease = "HPE signed a lease with Vantage for 20 million euros."
    await edit(watched, site, f"{STORY}\n{lease}")
    second = watched.now
    acquired = "It rained.\nHPE bought Cray for $6 billion."
    await edit(watched, site, f"{STORY}\n{acquired}\n{lease}", summary="Newer.")
    told = [(fact.kind, fact.amount, fact.discovered_at) for fact in await rows(watched.db, "facts")]
    assert sorted(told) == [("acquisition", 6e9, watched.now), ("contract", 1e9, first), ("lease", 2e7, second)]
    assert [alert.rule for alert in await rows(watched.db, "alerts")] == ["hpe", "huge"]
    assert len(await rows(watched.db, "fact_parties")) == 5


async def test_a_cosmetic_edit_makes_nothing(watched: Tools, site: Site) -> None:
    await read_story(watched, site)
    assert await edit(watched, site, STORY.replace(",", " –"), title="HPE wins a deal!") == 1
    assert await count(watched.db, *KEPT) == [1, 0, 1, 1, 1]
    article = await row(watched.db, "articles")
    assert (article.text, article.title, article.reread_at) == (STORY, "HPE wins a deal", None)


async def test_an_edited_headline_is_a_revision(watched: Tools, site: Site) -> None:
    await read_story(watched, site)
    await edit(watched, site, STORY, title="HPE loses the deal")
    article, revision = await row(watched.db, "articles"), await row(watched.db, "revisions")
    assert (revision.title, article.title) == ("HPE wins a deal", "HPE loses the deal")
    assert await count(watched.db, "mentions", "alerts") == [1, 1]


async def test_a_mention_that_is_edited_out_is_withdrawn_and_may_come_back(watched: Tools, site: Site) -> None:
    await read_story(watched, site)
    without = STORY.replace("HPE", "A maker")
    await edit(watched, site, without, title="A maker wins a deal")
    mention = await row(watched.db, "mentions")
    assert mention.withdrawn_at == watched.now
    assert mention.withdrawn_reason == "the article was edited, and names it no more"
    assert await count(watched.db, "alerts") == [1], "what was sent was sent"
    assert (await page(watched.db, "mentions", Ask(), now=watched.now)).lines == []
    assert (await page(watched.db, "articles", Ask(query="entity:HPE"), now=watched.now)).lines == []
    assert len((await page(watched.db, "alerts", Ask(query="entity:HPE"), now=watched.now)).lines) == 1
    line = await one(watched.db, "article", site.url("/1"))
    assert line is not None
    assert (line["entities"], line["mentions"][0]["withdrawn_reason"]) == ([], mention.withdrawn_reason)
    assert [said["title"] for said in line["revisions"]] == ["HPE wins a deal"]
    await edit(watched, site, STORY, title="HPE wins a deal", summary="Corrected.")
    mention = await row(watched.db, "mentions")
    assert (mention.withdrawn_at, mention.withdrawn_reason) == (None, None)
    assert await count(watched.db, *KEPT) == [1, 2, 1, 1, 1]


async def test_search_finds_the_newest_words_only(watched: Tools, site: Site) -> None:
    await read_story(watched, site)
    await edit(watched, site, STORY.replace("negotiation", "quarrel"))

    async def found(query: str) -> int:
        return len((await page(watched.db, "articles", Ask(query=query), now=watched.now)).lines)

    assert (await found("quarrel"), await found("negotiation"), await found("summer")) == (1, 0, 1)
    # and the index takes a second edit
    await edit(watched, site, STORY, summary="Back.")
    assert (await found("quarrel"), await found("negotiation")) == (0, 1)


async def test_what_is_new_in_the_watch_list_is_no_news_of_the_edit(watched: Tools, site: Site) -> None:
    await read_story(watched, site)
    await add_entities(watched.db, "Acme")
    await add_rule(watched.db, "later", "entity:Acme OR entity:HPE", "hook")
    await edit(watched, site, f"{STORY}\nMore is to follow.")
    assert {m.entity: m.backfilled for m in await rows(watched.db, "mentions")} == {"HPE": False, "Acme": True}
    assert await count(watched.db, "alerts") == [1]


async def test_a_failure_leaves_nothing_half_edited(watched: Tools, site: Site) -> None:
    await read_story(watched, site)
    good, watched.new_id = watched.new_id, lambda: "0" * 31 + "1"  # taken by the first alert
    with pytest.raises(IntegrityError):
        await edit(watched, site, f"{STORY}\nThe buyer is xAI, a filing says.")
    assert await count(watched.db, *KEPT) == [1, 0, 1, 1, 1]
    assert (await row(watched.db, "articles")).text == STORY
    watched.new_id = good
    watched.later(minutes=5)
    assert await watched.read() == 1
    assert await count(watched.db, *KEPT) == [1, 1, 2, 2, 2]


async def test_two_workers_keep_one_revision(watched: Tools, site: Site) -> None:
    await read_story(watched, site)
    site.page("/1", "HPE wins a deal", f"{STORY}\nThe buyer is xAI, a filing says.")
    site.feed("/feed", ("/1", "HPE wins a deal", "New."))
    watched.later(minutes=30)
    await watched.poll()
    slow = await claim_articles(watched.db, now=watched.now)
    watched.later(minutes=6)
    quick = await claim_articles(watched.db, now=watched.now)
    await watched.read_jobs(slow + quick, together=True)
    assert await count(watched.db, *KEPT) == [1, 1, 2, 2, 2]


async def test_a_page_that_is_gone_takes_nothing_away(watched: Tools, site: Site) -> None:
    await read_story(watched, site)
    del site.answers["/1"]
    site.feed("/feed", ("/1", "HPE wins a deal", "Other words."))
    watched.later(minutes=30)
    await watched.poll()
    assert await watched.read() == 1
    article = await row(watched.db, "articles")
    assert (article.text, article.origin, article.reread_at) == (STORY, "page", None)
    assert await count(watched.db, *KEPT) == [1, 0, 1, 1, 1]


async def test_a_page_that_is_busy_is_asked_again_later(watched: Tools, site: Site) -> None:
    await read_story(watched, site)
    site.says("/1", "", 503)
    site.feed("/feed", ("/1", "HPE wins a deal", "New."))
    watched.later(minutes=30)
    await watched.poll()
    assert await watched.read() == 1
    assert await watched.read() == 0
    site.page("/1", "HPE wins a deal", f"{STORY}\nThe buyer is xAI, a filing says.")
    watched.later(minutes=2)
    assert await watched.read() == 1
    assert await count(watched.db, *KEPT) == [1, 1, 2, 2, 2]


async def test_an_item_without_a_page_is_edited_in_its_feed(watched: Tools, site: Site) -> None:
    def says(text: str) -> None:
        item = (
            f"<item><guid isPermaLink='false'>1</guid><title>HPE wins</title><description>{text}</description></item>"
        )
        rss = f"<rss version='2.0'><channel><title>Trade Press</title>{item}</channel></rss>"
        site.says("/feed", rss, type="application/rss+xml")

    says("HPE said so.")
    await add_source(watched.db, site.url("/feed"))
    await watched.poll()
    await watched.read()
    says("HPE said so, and xAI agreed.")
    watched.later(minutes=30)
    await watched.poll()
    assert await watched.read() == 1
    assert (await row(watched.db, "articles")).text == "HPE said so, and xAI agreed."
    assert await count(watched.db, "articles", "revisions", "mentions") == [1, 1, 2]


async def test_a_feed_that_changes_at_every_fetch_costs_a_bounded_number_of_requests(
    watched: Tools, site: Site
) -> None:
    await read_story(watched, site)
    for number in range(60):
        site.feed("/feed", ("/1", "HPE wins a deal", f"{number} readers, updated {number} minutes ago"))
        watched.later(hours=6)
        await watched.poll()
        await watched.read()
    assert site.asked.count("/1") == 1 + MOST_REREADS
    assert await count(watched.db, *KEPT) == [1, 0, 1, 1, 1]


async def test_an_item_that_does_not_change_is_not_read_again(watched: Tools, site: Site) -> None:
    await read_story(watched, site)
    site.feed("/feed", ("/2", "Another", "Text."), ("/1", "HPE  wins a deal", "A  summary. "))
    watched.later(minutes=30)
    await watched.poll()
    await watched.read()
    assert site.asked.count("/1") == 1


async def test_a_page_to_which_every_item_leads_is_followed(watched: Tools, site: Site) -> None:
    """Release notes: each day a new item, a new id, another part of one page."""
    await read_story(watched, site)
    site.page("/1", "HPE wins a deal", f"The buyer is xAI, a filing says.\n{STORY}")
    site.feed("/feed", ("/1#day-2", "xAI is the buyer", "New."), ("/1", "HPE wins a deal", "A summary."))
    watched.later(minutes=30)
    await watched.poll()
    assert await watched.read() == 1
    assert await count(watched.db, *KEPT) == [1, 1, 2, 2, 2]
    assert (await row(watched.db, "articles")).title == "xAI is the buyer"
