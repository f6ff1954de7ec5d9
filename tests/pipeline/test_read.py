"""Reading articles: everything that belongs together commits together, and a page that cannot be had is made up for."""

import json
from datetime import timedelta

import pytest
import structlog
from sqlalchemy.exc import IntegrityError

from tests.pipeline.site import Site
from tests.pipeline.tools import Tools
from tests.store.steps import (
    NOW,
    add_channel,
    add_entities,
    add_rule,
    add_source,
    claim_articles,
    count,
    entry,
    fresh,
    poll,
    row,
    rows,
)

STORY = (
    "HPE has won a contract for servers that is worth more than a billion dollars, people who know of it said.\n"
    "The machines are to be delivered before the summer, and the buyer asked three makers for an offer.\n"
    "Neither company wanted to comment on the price, which was settled last week after a long negotiation."
)
KEPT = ("mentions", "stories", "alerts", "alert_mentions", "deliveries")


@pytest.fixture
async def watched(tools: Tools) -> Tools:
    """HPE and xAI are tracked; every mention goes to one channel."""
    await add_entities(tools.db, "HPE", "xAI")
    await add_channel(tools.db, "hook")
    await add_rule(tools.db, "all", "entity:*", "hook")
    return tools


async def with_news(tools: Tools, site: Site, *items: tuple[str, str, str]) -> None:
    """A source that is past its first poll has these new items."""
    site.feed("/feed", ("/old", "Old", "Text without a name."))
    await add_source(tools.db, site.url("/feed"))
    await tools.poll()
    await tools.read()
    tools.later(minutes=5)
    site.feed("/feed", *items)
    await tools.poll()


async def news(tools: Tools, *numbers: int, title: str = "HPE wins a deal") -> None:
    """A source that is past its first poll has new items without pages of their own."""
    await add_source(tools.db)
    await poll(tools.db, fresh())
    tools.later(minutes=5)
    items = [entry(number, url=None, title=title, text=f"{title}, again: {number}.") for number in numbers]
    await poll(tools.db, fresh(*items, body="news"), now=tools.now)


async def test_a_page_becomes_article_mention_alert_and_delivery(watched: Tools, site: Site) -> None:
    site.page("/1", "HPE wins a deal", STORY)
    await with_news(watched, site, ("/1", "HPE wins a deal", "A summary."))
    assert await watched.read() == 1
    article = (await rows(watched.db, "articles"))[-1]
    assert (article.state, article.origin, article.text) == ("read", "page", STORY)
    mention = await row(watched.db, "mentions")
    assert (mention.entity, mention.article_id) == ("HPE", article.id)
    for span in mention.spans:
        where = article.title if span["field"] == "title" else article.text
        assert where[span["start"] : span["end"]] == span["text"] == "HPE"
    alert, delivery = await row(watched.db, "alerts"), await row(watched.db, "deliveries")
    assert (alert.rule, alert.kind, alert.entities) == ("all", "mention", ["HPE"])
    assert alert.payload["mentions"][0]["id"] == mention.id
    assert (delivery.alert_id, delivery.channel, delivery.status) == (alert.id, "hook", "pending")
    assert (await row(watched.db, "alert_mentions")).mention_id == mention.id


DEAL = (
    "HPE has agreed to buy Juniper Networks for about $14 billion, both said on Tuesday after months of talks.\n"
    "The machines of the two are sold to the same customers, and neither of them wanted to say what comes next.\n"
    "It snowed in Bern, where nobody had heard of it, and the trains were late for most of the long afternoon."
)


async def test_a_deal_becomes_a_fact_of_article_mention_and_alert(watched: Tools, site: Site) -> None:
    await add_rule(watched.db, "big", "party:HPE amount>=1bn status:agreed", "hook")
    await add_rule(watched.db, "bigger", "party:HPE amount>=1tn", "hook")
    site.page("/1", "News of HPE", DEAL)
    await with_news(watched, site, ("/1", "News of HPE", "A summary."))
    await watched.read()
    fact = await row(watched.db, "facts")
    assert (fact.kind, fact.status, fact.amount, fact.currency) == ("acquisition", "agreed", 1.4e10, "USD")
    assert fact.sentence == DEAL.partition("\n")[0]
    parties = [(party.name, party.role, party.tracked) for party in await rows(watched.db, "fact_parties")]
    assert parties == [("HPE", "buyer", True), ("Juniper Networks", "target", False)]
    alerts = await rows(watched.db, "alerts")
    assert {alert.rule for alert in alerts} == {"all", "big"}
    for alert in alerts:
        (told,) = alert.payload["facts"]
        assert (told["amount"], told["bound"], told["sentence"]) == (14_000_000_000, "about", fact.sentence)
        assert all("facts" not in mention for mention in alert.payload["mentions"])


