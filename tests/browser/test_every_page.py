"""Each page, whatever it shows: whole, harmless, readable by everybody, on a desk, in the dark and on a phone."""

import asyncio
from typing import Any

import pytest
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Browser, Page

from tests.browser import planted
from tests.browser.house import House
from tests.browser.looks import ALIVE, SIDEWAYS, TURNED, WIDER
from tests.browser.sights import Sights
from tests.browser.visitor import DESK, PHONE, Visitor, visiting

pytestmark = pytest.mark.asyncio(loop_scope="package")

_AXE = Axe().axe_script
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
EVERYTHING: dict[str, Any] = {"resultTypes": ["violations"], "runOnly": {"type": "tag", "values": RULES}}


async def test_every_link_leads_somewhere(sights: Sights) -> None:
    assert sights.broken == []
    assert {"/", "/sources"} <= set(sights.pages)


async def test_no_text_becomes_part_of_a_page(visitor: Visitor, sights: Sights) -> None:
    wrong: dict[str, list[str]] = {}
    planted_seen = 0
    for path in sights.pages:
        page = await visitor.go(path)
        found = await page.evaluate(ALIVE) + await page.evaluate(TURNED, planted.ARABIC)
        planted_seen += await page.evaluate("document.body.textContent.includes('x-planted')")
        if found:
            wrong[path] = found
    assert not wrong, told(wrong)
    assert planted_seen >= 2, "the hostile texts stand nowhere"


async def test_everybody_can_use_every_page(browser: Browser, house: House, sights: Sights) -> None:
    """axe-core's rules for WCAG 2.2 AA and good practice, in light and dark, at a desk and on a phone; nothing scrolls
    sideways."""
    left, wrong = iter(sights.pages), dict[str, list[str]]()

    async def look_at_the_next() -> None:
        async with visiting(browser, house.base, bypass_csp=True) as visitor:
            for path in left:
                if found := await _barriers(await visitor.go(path)):
                    wrong[path] = found

    await asyncio.gather(*(look_at_the_next() for _ in range(2)))
    assert not wrong, told(wrong)


async def test_a_table_reads_the_same_on_a_phone(plain_visitor: Visitor, sights: Sights) -> None:
    """Rows may become blocks there: to who listens it is the same table, with the same headings and cells; and nothing
    but a transcript has to be scrolled sideways."""
    wrong: dict[str, list[str]] = {}
    tables = 0
    for path in sights.pages:
        page = await plain_visitor.go(path)
        if not await page.locator("main table").count():
            continue
        await page.set_viewport_size(DESK)
        at_a_desk = await _heard_of_tables(page)
        await page.set_viewport_size(PHONE)
        on_a_phone = await _heard_of_tables(page)
        tables += [role for role, _ in on_a_phone].count("table")
        missing = [f"a desk has {one}" for one in at_a_desk if one not in on_a_phone]
        new = [f"a phone has {one}" for one in on_a_phone if one not in at_a_desk]
        same = len(at_a_desk) == len(on_a_phone)
        found = missing + new + await page.evaluate(SIDEWAYS) + ([] if same else ["not as many cells"])
        if found:
            wrong[path] = found
    assert not wrong, told(wrong)
    assert tables > 10


async def _heard_of_tables(page: Page) -> list[tuple[str, str]]:
    """Role and name (but for its spaces) of every part of a table, as the browser tells them to a screen reader."""
    session = await page.context.new_cdp_session(page)
    tree = await session.send("Accessibility.getFullAXTree")
    await session.detach()
    parts = {"table", "row", "columnheader", "rowheader", "cell"}
    heard = [
        (str(node["role"]["value"]), "".join(str(node.get("name", {}).get("value", "")).split()))
        for node in tree["nodes"]
        if not node["ignored"]
    ]
    return [one for one in heard if one[0] in parts]


async def _barriers(page: Page) -> list[str]:
    await page.evaluate(_AXE)
    return [
        *[
            told
            for size in (DESK, PHONE)
            for colours in ("light", "dark")
            for told in await _violations(page, colours, size)
        ],
        *await page.evaluate(WIDER),
    ]


async def _violations(page: Page, colours: Any, size: Any) -> list[str]:
    await page.emulate_media(color_scheme=colours)
    await page.set_viewport_size(size)
    result = await page.evaluate("options => axe.run(document, options)", EVERYTHING)
    return [
        f"{colours} {size['width']} px, {violation['id']}: {node['target']} {node['html'][:150]}"
        for violation in result["violations"]
        for node in violation["nodes"][:3]
    ]


def told(wrong: dict[str, list[str]]) -> str:
    return "\n".join(f"{path}\n    " + "\n    ".join(found) for path, found in wrong.items())
