"""What publishers see of us: the request log of a site that is polled and read."""

import re
from datetime import timedelta
from pathlib import Path

from sqlalchemy.engine import URL

from service.bootstrap import now, open_app, open_web
from service.domain.schedule import Failed, Same
from service.settings import load_settings
from service.store import hosts
from service.store.engine import Database
from tests.pipeline.site import Site
from tests.pipeline.test_application import STORY, settings_for
from tests.pipeline.tools import Tools
from tests.store.steps import add_source, count, row, rows, rows_in

OLD_ETAG, OLD_DATE = 'W/"a,b; \\c  d"', "Sun, 06 Nov 1994 08:49:37 GMT"


def validators(site: Site) -> list[tuple[str | None, str | None]]:
    """If-None-Match and If-Modified-Since of every request."""
    return [(seen.headers.get("if-none-match"), seen.headers.get("if-modified-since")) for seen in site.log]


async def test_validators_are_sent_as_received_and_never_made_up(tools: Tools, site: Site) -> None:
    await add_source(tools.db, site.feed("/feed", ("/1", "One", "Text"), ETag=OLD_ETAG, Last_Modified=OLD_DATE))

    async def poll() -> object:
        (result,) = await tools.poll()
        tools.later(hours=2)
        return result

    await poll()
    assert isinstance(await poll(), Same)  # 304
    site.says("/feed", "down", 500, ETag='"of the error"', Last_Modified="Mon, 07 Nov 1994 08:49:37 GMT")
    assert isinstance(await poll(), Failed)
    site.says("/feed", "<html>no feed</html>", 200, ETag='"of no feed"')
    assert isinstance(await poll(), Failed)
    site.feed("/feed", ("/1", "One", "Text"), ("/2", "Two", "Text"))  # without validators
    await poll()
    await poll()
    site.feed("/feed", ("/1", "One", "Text"), ("/2", "Two", "Text"), ETag='"new"')  # the same bytes
    await poll()
    await poll()
    old = (OLD_ETAG, OLD_DATE)
    nothing = (None, None)
    assert validators(site) == [nothing, old, old, old, old, nothing, nothing, ('"new"', None)]


async def test_nothing_is_told_but_what_a_reader_must(tools: Tools, site: Site) -> None:
    await add_source(tools.db, site.feed("/feed", ("/1", "One", "Text"), Set_Cookie="visitor=1; Path=/"))
    await tools.poll()
    await tools.read()
    tools.later(hours=2)
    await tools.poll()
    told = {name for seen in site.log for name in seen.headers}
    assert told == {"host", "user-agent", "accept", "accept-encoding", "connection"}
    assert [seen.path for seen in site.log] == ["/feed", "/robots.txt", "/1", "/feed"]


async def test_we_say_who_we_are_and_how_to_reach_us(site: Site) -> None:
    site.says("/feed")
    settings = load_settings({}, contact="desk@example.org", allowed_networks=("127.0.0.1/32",))
    async with open_web(settings) as web:
        await web.fetch(site.url("/feed"), now=now())
    (seen,) = site.log
    assert re.fullmatch(r"newsvane/\d+\.\d+\S* \(\+desk@example\.org\)", seen.headers["user-agent"])


async def test_a_refused_feed_waits_alone(tools: Tools, site: Site) -> None:
    await add_source(tools.db, site.says("/a", "slow down", 429, Retry_After="3600"))
    await add_source(tools.db, site.feed("/b", ("/1", "One", "Text")))
    await tools.poll()
    await tools.read()
    tools.later(minutes=10)
    await tools.poll()
    assert site.asked == ["/a", "/b", "/robots.txt", "/1", "/b"]


async def test_a_host_that_refuses_feeds_is_asked_for_nothing(tools: Tools, site: Site) -> None:
    """Feeds and pages of it wait for the end of the pause; the other host's do not."""
    await add_source(tools.db, site.feed("/good", ("/1", "One", "Text")))
    await tools.poll()
    await add_source(tools.db, site.says("/a", "slow down", 429, Retry_After="3600"))
    await add_source(tools.db, site.says("/b", "slow down", 503, Retry_After="60"))
    await tools.poll()
    await tools.read()
    tools.later(minutes=30)
    results = await tools.poll()
    assert site.asked == ["/good", "/a", "/b"]
    assert {result.code for result in results if isinstance(result, Failed)} == {"host-closed"}
    good, refused, _ = await rows(tools.db, "sources")
    assert (good.failures, refused.failures) == (0, 1)
    assert good.last_error.startswith("127.0.0.1 refused several addresses and asked for a pause until ")
    assert (good.next_poll_at - tools.now).total_seconds() == 1800
    assert [poll.outcome for poll in await rows(tools.db, "polls")][-2:] == ["host-closed"] * 2, "it can be looked up"
    article = await row(tools.db, "articles")
    assert (article.origin, article.text) == ("feed", "Text"), "news does not wait for an hour"
    site.feed("/a", ("/2", "Two", "Text"))
    site.feed("/b", ("/3", "Three", "Text"))
    tools.later(minutes=31)
    await tools.poll()
    assert sorted(site.asked[3:]) == ["/a", "/b", "/good"]
    assert [source.status for source in await rows(tools.db, "sources")] == ["ok"] * 3


