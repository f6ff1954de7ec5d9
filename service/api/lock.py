"""Whether requests must say who they come from."""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import Final

from sqlalchemy.exc import SQLAlchemyError

from service.store import access
from service.store.engine import Database

__all__ = ["PATIENCE", "Lock"]

PATIENCE: Final = 5.0
"""Seconds after which a silent database counts as out of reach."""

_REMEMBERED = timedelta(seconds=2)
"""After this time a first token, made by a command, has locked a running daemon."""

_LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)


class Lock:
    """Whether a request must say who it is: where a token or a user exists, or where others than this machine can ask
    (``always``). While the database is gone, what was known last; at first, that it must."""

    def __init__(self, db: Database, now: Callable[[], datetime], *, always: bool = False) -> None:
        self._db, self._now, self._always = db, now, always
        self._known, self._asked_at = True, _LONG_AGO

    async def holds(self) -> bool:
        if self._always:
            return True
        now = self._now()
        if abs(now - self._asked_at) >= _REMEMBERED:
            with suppress(SQLAlchemyError, OSError):  # nobody makes a token in a database that is gone
                async with asyncio.timeout(PATIENCE), self._db.read() as session:
                    self._known = await access.locked(session)
                self._asked_at = now
        return self._known

    def look_again(self) -> None:
        """A token or user has just come or gone."""
        self._asked_at = _LONG_AGO
