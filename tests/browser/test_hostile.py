"""What a hostile publisher wrote leaves newsvane again as text: in mails, exports and feeds. Pages: test_every_page."""

import csv
import io
import json
import xml.etree.ElementTree as ET
from collections.abc import Iterator

import httpx
import pytest
from playwright.async_api import Browser

from tests.browser import planted
from tests.browser.house import House
from tests.browser.looks import ALIVE
from tests.browser.sights import Sights
from tests.browser.visitor import visiting

pytestmark = pytest.mark.asyncio(loop_scope="package")


async def test_a_mail_shows_what_it_was_given_and_runs_nothing(browser: Browser, house: House) -> None:
    """As a mail program shows it that allows everything: there is no policy here that would stop a script."""
    parts = [
        part.get_content() for mail in house.mail.records if (part := mail.message.get_body(("html",))) is not None
    ]
    hostile = [part for part in parts if "x-planted" in part]
    assert len(hostile) >= len(planted.TITLES) // 2
    async with visiting(browser, house.base) as visitor:
        for part in hostile:
            await visitor.page.set_content(part)
            # A mail has its styles at each element, since mail programs drop style sheets.
            wrong = [line for line in await visitor.page.evaluate(ALIVE) if not line.endswith("[style]")]
            assert not wrong, (wrong, part)
        visitor.troubles[:] = [line for line in visitor.troubles if not line.startswith("asked another site")]


async def test_a_mail_has_one_line_a_header(house: House) -> None:
    for mail in house.mail.records:
        for name, value in mail.message.items():
            assert not {"\r", "\n", "\u202e", "\u2066"} & set(value), (name, value)


async def test_what_is_exported_is_data(browser: Browser, house: House, sights: Sights) -> None:
    """Each file that a page offers: no formula for a spreadsheet, well-formed, and no markup in what readers show."""
    async with visiting(browser, house.base) as visitor:
        for path, answer in sights.files.items():
            assert answer.headers["x-content-type-options"] == "nosniff", path
            for shown in _markup_in(path, answer):
                await visitor.page.set_content(shown)
                assert await visitor.page.evaluate(ALIVE) == [], (path, shown)


def _markup_in(path: str, answer: httpx.Response) -> Iterator[str]:
    """Checks the file's own form, and gives what a feed reader would show of it as HTML."""
    kind = answer.headers["content-type"].partition(";")[0]
    if kind == "text/csv":
        for row in csv.reader(io.StringIO(answer.text)):
            assert [cell for cell in row if cell.startswith(("=", "+", "-", "@", "\t", "\r"))] == [], path
    elif kind.endswith(("json", "jsonl", "ndjson")):
        whole = [json.loads(answer.text)] if kind.endswith(("/json", "+json")) else map(json.loads, _lines(answer.text))
        for value in whole:
            yield from (item["content_html"] for item in value.get("items", []) if "content_html" in item)
    elif kind.endswith("xml"):
        for element in ET.fromstring(answer.text).iter():  # noqa: S314 - our own output
            if element.get("type") == "html" or element.tag.endswith(("description", "encoded")):
                yield element.text or ""


def _lines(text: str) -> list[str]:
    return [line for line in text.split("\n") if line]
