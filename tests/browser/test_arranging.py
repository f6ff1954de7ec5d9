"""Stories that are taken apart and put together by hand, and searches that are kept; with and without JavaScript."""

import re
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest
import pytest_asyncio
from playwright.async_api import Browser

from tests.browser.house import House, open_copy
from tests.browser.visitor import Visitor, visiting

pytestmark = pytest.mark.asyncio(loop_scope="package")


@pytest_asyncio.fixture(loop_scope="package", params=[True, False], ids=["with scripts", "without scripts"])
async def editor(
    request: pytest.FixtureRequest, browser: Browser, house: House, tmp_path: Path
) -> AsyncIterator[Visitor]:
    async with (
        open_copy(house, tmp_path) as copy,
        visiting(browser, copy.base, java_script_enabled=request.param) as visitor,
    ):
        yield visitor


async def test_a_story_is_taken_apart_and_put_together(editor: Visitor) -> None:
    page = await editor.go("/")  # whose stories are those that most tell
    await page.locator("ol.stories h3 a").first.click()
    await page.wait_for_url("**/stories/*")
    whole, before = editor.path, await articles(editor)
    assert before > 2
    await editor.presses(re.compile("^Not this story"))
    alone = editor.path.partition("?")[0]
    assert alone != whole
    assert "has a story of its own" in await page.get_by_role("status").inner_text()
    assert await articles(editor) == 1
    await editor.go(whole)
    assert await articles(editor) == before - 1

    await page.get_by_text("Another story tells the same news").click()
    await page.get_by_label("Its number or address").fill("no such thing")
    await editor.presses("Make them one")
    assert "write the story's number" in await page.get_by_role("alert").inner_text()
    await page.get_by_label("Its number or address").fill(editor.base + alone)
    await editor.presses("Make them one")
    assert "one story now" in await page.get_by_role("status").inner_text()
    assert await articles(editor) == before


async def test_a_question_becomes_a_search_a_feed_and_a_rule(editor: Visitor) -> None:
    page = await editor.go("/stream")
    await page.get_by_label("Search", exact=True).fill("servers NOT salience:passing")
    await editor.presses("Search")
    await editor.follows("Save this", within="main")
    assert re.search(r"\d+ found in the last 7 days", await editor.text()), "a preview, before it is saved"
    await page.get_by_label("Name", exact=True).fill("server news")
    await editor.presses("Save")
    assert "Saved." in await page.get_by_role("status").inner_text()

    await editor.presses("Make addresses with a key")
    address = await page.get_by_label("Atom").input_value()
    async with httpx.AsyncClient(trust_env=False) as reader:
        assert "<entry>" in (await reader.get(address)).text

    await editor.presses("Make the rule")
    assert editor.path.startswith("/rules")
    assert await page.get_by_role("row").filter(has_text="server news").count() == 1
    await editor.go("/searches")
    assert "by key" in await page.get_by_role("row").filter(has_text="server news").inner_text()


async def articles(visitor: Visitor) -> int:
    return await visitor.page.locator("ol.timeline > li").count()
