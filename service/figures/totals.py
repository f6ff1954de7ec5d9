"""How many of everything: a database of millions counts for some tenths of a second, and the pages ask all the time."""

from datetime import datetime, timedelta
from typing import Final
from weakref import WeakKeyDictionary

from service.figures.answers import Totals
from service.store import housekeeping
from service.store.engine import Database

__all__ = ["totals"]

_FRESH: Final = timedelta(minutes=1)
_known: WeakKeyDictionary[Database, Totals] = WeakKeyDictionary()


async def totals(db: Database, *, now: datetime, small: int = 10_000) -> Totals:
    """As they were counted in the last minute, by this process, or else now. ``small``: up to so many articles and
    mentions counting is quick, and who has just begun looks for each of them: then always now."""
    known = _known.get(db)
    if known is not None and timedelta() <= now - known.as_of < _FRESH and _size(known) > small:
        return known
    async with db.read() as session:
        counted = Totals(await housekeeping.counts(session, now=now), now)
    _known[db] = counted
    return counted


def _size(known: Totals) -> int:
    return known.counts["articles"] + known.counts["mentions"]
