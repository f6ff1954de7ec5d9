"""Whether requests must say who they come from."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from service.store import access
from service.store.engine import Database

__all__ = ["Lock"]

_REMEMBERED = timedelta(seconds=2)
"""After this time a first token, made by a command, has locked a running daemon."""

_LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)


class Lock:
    """Whether a request must say who it is: where a token or a user exists, or where others than this machine can ask
    (``always``)."""

    def __init__(self, db: Database, now: Callable[[], datetime], *, always: bool = False) -> None:
        self._db, self._now, self._always = db, now, always
        self._known, self._asked_at = True, _LONG_AGO

    async def holds(self) -> bool:
        if self._always:
            return True
        now = self._now()
        if abs(now - self._asked_at) >= _REMEMBERED:
            async with self._db.read() as session:
                self._known = await access.locked(session)
            self._asked_at = now
        return self._known

    def look_again(self) -> None:
        """A token or user has just come or gone."""
        self._asked_at = _LONG_AGO
