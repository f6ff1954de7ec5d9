"""Signing in and out, as people do it; with and without JavaScript."""

from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest
import pytest_asyncio
from playwright.async_api import Browser

from service.bootstrap import now
from service.domain.access import Scope
from service.passwords import hash_password
from service.store import access
from tests.browser.house import House, open_copy
from tests.browser.sights import look_around
from tests.browser.visitor import Visitor, visiting

pytestmark = pytest.mark.asyncio(loop_scope="package")

PASSWORD = "four words make it"


@pytest_asyncio.fixture(loop_scope="package")
async def locked(house: House, tmp_path: Path) -> AsyncIterator[House]:
    """Ana may read, Ben may write."""
    async with open_copy(house, tmp_path) as copy:
        async with copy.app.db.write() as session:
            for name, scope in (("ana", Scope.READ), ("ben", Scope.WRITE)):
                await access.put_user(session, name=name, password=hash_password(PASSWORD), scope=scope, now=now())
        yield copy


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
async def test_in_and_out_again(browser: Browser, locked: House, scripts: bool) -> None:
    async with visiting(browser, locked.base, java_script_enabled=scripts) as visitor:
        page = await visitor.go("/sources")
        assert visitor.path == "/sign-in?to=%2Fsources"

        await sign_in(visitor, "ana", "wrong words here")
        assert "opens nothing" in await page.get_by_role("alert").inner_text()

        await sign_in(visitor, "ana", PASSWORD)
        assert visitor.path == "/sources", "the page that was asked for"
        assert "ana" in await page.get_by_role("banner").inner_text()

        await visitor.presses("Sign out", within="header")
        assert visitor.path.startswith("/sign-in")
        await visitor.go("/sources")
        assert visitor.path.startswith("/sign-in"), "the session itself has ended"


async def test_by_keyboard_alone(browser: Browser, locked: House) -> None:
    async with visiting(browser, locked.base) as visitor:
        page = await visitor.go("/stories")
        await page.keyboard.press("Tab")
        assert await page.evaluate("document.activeElement.className") == "skip", "the first stop leads past the frame"
        await page.get_by_label("Name", exact=True).focus()
        await page.keyboard.type("ben")
        await page.keyboard.press("Tab")
        await page.keyboard.type(PASSWORD)
        async with page.expect_navigation():
            await page.keyboard.press("Enter")
        assert visitor.path == "/stories"


async def test_who_may_only_read_is_offered_nothing_that_changes(browser: Browser, locked: House) -> None:
    """No link that she sees is refused, and no form changes what others see."""
    async with visiting(browser, locked.base) as visitor:
        await visitor.go("/sign-in")
        await sign_in(visitor, "ana", PASSWORD)
        cookies = {str(one["name"]): str(one["value"]) for one in await visitor.context.cookies()}
        async with httpx.AsyncClient(base_url=locked.base, cookies=cookies, trust_env=False, timeout=60) as client:
            seen = await look_around(client, ("/",))
        assert seen.broken == []
        assert {"/", "/stream", "/sources", "/jobs", "/searches"} <= set(seen.pages)
        offered = set[str]()
        for path in seen.pages:
            page = await visitor.go(path)
            forms = (
                "[...document.forms].filter(form => form.method === 'post').map(form => new URL(form.action).pathname)"
            )
            offered |= set(await page.evaluate(forms))
        assert offered == {"/sign-out", "/triage"}, "her own way through the news is hers"

        page = await visitor.go("/stream")
        await page.keyboard.press("j")
        async with page.expect_response("**/triage") as answer:
            await page.keyboard.press("s")
        assert (await answer.value).status == 204
        await visitor.go("/rules/new", status=403)


async def sign_in(visitor: Visitor, name: str, password: str) -> None:
    await visitor.page.get_by_label("Name", exact=True).fill(name)
    await visitor.page.get_by_label("Password or token").fill(password)
    await visitor.presses("Sign in")
