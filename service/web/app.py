"""API and pages as one application."""

import asyncio
from collections.abc import Callable
from datetime import datetime
from http import HTTPStatus
from importlib.metadata import version
from urllib.parse import quote

import structlog
from fastapi import Depends, FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import RedirectResponse, Response
from starlette.exceptions import HTTPException

from service.api import exports, feeds, health, metrics, routes, websub
from service.api.access import reader
from service.api.context import Context
from service.api.lock import Lock
from service.api.problems import EXPECTED, UNREACHABLE, ProblemResponse, describe, is_unreachable, places_of
from service.desk.outside import Outside
from service.dispatch import Works
from service.domain.unsubscribing import UNSUBSCRIBE_PATH
from service.domain.websub import CALLBACK_PATH
from service.store.engine import Database
from service.web import pages, signing, unsubscribe
from service.web.guard import HEADERS, Guard, is_loopback
from service.web.render import html

__all__ = ["create_app"]

log = structlog.get_logger("newsvane.web")

_DESCRIPTION = """What this newsvane found, and how its work goes.

As long as no token exists, this machine may ask without one.
Listings are newest first. `next` of an answer, given as `cursor`, leads to the page behind it. Times are RFC 3339 in
UTC. Errors are problem details (RFC 9457) whose `detail` says what to change."""

_OPEN_PATHS = (CALLBACK_PATH, UNSUBSCRIBE_PATH)
_FOR_PROGRAMS = ("/api/", "/export/", "/feeds/", "/healthz", "/readyz", "/metrics", CALLBACK_PATH)


def create_app(
    db: Database,
    *,
    listen: str,
    now: Callable[[], datetime],
    secure: bool = False,
    outside: Outside | None = None,
    callback: websub.Callback | None = None,
    unsubscribing: unsubscribe.Unsubscribing | None = None,
    works: Works | None = None,
) -> FastAPI:
    """The application over a migrated database.

    ``listen``: the ``address:port`` that it will be reached at; others than this machine need a token. ``secure``:
    people reach it over TLS. ``outside``: the web and channels, for acts that need them. ``callback``: what hubs push
    to; without it there is no such route. ``unsubscribing``: the same for links in mails. ``works``: what else runs in
    this process, for health and metrics.
    """
    app = FastAPI(
        title="Newsvane",
        version=version("newsvane"),
        description=_DESCRIPTION,
        openapi_url="/api/v1/openapi.json",
        docs_url=None,  # the stock viewers load scripts from elsewhere
        redoc_url=None,
        redirect_slashes=False,
    )
    lock = Lock(db, now, always=not is_loopback(listen))
    app.state.context = Context(db, now, lock, secure, outside, works=works)
    app.state.metrics = metrics.Metrics(db, now, works)
    app.state.watchers = {}
    app.state.patience = signing.Patience()
    app.state.previewing = asyncio.Lock()
    app.include_router(routes.router, dependencies=[Depends(reader)])
    app.include_router(exports.router, dependencies=[Depends(reader)])
    app.include_router(feeds.router)
    app.include_router(health.router)
    app.include_router(metrics.router)
    app.include_router(signing.router, include_in_schema=False)
    app.include_router(pages.router, include_in_schema=False)
    app.include_router(pages.open_router, include_in_schema=False)
    if callback is not None:
        app.state.callback = callback
        app.include_router(websub.router, include_in_schema=False)
    if unsubscribing is not None:
        app.state.unsubscribing = unsubscribing
        app.include_router(unsubscribe.router, include_in_schema=False)
    open_host = callback.public_host if callback is not None else None
    app.add_middleware(Guard, listen=listen, refuse=_refuse, lock=lock, open_host=open_host, open_path=_OPEN_PATHS)
    for kind in (*EXPECTED, *UNREACHABLE, RequestValidationError, HTTPException, Exception):
        app.add_exception_handler(kind, _refuse)
    return app


async def _refuse(request: Request, error: Exception) -> Response:
    """What went wrong, for a program or for a person."""
    status, detail = describe(error)
    headers = dict(getattr(error, "headers", None) or {})
    if is_unreachable(error):
        log.error("a request found no usable database", path=request.url.path, why=f"{error!r:.300}")
        headers["Retry-After"] = "10"
    elif isinstance(error, UNREACHABLE):
        log.error("a request failed", path=request.url.path, exc_info=error)
    if status == HTTPStatus.INTERNAL_SERVER_ERROR:
        headers |= HEADERS  # such an answer is made outside the guard
    if request.url.path.startswith(_FOR_PROGRAMS):
        return ProblemResponse(status, detail, headers, places_of(error))
    if status == HTTPStatus.UNAUTHORIZED and request.method == "GET":
        asked = request.url.path + (f"?{request.url.query}" if request.url.query else "")
        return RedirectResponse(f"/sign-in?to={quote(asked, safe='')}", HTTPStatus.SEE_OTHER)
    phrase = HTTPStatus(status).phrase
    return html("error.html.j2", status=status, headers=headers, phrase=phrase, detail=detail)
