"""Polling a real feed on loopback, read by the real parser."""

from datetime import timedelta
from email.utils import format_datetime

from service.domain.schedule import Failed, Fresh, Same
from service.store import sources
from tests.pipeline.site import Site
from tests.pipeline.tools import Tools
from tests.store.steps import add_source, row, rows


async def test_a_feed_becomes_articles(tools: Tools, site: Site) -> None:
    await add_source(tools.db, site.feed("/feed", ("/1", "HPE wins", "The <b>deal</b>."), ("/2", "Second", "Text")))
    (result,) = await tools.poll()
    assert isinstance(result, Fresh)
    first, second = await rows(tools.db, "articles")
    assert (first.url, first.title, first.feed_text) == (site.url("/1"), "HPE wins", "The deal.")
    assert first.source == "Trade Press"
    assert second.url == site.url("/2")


async def test_an_unchanged_feed_is_not_read_again(tools: Tools, site: Site) -> None:
    await add_source(tools.db, site.feed("/feed", ("/1", "One", "Text"), ETag='"one"'))
    await tools.poll()
    tools.later(minutes=5)
    (result,) = await tools.poll()
    assert result == Same(None, 0, None), "a 304, because the validator was sent"
    assert [poll.outcome for poll in await rows(tools.db, "polls")] == ["read", "unchanged"]


async def test_the_same_bytes_are_not_read_again(tools: Tools, site: Site) -> None:
    await add_source(tools.db, site.feed("/feed", ("/1", "One", "Text")))
    await tools.poll()
    tools.later(minutes=5)
    (result,) = await tools.poll()
    assert isinstance(result, Same)
    assert result.size > 0


async def test_an_answer_says_how_long_it_stays_good(tools: Tools, site: Site) -> None:
    await add_source(tools.db, site.feed("/feed", ("/1", "One", "Text"), Cache_Control="public, max-age=1800"))
    await tools.poll()
    source = await row(tools.db, "sources")
    assert (source.next_poll_at - tools.now).total_seconds() == 1800


async def test_a_busy_feed_is_polled_every_minute(tools: Tools, site: Site) -> None:
    """The times of its items, read by the real parser; and a 304 changes nothing in it."""
    items = "".join(
        f"<item><guid>{number}</guid><title>Item {number}</title>"
        f"<pubDate>{format_datetime(tools.now - timedelta(minutes=7 * number + 2))}</pubDate></item>"
        for number in range(20)
    )
    rss = f"<rss version='2.0'><channel><title>Wire</title>{items}</channel></rss>"
    await add_source(tools.db, site.says("/feed", rss, type="application/rss+xml", ETag='"one"'))
    for outcome in ("read", "unchanged", "unchanged"):
        await tools.poll()
        source = await row(tools.db, "sources")
        assert (source.next_poll_at - tools.now).total_seconds() == 60
        assert (await rows(tools.db, "polls"))[-1].outcome == outcome
        tools.later(minutes=1)


async def test_hours_that_a_feed_wants_skipped_are_left_out(tools: Tools, site: Site) -> None:
    """It is eight o'clock, UTC."""
    hours = "".join(f"<hour>{hour}</hour>" for hour in (8, 9, 10))
    rss = f"<rss version='2.0'><channel><title>Wire</title><skipHours>{hours}</skipHours></channel></rss>"
    await add_source(tools.db, site.says("/feed", rss, type="application/rss+xml", ETag='"one"'))
    await tools.poll()
    assert (await row(tools.db, "sources")).next_poll_at == tools.now + timedelta(hours=3)
    tools.later(hours=2, minutes=59)
    assert await tools.poll() == []


async def test_of_a_changed_feed_only_what_is_new_is_read(tools: Tools, site: Site) -> None:
    await add_source(tools.db, site.feed("/feed", ("/1", "One", "Text"), ("/2", "Two", "Text")))
    await tools.poll()
    tools.later(minutes=5)
    site.feed("/feed", ("/3", "Three", "Text"), ("/1", "One", "Text"), ("/2", "Two, edited", "Text"))
    (result,) = await tools.poll()
    assert isinstance(result, Fresh)
    assert [entry.title for entry in result.feed.entries] == ["Three", "Two, edited"]
    assert [article.title for article in await rows(tools.db, "articles")] == ["One", "Two, edited", "Three"]
    assert [(poll.entries, poll.new_articles) for poll in await rows(tools.db, "polls")] == [(2, 2), (3, 1)]
    tools.later(minutes=5)
    site.feed("/feed", ("/2", "Two, edited", "Text"), ("/1", "One", "Text"))
    (result,) = await tools.poll()
    assert isinstance(result, Fresh)
    assert (result.feed.entries, result.feed.known) == ((), 2)
    tools.later(minutes=5)
    site.feed("/feed", ("/2", "Two, edited", "Text"), ("/3", "Three", "Text"))
    (result,) = await tools.poll()
    assert isinstance(result, Fresh)
    assert [entry.title for entry in result.feed.entries] == ["Three"], "it had left the feed"
    assert len(await rows(tools.db, "articles")) == 3, "and is known by its id"


async def test_trouble_is_recorded_and_heals(tools: Tools, site: Site) -> None:
    site.says("/feed", "busy", 503, Retry_After="600")
    await add_source(tools.db, site.url("/feed"))
    (result,) = await tools.poll()
    assert isinstance(result, Failed)
    source = await row(tools.db, "sources")
    assert (source.status, source.failures) == ("retrying", 1)
    assert (source.next_poll_at - tools.now).total_seconds() == 600, "the server's own wish, longer than ours"
    tools.later(minutes=10)
    site.feed("/feed", ("/1", "One", "Text"))
    await tools.poll()
    source = await row(tools.db, "sources")
    assert (source.status, source.failures, source.last_error) == ("ok", 0, None)


async def test_a_silent_source_is_told_from_a_silent_network(tools: Tools, site: Site, unused_tcp_port: int) -> None:
    step = tools.poll_step()
    await add_source(tools.db, f"http://127.0.0.1:{unused_tcp_port}/feed")
    (result,) = await tools.poll(step)
    assert isinstance(result, Failed)
    assert result.offline, "nothing has answered yet"
    await add_source(tools.db, site.feed("/feed", ("/1", "One", "Text")))
    await tools.poll(step)
    tools.later(minutes=4)
    async with tools.db.write() as session:
        await sources.make_due(session, tools.now, [f"http://127.0.0.1:{unused_tcp_port}/feed"])
    (result,) = await tools.poll(step)
    assert isinstance(result, Failed)
    assert not result.offline, "another source answered four minutes ago"


async def test_what_is_no_feed_is_an_error_of_its_source(tools: Tools, site: Site) -> None:
    await add_source(tools.db, site.page("/feed", "A page", "This is an ordinary page."))
    await add_source(tools.db, site.feed("/good", ("/1", "One", "Text")))
    await tools.poll()
    bad, good = await rows(tools.db, "sources")
    assert bad.failures == 1
    assert bad.last_error
    assert good.status == "ok"


async def test_an_address_inside_the_network_is_refused(tools: Tools, site: Site) -> None:
    await add_source(tools.db, "http://127.0.0.2/feed")
    (result,) = await tools.poll()
    assert isinstance(result, Failed)
    assert result.code == "blocked-address"
