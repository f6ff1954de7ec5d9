"""Migrations keep what an older version wrote."""

import asyncio
from importlib import resources

import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import URL, Connection, text
from sqlalchemy.ext.asyncio import create_async_engine

from service.search import Ask, one, page
from service.store import once
from service.store.engine import Database
from service.store.migrate import migrate
from tests.store.steps import MINUTE, NOW, entry, fresh, poll, row, rows

OLD_ROWS = """
INSERT INTO sources (id, url, title, tags, enabled, created_at, item_hashes, next_poll_at, status, failures, moved_seen,
  backoff_seconds, moments, skip_hours, skip_days, baseline_at)
VALUES (1, 'https://news.example/feed', 'News', '[]', true, :now, :empty, :now, 'ok', 0, 0, 0, '[]', '[]', '[]', :now);
INSERT INTO articles (id, url, title, text, feed_text, discovered_at, source_id, source, tags, baseline, held, state,
  attempts, next_read_at, rejected, origin, read_at)
VALUES (1, 'https://news.example/1', 'Title 1', 'Text.', '', :now, 1, 'News', '[]', false, '[]', 'read', 0, :now, '[]',
  'page', :now);
INSERT INTO article_addresses (key, article_id) VALUES ('news.example/1', 1);
INSERT INTO entries (source_id, article_id, guid, url, title, first_seen_at)
VALUES (1, 1, 'guid-1', 'https://news.example/1', 'Title 1', :now);
INSERT INTO mentions (id, article_id, entity, confidence, salience, count, spans, evidence, snippet, discovered_at,
  backfilled)
VALUES (1, 1, 'HPE', 0.9, 'main', 1, '[]', '[]', '', :now, false)
"""


OLD_KEYS = """
INSERT INTO tokens (id, name, hash, shown, scope, created_at, revoked_at)
VALUES (3, 'ci', 'a', 'nv_a', 'write', :now, :now);
INSERT INTO tokens (id, name, hash, shown, scope, created_at) VALUES (7, 'ci', 'b', 'nv_b', 'write', :now);
INSERT INTO users (id, name, password, scope, created_at) VALUES (2, 'ana', 'p', 'write', :now);
INSERT INTO once (caller, key, request, status, answer, created_at) VALUES ('ci', 'k', 'r', 201, 'of ci', :now);
INSERT INTO once (caller, key, request, status, answer, created_at) VALUES ('ana', 'k', 'r', 201, 'of ana', :now);
INSERT INTO once (caller, key, request, status, answer, created_at) VALUES ('this machine', 'k', 'r', 201, 'ours', :now)
"""


QUESTIONS = ("text", '"title 1"', "title:1", "title:text", '"1 text"')


@pytest.fixture
async def old_database(empty_url: URL) -> URL:
    """As the first version left it, with an article that was read and its mention."""
    await left_by("0001", empty_url, OLD_ROWS)
    return empty_url


async def left_by(version: str, url: URL, statements: str) -> None:
    engine = create_async_engine(url)

    def fill(connection: Connection) -> None:
        config = Config()
        config.set_main_option("script_location", str(resources.files("migrations")))
        config.set_main_option("path_separator", "os")
        config.attributes["connection"] = connection
        command.upgrade(config, version)
        for statement in statements.split(";"):
            wanted = {"now": NOW, "empty": b""}
            connection.execute(text(statement), {k: v for k, v in wanted.items() if f":{k}" in statement})

    try:
        async with engine.begin() as connection:
            await connection.run_sync(fill)
    finally:
        await engine.dispose()


async def test_idempotency_keys_stay_their_callers(empty_url: URL) -> None:
    """A request that is repeated over an upgrade is still done once."""
    await left_by("0019", empty_url, OLD_KEYS)
    await asyncio.to_thread(migrate, empty_url)
    db = Database(empty_url)
    try:
        async with db.read() as session:
            for caller, answer in (("token 7", "of ci"), ("user 2", "of ana"), ("this machine", "ours")):
                known = await once.answered(session, once.Key(caller, "k", "r"), now=NOW)
                assert known == once.Answer(201, answer, same=True)
    finally:
        await db.close()


async def test_old_articles_stay_and_are_not_all_read_again(old_database: URL) -> None:
    await asyncio.to_thread(migrate, old_database)
    db = Database(old_database)
    try:
        line = await one(db, "article", "https://www.news.example/1?utm_source=x")
        assert line is not None
        assert (line["title"], line["revisions"], line["date_note"]) == ("Title 1", [], None)
        assert [mention["withdrawn_at"] for mention in line["mentions"]] == [None]
        # what the old version did not keep of an item is no edit
        assert await poll(db, fresh(entry(1), body="b"), now=NOW) == 0
        assert (await row(db, "articles")).reread_at is None
        assert [known.digest is None for known in await rows(db, "entries")] == [False]
        assert await poll(db, fresh(entry(1, title="Edited"), body="c"), now=NOW + 30 * MINUTE) == 0
        assert (await row(db, "articles")).reread_at is not None
    finally:
        await db.close()


@pytest.mark.parametrize("empty_url", ["sqlite"], indirect=True)
async def test_old_articles_are_indexed_with_the_places_of_their_words(old_database: URL) -> None:
    await asyncio.to_thread(migrate, old_database)
    db = Database(old_database)
    try:
        found = [(await page(db, "articles", Ask(query), now=NOW)).lines for query in QUESTIONS]
        assert [len(lines) for lines in found] == [1, 1, 1, 0, 0]
    finally:
        await db.close()
