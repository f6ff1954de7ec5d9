from collections.abc import AsyncIterator

import pytest

from scrapers.guard import AddressGuard
from scrapers.hosts import HostLimits
from scrapers.http import WebClient
from tests.scrapers.hazards import Hazards, hazard_server


@pytest.fixture
async def hazards() -> AsyncIterator[Hazards]:
    async with hazard_server() as server:
        yield server


@pytest.fixture
async def client() -> AsyncIterator[WebClient]:
    """May reach 127.0.0.1 only, with small caps so that tests are quick."""
    async with WebClient(
        user_agent="newsvane-test/1",
        guard=AddressGuard(["127.0.0.1/32"]),
        hosts=HostLimits(spacing=0, concurrency=10),
        max_bytes=100_000,
        deadline=5,
    ) as web:
        yield web
