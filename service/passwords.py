"""Passwords of users: hashed with Argon2id, as RFC 9106 section 4 has it for little memory (64 MiB)."""

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from argon2.profiles import RFC_9106_LOW_MEMORY

__all__ = ["SHORTEST", "check_password", "hash_password"]

SHORTEST = 12
"""Characters. NIST SP 800-63B asks for length, and for no rules on what they are."""

_HASHER = PasswordHasher.from_parameters(RFC_9106_LOW_MEMORY)
_NOBODYS: list[str] = []


def hash_password(password: str) -> str:
    """Takes about 0.1 s: not on the event loop."""
    return _HASHER.hash(password)


def check_password(hashed: str | None, password: str) -> bool:
    """``hashed`` is None where there is no such user: it takes as long, and is wrong. Not on the event loop."""
    if hashed is None:
        if not _NOBODYS:
            _NOBODYS.append(_HASHER.hash("nobody's"))
        check_password(_NOBODYS[0], password)
        return False
    try:
        return _HASHER.verify(hashed, password)
    except (VerificationError, InvalidHashError):
        return False
