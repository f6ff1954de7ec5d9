"""The callback that hubs reach: /websub/{path}. Each subscription has a path of its own, which only its hub knows.

    GET  verification of intent -> agrees with what we asked for -> its challenge; else 404
    POST a push -> known path -> body within bounds -> signed -> kept -> 2xx; the work is done later
                                                    -> not signed -> 2xx all the same, and nothing else (section 8)

Reachable from the internet, unlike everything else here: whatever comes in may be forged, endless or slow.
"""

import asyncio
import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from http import HTTPStatus
from urllib.parse import urlsplit
from weakref import WeakValueDictionary

import structlog
from fastapi import APIRouter, Request
from fastapi.responses import PlainTextResponse, Response
from starlette.requests import ClientDisconnect

from scrapers.types import Intent
from scrapers.websub import is_signed, read_intent
from service.domain.websub import CALLBACK_PATH, IntentDecision, decide_intent
from service.store import pushes, subscriptions
from service.store.engine import Database

__all__ = ["Callback", "router"]

_BODY_SECONDS = 20.0
_BODIES_AT_ONCE = 8
"""With the largest body allowed, this bounds the memory that pushes take."""
_LONGEST_TYPE = 200
log = structlog.get_logger("newsvane.websub")
router = APIRouter()


@dataclass(frozen=True, slots=True)
class Callback:
    """What the routes work with; kept in ``app.state.callback``.

    ``public_url``: of this newsvane, as hubs reach it, without a slash at its end. ``kick``: called when a push was
    kept. ``max_bytes``: of a body. ``seconds``: for a body to arrive.
    """

    db: Database
    public_url: str
    now: Callable[[], datetime]
    random: Callable[[], float]
    kick: Callable[[], None]
    max_bytes: int
    seconds: float = _BODY_SECONDS
    places: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(_BODIES_AT_ONCE))
    turns: WeakValueDictionary[str, asyncio.Lock] = field(default_factory=WeakValueDictionary)
    """One body a subscription at a time, so that a hub that drips keeps only itself waiting."""

    @property
    def public_host(self) -> str:
        return (urlsplit(self.public_url).hostname or "").lower()

    @property
    def base(self) -> str:
        """What a subscription's path is put behind."""
        return self.public_url + CALLBACK_PATH


@router.get(CALLBACK_PATH + "{path}")
async def verify(request: Request, path: str) -> Response:
    """Verification of intent, and denial (WebSub section 5.3)."""
    callback: Callback = request.app.state.callback
    intent = read_intent(request.query_params)
    decision = await _decide(callback, path, intent) if intent is not None else None
    if intent is None or decision is None:
        return _answer(HTTPStatus.NOT_FOUND)
    log.info("a hub spoke", mode=intent.mode, topic=intent.topic, reason=intent.reason or None)
    # As plain text, which no browser takes for a page: the challenge is whatever the caller likes.
    return PlainTextResponse(intent.challenge)


async def _decide(callback: Callback, path: str, intent: Intent) -> IntentDecision:
    """Agree or not, and keep what was agreed. Most strangers' requests end with the first look-up."""
    async with callback.db.read() as session:
        if await subscriptions.at_path(session, path) is None:
            return None
    async with callback.db.write() as session:
        known = await subscriptions.lock_at(session, path)
        if known is None:
            return None
        decision = decide_intent(known, intent, now=callback.now(), jitter=callback.random())
        await subscriptions.record_intent(session, known, decision)
    return decision


@router.post(CALLBACK_PATH + "{path}")
async def take(request: Request, path: str) -> Response:
    """A push (WebSub section 7)."""
    callback: Callback = request.app.state.callback
    async with callback.db.read() as session:
        known = await subscriptions.at_path(session, path)
    if known is None:
        return _answer(HTTPStatus.NOT_FOUND)
    if known.state == "leaving":
        return _answer(HTTPStatus.GONE)
    body = await _body(request, callback, path)
    if isinstance(body, HTTPStatus):
        log.warning("a push was cut off", topic=known.hub.topic, why=body.phrase)
        return _answer(body)
    if not is_signed(request.headers.get("x-hub-signature"), known.secret, body):
        log.warning("a push was not signed by its hub, and ignored", topic=known.hub.topic)
        return Response(status_code=HTTPStatus.ACCEPTED)
    digest = hashlib.blake2b(body, digest_size=16).hexdigest() if body.strip() else ""
    kind = request.headers.get("content-type", "")[:_LONGEST_TYPE].replace("\0", "") or None
    kept = await pushes.keep(callback.db, known, body=body, body_hash=digest, content_type=kind, now=callback.now())
    if kept:
        callback.kick()
    return Response(status_code=HTTPStatus.ACCEPTED)


async def _body(request: Request, callback: Callback, path: str) -> bytes | HTTPStatus:
    """The whole body, or why it was not read to its end."""
    announced = request.headers.get("content-length", "")
    if announced.isascii() and announced.isdecimal() and int(announced[:18]) > callback.max_bytes:
        return HTTPStatus.REQUEST_ENTITY_TOO_LARGE
    body = bytearray()
    turn = callback.turns.setdefault(path, asyncio.Lock())
    try:
        async with asyncio.timeout(callback.seconds), turn, callback.places:
            async for chunk in request.stream():
                body += chunk
                if len(body) > callback.max_bytes:
                    return HTTPStatus.REQUEST_ENTITY_TOO_LARGE
    except TimeoutError:
        return HTTPStatus.REQUEST_TIMEOUT
    except ClientDisconnect:
        return HTTPStatus.BAD_REQUEST
    return bytes(body)


def _answer(status: HTTPStatus) -> Response:
    """Without a word, and with the connection closed: what is still on its way is not read."""
    return Response(status_code=status, headers={"Connection": "close"})