async def test_a_first_polls_summary_tells_its_deals_once(watched: Tools, site: Site) -> None:
    site.page("/1", "News of HPE", DEAL.replace("Juniper Networks", "xAI"))
    site.feed("/feed", ("/1", "News of HPE", "A summary."))
    await add_source(watched.db, site.url("/feed"))
    await watched.poll()
    await watched.read()
    alert = await row(watched.db, "alerts")
    assert (alert.kind, len(alert.payload["mentions"]), len(alert.payload["facts"])) == ("summary", 2, 1)


async def test_a_failure_leaves_nothing_half_stored(watched: Tools) -> None:
    """The database refuses the second rule's alert, because its id is taken: nothing of the article may remain."""
    await add_rule(watched.db, "second", "entity:HPE", "hook")
    await news(watched, 1)
    good, watched.new_id = watched.new_id, lambda: "0" * 32
    with pytest.raises(IntegrityError):
        await watched.read()
    assert await count(watched.db, *KEPT) == [0] * 5
    article = await row(watched.db, "articles")
    assert (article.state, article.text) == ("due", "")
    # its lease runs out, and all is done once
    watched.new_id = good
    watched.later(minutes=5)
    assert await watched.read() == 1
    assert await count(watched.db, *KEPT) == [1, 1, 2, 2, 2]


async def test_an_article_read_twice_is_kept_once(watched: Tools) -> None:
    """Two workers at one article: the first was so slow that its lease ran out."""
    await news(watched, 1)
    slow = await claim_articles(watched.db, now=watched.now)
    watched.later(minutes=5)
    quick = await claim_articles(watched.db, now=watched.now)
    assert [job.id for job in slow] == [job.id for job in quick]
    await watched.read_jobs(slow + quick, together=True)
    assert await count(watched.db, *KEPT) == [1] * 5


async def test_a_copy_at_another_outlet_raises_no_second_alert(watched: Tools, site: Site) -> None:
    site.page("/1", "HPE wins a deal", STORY)
    site.page("/2", "HPE wins a deal", STORY)
    await with_news(watched, site, ("/1", "HPE wins a deal", ""), ("/2", "HPE wins a deal", ""))
    assert await watched.read(together=True) == 2
    first, second = [article for article in await rows(watched.db, "articles") if article.url != site.url("/old")]
    assert first.story_id == second.story_id
    assert await count(watched.db, "mentions", "alerts", "deliveries") == [2, 1, 1]


async def test_a_page_seen_under_two_addresses_is_one_article(watched: Tools, site: Site) -> None:
    site.page("/1", "HPE wins a deal", STORY)
    site.page("/amp/1", "HPE wins a deal", STORY, canonical="/1")
    await with_news(watched, site, ("/1", "HPE wins a deal", ""), ("/amp/1", "HPE wins a deal", ""))
    await watched.read()
    assert [article.state for article in await rows(watched.db, "articles")] == ["read", "read", "duplicate"]
    assert await count(watched.db, "mentions", "alerts") == [1, 1]


async def test_pages_with_one_canonical_address_may_be_read_at_once(watched: Tools, site: Site) -> None:
    """Six pages, each under two addresses, all read at the same moment."""
    items = [(f"/{form}/{n}", f"HPE wins deal {n}", "") for n in range(6) for form in ("amp", "print")]
    for path, title, _ in items:
        site.page(path, title, f"{STORY}\nThis was deal {title}.", canonical=f"/c/{title[-1]}")
    await with_news(watched, site, *items)
    await watched.read(together=True)
    states = [article.state for article in await rows(watched.db, "articles") if article.url != site.url("/old")]
    assert sorted(states) == ["duplicate"] * 6 + ["read"] * 6
    assert await count(watched.db, "mentions", "alerts") == [6, 6]


async def test_rules_decide_what_raises_an_alert(watched: Tools) -> None:
    await add_rule(watched.db, "xai only", "entity:xAI", "hook")
    await add_rule(watched.db, "words", "entity:HPE AND title:deal", "hook")
    await add_rule(watched.db, "nowhere", "entity:HPE")
    await news(watched, 1)
    await watched.read()
    assert {alert.rule for alert in await rows(watched.db, "alerts")} == {"all", "words", "nowhere"}
    assert await count(watched.db, "deliveries") == [2]


