"""Subscriptions and pushes in the database: after an upgrade, after a crash, and as a user reads them."""

import asyncio
from datetime import timedelta
from importlib import import_module, resources
from typing import Any

import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, create_engine, text
from sqlalchemy.engine import URL

from scrapers.types import Hub
from service.domain.websub import Confirmed, Denied, Subscription
from service.search import one
from service.store import pushes, subscriptions
from service.store.claims import release_all
from service.store.engine import Database
from service.store.migrate import migrate
from tests.store.steps import FEED_URL, NOW, add_source, count, lease, row

HUB = Hub("https://hub.example/", FEED_URL)
BASE = "https://news.example.org/websub/"


async def offered(db: Database) -> None:
    """The one source names a hub."""
    await add_source(db)
    secrets = iter(["path", "secret"])
    async with db.write() as session:
        await subscriptions.offer(session, 1, HUB, new_secret=lambda: next(secrets), now=NOW)


async def claim(db: Database) -> list[Subscription]:
    tidied = subscriptions.Tidied()
    return await subscriptions.claim_due(db, limit=9, now=NOW, lease=lease(), base=BASE, tidied=tidied)


async def said(db: Database, decision: Confirmed | Denied) -> None:
    async with db.write() as session:
        known = await subscriptions.lock_at(session, "path")
        assert known is not None
        await subscriptions.record_intent(session, known, decision)


def run(url: URL, act: Any) -> Any:
    driver = "sqlite" if url.get_backend_name() == "sqlite" else "postgresql+psycopg"
    engine = create_engine(url.set(drivername=driver))
    try:
        with engine.begin() as connection:
            return act(connection)
    finally:
        engine.dispose()


def test_a_database_from_before_keeps_its_sources(empty_url: URL) -> None:
    folder = resources.files("migrations")
    (name,) = (file.name[:-3] for file in folder.joinpath("versions").iterdir() if file.name.endswith("_websub.py"))
    before = import_module(f"migrations.versions.{name}").down_revision

    def upgrade(connection: Connection) -> None:
        config = Config()
        config.set_main_option("script_location", str(folder))
        config.set_main_option("path_separator", "os")
        config.attributes["connection"] = connection
        command.upgrade(config, before)

    run(empty_url, upgrade)
    source = (
        "INSERT INTO sources (id, url, title, tags, enabled, created_at, item_hashes, next_poll_at, status, failures,"
        " moved_seen, backoff_seconds, moments, skip_hours, skip_days) VALUES (7, 'https://news.example/', 'News',"
        " '[]', true, '2026-11-22 08:00:00', '', '2026-11-22 08:00:00', 'ok', 0, 0, 0, '[]', '[]', '[]')"
    )
    run(empty_url, lambda connection: connection.execute(text(source)))
    migrate(empty_url)
    kept = run(
        empty_url,
        lambda connection: connection.execute(text("SELECT id, title, relied_until, pinged_at FROM sources")).one(),
    )
    assert tuple(kept) == (7, "News", None, None)


async def test_claims_of_a_dead_process_are_given_back(db: Database) -> None:
    await offered(db)
    assert len(await claim(db)) == 1
    assert await pushes.keep(db, await found(db), body=b"x", body_hash="h", content_type=None, now=NOW)
    assert len(await pushes.claim_due(db, limit=9, now=NOW, lease=lease())) == 1
    assert (await claim(db), await pushes.claim_due(db, limit=9, now=NOW, lease=lease())) == ([], [])
    async with db.write() as session:
        await release_all(session)
    assert len(await claim(db)) == 1
    assert len(await pushes.claim_due(db, limit=9, now=NOW, lease=lease())) == 1


async def found(db: Database) -> Subscription:
    async with db.read() as session:
        known = await subscriptions.at_path(session, "path")
    assert known is not None
    return known


async def test_the_same_bytes_at_the_same_moment_are_kept_once(db: Database) -> None:
    """Two processes share a database, and a hub sends twice."""
    await offered(db)
    known = await found(db)
    other = Database(db.url)
    try:
        kept = await asyncio.gather(
            *(
                pushes.keep(program, known, body=b"x", body_hash="h", content_type=None, now=NOW)
                for program in (db, other) * 4
            )
        )
    finally:
        await other.close()
    assert sorted(kept) == [False] * 7 + [True]
    assert await count(db, "pushes") == [1]


async def test_a_push_for_a_subscription_that_has_just_ended_is_dropped(db: Database) -> None:
    await offered(db)
    known = await found(db)
    async with db.write() as session:
        await subscriptions.offer(session, 1, None, new_secret=str, now=NOW)
    assert not await pushes.keep(db, known, body=b"x", body_hash="h", content_type=None, now=NOW)


async def test_a_source_tells_of_its_hub_in_words_and_without_secrets(db: Database) -> None:
    await add_source(db)
    shown = await one(db, "source", FEED_URL)
    assert shown is not None
    assert shown["websub"] is None
    async with db.write() as session:
        secrets = iter(["path", "secret"])
        await subscriptions.offer(session, 1, HUB, new_secret=lambda: next(secrets), now=NOW)
    await said(db, Confirmed(NOW + timedelta(days=7), NOW + timedelta(days=6)))
    shown = await one(db, "source", FEED_URL)
    assert shown is not None
    assert shown["websub"] == {
        "hub": HUB.url,
        "topic": FEED_URL,
        "state": "active",
        "words": "hub.example pushes new items until 2026-11-29 08:00 UTC; nothing was pushed yet.",
        "good_until": "2026-11-29T08:00:00.000Z",
        "last_push_at": None,
        "next_try_at": "2026-11-28T08:00:00.000Z",
        "failures": 0,
        "last_error": None,
    }
    await said(db, Denied("no such topic", NOW))
    shown = await one(db, "source", FEED_URL)
    assert shown is not None
    assert shown["websub"]["words"].startswith("hub.example does not push this feed: no such topic.")


@pytest.mark.parametrize("times", [1, 3])
async def test_the_same_offer_again_changes_nothing(db: Database, times: int) -> None:
    await offered(db)
    for _ in range(times):
        async with db.write() as session:
            await subscriptions.offer(session, 1, HUB, new_secret=lambda: pytest.fail("asked"), now=NOW)
    assert (await row(db, "subscriptions")).path == "path"
