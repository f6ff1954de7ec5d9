"""The steps with real tools: a loopback site, the real client, parsing processes that all tests share."""

import asyncio
from collections.abc import AsyncIterator, Iterator

import pytest

from scrapers.guard import AddressGuard
from scrapers.hosts import HostLimits
from scrapers.http import WebClient
from scrapers.workers import ParserPool
from service.store.engine import Database
from tests.pipeline.site import Site, open_site
from tests.pipeline.telling import furnished
from tests.pipeline.tools import Tools


@pytest.fixture(scope="package")
def parser() -> Iterator[ParserPool]:
    pool = ParserPool(1)
    yield pool
    asyncio.run(pool.close())


@pytest.fixture
async def site() -> AsyncIterator[Site]:
    async with open_site() as server:
        yield server


@pytest.fixture
async def web() -> AsyncIterator[WebClient]:
    guard = AddressGuard(["127.0.0.1/32"])
    async with WebClient(user_agent="newsvane-tests/1", guard=guard, hosts=HostLimits(0, 20), deadline=10) as client:
        yield client


@pytest.fixture
async def desk(tools: Tools) -> Tools:
    """See ``telling.furnished``."""
    return await furnished(tools)


@pytest.fixture
def tools(db: Database, web: WebClient, parser: ParserPool) -> Tools:
    return Tools(db, web, parser)