async def test_a_change_of_the_watch_list_counts_from_the_next_article_on(watched: Tools) -> None:
    await news(watched, 1, title="Acme and HPE")
    await watched.read()
    await add_entities(watched.db, "Acme")
    watched.later(minutes=5)
    await poll(watched.db, fresh(entry(2, url=None, title="Acme again"), body="more"), now=watched.now)
    await watched.read()
    assert [mention.entity for mention in await rows(watched.db, "mentions")] == ["HPE", "Acme"]


class TestFirstPoll:
    """What stood in a feed before it was watched is stored, and told in one summary."""

    async def watch_feed(self, tools: Tools, *titles: str) -> None:
        await add_source(tools.db, title="Trade Press")
        items = [entry(n, url=None, title=title, text=f"{title}: {n}.") for n, title in enumerate(titles)]
        await poll(tools.db, fresh(*items), now=tools.now)

    async def test_one_summary_a_rule_after_the_last_article(self, watched: Tools) -> None:
        await add_rule(watched.db, "xai", "entity:xAI", "hook")
        await add_rule(watched.db, "unmet", "entity:Nobody", "hook")
        await self.watch_feed(watched, "HPE wins", "xAI and HPE", "Nothing here", "HPE loses")
        jobs = await claim_articles(watched.db, now=watched.now)
        await watched.read_jobs(jobs[:-1])
        assert await count(watched.db, "mentions", "alerts") == [3, 0]
        await watched.read_jobs(jobs[-1:])
        by_rule = {alert.rule: alert for alert in await rows(watched.db, "alerts")}
        assert by_rule.keys() == {"all", "xai"}
        assert {alert.kind for alert in by_rule.values()} == {"summary"}
        assert by_rule["all"].payload["mention_count"] == 4
        assert [mention["entity"] for mention in by_rule["xai"].payload["mentions"]] == ["xAI"]
        assert by_rule["all"].title == "Trade Press: 4 mentions already in its feed"
        assert await count(watched.db, "deliveries", "alert_mentions") == [2, 5]

    async def test_workers_that_end_together_make_one_summary(self, watched: Tools) -> None:
        await self.watch_feed(watched, *[f"HPE {n}" for n in range(8)])
        assert await watched.read(together=True) == 8
        alert = await row(watched.db, "alerts")
        assert alert.payload["mention_count"] == 8

    async def test_an_article_to_be_tried_again_holds_the_summary_back(self, watched: Tools, site: Site) -> None:
        site.says("/busy", "", 503)
        site.feed("/feed", ("/gone", "HPE one", "Text."), ("/busy", "HPE two", "Text."))
        await add_source(watched.db, site.url("/feed"))
        await watched.poll()
        await watched.read()
        assert await count(watched.db, "alerts") == [0]
        site.page("/busy", "HPE two", STORY)
        watched.later(seconds=10)
        await watched.read()
        assert (await row(watched.db, "alerts")).payload["mention_count"] == 2

    async def test_a_duplicate_may_be_the_last_article(self, watched: Tools, site: Site) -> None:
        site.page("/1", "HPE wins a deal", STORY)
        site.page("/amp/1", "HPE wins a deal", STORY, canonical="/1")
        site.feed("/feed", ("/1", "HPE wins a deal", ""), ("/amp/1", "HPE wins a deal", ""))
        await add_source(watched.db, site.url("/feed"))
        await watched.poll()
        await watched.read()
        assert (await row(watched.db, "alerts")).payload["mention_count"] == 1

    async def test_the_summary_shows_the_newest_first_and_what_has_no_date_last(self, watched: Tools) -> None:
        await add_source(watched.db)
        dates = [None, NOW - timedelta(days=2), NOW - timedelta(days=1)]
        items = [
            entry(n, url=None, title=f"HPE {n}", text=f"Item {n}.", published_at=date) for n, date in enumerate(dates)
        ]
        await poll(watched.db, fresh(*items))
        await watched.read()
        shown = (await row(watched.db, "alerts")).payload["mentions"]
        assert [mention["title"] for mention in shown] == ["HPE 2", "HPE 1", "HPE 0"]

    async def test_no_summary_when_the_setting_is_off(self, watched: Tools) -> None:
        watched.summarise = False
        await self.watch_feed(watched, "HPE wins", "xAI")
        await watched.read()
        assert await count(watched.db, "mentions", "alerts") == [2, 0]

    async def test_no_summary_of_nothing(self, watched: Tools) -> None:
        await self.watch_feed(watched, "Nothing here")
        await watched.read()
        assert await count(watched.db, "articles", "alerts") == [1, 0]

    async def test_what_comes_later_is_news(self, watched: Tools) -> None:
        await self.watch_feed(watched, "HPE wins")
        await watched.read()
        watched.later(minutes=5)
        await poll(watched.db, fresh(entry(7, url=None, title="HPE again"), body="more"), now=watched.now)
        await watched.read()
        assert sorted(alert.kind for alert in await rows(watched.db, "alerts")) == ["mention", "summary"]


