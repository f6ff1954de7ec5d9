"""Tokens, users and sessions. Of each secret only a hash is kept.

Whether something is locked, and by whom it is opened, is asked with every request; so sessions and tokens note their
last use at most once a minute.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, delete, exists, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from service.domain.access import SESSION_ENDS, SESSION_RESTS, Caller, Scope
from service.domain.alerting import rfc3339
from service.store.lines import Line
from service.store.tables import OnceRow, SessionRow, TokenRow, TriageRow, UserRow

__all__ = [
    "add_token",
    "caller_with_session",
    "caller_with_token",
    "close_session",
    "forget_old",
    "locked",
    "note_use",
    "open_session",
    "password_of",
    "put_user",
    "reader_named",
    "remove_user",
    "revoke_token",
    "tokens",
    "users",
]

_NOTED_EVERY = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Known:
    """``stale``: its last use is worth noting again."""

    caller: Caller
    stale: bool


async def locked(session: AsyncSession) -> bool:
    """Whether somebody can sign in. An expired token locks, too: that its time runs out must open nothing."""
    standing = select(TokenRow).where(col(TokenRow.revoked_at).is_(None))
    return bool((await session.execute(select(or_(exists(standing), exists(select(UserRow)))))).scalar())


async def add_token(
    session: AsyncSession, *, name: str, hashed: str, shown: str, scope: Scope, expires: datetime | None, now: datetime
) -> bool:
    """``shown``: its first letters, to tell it by. False when an unrevoked token has that name."""
    same = select(TokenRow).where(col(TokenRow.name) == name, col(TokenRow.revoked_at).is_(None))
    if (await session.execute(same)).first() is not None:
        return False
    session.add(TokenRow(name=name, hash=hashed, shown=shown, scope=scope.word, expires_at=expires, created_at=now))
    await session.flush()
    return True


async def tokens(session: AsyncSession) -> list[Line]:
    """All that were ever made, the newest first; never the tokens themselves."""
    rows = (await session.execute(select(TokenRow).order_by(col(TokenRow.id).desc()))).scalars()
    return [
        {
            "id": row.id,
            "name": row.name,
            "begins": row.shown,
            "scope": row.scope,
            "created_at": rfc3339(row.created_at),
            "expires_at": rfc3339(row.expires_at) if row.expires_at else None,
            "last_used_at": rfc3339(row.last_used_at) if row.last_used_at else None,
            "revoked_at": rfc3339(row.revoked_at) if row.revoked_at else None,
        }
        for row in rows
    ]


async def revoke_token(session: AsyncSession, name: str, *, now: datetime) -> bool:
    """By its name or its number; sessions that it opened end with it. False when there is none to revoke."""
    same = col(TokenRow.name) == name
    if name.isdecimal() and len(name) < 19:
        same = or_(same, col(TokenRow.id) == int(name))
    rows = (await session.execute(select(TokenRow).where(same, col(TokenRow.revoked_at).is_(None)))).scalars().all()
    for row in rows:
        row.revoked_at = now
        await session.execute(delete(SessionRow).where(col(SessionRow.token_id) == row.id))
    return bool(rows)


async def put_user(session: AsyncSession, *, name: str, password: str, scope: Scope, now: datetime) -> bool:
    """``password`` hashed. A known user gets it and the scope, and is signed out everywhere; True when new."""
    row = (await session.execute(select(UserRow).where(col(UserRow.name) == name))).scalar_one_or_none()
    if row is None:
        session.add(UserRow(name=name, password=password, scope=scope.word, created_at=now))
    else:
        row.password, row.scope = password, scope.word
        await session.execute(delete(SessionRow).where(col(SessionRow.user_id) == row.id))
    await session.flush()
    return row is None


async def users(session: AsyncSession) -> list[Line]:
    rows = (await session.execute(select(UserRow).order_by(col(UserRow.name)))).scalars()
    return [{"name": row.name, "scope": row.scope, "created_at": rfc3339(row.created_at)} for row in rows]


async def remove_user(session: AsyncSession, name: str) -> bool:
    """With the user's sessions, idempotency keys and triage, for the next user may get the id. False when there is
    none."""
    row = (await session.execute(select(UserRow).where(col(UserRow.name) == name))).scalar_one_or_none()
    if row is None:
        return False
    await session.execute(delete(OnceRow).where(col(OnceRow.caller) == _caller(row).key))
    await session.execute(delete(TriageRow).where(col(TriageRow.reader) == _caller(row).key))
    await session.delete(row)
    return True


async def password_of(session: AsyncSession, name: str) -> tuple[int, str] | None:
    """A user's id and hashed password."""
    row = (await session.execute(select(UserRow).where(col(UserRow.name) == name))).scalar_one_or_none()
    return (row.id, row.password) if row is not None else None


