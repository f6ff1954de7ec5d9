"""One Chromium and one newsvane for the whole folder; a context for each test."""

import os
from collections.abc import AsyncIterator

import httpx
import pytest
import pytest_asyncio
from playwright.async_api import Browser

from tests.browser.house import House, open_house
from tests.browser.sights import Sights, look_around
from tests.browser.visitor import Visitor, executable, launched, visiting


def chromium() -> str:
    """Where Chromium is. Without one the tests are skipped, but never where a change is judged."""
    found = executable()
    if found is None:
        missing = "no chromium on the PATH: apt-get install chromium, or what your system calls it"
        if os.environ.get("CI"):
            pytest.fail(missing)
        pytest.skip(missing)
    return found


@pytest_asyncio.fixture(scope="package", loop_scope="package")
async def browser() -> AsyncIterator[Browser]:
    async with launched(chromium()) as opened:
        yield opened


@pytest_asyncio.fixture(scope="package", loop_scope="package")
async def house(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[House]:
    async with open_house(tmp_path_factory.mktemp("house")) as opened:
        yield opened


@pytest_asyncio.fixture(loop_scope="package")
async def visitor(browser: Browser, house: House) -> AsyncIterator[Visitor]:
    """At a desk, with JavaScript."""
    async with visiting(browser, house.base) as somebody:
        yield somebody


@pytest_asyncio.fixture(loop_scope="package")
async def plain_visitor(browser: Browser, house: House) -> AsyncIterator[Visitor]:
    """Without JavaScript."""
    async with visiting(browser, house.base, java_script_enabled=False) as somebody:
        yield somebody


@pytest_asyncio.fixture(scope="package", loop_scope="package")
async def sights(house: House) -> Sights:
    """All kinds of pages, those that show hostile texts first."""
    async with httpx.AsyncClient(base_url=house.base, trust_env=False, timeout=60) as client:
        found = await client.get("/api/v1/articles", params={"q": "planted", "limit": "1"})
        article = found.json()["items"][0]["id"]
        return await look_around(client, ("/", f"/articles/{article}"))
