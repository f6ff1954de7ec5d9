"""Who may do what over HTTP: scopes, tokens, and how fast passwords may be tried.

no token and no user   everything is open, to this machine alone (service/web/guard.py)
else                   a token in ``Authorization``, or a session that a token or a password opened
"""

import hashlib
from dataclasses import dataclass
from datetime import timedelta
from enum import IntEnum

__all__ = [
    "NOBODY_ELSE",
    "SESSION_ENDS",
    "SESSION_RESTS",
    "TOKEN_PREFIX",
    "Caller",
    "Scope",
    "fingerprint",
    "new_token",
    "pause_after",
]

TOKEN_PREFIX = "nv_"  # noqa: S105 - how every token begins
"""So that scanners for leaked secrets, and people, know one when they see it."""

SESSION_ENDS = timedelta(days=30)
"""However much it is used."""

SESSION_RESTS = timedelta(days=7)
"""Without being used."""

_FREE_TRIES = 5
_FIRST_PAUSE, _LONGEST_PAUSE = 30, 900


class Scope(IntEnum):
    """Each holds those before it. READ looks, WRITE changes what is watched and marked, ADMIN also decides who may."""

    READ = 1
    WRITE = 2
    ADMIN = 3

    @classmethod
    def named(cls, name: str) -> "Scope":
        """Raises KeyError."""
        return cls[name.upper()]

    @property
    def word(self) -> str:
        return self.name.lower()


@dataclass(frozen=True, slots=True)
class Caller:
    """Who asks. ``name`` is a token's or a user's, who may have the same; ``key`` is one caller's alone (``token 7``).
    ``session`` is the session's fingerprint, where there is one."""

    name: str
    scope: Scope
    key: str
    session: str | None = None


NOBODY_ELSE = Caller("this machine", Scope.ADMIN, "this machine")
"""Who asks where no token and no user exists: only this machine is answered then."""


def new_token(randomness: str) -> str:
    """``randomness``: at least 256 bits as text that needs no quoting."""
    return TOKEN_PREFIX + randomness


def fingerprint(secret: str) -> str:
    """What is stored of a token or a session: SHA-256 in hex.

    A secret of 256 random bits cannot be guessed from its hash, so a slow hash, which a password needs, would only cost
    time at every request.
    """
    return hashlib.sha256(secret.encode()).hexdigest()


def pause_after(failures: int) -> timedelta:
    """How long no further password is tried, after so many wrong ones in a row: five are free, then 30 s, doubling to
    15 minutes (OWASP ASVS 5.0, 6.3.1, asks for a limit against guessing)."""
    beyond = failures - _FREE_TRIES
    if beyond < 0:
        return timedelta()
    return timedelta(seconds=min(_FIRST_PAUSE * 2 ** min(beyond, 10), _LONGEST_PAUSE))
