from collections.abc import AsyncIterator

import pytest

from service.store.engine import Database
from tests.web.serving import Site, open_site


@pytest.fixture
async def site(db: Database) -> AsyncIterator[Site]:
    """On each engine."""
    async with open_site(db) as opened:
        yield opened
