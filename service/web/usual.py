"""How much is usual of each entity on each day of a chart. Weeks of counts stand behind it and a day's band hardly
moves, so it is kept for an hour."""

import asyncio
from collections.abc import Sequence
from datetime import datetime, timedelta

from service.domain.volume import Band
from service.store import volume
from service.store.engine import Database

__all__ = ["Usual"]

_KEPT = timedelta(hours=1)
_MOST = 500
_DAY = timedelta(days=1)


class Usual:
    """One for an application. Two requests at once for the same entity count twice, and get the same."""

    def __init__(self, db: Database) -> None:
        self._db = db
        self._known: dict[tuple[str, datetime, datetime], tuple[datetime, list[Band | None]]] = {}

    async def bands(self, entity: str, days: Sequence[datetime], *, now: datetime) -> list[Band | None]:
        """``days``: the beginnings of days in UTC. Of each what is usual for the whole of it, or None."""
        if not days:
            return []
        key = entity, days[0], days[-1]
        counted = self._known.get(key)
        if counted is not None and now - counted[0] < _KEPT:
            return counted[1]
        async with self._db.read() as session:
            windows = [(day, day + _DAY) for day in days]
            found = await volume.usual_bands(session, entity=entity, windows=windows)
        self._known.pop(key, None)
        self._known[key] = now, found
        while len(self._known) > _MOST:
            del self._known[next(iter(self._known))]
        return found

    async def all(
        self, entities: Sequence[str], days: Sequence[datetime], *, now: datetime
    ) -> dict[str, list[Band | None]]:
        found = await asyncio.gather(*(self.bands(entity, days, now=now) for entity in entities))
        return dict(zip(entities, found, strict=True))
