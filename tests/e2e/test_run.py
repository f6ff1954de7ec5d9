"""``newsvane run``: alerts arrive, it ends when told, and what goes wrong around it is said and survived."""

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest
import yaml

from service.bootstrap import now
from tests.e2e.daemon import LONGEST_SECONDS, Daemon, environment, scene, until
from tests.e2e.ledger import complaints, read_ledger


async def test_alerts_arrive_and_a_stop_leaves_nothing_half_done(tmp_path: Path) -> None:
    async with scene(tmp_path, now()) as at:
        daemon = at.start()
        await at.done(now())
        summaries = at.hook.accepted
        assert summaries
        assert all(record.verified for record in summaries)
        at.world.advance()
        assert await at.hook.wait_for(len(summaries) + 1, seconds=LONGEST_SECONDS)
        assert await daemon.stop() == 0  # in the middle of today's items
        assert complaints(at) == []
        assert at.sql("SELECT id FROM articles WHERE lease_token IS NOT NULL") == []
        again = at.start()
        await at.done(now())
        assert await again.stop() == 0
        ledger = read_ledger(at)
        assert ledger.received == ledger.alerts
        assert len(at.mail.records) == len(at.hook.accepted)
        published = {story.id for story in at.world.published}
        assert set(ledger.articles) <= published
        assert [line["given_back"] for line in again.lines("stopped")] == [0]


async def test_a_stop_while_it_starts_is_a_stop_too(tmp_path: Path) -> None:
    async with scene(tmp_path, now()) as at:
        daemon = at.start()
        await until(lambda: daemon.lines("watch list applied"), "it has begun")
        assert await daemon.stop() == 0
        assert complaints(at) == []


class TestTrouble:
    @pytest.fixture
    def silent(self) -> Iterator[int]:
        """The port of a server that takes connections and never answers."""
        with socket.create_server(("127.0.0.1", 0)) as server:
            yield server.getsockname()[1]

    @pytest.fixture
    def refusing(self) -> Iterator[int]:
        """A port at which nobody listens, and nobody will."""
        with socket.socket() as bound:
            bound.bind(("127.0.0.1", 0))
            yield bound.getsockname()[1]

    async def test_without_a_network_it_keeps_running_and_tells(
        self, tmp_path: Path, silent: int, refusing: int
    ) -> None:
        sources = {
            "silent": f"http://127.0.0.1:{silent}/feed",
            "refusing": f"http://127.0.0.1:{refusing}/feed",
            "nameless": "http://newsvane-test.invalid/feed",  # RFC 2606: never resolves
        }
        watchlist = {"sources": [{"url": url, "title": title} for title, url in sources.items()]}
        async with scene(tmp_path, now(), FETCH_TIMEOUT="1s") as at:
            (tmp_path / "watchlist.yaml").write_text(yaml.safe_dump(watchlist), encoding="utf-8")
            daemon = at.start()
            await until(
                lambda: at.sql("SELECT count(*) FROM sources WHERE failures >= 2") == [(3,)], "each was tried twice"
            )
            assert daemon.running
            rows = at.sql("SELECT title, status, last_error, next_poll_at > last_polled_at, enabled FROM sources")
            for title, status, error, later, enabled in rows:
                assert (status, later, enabled) == ("retrying", 1, 1), title
                assert " " in error, f"{title} has no error in words"
                assert error.endswith("."), error
            assert await daemon.stop() == 0
            assert len(rows) == 3

    async def test_a_port_in_use_is_one_line(self, tmp_path: Path, silent: int) -> None:
        daemon = Daemon(tmp_path, environment(tmp_path, WATCHLIST="", LISTEN=f"127.0.0.1:{silent}"), tmp_path / "log")
        await until(lambda: not daemon.running, "it has ended")
        assert daemon.process.returncode == 2
        line = f"newsvane: NEWSVANE_LISTEN: cannot listen on 127.0.0.1:{silent} (Address already in use)\n"
        assert daemon.log.read_text("utf-8") == line

    async def test_a_second_daemon_on_one_database_is_one_line(self, tmp_path: Path) -> None:
        async with scene(tmp_path, now()) as at:
            first = at.start()
            await first.started()
            second = at.start()
            await until(lambda: not second.running, "the second has ended")
            assert second.process.returncode == 1
            file = tmp_path / "news.db"
            line = f"newsvane: another newsvane runs on {file}; stop it first, or let it do the work\n"
            assert second.log.read_text("utf-8") == line
            assert first.running
            assert await first.stop() == 0

    async def test_receivers_that_refuse_are_tried_again_with_the_same_message(self, tmp_path: Path) -> None:
        async with scene(tmp_path, now()) as at:
            at.hook.fail_next(1)
            at.mail.fail_next(1)
            daemon = at.start()
            await at.done(now())
            assert await daemon.stop() == 0
            refused = next(record for record in at.hook.records if record.status == 503)
            assert [record.webhook_id for record in at.hook.accepted].count(refused.webhook_id) == 1
            assert at.sql("SELECT DISTINCT status FROM deliveries") == [("sent",)]
            assert at.sql("SELECT count(*) FROM deliveries WHERE attempts = 2") == [(2,)]

    async def test_a_stop_leaves_a_slow_page_for_the_next_start(self, tmp_path: Path, silent: int) -> None:
        async with scene(tmp_path, now(), DRAIN="1s", FETCH_TIMEOUT="10m") as at:
            feed = tmp_path / "feed"
            feed.mkdir()
            page = f"http://127.0.0.1:{silent}/page"
            item = f"<item><title>HPE wins</title><link>{page}</link><guid>1</guid></item>"
            (feed / "feed.xml").write_text(f"<rss version='2.0'><channel><title>T</title>{item}</channel></rss>")
            with serving_files(feed) as port:
                watchlist = {"sources": [{"url": f"http://127.0.0.1:{port}/feed.xml"}]}
                (tmp_path / "watchlist.yaml").write_text(yaml.safe_dump(watchlist), encoding="utf-8")
                daemon = at.start()
                held = "SELECT count(*) FROM articles WHERE state = 'due' AND lease_token IS NOT NULL"
                await until(lambda: at.sql(held) == [(1,)], "the page is being read")
                assert await daemon.stop() == 0
            assert [line["given_back"] for line in daemon.lines("stopped")] == [1]
            assert at.sql("SELECT state, lease_token, text FROM articles") == [("due", None, "")]
            assert at.sql("SELECT count(*) FROM mentions") == [(0,)]


@contextmanager
def serving_files(folder: Path) -> Iterator[int]:
    """The port of a server of the files in a folder."""
    handler = partial(SimpleHTTPRequestHandler, directory=str(folder))
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = Thread(target=server.serve_forever)
        thread.start()
        try:
            yield server.server_port
        finally:
            server.shutdown()
            thread.join()
