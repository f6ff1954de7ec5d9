"""What a start after a long stop looks like to publishers: hundreds of sources are due at once."""

from datetime import timedelta
from itertools import pairwise
from pathlib import Path

from sqlalchemy.engine import URL

from service.bootstrap import now, open_app
from service.store import sources
from service.store.engine import Database
from service.store.watchlist import Changes, SourceSpec, add_sources
from tests.pipeline.site import Site, open_site
from tests.pipeline.test_application import settings_for
from tests.store.steps import lease, rows, rows_in

HOSTS, FEEDS, WAITING = 4, 60, 30
SPACING = 0.02


async def test_hundreds_that_are_overdue_make_no_burst(database_url: URL, site: Site, tmp_path: Path) -> None:
    """240 sources on 4 hosts are overdue, 30 more on each are not: only the former are asked, one after the other on
    each host, the hosts side by side, and their next polls lie apart."""
    async with open_site() as two, open_site() as three, open_site() as four:
        hosts = [site, two, three, four]
        for host in hosts:
            host.seconds = 0.005
            for number in range(FEEDS + WAITING):
                host.feed(f"/feed/{number}")
        settings = settings_for(database_url, watching(hosts, tmp_path)).model_copy(
            update={"host_spacing": SPACING, "host_concurrency": 1, "poll_concurrency": 40}
        )
        async with open_app(settings) as app:  # and it is stopped before it polled
            await set_overdue(app.db)
        async with open_app(settings) as app:
            await app.one_pass()
            polled = [row for row in await rows(app.db, "sources") if row.last_polled_at]
        for host in hosts:
            assert sorted(host.asked) == sorted(f"/feed/{number}" for number in range(FEEDS)), "each once, none early"
            assert host.most_running == 1
            assert paced(host)
        assert max(h.log[0].at for h in hosts) < min(h.log[-1].at for h in hosts), "hosts do not wait for each other"
        pauses = {row.next_poll_at - row.last_polled_at for row in polled}
        assert len(pauses) > len(polled) * 0.9, "jitter: they will not march in step"


async def test_those_due_longest_are_polled_first(db: Database) -> None:
    """In which order places are given; within one claim all begin together."""
    async with db.write() as session:
        start = now() - timedelta(days=1)
        wanted = [
            (SourceSpec(f"https://{n}.example/feed"), start + timedelta(seconds=n * 37 % 300)) for n in range(300)
        ]
        await add_sources(session, wanted, Changes(), now=start)
    due = {row.id: row.next_poll_at for row in await rows(db, "sources")}
    claims = []
    for _ in range(20):
        claimed = await sources.claim_due(db, limit=16, now=now(), lease=lease(now()))
        claims.append([due[source.id] for source in claimed])
    assert sum(map(len, claims)) == 300
    assert all(max(first) <= min(then) for first, then in pairwise(filter(None, claims)))


def paced(host: Site) -> bool:
    """Whether the host was asked no faster than its spacing lets. A slow machine makes it slower, never faster; that
    two requests reach the server's log closer together than they were sent is allowed for by a look at all of them."""
    return host.log[-1].at - host.log[0].at >= SPACING * (len(host.log) - 1) * 0.95


def watching(hosts: list[Site], folder: Path) -> Path:
    file = folder / "watchlist.yaml"
    urls = [host.url(f"/feed/{number}") for number in range(FEEDS + WAITING) for host in hosts]
    file.write_text("sources:\n" + "".join(f"- {{url: '{url}'}}\n" for url in urls))
    return file


async def set_overdue(db: Database) -> None:
    """Feeds with a number below FEEDS were due an hour ago, the others are due in an hour."""
    async with db.write() as session:
        for source in await rows_in(session, "sources"):
            overdue = int(source.url.rpartition("/")[2]) < FEEDS
            source.next_poll_at = now() + timedelta(hours=-1 if overdue else 1)
