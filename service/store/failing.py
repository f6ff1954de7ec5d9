"""Whether a write failed because of what was written, or because the database takes nothing now."""

import sqlite3
from typing import Final

from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout

__all__ = ["takes_nothing"]

_SQLITE: Final = frozenset(
    {
        sqlite3.SQLITE_BUSY,
        sqlite3.SQLITE_LOCKED,
        sqlite3.SQLITE_READONLY,
        sqlite3.SQLITE_IOERR,
        sqlite3.SQLITE_FULL,
        sqlite3.SQLITE_CANTOPEN,
        sqlite3.SQLITE_PROTOCOL,
    }
)
_POSTGRES: Final = ("08", "25006", "53", "57", "58")
"""Beginnings of codes (PostgreSQL's manual, appendix A): connection lost, read-only, no disk or memory left, shut down
or restarted by somebody, trouble outside it."""


def takes_nothing(error: Exception) -> bool:
    """It is away, full, locked or read-only: the same may well be written another time, and nothing else now."""
    if isinstance(error, PoolTimeout):
        return True
    if not isinstance(error, DBAPIError):
        return False
    code = getattr(error.orig, "sqlite_errorcode", None)
    if code is not None:
        return code & 0xFF in _SQLITE  # the rest tells more of it (SQLite: "Result and Error Codes")
    state = getattr(error.orig, "sqlstate", None)
    if state is not None:
        return str(state).startswith(_POSTGRES)
    return isinstance(error, OperationalError | InterfaceError)  # the driver's own: there is no connection
