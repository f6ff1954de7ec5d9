"""Leaving a channel, or one rule over it, by the link in a mail: /unsubscribe/{token}, without a log-in.

    GET  a page that asks; looking at a link changes nothing, since mail scanners open every one
    POST the channel is left (RFC 8058: one click in the mail program, or the page's button); .../rule leaves
         only the rule whose mail it was; .../undo takes both back

Reachable from the internet where there is a public address. Whoever holds a token can do with it what it says, and
nothing else; to anybody else there is no such page.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

import structlog
from fastapi import APIRouter, HTTPException, Request
from fastapi.responses import HTMLResponse

from service.domain.unsubscribing import UNSUBSCRIBE_PATH, Ticket, read_token
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
    return _page("ask", token, _whom(request, token))


@router.post(UNSUBSCRIBE_PATH + "{token}")
async def leave(request: Request, token: str) -> HTMLResponse:
    """Leave. Its body (``List-Unsubscribe=One-Click``) is not read: the token says it all."""
    who = _whom(request, token)
    desk: Unsubscribing = request.app.state.unsubscribing
    async with desk.db.write() as session:
        await unsubscribed.leave(session, who.channel, who.address, now=desk.now())
    log.info("a recipient left a channel", channel=who.channel, address=who.address)
    return _page("left", token, who)


@router.post(UNSUBSCRIBE_PATH + "{token}/rule")
async def leave_rule(request: Request, token: str) -> HTMLResponse:
    """Leave only the rule whose mail it was."""
    who = _whom(request, token)
    if who.rule is None:
        raise HTTPException(404, "this link does not say of which rule it is: leave the channel instead")
    desk: Unsubscribing = request.app.state.unsubscribing
    async with desk.db.write() as session:
        await unsubscribed.leave_rule(session, who.channel, who.address, who.rule, now=desk.now())
    log.info("a recipient left a rule", channel=who.channel, address=who.address, rule=who.rule)
    return _page("left rule", token, who)


@router.post(UNSUBSCRIBE_PATH + "{token}/undo")
async def come_back(request: Request, token: str) -> HTMLResponse:
    """Take it back."""
    who = _whom(request, token)
    desk: Unsubscribing = request.app.state.unsubscribing
    async with desk.db.write() as session:
        await unsubscribed.come_back(session, who.channel, who.address)
    log.info("a recipient came back to a channel", channel=who.channel, address=who.address)
    return _page("back", token, who)


def _whom(request: Request, token: str) -> Ticket:
    found = read_token(token, request.app.state.unsubscribing.key)
    if found is None:
        raise HTTPException(404, "this link was not made by this newsvane, or not whole: copy it again from the mail")
    return found


def _page(state: str, token: str, who: Ticket) -> HTMLResponse:
    # Relative, so that it holds behind a proxy that adds a path.
    return html("unsubscribe.html.j2", state=state, token=token, **who._asdict())
