"""Search and triage, as an analyst does them: with the mouse, with the keyboard, and without JavaScript."""

import re
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path

import httpx
import pytest
import pytest_asyncio
from playwright.async_api import Browser, Locator, ViewportSize, expect
from sqlalchemy import delete

from service.api.context import Running
from service.bootstrap import now
from service.store.tables import ArticleRow
from tests.browser.house import House, open_copy
from tests.browser.visitor import DESK, PHONE, Visitor, visiting
from tests.web.desk import Desk

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


async def test_going_through_a_page_without_leaving_it(browser: Browser, house: House, tmp_path: Path) -> None:
    """By buttons, without JavaScript."""
    async with open_copy(house, tmp_path) as copy, visiting(browser, copy.base, java_script_enabled=False) as reader:
        page = await reader.go("/stream?q=Supermicro")
        first = await items(reader).first.get_attribute("data-item")
        async with page.expect_navigation():
            await items(reader).first.get_by_role("button", name=re.compile("^starred")).click()
        assert "q=Supermicro" in page.url, "back where one was"
        assert await page.locator("main [aria-pressed=true]").count() == 1
        await reader.follows("Starred")
        assert [await one.get_attribute("data-item") for one in await items(reader).all()] == [first]
        await reader.go("/stream?q=Supermicro")
        await reader.presses(re.compile("^Done with all"))
        assert first not in [await one.get_attribute("data-item") for one in await items(reader).all()]


async def test_new_mentions_are_told_as_they_come(browser: Browser, house: House, tmp_path: Path) -> None:
    """By an event: asking now and then would take longer than is waited here."""
    async with open_copy(house, tmp_path) as copy, visiting(browser, copy.base) as reader:
        async with reader.page.expect_response("**/api/v1/mentions*"):  # the one question that a page asks of itself
            page = await reader.go("/stream?entity=HPE")
        desk = Desk(copy.app.db, now())
        await desk.publish("HPE opens a window", names={"HPE": ["HPE"]}, source="https://new.example.org/feed")
        await expect(page.get_by_role("status").get_by_role("link")).to_have_text("1 new mention", timeout=15_000)
        await page.get_by_role("status").get_by_role("link").click()
        await expect(items(reader).first).to_contain_text("HPE opens a window")


async def test_where_no_stream_is_to_be_had_new_mentions_are_asked_for(
    browser: Browser, house: House, tmp_path: Path
) -> None:
    """The page's clock is turned on, instead of waiting for it."""
    async with open_copy(house, tmp_path) as copy, crowded(copy), visiting(browser, copy.base) as reader:
        await reader.page.clock.install()
        async with reader.page.expect_response("**/api/v1/events*") as refused:
            page = await reader.go("/stream?entity=HPE")
        assert (await refused.value).status == 429
        desk = Desk(copy.app.db, now())
        await desk.publish("HPE opens a window", names={"HPE": ["HPE"]}, source="https://new.example.org/feed")
        async with page.expect_response("**/api/v1/mentions*"):
            await page.clock.fast_forward("00:30")
        await expect(page.get_by_role("status").get_by_role("link")).to_have_text("1 new mention")


@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
async def test_what_is_read_stays_where_it_is_when_news_come(
    browser: Browser, house: House, tmp_path: Path, size: ViewportSize
) -> None:
    async with open_copy(house, tmp_path) as copy, visiting(browser, copy.base, viewport=size) as reader:
        async with reader.page.expect_response("**/api/v1/mentions*"):
            page = await reader.go("/stream?entity=HPE")
        before = await items(reader).first.bounding_box()
        desk = Desk(copy.app.db, now())
        await desk.publish("HPE opens a window", names={"HPE": ["HPE"]}, source="https://new.example.org/feed")
        pill = page.get_by_role("status").get_by_role("link")
        await expect(pill).to_be_visible(timeout=15_000)
        assert await items(reader).first.bounding_box() == before
        await page.mouse.wheel(0, 3000)
        await expect(pill).to_be_in_viewport()


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

    async def test_read_starred_and_done_are_there_in_another_browser(
        self, browser: Browser, house: House, tmp_path: Path
    ) -> None:
        async with open_copy(house, tmp_path) as copy:
            async with visiting(browser, copy.base) as here:
                page = await here.go(OURS)
                first, second = [str(await items(here).nth(place).get_attribute("data-item")) for place in (0, 1)]
                for key, said in (("j", None), ("s", "starred"), ("r", "read"), ("r", "not read"), ("d", "done")):
                    if said is None:
                        await page.keyboard.press(key)
                        continue
                    async with page.expect_response("**/triage") as answer:
                        await page.keyboard.press(key)
                    assert (await answer.value).status == 204
                    assert f"say={said.replace(' ', '+')}" in str((await answer.value).request.post_data)
                assert not await page.locator(f'[data-item="{first}"]').is_visible(), "what is done makes room"
                focused = await page.evaluate("document.activeElement.dataset.item")
                assert focused == second, "and the next one is the current one"
            async with visiting(browser, copy.base) as there:
                page = await there.go(OURS)
                assert await items(there).first.get_attribute("data-item") == second
                await there.follows("Done")
                assert await page.locator(f'[data-item="{first}"].starred.done:not(.read)').is_visible()

    async def test_a_word_that_was_not_kept_is_taken_back(self, browser: Browser, house: House, tmp_path: Path) -> None:
        async with open_copy(house, tmp_path) as copy, visiting(browser, copy.base) as reader:
            page = await reader.go(OURS)
            async with copy.app.db.write() as session:
                await session.execute(delete(ArticleRow))  # as if the page had been open for months
            await page.keyboard.press("j")
            async with page.expect_response("**/triage") as answer:
                await page.keyboard.press("s")
            assert (await answer.value).status == 404
            star = items(reader).first.get_by_role("button", name=re.compile("^starred"))
            await expect(star).to_have_attribute("aria-pressed", "false")

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
        utc = str(await time.get_attribute("datetime"))
        minutes = int(utc[11:13]) * 60 + int(utc[14:16]) + 9 * 60
        clock = f"{minutes // 60 % 24:02d}:{minutes % 60:02d}"
        assert f"{clock} Asia/Tokyo, {utc}" in str(await time.get_attribute("title"))
        await expect(time).to_have_text(re.compile(r"just now|\d+ (min|h) ago"))
        await page.keyboard.press("j")
        await expect(time).to_have_text(re.compile(clock))
        await page.keyboard.press("j")
        await expect(time).to_have_text(re.compile("now|ago"))
        assert "Asia/Tokyo" in await page.locator("footer").inner_text()


@asynccontextmanager
async def crowded(house: House) -> AsyncIterator[None]:
    """As many listen to events as this newsvane allows."""
    async with AsyncExitStack() as stack:
        limits = httpx.Limits(max_connections=None)
        client = await stack.enter_async_context(httpx.AsyncClient(base_url=house.base, trust_env=False, limits=limits))
        for _ in range(Running.most_streams):
            answer = await stack.enter_async_context(client.stream("GET", "/api/v1/events", timeout=60))
            assert answer.status_code == httpx.codes.OK
        yield


def items(visitor: Visitor) -> Locator:
    return visitor.page.locator("main [data-item]")