async def test_refused_pages_close_the_host_for_feeds(tools: Tools, site: Site) -> None:
    for path in ("/1", "/2"):
        site.says(path, "slow down", 429, Retry_After="3600")
    await add_source(tools.db, site.feed("/feed", ("/1", "One", "Text"), ("/2", "Two", "Text")))
    await tools.poll()
    await tools.read()
    tools.later(minutes=10)
    await tools.poll()
    assert site.asked == ["/feed", "/robots.txt", "/1", "/2"]


async def test_a_pause_outlives_a_restart(database_url: URL, site: Site, tmp_path: Path) -> None:
    """The host refuses a feed, the service restarts, it refuses another, the service restarts: nothing is asked."""
    settings = settings_for(database_url, sources_list(site, tmp_path, 3))
    site.says("/feed/0", "slow down", 429, Retry_After="3600")
    site.says("/feed/1", "slow down", 429, Retry_After="3600")
    async with open_app(settings) as app:
        await put_off(app.db, ["/feed/1", "/feed/2"])
        await app.one_pass()
        assert not (await row(app.db, "hosts")).closed
    async with open_app(settings) as app:
        await make_due(app.db, "/feed/1")
        await app.one_pass()
        assert (await row(app.db, "hosts")).closed
    async with open_app(settings) as app:
        await make_due(app.db, "/feed/2")
        await app.one_pass()
        last = (await rows(app.db, "sources"))[2]
        pause = await row(app.db, "hosts")
        assert (last.failures, last.next_poll_at >= pause.until) == (0, True)
        async with app.db.write() as session:
            assert await hosts.running_refusals(session, pause.until) == []
    assert site.asked == ["/feed/0", "/feed/1"]


async def test_a_restart_polls_nothing_early(database_url: URL, site: Site, tmp_path: Path) -> None:
    settings = settings_for(database_url, sources_list(site, tmp_path, 8))
    for number in range(8):
        site.feed(f"/feed/{number}")
    site.says("/feed/3", "down", 500)
    site.says("/feed/4", "slow down", 429, Retry_After="3600")
    for _ in range(3):
        async with open_app(settings) as app:
            await app.one_pass()
    assert sorted(site.asked) == [f"/feed/{number}" for number in range(8)], "each once, over three starts"


async def test_sixty_sources_of_one_host_are_no_burst(database_url: URL, site: Site, tmp_path: Path) -> None:
    """After a long stop all are due at once, and their pages too: still two at a time, and spaced."""
    spacing = 0.01
    for number in range(60):
        site.feed(f"/feed/{number}", (f"/page/{number}", f"Story {number}", "Summary"))
        site.page(f"/page/{number}", f"Story {number}", f"Number {number}. {STORY}")
    site.seconds = 0.03
    settings = settings_for(database_url, sources_list(site, tmp_path, 60)).model_copy(
        update={"host_spacing": spacing, "host_concurrency": 2, "poll_concurrency": 6}
    )
    async with open_app(settings) as app:
        for lane in app.lanes:  # together, as the daemon's ticks do
            lane.kick()
        await app.one_pass()
        assert await count(app.db, "articles") == [60]
    assert sorted(site.asked) == sorted(
        ["/robots.txt", *(f"/{kind}/{number}" for number in range(60) for kind in ("feed", "page"))]
    )
    kinds = [path.split("/")[1] for path in site.asked]
    assert kinds.index("page") < len(kinds) - 1 - kinds[::-1].index("feed"), "feeds and pages at the same time"
    assert site.most_running == 2
    # A slow machine makes this longer, never shorter.
    assert site.log[-1].at - site.log[0].at >= spacing * (len(site.log) - 1) * 0.99


def sources_list(site: Site, folder: Path, number: int) -> Path:
    file = folder / "watchlist.yaml"
    file.write_text("sources:\n" + "".join(f"- {{url: '{site.url(f'/feed/{n}')}'}}\n" for n in range(number)))
    return file


async def put_off(db: Database, paths: list[str]) -> None:
    await _set_due(db, paths, timedelta(days=1))


async def make_due(db: Database, path: str) -> None:
    await _set_due(db, [path], timedelta())


async def _set_due(db: Database, paths: list[str], wait: timedelta) -> None:
    async with db.write() as session:
        for source in await rows_in(session, "sources"):
            if any(source.url.endswith(path) for path in paths):
                source.next_poll_at = now() + wait
