"""Leaving a channel by the link in a mail: /unsubscribe/{token}, without a log-in.

    GET  a page that asks; looking at a link changes nothing, since mail scanners open every one
    POST the channel is left (RFC 8058: one click in the mail program, or the page's button); .../undo takes it back

Reachable from the internet where there is a public address. Whoever holds a token can do with it what it says, and
nothing else; to anybody else there is no such page.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

import structlog
from fastapi import APIRouter, HTTPException, Request
from fastapi.responses import HTMLResponse

from service.domain.unsubscribing import UNSUBSCRIBE_PATH, read_token
from service.store import unsubscribed
from service.store.engine import Database
from service.web.render import html

__all__ = ["Unsubscribing", "router"]

log = structlog.get_logger("newsvane.unsubscribe")
router = APIRouter()


@dataclass(frozen=True, slots=True)
class Unsubscribing:
    """What the routes work with; kept in ``app.state.unsubscribing``. ``key`` signed the tokens."""

    db: Database
    key: bytes
    now: Callable[[], datetime]


@router.get(UNSUBSCRIBE_PATH + "{token}")
async def ask(request: Request, token: str) -> HTMLResponse:
    """A page with a button."""
    channel, address = _whom(request, token)
    return _page("ask", token, channel, address)


@router.post(UNSUBSCRIBE_PATH + "{token}")
async def leave(request: Request, token: str) -> HTMLResponse:
    """Leave. Its body (``List-Unsubscribe=One-Click``) is not read: the token says it all."""
    channel, address = _whom(request, token)
    desk: Unsubscribing = request.app.state.unsubscribing
    async with desk.db.write() as session:
        await unsubscribed.leave(session, channel, address, now=desk.now())
    log.info("a recipient left a channel", channel=channel, address=address)
    return _page("left", token, channel, address)


@router.post(UNSUBSCRIBE_PATH + "{token}/undo")
async def come_back(request: Request, token: str) -> HTMLResponse:
    """Take it back."""
    channel, address = _whom(request, token)
    desk: Unsubscribing = request.app.state.unsubscribing
    async with desk.db.write() as session:
        await unsubscribed.come_back(session, channel, address)
    log.info("a recipient came back to a channel", channel=channel, address=address)
    return _page("back", token, channel, address)


def _whom(request: Request, token: str) -> tuple[str, str]:
    found = read_token(token, request.app.state.unsubscribing.key)
    if found is None:
        raise HTTPException(404, "this link was not made by this newsvane, or not whole: copy it again from the mail")
    return found


def _page(state: str, token: str, channel: str, address: str) -> HTMLResponse:
    # Relative, so that it holds behind a proxy that adds a path.
    return html("unsubscribe.html.j2", state=state, token=token, channel=channel, address=address)
