"""Migrations keep what an older version wrote."""

import asyncio
from importlib import resources

import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import URL, Connection, text
from sqlalchemy.ext.asyncio import create_async_engine

from service.search import one
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


@pytest.fixture
async def old_database(empty_url: URL) -> URL:
    """As the first version left it, with an article that was read and its mention."""
    engine = create_async_engine(empty_url)

    def fill(connection: Connection) -> None:
        config = Config()
        config.set_main_option("script_location", str(resources.files("migrations")))
        config.set_main_option("path_separator", "os")
        config.attributes["connection"] = connection
        command.upgrade(config, "0001")
        for statement in OLD_ROWS.split(";"):
            wanted = {"now": NOW, "empty": b""}
            connection.execute(text(statement), {k: v for k, v in wanted.items() if f":{k}" in statement})

    try:
        async with engine.begin() as connection:
            await connection.run_sync(fill)
    finally:
        await engine.dispose()
    return empty_url


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
