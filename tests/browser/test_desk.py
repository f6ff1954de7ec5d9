"""The working pages, as an editor uses them: sources, rules, silences, alerts; with and without JavaScript."""

import re
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from playwright.async_api import Browser, expect

from tests.browser.house import SECRET, House
from tests.browser.visitor import Visitor, visiting

pytestmark = pytest.mark.asyncio(loop_scope="package")


@pytest_asyncio.fixture(loop_scope="package", params=[True, False], ids=["with scripts", "without scripts"])
async def editor(request: pytest.FixtureRequest, browser: Browser, house: House) -> AsyncIterator[Visitor]:
    async with visiting(browser, house.base, java_script_enabled=request.param) as visitor:
        yield visitor


@pytest.fixture
def name(request: pytest.FixtureRequest) -> str:
    """One that no other test uses."""
    return re.sub(r"\W+", " ", request.node.name.removeprefix("test_")).strip().replace("_", " ")


async def test_a_source_is_added_by_the_address_of_its_site(editor: Visitor, house: House, name: str) -> None:
    folder = "/" + name.replace(" ", "-")
    feed = house.press.feed(
        f"{folder}/news.rss", (f"{folder}/first", "Oracle opens an office", "Oracle has opened one.")
    )
    house.press.page(f"{folder}/first", "Oracle opens an office", "Oracle has opened an office in Bergen.\n" * 3)
    link = f"<link rel='alternate' type='application/rss+xml' title='All news' href='{feed}'>"
    site = house.press.says(f"{folder}/", f"<html><head><title>A paper</title>{link}</head><body>Hello</body></html>")

    page = await editor.go("/sources")
    await editor.follows(re.compile("Add"), within="main")
    await page.get_by_label("Address of a site or a feed").fill(site)
    await editor.presses("Find feeds")
    found = page.get_by_role("group", name=re.compile("Which of these feeds")).get_by_role("checkbox")
    assert await found.count() == 1
    await found.check()
    await page.get_by_label("Tags").fill("papers, loopback")
    await editor.presses("Add")

    assert re.match(r"/sources/\d+", editor.path)
    assert feed in await editor.text()
    await editor.until(lambda: page.get_by_role("cell", name="read").count(), "it was polled")
    await editor.presses("Test now")
    assert "It answers, and it is a feed" in await page.get_by_role("status").inner_text()


async def test_an_address_that_leads_nowhere_is_said_beside_its_field(editor: Visitor, house: House) -> None:
    page = await editor.go("/sources/add")
    await page.get_by_label("Address of a site or a feed").fill(house.press.url("/nowhere"))
    await editor.presses("Find feeds")
    field = page.get_by_label("Address of a site or a feed")
    assert await field.input_value() == house.press.url("/nowhere"), "what was typed is still there"
    assert await field.get_attribute("aria-invalid") == "true"
    assert "404" in await page.get_by_role("alert").inner_text()


async def test_a_rule_is_tried_before_it_is_saved(editor: Visitor, name: str) -> None:
    page = await editor.go("/rules")
    await editor.follows("New rule")
    await page.get_by_label("Name", exact=True).fill(name)
    query = page.get_by_label("Query", exact=True)

    await query.fill("entity:HPE AND (contract OR")
    await editor.presses("What would it have told?")
    assert await page.get_by_role("alert").count(), "the mistake"
    assert await query.input_value() == "entity:HPE AND (contract OR"

    await query.fill("entity:HPE AND contract")
    await editor.presses("What would it have told?")
    figures = page.get_by_role("table", name=re.compile("^Mentions, stories and alerts"))
    mentions = await figures.get_by_role("row").nth(1).get_by_role("cell").nth(1).inner_text()
    assert int(mentions) > 0
    await editor.go("/rules")
    assert name not in await editor.text(), "trying saves nothing"

    await editor.follows("New rule")
    await page.get_by_label("Name", exact=True).fill(name)
    await query.fill("entity:HPE AND contract")
    await page.get_by_label("At most").fill("3/hour")
    await editor.presses("Save")
    row = page.get_by_role("row").filter(has_text=name)
    await expect(row).to_contain_text("entity:HPE AND contract")
    await expect(row).to_contain_text("3/hour")

    await editor.presses(f"Switch off {name}")
    await expect(row).to_contain_text("switched off")
    await row.locator("summary").click()
    await editor.presses("Remove")
    await expect(row).to_have_count(0)


