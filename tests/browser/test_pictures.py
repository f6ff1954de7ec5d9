"""Pictures of the main pages for whoever judges a change: in NEWSVANE_TEST_PICTURES, else where pytest keeps files."""

import asyncio
import os
from pathlib import Path

import pytest
from playwright.async_api import Browser

from tests.browser.house import House
from tests.browser.pictures import LOOKS, PAGES, take

pytestmark = pytest.mark.asyncio(loop_scope="package")


async def test_pictures_of_the_main_pages(browser: Browser, house: House, tmp_path: Path) -> None:
    folder = Path(os.environ.get("NEWSVANE_TEST_PICTURES") or tmp_path)
    await asyncio.to_thread(folder.mkdir, parents=True, exist_ok=True)
    taken = await take(browser, house.base, folder, [(path, look) for path in PAGES for look in LOOKS])
    assert len({file.read_bytes() for file in taken}) == len(PAGES) * len(LOOKS), "each shows something of its own"
