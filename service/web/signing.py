"""Signing in and out: /sign-in, /sign-out.

A token, or a user's name and password, opens a session; its cookie is HttpOnly and goes along only with requests from
our own pages (SameSite=Lax; the guard checks where changes come from, too).
"""

import asyncio
import secrets
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Annotated

import structlog
from fastapi import APIRouter, Form, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from service.api.access import COOKIE, caller_of
from service.api.context import Context, Here
from service.domain.access import SESSION_ENDS, TOKEN_PREFIX, fingerprint, pause_after
from service.passwords import check_password
from service.store import access
from service.web.pages.frame import ours
from service.web.render import html

__all__ = ["Patience", "router"]

_MOST_REMEMBERED = 10_000
_LONGEST = 1000

log = structlog.get_logger("newsvane.access")
router = APIRouter()


@dataclass(slots=True)
class Patience:
    """Wrong passwords in a row, by name and by address, so that neither one user nor all of them can be tried fast.

    In memory: whoever can restart the daemon needs no password.
    """

    one: asyncio.Lock = field(default_factory=asyncio.Lock)
    """Held from the question how long to wait until the try is counted: tries sent at once would all be free
    otherwise, and each takes 64 MiB and a thread."""
    _wrong: dict[str, tuple[int, datetime]] = field(default_factory=dict)

    def wait(self, keys: tuple[str, ...], now: datetime) -> timedelta:
        """How long nothing is tried for any of them; zero when one may."""
        return max(
            (last + pause_after(times) - now for times, last in map(self._wrong.get, keys, [(0, now)] * len(keys))),
            default=timedelta(),
        )

    def wrong(self, keys: tuple[str, ...], now: datetime) -> None:
        for key in keys:
            times = self._wrong.pop(key, (0, now))[0]
            self._wrong[key] = (times + 1, now)
        while len(self._wrong) > _MOST_REMEMBERED:
            del self._wrong[next(iter(self._wrong))]

    def right(self, keys: tuple[str, ...]) -> None:
        for key in keys:
            self._wrong.pop(key, None)


@router.get("/sign-in")
async def ask(request: Request, here: Here, to: str = "/") -> Response:
    """The form; who needs none is led on."""
    if await caller_of(request, here) is not None:
        return RedirectResponse(ours(to), 303)
    return _page(to)


@router.post("/sign-in")
async def sign_in(
    request: Request,
    here: Here,
    name: Annotated[str, Form(max_length=_LONGEST)] = "",
    password: Annotated[str, Form(max_length=_LONGEST)] = "",
    to: Annotated[str, Form(max_length=4000)] = "/",
) -> Response:
    """With a name and a password, or with a token as the password and no name."""
    patience: Patience = request.app.state.patience
    address = request.client.host if request.client else ""
    keys = (f"address {address}", *([f"name {name.strip().casefold()}"] if name.strip() else []))
    cookie = secrets.token_urlsafe(32)
    async with patience.one:
        wait = patience.wait(keys, here.now())
        if wait > timedelta():
            return _too_many(to, wait)
        if not await _opens(here, name.strip(), password.strip() if not name.strip() else password, cookie):
            patience.wrong(keys, here.now())
            log.warning("a sign-in failed", address=address)
            return _page(to, "That name and password, or that token, opens nothing. Check for a typing mistake.", 403)
        patience.right(keys)
    log.info("signed in", name=name.strip() or "by token", address=address)
    answer = RedirectResponse(ours(to), 303)
    answer.set_cookie(
        COOKIE,
        cookie,
        max_age=int(SESSION_ENDS.total_seconds()),
        httponly=True,
        samesite="lax",
        secure=here.secure,
    )
    return answer


@router.post("/sign-out")
async def sign_out(request: Request, here: Here) -> Response:
    """Ends the session, here and in the database."""
    cookie = request.cookies.get(COOKIE)
    if cookie:
        async with here.db.write() as session:
            await access.close_session(session, fingerprint(cookie))
    answer = RedirectResponse("/sign-in", 303)
    answer.delete_cookie(COOKIE)
    return answer


async def _opens(here: Context, name: str, password: str, cookie: str) -> bool:
    """Whether it is right; then the session is open. A wrong name takes as long as a wrong password."""
    hashed, now = fingerprint(cookie), here.now()
    if not name and password.startswith(TOKEN_PREFIX):
        async with here.db.write() as session:
            return await access.open_session(session, hashed=hashed, token=fingerprint(password), now=now)
    async with here.db.read() as session:
        known = await access.password_of(session, name)
    if not await asyncio.to_thread(check_password, known[1] if known else None, password) or known is None:
        return False
    async with here.db.write() as session:
        return await access.open_session(session, hashed=hashed, user=known[0], now=now)


def _too_many(to: str, wait: timedelta) -> HTMLResponse:
    seconds = int(wait.total_seconds()) + 1
    mistake = f"Too many wrong tries. Wait {seconds} seconds, then try again."
    return _page(to, mistake, 429, {"Retry-After": str(seconds)})


def _page(to: str, mistake: str = "", status: int = 200, headers: dict[str, str] | None = None) -> HTMLResponse:
    return html("sign_in.html.j2", status=status, headers=headers, to=ours(to), mistake=mistake)
