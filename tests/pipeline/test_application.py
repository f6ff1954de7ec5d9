"""The whole application, composed as the program composes it: feed in, webhook out."""

import asyncio
import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr
from sqlalchemy.engine import URL

from service.bootstrap import Settings, SettingsError, open_app, open_database
from service.search import Ask, page
from service.settings import load_settings
from service.store import sources
from service.store import watchlist as stored
from service.store.engine import Database
from service.watchlist import apply, parse_watchlist
from tests.pipeline.site import Site
from tests.store.steps import NOW, count, lease, rows

STORY = (
    "HPE has won a contract for servers that is worth more than a billion dollars, people who know of it said.\n"
    "The machines are to be delivered before the summer, and the buyer asked three makers for an offer.\n"
    "Neither company wanted to comment on the price, which was settled last week after a long negotiation."
)


def settings_for(url: URL, watchlist: Path | None, **more: Any) -> Settings:
    return load_settings(
        {},
        database_url=SecretStr(url.render_as_string(hide_password=False)),
        watchlist=watchlist,
        allowed_networks=("127.0.0.1/32",),
        allowed_alert_networks=("127.0.0.1/32",),
        host_spacing=0.0,
        first_poll_spread=timedelta(),
        workers=1,
        **more,
    )


def watch(site: Site, folder: Path) -> Path:
    file = folder / "watchlist.yaml"
    file.write_text(
        f"""
sources: [{{url: "{site.url("/feed")}", title: Trade Press}}]
entities: [{{name: HPE, aliases: [HPE]}}]
rules: [{{name: all, query: "entity:*", channels: [hook]}}]
channels: [{{name: hook, type: webhook, url: "{site.url("/hook")}"}}]
"""
    )
    return file


async def test_one_pass_from_the_feed_to_the_webhook(database_url: URL, site: Site, tmp_path: Path) -> None:
    site.page("/1", "HPE wins a deal", STORY)
    site.feed("/feed", ("/1", "HPE wins a deal", "A summary."), ("/2", "HPE again", "HPE said more."))
    site.says("/hook")
    settings = settings_for(database_url, watch(site, tmp_path))
    async with open_app(settings) as app, asyncio.timeout(60):
        await app.one_pass()
        assert await count(app.db, "articles", "mentions", "alerts", "deliveries") == [2, 2, 1, 1]
        assert [line["title"] for line in (await page(app.db, "mentions", Ask("contract"), now=NOW)).lines] == [
            "HPE wins a deal"
        ]
        assert await app.drain() == 0
    ((path, body, _),) = site.received
    assert path == "/hook"
    assert json.loads(body)["data"]["mention_count"] == 2
    # a second start finds everything as it was
    async with open_app(settings) as app, asyncio.timeout(60):
        await app.one_pass()
        assert await count(app.db, "sources", "articles", "mentions", "alerts", "attempts") == [1, 2, 2, 1, 1]


async def test_a_stop_in_the_middle_leaves_the_work_due(database_url: URL, site: Site, tmp_path: Path) -> None:
    """The page never answers: the article is given back whole, and the next start reads it."""
    site.silent.add("/1")
    site.says("/hook")
    site.feed("/feed", ("/1", "HPE wins a deal", "A summary."))
    settings = settings_for(database_url, watch(site, tmp_path), drain=timedelta(seconds=0))
    async with open_app(settings) as app, asyncio.timeout(60):
        app.polls.kick()
        await site.reached.wait()
        assert await app.drain() == 1
        (article,) = await rows(app.db, "articles")
        assert (article.state, article.attempts, article.lease_token) == ("due", 0, None)
    site.silent.clear()
    site.page("/1", "HPE wins a deal", STORY)
    async with open_app(settings) as app, asyncio.timeout(60):
        await app.one_pass()
        assert await count(app.db, "mentions", "alerts") == [1, 1]


async def test_the_bundled_watch_list_is_applied_once(tmp_path: Path) -> None:
    """What a user took off it stays off."""
    settings = settings_for(URL.create("sqlite", database=str(tmp_path / "folder" / "new.db")), None)
    async with open_app(settings) as app:
        first = await count(app.db, "entities")
        async with app.db.write() as session:
            await stored.remove(session, "entity", ["Oracle"])
    async with open_app(settings) as app:
        assert await count(app.db, "entities") == [first[0] - 1]


async def test_the_bundled_watch_list_leaves_alone_what_was_defined_before_the_first_start(tmp_path: Path) -> None:
    """Of entities of one's own none is changed and none is added; the sources, of which there was none, come."""
    settings = settings_for(URL.create("sqlite", database=str(tmp_path / "new.db")), None)
    own = parse_watchlist("entities: [{name: Oracle, aliases: [Oracle Corp]}]")
    async with open_database(settings) as db:
        await apply(db, own, now=NOW, random=lambda: 0.5, spread=timedelta())
        async with db.read() as session:
            before = await stored.entity_definitions(session)
    async with open_app(settings) as app, app.db.read() as session:
        assert await stored.entity_definitions(session) == before
        assert await stored.source_specs(session)
        assert "every mention" in {rule.name for rule in await stored.rules(session)}


async def test_claims_of_a_dead_process_are_given_back_at_the_start(site: Site, tmp_path: Path) -> None:
    site.feed("/feed", ("/1", "HPE", "HPE."))
    site.says("/hook")
    settings = settings_for(URL.create("sqlite", database=str(tmp_path / "new.db")), watch(site, tmp_path))
    async with open_app(settings) as app:
        assert len(await sources.claim_due(app.db, limit=9, now=NOW + timedelta(days=3650), lease=lease())) == 1
    async with open_app(settings) as app, asyncio.timeout(60):
        await app.one_pass()
        assert await count(app.db, "mentions") == [1]


@pytest.mark.parametrize(
    ("more", "problem"),
    [
        ({"watchlist": Path("/nowhere/list.yaml")}, "NEWSVANE_WATCHLIST: /nowhere/list.yaml cannot be read"),
        ({"smtp_url": SecretStr("gopher://x")}, "NEWSVANE_SMTP_URL: "),
        ({"database_url": SecretStr("mysql://host/name")}, "NEWSVANE_DATABASE_URL: mysql is not supported"),
    ],
)
async def test_a_setting_that_cannot_be_used_is_named(tmp_path: Path, more: dict[str, object], problem: str) -> None:
    settings = settings_for(URL.create("sqlite", database=str(tmp_path / "new.db")), None)
    with pytest.raises(SettingsError, match=problem):
        async with open_app(settings.model_copy(update=more)):
            pass


async def test_a_database_is_made_and_migrated(tmp_path: Path) -> None:
    file = tmp_path / "a" / "b" / "new.db"
    settings = settings_for(URL.create("sqlite", database=str(file)), None)
    async with open_database(settings) as db:
        assert isinstance(db, Database)
        assert db.file == file
        assert await count(db, "sources") == [0]
