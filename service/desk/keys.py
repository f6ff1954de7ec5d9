"""Tokens and users: making them and taking them back."""

import asyncio
import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from service.desk.errors import Conflict, Unknown, Wrong
from service.desk.verdicts import span_of
from service.domain.access import Scope, fingerprint, new_token
from service.passwords import SHORTEST, hash_password
from service.store import access
from service.store.unstorable import UNSTORABLE

__all__ = ["HashedPassword", "make_token", "put_user", "remove_users", "revoke_tokens", "usable_password"]

_LONGEST_PASSWORD = 1000
_LONGEST_NAME = 200


@dataclass(frozen=True, slots=True)
class HashedPassword:
    hashed: str = field(repr=False)


async def make_token(session: AsyncSession, name: str, *, scope: Scope, expires: str | None, now: datetime) -> str:
    """The token, this once. ``expires``: after ``90d``; None for never. Raises Wrong and Conflict."""
    name = _name(name, "say what the token is for")
    ends = now + span_of(expires, "expires") if expires is not None else None
    token = new_token(secrets.token_urlsafe(32))
    made = await access.add_token(
        session, name=name, hashed=fingerprint(token), shown=token[:7], scope=scope, expires=ends, now=now
    )
    if not made:
        raise Conflict(f"there is a token named {name!r}: choose another name, or revoke that one first")
    return token


async def revoke_tokens(session: AsyncSession, names: Sequence[str], *, now: datetime) -> None:
    """By name or number; sessions that they opened end. All or none. Raises Unknown."""
    for name in names:
        if not await access.revoke_token(session, name, now=now):
            raise Unknown("token", name, f"there is no token {name!r} to revoke")


async def usable_password(password: str) -> HashedPassword:
    """To be asked for before the transaction, for it takes its time. Raises Wrong."""
    if len(password) < SHORTEST:
        raise Wrong(
            "password", f"the password has {len(password)} characters; take at least {SHORTEST}, such as four words"
        )
    if len(password) > _LONGEST_PASSWORD:
        raise Wrong("password", f"the password has {len(password)} characters; take at most {_LONGEST_PASSWORD}")
    try:
        return HashedPassword(await asyncio.to_thread(hash_password, password))
    except UnicodeEncodeError as error:
        raise Wrong("password", "holds half a pair of UTF-16, which is no character; leave it out") from error


async def put_user(session: AsyncSession, name: str, password: HashedPassword, *, scope: Scope, now: datetime) -> bool:
    """Let somebody sign in, or give a known user a new password and scope; whether it is a new one. Raises Wrong."""
    name = _name(name, "name the user")
    return await access.put_user(session, name=name, password=password.hashed, scope=scope, now=now)


async def remove_users(session: AsyncSession, names: Sequence[str]) -> None:
    """They sign in no more, and their open sessions end. All or none. Raises Unknown."""
    for name in names:
        if not await access.remove_user(session, name):
            raise Unknown("user", name)


def _name(text: str, mend: str) -> str:
    """Raises Wrong."""
    name = text.strip()
    if not name:
        raise Wrong("name", mend)
    if len(name) > _LONGEST_NAME or UNSTORABLE.search(name):
        raise Wrong("name", f"is longer than {_LONGEST_NAME} characters, or holds what is none; take another")
    return name
