import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from service.store.engine import Database
from tests.pipeline.site import Site as Publisher
from tests.pipeline.site import open_site as open_publisher
from tests.web.serving import Site, open_site


@pytest.fixture
async def site(sqlite_template: Path, tmp_path: Path) -> AsyncIterator[Site]:
    """Over SQLite: pages ask nothing that the API's tests do not ask on both engines."""
    file = tmp_path / "newsvane.db"
    shutil.copyfile(sqlite_template, file)
    db = Database(f"sqlite:///{file}")
    try:
        async with open_site(db) as opened:
            yield opened
    finally:
        await db.close()


@pytest.fixture
async def publisher() -> AsyncIterator[Publisher]:
    """Somebody else's server, on loopback: feeds, pages, and a receiver of webhooks."""
    async with open_publisher() as opened:
        yield opened
