"""From nothing to an alert and back to its story, as a new user goes it; with and without JavaScript."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Browser, Page

from tests.browser.house import House, open_empty
from tests.browser.visitor import Visitor, visiting
from tests.pipeline.site import Site

pytestmark = pytest.mark.asyncio(loop_scope="package")

COMPANY = "Zephyrine Works"


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
async def test_from_nothing_to_a_story(browser: Browser, house: House, tmp_path: Path, scripts: bool) -> None:
    folder = f"/whole-{scripts}".lower()
    site = a_paper(house.press, folder)
    hook = house.press.says(f"{folder}/hook", "taken", type="text/plain")
    async with (
        open_empty(house, tmp_path) as fresh,
        visiting(browser, fresh.base, java_script_enabled=scripts) as visitor,
    ):
        page = await visitor.go("/")
        await visitor.follows(re.compile("welcome|begin|start|set up", re.IGNORECASE), within="main")
        assert visitor.path == "/welcome"

        await page.get_by_label("Names of your own").fill(COMPANY)
        await visitor.presses("Track these")
        assert COMPANY in await visitor.text()

        await visitor.follows("Add one by its address")
        await page.get_by_label("Address of a site or a feed").fill(site)
        await visitor.presses("Find feeds")
        await page.get_by_role("group", name=re.compile("Which of these feeds")).get_by_role("checkbox").check()
        await visitor.presses("Add")

        await visitor.go("/welcome")
        await page.get_by_label("A webhook’s address, or a mail address").fill(hook)
        await visitor.presses("Save and test")
        assert "The test arrived" in await visitor.text()

        await visitor.presses("Look now, and watch them come in")
        await visitor.until(lambda: says(visitor, COMPANY), "the first mention is shown")

        news(house.press, folder, "second", f"{COMPANY} buys a shipyard", f"{COMPANY} has bought a shipyard in Turku.")
        await visitor.go("/sources")
        await visitor.follows(re.compile("Trade Press"), within="main tbody")
        await visitor.presses("Poll now")
        alert = await told(visitor, house.press, f"{folder}/hook", "shipyard")
        await visitor.go(f"/alerts/{alert['id']}")
        await visitor.until(lambda: is_sent(page), "the receiver's answer is in the ledger")
        await visitor.follows(re.compile("^Story"), within="main")
        assert re.match(r"/stories/\d+", visitor.path)
        assert f"{COMPANY} buys a shipyard" in await visitor.text()


async def is_sent(page: Page) -> bool:
    return "sent" in await page.get_by_role("heading", level=3).first.inner_text()


def a_paper(press: Site, folder: str) -> str:
    """The address of a site that names its feed, in which one item stands."""
    news(press, folder, "first", f"{COMPANY} opens a yard", f"{COMPANY} has opened a yard in Brest.")
    feed = press.url(f"{folder}/news.rss")
    link = f"<link rel='alternate' type='application/rss+xml' title='All news' href='{feed}'>"
    return press.says(f"{folder}/", f"<html><head><title>A paper</title>{link}</head><body>Hello</body></html>")


def news(press: Site, folder: str, name: str, title: str, text: str) -> None:
    press.page(f"{folder}/{name}", title, f"{text}\nThe company did not say what was paid.\n{text}")
    press.feed(f"{folder}/news.rss", (f"{folder}/{name}", title, text))


async def says(visitor: Visitor, words: str) -> bool:
    return words in await visitor.text()


async def told(visitor: Visitor, press: Site, path: str, words: str) -> dict[str, Any]:
    """The alert in the web hook that speaks of this."""

    async def arrived() -> list[dict[str, Any]]:
        bodies = [json.loads(body)["data"] for where, body, _ in press.received if where == path]
        return [data for data in bodies if words in json.dumps(data)]

    await visitor.until(arrived, "the web hook arrived")
    return (await arrived())[0]
