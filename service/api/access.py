"""Who asks, and whether they may: a route depends on ``reader``, ``writer`` or ``administrator``, or is open for all.

Authorization: Bearer nv_...     programs
the session's cookie             people who signed in (service/web/signing.py)
neither                          this machine, as long as there is no token and no user
"""

from collections.abc import Awaitable, Callable
from typing import Annotated

from fastapi import Depends, HTTPException, Request
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from service.api.context import Here
from service.domain.access import NOBODY_ELSE, Caller, Scope, fingerprint
from service.store import access

__all__ = [
    "COOKIE",
    "Administrator",
    "Reader",
    "Writer",
    "administrator",
    "bearer",
    "caller_of",
    "reader",
    "shown_by",
    "writer",
]

COOKIE = "newsvane_session"
bearer = HTTPBearer(auto_error=False, description="A token from `newsvane token create`.")


async def caller_of(request: Request, here: Here) -> Caller | None:
    """Who asks; None where that is not known and would have to be."""
    scheme, cookie, hashed = shown_by(request)
    asks = access.caller_with_token if scheme == "bearer" else access.caller_with_session if cookie else None
    known = None
    if asks is not None:
        async with here.db.read() as session:
            known = await asks(session, hashed, here.now())
    if known is None:
        return None if scheme or await here.lock.holds() else NOBODY_ELSE
    if known.stale:
        async with here.db.write() as session:
            await access.note_use(session, hashed, session_is=known.caller.session is not None, now=here.now())
    return known.caller


def shown_by(request: Request) -> tuple[str, bool, str]:
    """(The scheme of what it shows, in small letters; whether there is a session's cookie; the fingerprint of what
    counts, which is the token where there is one.)"""
    scheme, _, secret = request.headers.get("authorization", "").partition(" ")
    cookie = request.cookies.get(COOKIE)
    scheme = scheme.lower()
    return scheme, bool(cookie), fingerprint(secret.strip() if scheme == "bearer" else cookie or "")


def _needs(scope: Scope) -> Callable[..., Awaitable[Caller]]:
    async def check(
        caller: Annotated[Caller | None, Depends(caller_of)],
        _shown: Annotated[HTTPAuthorizationCredentials | None, Depends(bearer)],
    ) -> Caller:
        if caller is None:
            raise HTTPException(
                401,
                "say who you are: send a token (newsvane token create NAME) as Authorization: Bearer, or sign in",
                {"WWW-Authenticate": "Bearer"},
            )
        if caller.scope < scope:
            raise HTTPException(
                403, f"{caller.name} may only {caller.scope.word}; this needs the scope {scope.word}: use another token"
            )
        return caller

    return check


reader, writer, administrator = _needs(Scope.READ), _needs(Scope.WRITE), _needs(Scope.ADMIN)
Reader = Annotated[Caller, Depends(reader)]
Writer = Annotated[Caller, Depends(writer)]
Administrator = Annotated[Caller, Depends(administrator)]
