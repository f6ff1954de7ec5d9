"""What a user reads of a source's polls: the status of every answer, and why the next poll comes when it does."""

from datetime import timedelta
from typing import Any

from service.domain.schedule import Fresh
from service.search import one
from service.store import sources
from service.store.watchlist import Changes, SourceSpec, add_sources
from service.watchlist import apply, parse_watchlist
from tests.pipeline.site import Site
from tests.pipeline.tools import Tools
from tests.store.steps import MINUTE, add_source, claim_source, entry, fresh, later_poll, poll, record, row

ITEM = ("/1", "One", "Text")


async def shown(tools: Tools) -> dict[str, Any]:
    line = await one(tools.db, "source", "1")
    assert line is not None
    return line


async def test_the_status_of_every_answer_is_kept(tools: Tools, site: Site) -> None:
    """Read, 304, the same bytes again, behind a redirect, behind two, down, and the same bytes behind a redirect."""
    await add_source(tools.db, site.feed("/feed", ITEM, ETag='"one"'))
    site.says("/hop", "", 307, Location="/moved")

    async def poll_it() -> None:
        assert len(await tools.poll()) == 1
        tools.later(days=2)

    await poll_it()
    await poll_it()
    site.feed("/feed", ITEM)
    await poll_it()
    site.says("/feed", "", 301, Location="/moved")
    site.feed("/moved", ("/2", "Two", "Text"))
    await poll_it()
    site.says("/feed", "", 302, Location="/hop")
    await poll_it()
    site.says("/feed", "down", 503)
    await poll_it()
    history = [
        (poll["outcome"], poll["redirects"], poll["status_code"]) for poll in reversed((await shown(tools))["polls"])
    ]
    assert history == [
        ("read", [], 200),
        ("unchanged", [], 304),
        ("unchanged", [], 200),
        ("read", [301], 200),
        ("unchanged", [302, 307], 200),
        ("http-503", [], 503),
    ]


async def test_a_304_behind_a_redirect_tells_both(tools: Tools, site: Site) -> None:
    await add_source(tools.db, site.says("/feed", "", 302, Location="/there"))
    site.feed("/there", ITEM, ETag='"one"')
    await tools.poll()
    tools.later(hours=2)
    await tools.poll()
    assert [(poll["redirects"], poll["status_code"]) for poll in (await shown(tools))["polls"]] == [
        ([302], 304),
        ([302], 200),
    ]


async def test_the_reason_is_that_of_the_answer(tools: Tools, site: Site) -> None:
    """What an answer alone says (max-age, Retry-After) is told exactly, whatever else is kept of the source."""
    await add_source(tools.db, site.feed("/feed", ITEM, Cache_Control="max-age=1800"))
    assert (await shown(tools))["next_try_because"].startswith("the first poll")
    await tools.poll()
    assert (await shown(tools))["next_try_because"] == (
        "the last answer stays good for 30 min (Cache-Control or Expires)"
    )
    tools.later(hours=1)
    site.says("/feed", "slow down", 429, Retry_After="7200")
    await tools.poll()
    told = await shown(tools)
    assert (told["fault"], told["next_try_because"]) == (
        "passing",
        'one failure, the last one of the kind "passing": the server asked for a pause of 2 h (Retry-After)',
    )
    tools.later(hours=3)
    site.feed("/feed", ITEM)
    await tools.poll()
    told = await shown(tools)
    assert told["fault"] is None
    assert told["next_try_because"].startswith("5 min: too few times")


async def test_who_moves_the_next_poll_says_why(tools: Tools) -> None:
    """A turn at a busy host, a hint of the hub, and a hand."""
    await add_source(tools.db)
    await poll(tools.db, fresh(entry(1)))
    tools.later(minutes=10)
    held = await claim_source(tools.db, now=tools.now)
    await sources.put_off(tools.db, [(held, tools.now + MINUTE)])
    told = await shown(tools)
    assert told["next_try_because"].startswith("more of its host was due than may be asked at once")
    async with tools.db.write() as session:
        assert await sources.record_ping(session, 1, relied_until=None, now=tools.now) == tools.now
    assert (await shown(tools))["next_try_because"] == "its hub said that there is news (WebSub)"
    async with tools.db.write() as session:
        later = tools.now + timedelta(seconds=1)
        await sources.record_ping(session, 1, relied_until=None, now=later)
        assert (await row(tools.db, "sources")).next_poll_at == tools.now, "a hint puts nothing off"
    async with tools.db.write() as session:
        await sources.make_due(session, tools.now)
    assert (await shown(tools))["next_try_because"] == "it was brought forward by hand"


async def test_a_poll_that_was_under_way_when_the_hub_called_says_so(tools: Tools) -> None:
    await add_source(tools.db)
    source = await claim_source(tools.db)
    async with tools.db.write() as session:
        await sources.record_ping(session, 1, relied_until=None, now=tools.now)
    result: Fresh = fresh(entry(1))
    await record(tools.db, source, result)
    assert (await shown(tools))["next_try_because"] == "its hub said that there is news (WebSub)"
    await later_poll(tools.db, fresh(entry(2), body="b"))
    assert (await shown(tools))["next_try_because"].startswith("5 min: too few times")


async def test_the_watch_list_may_go_on_to_name_a_source_that_moved(tools: Tools, site: Site) -> None:
    """Its publisher moved it, by a lasting redirect: the same list, applied again, adds, changes and prunes nothing."""
    old, new = site.says("/old", "", 301, Location="/new"), site.feed("/new", ITEM)
    wanted = parse_watchlist(f"sources: [{{url: '{old}', tags: [press]}}]", "the list")
    await apply(tools.db, wanted, now=tools.now, random=lambda: 0.0, spread=timedelta())
    for _ in range(4):
        await tools.poll()
        tools.later(hours=2)
    assert ((await row(tools.db, "sources")).url, site.asked[-1]) == (new, "/new")
    again = await apply(tools.db, wanted, now=tools.now, random=lambda: 0.0, spread=timedelta(), prune=True)
    assert not again
    retagged = parse_watchlist(f"sources: [{{url: '{old}', tags: [wire]}}]", "the list")
    assert await apply(tools.db, retagged, now=tools.now, random=lambda: 0.0, spread=timedelta())
    async with tools.db.write() as session:
        changes = Changes()
        await add_sources(session, [(SourceSpec(old, tags=("opml",)), tools.now)], changes, now=tools.now)
    source = await row(tools.db, "sources")
    assert (changes.added, source.url, source.tags) == ([], new, ["wire", "opml"])
    told = await one(tools.db, "source", old)
    assert told is not None
    assert (told["url"], told["listed_url"]) == (new, old)
    gone = parse_watchlist("sources: []", "the list")
    assert (await apply(tools.db, gone, now=tools.now, random=lambda: 0.0, spread=timedelta(), prune=True)).removed
