"""Search and triage, as an analyst does them: with the mouse, with the keyboard, and without JavaScript."""

import re
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Locator

from tests.browser.house import House
from tests.browser.visitor import Visitor, visiting

OURS = "/stream?q=entity%3A*+NOT+planted"
"""What the other tests' hostile publisher has no part in."""

pytestmark = pytest.mark.asyncio(loop_scope="package")


@pytest_asyncio.fixture(loop_scope="package", params=[True, False], ids=["with scripts", "without scripts"])
async def reader(request: pytest.FixtureRequest, browser: Browser, house: House) -> AsyncIterator[Visitor]:
    async with visiting(browser, house.base, java_script_enabled=request.param) as visitor:
        yield visitor


async def test_search_narrow_down_and_see_why(reader: Visitor) -> None:
    page = await reader.go("/stream")
    await page.get_by_label("Search", exact=True).fill("servers NOT salience:passing")
    await reader.presses("Search")
    assert "q=servers+NOT+salience%3Apassing" in page.url, "the question is in the address"
    before = await items(reader).count()
    assert before > 2

    await reader.follows(re.compile("^Oracle$"), within="aside")
    assert 0 < await items(reader).count() < before
    for item in await items(reader).all():
        assert await item.get_by_role("link", name="Oracle", exact=True).count() == 1

    await items(reader).first.get_by_role("link", name=re.compile("^Why")).click()
    await page.wait_for_url("**/articles/*")
    assert await page.get_by_role("heading", name="Who is mentioned, and why").is_visible()
    assert await page.locator("main mark").count() > 0, "the names stand out"


async def test_a_mistake_is_shown_where_it_is(reader: Visitor) -> None:
    page = await reader.go("/stream")
    await page.get_by_label("Search", exact=True).fill("oracle AND (servers")
    await reader.presses("Search")
    assert await page.get_by_role("alert").locator("mark").count() == 1
    box = page.get_by_label("Search", exact=True)
    assert await box.input_value() == "oracle AND (servers", "what was typed is still there"
    assert await box.get_attribute("aria-invalid") == "true"


async def test_older_pages_are_read_without_gap_or_repeat(reader: Visitor) -> None:
    await reader.go(OURS)
    seen: list[str] = []
    for _ in range(20):
        seen += [str(await item.get_attribute("id")) for item in await reader.page.locator("[id^=m]").all()]
        if not await reader.page.get_by_role("link", name="Older").count():
            break
        await reader.follows("Older")
    mentions = [identity for identity in seen if re.fullmatch(r"m\d+", identity)]
    assert len(mentions) > 40
    assert len(mentions) == len(set(mentions))


async def test_a_mention_is_marked_wrong_and_right_again(reader: Visitor) -> None:
    page = await reader.go("/stream?q=Supermicro")
    for verdict in ("wrong", "right"):
        form = page.locator("main form.verdict").first
        async with page.expect_navigation():
            await form.get_by_role("button", name=verdict).click()
        assert await form.locator("[aria-pressed=true]").inner_text() == verdict
        assert "q=Supermicro" in page.url, "back where one was"


class TestKeys:
    async def test_moving_and_opening(self, visitor: Visitor) -> None:
        page = await visitor.go(OURS)
        for key, place in (("j", 0), ("j", 1), ("j", 2), ("k", 1)):
            await page.keyboard.press(key)
            assert await items(visitor).nth(place).evaluate("item => item === document.activeElement"), (key, place)
        chosen = await items(visitor).nth(1).get_attribute("data-item")
        async with page.expect_navigation():
            await page.keyboard.press("w")
        assert visitor.path == f"/articles/{chosen}"
        await page.keyboard.press("g")
        async with page.expect_navigation():
            await page.keyboard.press("m")
        assert visitor.path == "/stream"

    async def test_read_starred_and_done_outlive_the_page(self, visitor: Visitor) -> None:
        page = await visitor.go(OURS)
        shown = await items(visitor).count()
        first = str(await items(visitor).first.get_attribute("data-item"))
        for key in "jsd":
            await page.keyboard.press(key)
        await visitor.go(OURS)
        assert await visible(items(visitor)) == shown - 1
        assert "1 starred, 1 done" in await visitor.text()
        await page.get_by_role("button", name="show what is done").click()
        assert await page.locator(f'[data-item="{first}"]').is_visible()

    async def test_help_and_search_box(self, visitor: Visitor) -> None:
        page = await visitor.go("/stream")
        await page.keyboard.press("?")
        keys = page.get_by_role("dialog", name="Keys")
        assert await keys.is_visible()
        await page.keyboard.press("j")
        assert await page.locator(".current").count() == 0, "keys rest while the list of keys is open"
        await page.keyboard.press("Escape")
        assert not await keys.is_visible()
        await page.keyboard.press("/")
        await page.keyboard.type("jk?")
        assert await page.get_by_label("Search", exact=True).input_value() == "jk?", "typing is typing"
        assert not await keys.is_visible()


async def test_the_box_completes_a_word(visitor: Visitor) -> None:
    page = await visitor.go("/stream")
    box = page.get_by_label("Search", exact=True)
    await box.press_sequentially("servers entity:sup")
    await page.keyboard.press("ArrowDown")
    await page.keyboard.press("Enter")
    assert (await box.input_value()).strip() == "servers entity:Supermicro"


async def test_times_are_the_viewers(browser: Browser, house: House) -> None:
    async with visiting(browser, house.base, timezone_id="Asia/Tokyo") as visitor:
        page = await visitor.go("/stream")
        time = page.locator("main time").first
        utc, shown = str(await time.get_attribute("datetime")), await time.inner_text()
        minutes = int(utc[11:13]) * 60 + int(utc[14:16]) + 9 * 60
        assert shown.endswith(f"{minutes // 60 % 24:02d}:{minutes % 60:02d}")
        assert "Asia/Tokyo" in await page.locator("footer").inner_text()


def items(visitor: Visitor) -> Locator:
    return visitor.page.locator("main [data-item]")


async def visible(found: Locator) -> int:
    return sum([await one.is_visible() for one in await found.all()])