class TestPagesThatCannotBeHad:
    async def test_a_missing_page_leaves_the_feeds_own_text(self, watched: Tools, site: Site) -> None:
        await with_news(watched, site, ("/404", "HPE wins", "HPE said so."))
        await watched.read()
        article = (await rows(watched.db, "articles"))[-1]
        assert (article.state, article.origin, article.text) == ("read", "feed", "HPE said so.")
        assert "404" in article.origin_note
        assert await count(watched.db, "mentions", "alerts") == [1, 1]

    async def test_a_busy_page_is_tried_again_before_the_feeds_text_is_used(self, watched: Tools, site: Site) -> None:
        site.says("/busy", "", 503)
        await with_news(watched, site, ("/busy", "HPE wins", "HPE said so."))
        for wait in (10, 30):
            assert await watched.read() == 1
            assert await watched.read() == 0, "it is not due again at once"
            assert (await rows(watched.db, "articles"))[-1].state == "due"
            watched.later(seconds=wait)
        assert await watched.read() == 1
        article = (await rows(watched.db, "articles"))[-1]
        assert (article.state, article.origin, article.text) == ("read", "feed", "HPE said so.")
        assert site.asked.count("/busy") == 3

    async def test_a_page_that_comes_back_is_read(self, watched: Tools, site: Site) -> None:
        site.says("/busy", "", 503)
        await with_news(watched, site, ("/busy", "HPE wins", "HPE said so."))
        await watched.read()
        site.page("/busy", "HPE wins", STORY)
        watched.later(seconds=10)
        await watched.read()
        article = (await rows(watched.db, "articles"))[-1]
        assert (article.origin, article.origin_note, article.text) == ("page", None, STORY)

    async def test_robots_txt_is_obeyed(self, watched: Tools, site: Site) -> None:
        site.says("/robots.txt", "User-agent: *\nDisallow: /private/\n", type="text/plain")
        site.page("/private/1", "HPE wins", STORY)
        await with_news(watched, site, ("/private/1", "HPE wins", "HPE said so."))
        await watched.read()
        article = (await rows(watched.db, "articles"))[-1]
        assert (article.origin, article.text) == ("feed", "HPE said so.")
        assert "robots.txt" in article.origin_note
        assert "/private/1" not in site.asked

    async def test_an_item_without_a_page_is_read_from_its_feed(self, watched: Tools) -> None:
        await news(watched, 1)
        await watched.read()
        article = await row(watched.db, "articles")
        assert (article.origin, article.origin_note) == ("feed", "the item has no page of its own")
        assert await count(watched.db, "mentions") == [1]

    async def test_a_page_that_shows_less_than_its_feed(self, watched: Tools, site: Site) -> None:
        site.page("/wall", "HPE wins", "Subscribe now to read the whole of this story about the new contract.")
        await with_news(watched, site, ("/wall", "HPE wins", STORY))
        await watched.read()
        article = (await rows(watched.db, "articles"))[-1]
        assert (article.origin, article.origin_note) == (
            "feed",
            "the page shows less of the article than its feed does",
        )
        assert "negotiation" in article.text


async def test_every_log_line_holds_one_outcome(watched: Tools, capsys: pytest.CaptureFixture[str]) -> None:
    """A title from the web cannot forge a line."""
    structlog.configure(processors=[structlog.processors.JSONRenderer()], cache_logger_on_first_use=False)
    try:
        await news(watched, 1, title="HPE wins")
        capsys.readouterr()
        await watched.read()
        lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    finally:
        structlog.reset_defaults()
    assert [(line["event"], line["outcome"], line["alerts"]) for line in lines] == [("read", "read from feed", 1)]
