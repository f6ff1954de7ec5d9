"""A database that the sample world filled, as the demo does: made once, read by many tests."""

import asyncio
from datetime import UTC, datetime
from pathlib import Path

import pytest

from service.bootstrap import now, open_app
from service.demo.receivers import MailReceiver, WebhookReceiver
from service.demo.server import WorldServer
from service.demo.show import demo_settings, demo_watchlist
from service.store import sources
from tests.cli.command import Command

SECRET = "whsec_bmV3c3ZhbmUtZGVtbw=="


@pytest.fixture(scope="session")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Command:
    """A command over yesterday's and today's items. Whoever changes the database takes a copy."""
    folder = tmp_path_factory.mktemp("filled")
    asyncio.run(_fill(folder))
    return Command(folder, {})


@pytest.fixture
def scratch(filled: Command, tmp_path: Path) -> Command:
    """The same over a copy of its own."""
    return filled.copy(tmp_path)


@pytest.fixture
def empty(tmp_path: Path) -> Command:
    """A command in a folder without a database."""
    return Command(tmp_path, {})


async def _fill(folder: Path) -> None:
    async with WorldServer(now()) as world, WebhookReceiver(SECRET) as hook, MailReceiver() as mail:
        (folder / "watchlist.yaml").write_text(demo_watchlist(world, hook), encoding="utf-8")
        async with open_app(demo_settings(folder, mail)) as app:
            for _ in range(2):
                async with app.db.write() as session:
                    await sources.make_due(session, now())
                await app.one_pass()
                world.advance()


def moment() -> datetime:
    """Any time will do."""
    return datetime(2026, 11, 22, 8, tzinfo=UTC)
