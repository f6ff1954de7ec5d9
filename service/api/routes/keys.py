"""Tokens and users, for administrators; and who asks."""

from typing import Literal

from fastapi import HTTPException, Request, Response
from pydantic import Field

from service.api import answers
from service.api.access import Administrator, Reader
from service.api.answers import Items
from service.api.context import Here
from service.api.once import json_answer
from service.api.routes.common import Asked, Name, Word, new_router
from service.desk import keys
from service.domain.access import Scope
from service.store import access
from service.store.lines import Line

__all__ = ["router"]

router = new_router("access")
ScopeName = Literal["read", "write", "admin"]


class NewToken(Asked):
    """What or whom a token is for, and what it may."""

    name: Word = Field(max_length=200, examples=["wallboard"])
    scope: ScopeName = Field(default="read", examples=["read"])
    expires: Word | None = Field(default=None, examples=["90d"])
    """After this time it opens nothing: `90d`; never if left out."""


class User(Asked):
    """A user's password and scope."""

    password: str = Field(max_length=1000, examples=["four words make one"])
    scope: ScopeName = Field(default="read", examples=["read"])


@router.get("/me", response_model=answers.Me)
async def me(who: Reader) -> Line:
    """Who asks, and what they may."""
    return {"name": who.name, "scope": who.scope.word}


@router.get("/tokens", response_model=Items[answers.Token])
async def tokens(here: Here, _who: Administrator) -> Line:
    """All that were ever made, the newest first; never the tokens themselves."""
    async with here.db.read() as session:
        return {"items": await access.tokens(session), "next": None}


@router.post("/tokens", response_model=answers.NewToken, status_code=201)
async def make_token(request: Request, here: Here, asked: NewToken, _who: Administrator) -> Response:
    """Make a token; the answer holds it, this once. It takes no `Idempotency-Key`, for then the token would be kept: a
    second request is refused because of its name."""
    if "idempotency-key" in request.headers:
        raise HTTPException(400, "Idempotency-Key: a token is never kept, so leave it out; its name serves as the key")
    async with here.db.write() as session:
        scope = Scope.named(asked.scope)
        token = await keys.make_token(session, asked.name, scope=scope, expires=asked.expires, now=here.now())
    here.lock.look_again()
    return json_answer({"name": asked.name.strip(), "scope": asked.scope, "token": token}, 201)


@router.delete("/tokens/{name:path}", response_model=answers.Done)
async def revoke_token(here: Here, name: Name, _who: Administrator) -> Line:
    """Let a token, by name or number, open nothing any more; sessions that it opened end."""
    async with here.db.write() as session:
        await keys.revoke_tokens(session, [name], now=here.now())
    here.lock.look_again()
    return {"id": name, "done": "revoked"}


@router.get("/users", response_model=Items[answers.User])
async def users(here: Here, _who: Administrator) -> Line:
    """Who may sign in with a password."""
    async with here.db.read() as session:
        return {"items": await access.users(session), "next": None}


@router.put("/users/{name:path}", response_model=answers.Done)
async def put_user(here: Here, name: Name, asked: User, _who: Administrator) -> Line:
    """Let somebody sign in, or give a known user a new password and scope, which ends their sessions."""
    password = await keys.usable_password(asked.password)
    async with here.db.write() as session:
        new = await keys.put_user(session, name, password, scope=Scope.named(asked.scope), now=here.now())
    here.lock.look_again()
    return {"id": name.strip(), "done": "added" if new else "changed"}


@router.delete("/users/{name:path}", response_model=answers.Done)
async def remove_user(here: Here, name: Name, _who: Administrator) -> Line:
    """Let somebody sign in no more; open sessions end."""
    async with here.db.write() as session:
        await keys.remove_users(session, [name])
    here.lock.look_again()
    return {"id": name, "done": "removed"}