async def test_an_alert_is_acknowledged_and_resolved(editor: Visitor) -> None:
    page = await editor.go("/alerts")
    unknown = page.get_by_role("row").filter(has_not_text=re.compile("acknowledged|resolved")).nth(1)
    async with page.expect_navigation():
        await unknown.get_by_role("link").first.click()
    await editor.presses("Acknowledge")
    assert "acknowledged" in await page.locator("dl.facts").inner_text()
    assert await page.get_by_role("button", name="Acknowledge").count() == 0, "once is enough"
    await editor.presses("Resolve")
    assert "resolved" in await page.locator("dl.facts").inner_text()


async def test_a_silence_says_what_it_would_have_muted_and_is_ended(editor: Visitor, name: str) -> None:
    page = await editor.go("/alerts")
    await editor.follows("Silences", within="main")
    query = "entity:HPE AND nobodywroteit"
    await page.get_by_label("Mentions that answer").fill("entity:HPE")
    await editor.presses("Show what it would have muted")
    muted = page.get_by_role("table", name="Alerts that would have been muted")
    assert await muted.get_by_role("row").count() > 1

    await page.get_by_label("Mentions that answer").fill(query)
    await page.get_by_label("Why", exact=True).fill(name)
    await editor.presses("Mute")
    row = page.get_by_role("row").filter(has_text=name)
    await expect(row).to_contain_text("mutes")
    async with page.expect_navigation():
        await row.get_by_role("button").click()
    await expect(row).to_contain_text("over")


async def test_a_channel_is_made_and_tested(editor: Visitor, house: House, name: str) -> None:
    page = await editor.go("/channels")
    await editor.follows("New channel")
    await page.get_by_label("Name", exact=True).fill(name)
    await page.get_by_label("Address", exact=True).fill("ftp://example.org/")
    await editor.presses("Save, then test")
    assert "http" in await page.get_by_role("alert").inner_text(), "what would do"

    await page.get_by_label("Address", exact=True).fill(house.hook.url)
    await page.get_by_label("Signing secret").fill(SECRET)
    await editor.presses("Save, then test")
    before = len(house.hook.records)
    await editor.presses(re.compile("^Send a test"))
    assert "the receiver took it" in await page.get_by_role("status").last.inner_text()
    assert "POST" in await page.locator("pre.conversation").first.inner_text()
    received = list(house.hook.records)[before:]
    assert [request.verified for request in received] == [True]
    assert SECRET not in await page.content(), "a secret is shown to nobody"

    house.hook.fail_next(1, status=500)
    await editor.presses(re.compile("^Send a test"))
    assert "Not sent" in await page.get_by_role("alert").inner_text()


async def test_an_entity_is_tried_on_stored_text_and_kept(editor: Visitor, name: str) -> None:
    """Colossus stands in the sample world's articles, and nobody tracks it yet."""
    entity = f"Colossus {name.split(' ')[-2]}"
    page = await editor.go("/entities/new")
    await page.get_by_label("Name", exact=True).fill(entity)
    await editor.presses("Define")
    definition = page.get_by_label("Definition, as the watch list writes it")
    await definition.fill(f"name: {entity}\naliases: [Colossus]\n")
    await page.get_by_role("button", name="Preview on stored text").click()
    row = page.get_by_role("row").filter(has_text=re.compile("90 days"))
    await expect(row).to_be_visible(timeout=60_000)
    assert int((await row.get_by_role("cell").first.inner_text()).split()[0]) > 0
    await editor.presses(re.compile("Track it|Save"))
    assert entity in await page.get_by_role("heading", level=1).inner_text()
