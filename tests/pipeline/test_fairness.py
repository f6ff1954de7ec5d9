"""A host with more work than it takes holds up nobody but itself."""

from datetime import timedelta
from pathlib import Path

from sqlalchemy.engine import URL

from service.bootstrap import now, open_app
from service.domain.schedule import SourceState
from service.settings import Settings
from service.store import sources
from service.store.engine import Database
from tests.pipeline.site import Site, open_site
from tests.pipeline.test_application import STORY, settings_for
from tests.store.steps import MINUTE, NOW, add_source, claim_source, lease, row, rows, rows_in

SLOW, OTHERS, PLACES = 300, 50, 40
SPACING = 0.02


def crowded(url: URL, watchlist: Path) -> Settings:
    settings = settings_for(url, watchlist)
    return settings.model_copy(
        update={
            "host_spacing": SPACING,
            "host_concurrency": 2,
            "poll_concurrency": PLACES,
            "read_concurrency": 8,
            "allowed_networks": ("127.0.0.0/8",),
        }
    )


def on_host(other: Site, number: int, path: str) -> str:
    """The same server, as a host of its own."""
    return other.url(path).replace("0.0.0.0", f"127.0.1.{number + 1}")


async def test_three_hundred_sources_of_a_slow_host_hold_up_nobody(
    database_url: URL, site: Site, tmp_path: Path
) -> None:
    """Those of the slow host are due longer. The others are polled at once; in the end all were, each once, and the
    slow host saw its spacing and its two at a time kept."""
    site.seconds = 0.03
    async with open_site("0.0.0.0") as other:
        other.base = other.base.replace("127.0.0.1", "0.0.0.0")
        slow = [site.feed(f"/feed/{number}") for number in range(SLOW)]
        quick = [on_host(other, number, f"/feed/{number}") for number in range(OTHERS)]
        for number in range(OTHERS):
            other.feed(f"/feed/{number}")
        settings = crowded(database_url, watching([*slow, *quick], tmp_path))
        async with open_app(settings) as app:  # and it is stopped before it polled
            await make_overdue(app.db, set(slow))
        async with open_app(settings) as app:
            await app.one_pass()
            assert {source.status for source in await rows(app.db, "sources")} == {"ok"}
        before = sum(seen.at < max(last.at for last in other.log) for seen in site.log)
    assert before < SLOW / 3, "the others did not wait until the slow host was through"
    assert sorted(site.asked) == sorted(f"/feed/{number}" for number in range(SLOW)), "each once"
    assert sorted(other.asked) == sorted(f"/feed/{number}" for number in range(OTHERS))
    assert site.most_running <= 2
    assert site.log[-1].at - site.log[0].at >= SPACING * (SLOW - 1) * 0.95


async def test_pages_of_a_slow_host_hold_up_no_others(database_url: URL, site: Site, tmp_path: Path) -> None:
    site.seconds = 0.05
    async with open_site("0.0.0.0") as other:
        other.base = other.base.replace("127.0.0.1", "0.0.0.0")
        for number in range(60):
            site.page(f"/page/{number}", f"Story {number}", f"Number {number}. {STORY}")
        site.feed("/feed", *((f"/page/{number}", f"Story {number}", "Summary") for number in range(60)))
        other.says("/feed", feed_of(on_host(other, 0, "/page"), "Elsewhere"), type="application/rss+xml")
        other.page("/page", "Elsewhere", f"Elsewhere. {STORY}")
        settings = crowded(database_url, watching([site.url("/feed"), on_host(other, 0, "/feed")], tmp_path))
        async with open_app(settings) as app:
            app.polls.kick()
            await app.polls.idle()
            await app.one_pass()
            assert {(article.state, article.origin) for article in await rows(app.db, "articles")} == {("read", "page")}
        before = sum(seen.at < other.log[-1].at for seen in site.log)
    assert before < 30, "the other host's page was read among the first"
    assert sorted(site.asked) == sorted(["/feed", "/robots.txt", *(f"/page/{number}" for number in range(60))])


async def test_a_turn_is_kept_by_whoever_holds_the_claim(db: Database) -> None:
    await add_source(db)
    lost: SourceState = await claim_source(db)
    held = await claim_source(db, now=NOW + 5 * MINUTE)
    await sources.put_off(db, [(lost, NOW + 60 * MINUTE)])
    assert (await row(db, "sources")).lease_token == held.lease_token
    await sources.put_off(db, [(held, NOW + 7 * MINUTE)])
    source = await row(db, "sources")
    assert (source.lease_token, source.next_poll_at, source.failures) == (None, NOW + 7 * MINUTE, 0)
    assert await sources.claim_due(db, limit=9, now=NOW + 6 * MINUTE, lease=lease()) == []
    assert len(await sources.claim_due(db, limit=9, now=NOW + 7 * MINUTE, lease=lease())) == 1


def feed_of(url: str, title: str) -> str:
    item = f"<item><guid>{url}</guid><link>{url}</link><title>{title}</title></item>"
    return f"<rss version='2.0'><channel><title>Trade Press</title>{item}</channel></rss>"


def watching(urls: list[str], folder: Path) -> Path:
    file = folder / "watchlist.yaml"
    file.write_text("sources:\n" + "".join(f"- {{url: '{url}'}}\n" for url in urls))
    return file


async def make_overdue(db: Database, longer: set[str]) -> None:
    async with db.write() as session:
        for source in await rows_in(session, "sources"):
            source.next_poll_at = now() - timedelta(minutes=2 if source.url in longer else 1)
