"""A person at a browser, who notices what must never happen on any page of ours."""

import asyncio
import os
import re
import shutil
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urljoin

from playwright.async_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Dialog,
    Page,
    Request,
    ViewportSize,
    async_playwright,
)

__all__ = ["DESK", "PHONE", "Visitor", "executable", "launched", "visiting"]

DESK: ViewportSize = {"width": 1280, "height": 900}
PHONE: ViewportSize = {"width": 360, "height": 740}
LONGEST_MILLISECONDS = 60_000
"""Ends a hang; no machine should ever need it."""
_LOOKS = 300

_REFUSED = re.compile(r"Failed to load resource: the server responded with a status of 4\d\d")
"""Chromium's word for a page that tells of a mistake: expected where a walk makes one, and seen by the walk itself."""

_WITNESS = "window.planted = () => console.error('planted code ran')"


def executable() -> str | None:
    """Debian's Chromium; None where there is none."""
    return shutil.which("chromium")


@asynccontextmanager
async def launched(path: str) -> AsyncIterator[Browser]:
    arguments = ["--no-sandbox"] if os.geteuid() == 0 else []  # Chromium refuses root a sandbox
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=path, args=arguments)
        try:
            yield browser
        finally:
            await browser.close()


@dataclass
class Visitor:
    """``page``: the open one. ``troubles``: dialogs, script errors, policy reports, and requests to other sites."""

    base: str
    context: BrowserContext
    page: Page
    troubles: list[str] = field(default_factory=list)

    async def go(self, path: str = "/", *, status: int = 200) -> Page:
        """Open a page of ours, whose answer must have this status."""
        answer = await self.page.goto(urljoin(self.base, path))
        assert answer is not None
        assert answer.status == status, (path, answer.status)
        return self.page

    async def presses(self, name: str | re.Pattern[str], *, within: str = "main") -> None:
        """Press the button of this name and see the page that follows."""
        async with self.page.expect_navigation():
            await self.page.locator(within).get_by_role("button", name=name).first.click()

    async def follows(self, name: str | re.Pattern[str], *, within: str = "body") -> None:
        """Follow the link of this name."""
        async with self.page.expect_navigation():
            await self.page.locator(within).get_by_role("link", name=name).first.click()

    @property
    def path(self) -> str:
        return self.page.url.removeprefix(self.base)

    async def text(self) -> str:
        return " ".join((await self.page.locator("main").inner_text()).split())

    async def until(self, holds: Callable[[], Awaitable[Any]], what: str) -> None:
        """Load the page again and again, as somebody does who waits for something to stand there."""
        for _ in range(_LOOKS):
            if await holds():
                return
            await asyncio.sleep(0.2)
            await self.page.reload()
        raise AssertionError(f"never: {what}")

    def watch(self, page: Page) -> None:
        page.on("dialog", self._dialog)
        page.on("console", self._console)
        page.on("pageerror", lambda error: self.troubles.append(f"script error: {error}"))
        page.on("crash", lambda _: self.troubles.append("the page crashed"))

    def request(self, request: Request) -> None:
        if not request.url.startswith((self.base + "/", "data:", "blob:", "about:")):
            self.troubles.append(f"asked another site: {request.url}")

    async def _dialog(self, dialog: Dialog) -> None:
        self.troubles.append(f"dialog: {dialog.message}")
        await dialog.dismiss()

    def _console(self, message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"} and not _REFUSED.match(message.text):
            self.troubles.append(f"{message.type}: {message.text}")


@asynccontextmanager
async def visiting(browser: Browser, base: str, **options: Any) -> AsyncIterator[Visitor]:
    """A context of its own: no cookie and no stored thing of anybody else. Fails at the end when there was trouble.

    ``options``: of Playwright's ``new_context``.
    """
    context = await browser.new_context(**{"viewport": DESK, "locale": "en-GB", "timezone_id": "UTC"} | options)
    context.set_default_timeout(LONGEST_MILLISECONDS)
    await context.add_init_script(_WITNESS)
    page = await context.new_page()
    visitor = Visitor(base, context, page)
    visitor.watch(page)
    context.on("request", visitor.request)
    try:
        yield visitor
    finally:
        await context.close()
    assert visitor.troubles == []
