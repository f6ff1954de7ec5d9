"""What takes long, as people ask for it, leave it and come back: a list of sources in and out, a rescan, a backup."""

import re
import sqlite3
from collections.abc import AsyncIterator
from contextlib import closing
from pathlib import Path

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
        visiting(browser, copy.base, java_script_enabled=request.param, accept_downloads=True) as visitor,
    ):
        yield visitor


def opml(number: int) -> bytes:
    lines = "".join(
        f'<outline type="rss" text="Feed {one}" xmlUrl="https://f{one}.example.org/"/>' for one in range(number)
    )
    return f'<opml version="2.0"><body><outline text="Imported">{lines}</outline></body></opml>'.encode()


async def test_sources_come_in_and_go_out_as_a_list(editor: Visitor) -> None:
    page = await editor.go("/sources")
    await editor.follows("Import OPML", within="main")
    choose = page.get_by_label("File")
    await choose.set_input_files({"name": "list.opml", "mimeType": "text/xml", "buffer": b"<html>no list</html>"})
    await editor.presses("Import")
    assert await page.get_by_role("alert").count(), "the mistake"
    await choose.set_input_files({"name": "list.opml", "mimeType": "text/xml", "buffer": opml(3)})
    await editor.presses("Import")
    assert "3 sources added" in await page.get_by_role("status").inner_text()
    await editor.follows("See those that wait for their first poll")
    assert await page.get_by_role("row").filter(has_text="example.org").count() == 3

    await editor.go("/sources")
    async with page.expect_download() as given:
        await page.get_by_role("link", name="Export OPML").click()
    written = (await (await given.value).path()).read_text()
    assert 'xmlUrl="https://f2.example.org/"' in written
    assert "Imported" in written


async def test_a_long_list_goes_on_while_one_looks_at_something_else(editor: Visitor) -> None:
    page = await editor.go("/sources/import")
    await page.get_by_label("File").set_input_files({"name": "l.opml", "mimeType": "text/xml", "buffer": opml(1500)})
    await editor.presses("Import")
    assert editor.path.startswith("/jobs")
    await editor.go("/stream")
    await editor.go("/jobs")
    row = page.get_by_role("row").filter(has_text="Import")
    await editor.until(lambda: row.filter(has_text=re.compile("1,500 of 1,500")).count(), "all were added")
    assert "1,500 added" in await row.inner_text()


async def test_an_entity_is_applied_to_old_articles(editor: Visitor) -> None:
    page = await editor.go("/entities/HPE")
    await editor.follows("Apply to old articles", within="main")
    assert await page.get_by_label("Entity").input_value() == "HPE"
    await editor.presses("Begin")
    row = page.get_by_role("row").filter(has_text="HPE")
    await editor.until(lambda: row.filter(has_text="done").count(), "the rescan is done")
    assert "0 added, 0 withdrawn" in await row.inner_text(), "nothing was missed before"


async def test_a_backup_is_taken_and_fetched(editor: Visitor) -> None:
    page = await editor.go("/jobs")
    await editor.presses("Take a backup")
    link = page.get_by_role("link", name="Download")
    await editor.until(link.count, "the backup is done")
    async with page.expect_download() as given:
        await link.first.click()
    with closing(sqlite3.connect(await (await given.value).path())) as opened:
        assert opened.execute("SELECT count(*) > 0 FROM mentions").fetchone() == (1,)