async def reader_named(session: AsyncSession, name: str) -> str | None:
    """The key (``user 3``) of the user of that name, or else of the token, which may be expired; None when there is
    neither."""
    user = (await session.execute(select(UserRow).where(col(UserRow.name) == name))).scalar_one_or_none()
    standing = select(TokenRow).where(col(TokenRow.name) == name, col(TokenRow.revoked_at).is_(None))
    row = user or (await session.execute(standing)).scalar_one_or_none()
    return _caller(row).key if row is not None else None


async def caller_with_token(session: AsyncSession, hashed: str, now: datetime) -> Known | None:
    """Who holds that token; None when it is unknown, revoked or expired."""
    row = await _token(session, col(TokenRow.hash) == hashed, now)
    return Known(_caller(row), _is_stale(row.last_used_at, now)) if row else None


async def open_session(
    session: AsyncSession, *, hashed: str, now: datetime, user: int | None = None, token: str | None = None
) -> bool:
    """For a user's id, or for a token's hash. False when that token opens nothing."""
    token_id = None
    if token is not None:
        row = await _token(session, col(TokenRow.hash) == token, now)
        if row is None:
            return False
        token_id = row.id
    session.add(SessionRow(hash=hashed, user_id=user, token_id=token_id, created_at=now, last_used_at=now))
    return True


async def caller_with_session(session: AsyncSession, hashed: str, now: datetime) -> Known | None:
    """Who signed in; None when the session, or what opened it, holds no longer."""
    row = await session.get(SessionRow, hashed)
    if row is None or row.created_at <= now - SESSION_ENDS or row.last_used_at <= now - SESSION_RESTS:
        return None
    owner: TokenRow | UserRow | None
    if row.user_id is not None:
        owner = await session.get(UserRow, row.user_id)
    else:
        owner = await _token(session, col(TokenRow.id) == row.token_id, now)
    if owner is None:
        return None
    return Known(replace(_caller(owner), session=hashed), _is_stale(row.last_used_at, now))


async def note_use(session: AsyncSession, hashed: str, *, session_is: bool, now: datetime) -> None:
    """That a token, or a session, was used."""
    table = SessionRow if session_is else TokenRow
    await session.execute(update(table).where(col(table.hash) == hashed).values(last_used_at=now))


async def close_session(session: AsyncSession, hashed: str) -> None:
    await session.execute(delete(SessionRow).where(col(SessionRow.hash) == hashed))


async def forget_old(session: AsyncSession, now: datetime) -> int:
    """Sessions that are over; how many."""
    over = or_(col(SessionRow.created_at) <= now - SESSION_ENDS, col(SessionRow.last_used_at) <= now - SESSION_RESTS)
    gone = await session.execute(delete(SessionRow).where(over).returning(col(SessionRow.hash)))
    return len(gone.all())


async def _token(session: AsyncSession, same: ColumnElement[bool], now: datetime) -> TokenRow | None:
    holds = and_(
        same,
        col(TokenRow.revoked_at).is_(None),
        or_(col(TokenRow.expires_at).is_(None), col(TokenRow.expires_at) > now),
    )
    return (await session.execute(select(TokenRow).where(holds))).scalar_one_or_none()


def _caller(row: TokenRow | UserRow) -> Caller:
    kind = "token" if isinstance(row, TokenRow) else "user"
    return Caller(row.name, Scope.named(row.scope), f"{kind} {row.id}")


def _is_stale(noted: datetime | None, now: datetime) -> bool:
    return noted is None or now - noted >= _NOTED_EVERY
