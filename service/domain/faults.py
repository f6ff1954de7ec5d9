"""What a failed poll weighs: how long the source waits for it, at first and at most. Decides only.

FetchError or ParseError code -> Weight
"""

from dataclasses import dataclass
from datetime import timedelta

__all__ = ["LASTING", "NO_FEED", "OFFLINE", "PASSING", "UNKNOWN_NAME", "WEIGHTS", "Weight", "weigh"]


@dataclass(frozen=True, slots=True)
class Weight:
    """``name``: as it is shown. ``first``: the shortest wait after one failure, ``longest`` after many; where the pause
    while all is well is longer, that counts instead."""

    name: str
    first: timedelta
    longest: timedelta


_NOTHING, _DAY, _MONTH = timedelta(), timedelta(days=1), timedelta(days=30)
OFFLINE = Weight("offline", _NOTHING, timedelta(minutes=15))
"""No server answers at all: a night without network must not cost a day of news."""
PASSING = Weight("passing", _NOTHING, _DAY)
"""Such trouble mostly ends by itself: time-outs, broken connections, TLS, 5xx, 429."""
NO_FEED = Weight("no feed", _NOTHING, _DAY)
"""An answer came, but no feed could be read from it: an error page with status 200, a broken template."""
UNKNOWN_NAME = Weight("unknown name", _NOTHING, _MONTH)
"""The name server knows no such host: a short fault of it, or a site that is gone."""
LASTING = Weight("lasting", timedelta(hours=1), _MONTH)
"""The publisher must mend it, or we: 404, 410, a cap, an address that may not be reached."""
WEIGHTS = (OFFLINE, PASSING, NO_FEED, UNKNOWN_NAME, LASTING)

_UNREADABLE = frozenset({"not-a-feed", "no-text", "overran-time", "overran-memory", "crashed"})


def weigh(code: str, *, transient: bool, offline: bool = False) -> Weight:
    """``code`` and ``transient``: of the error (scrapers/errors.py). ``offline``: nothing else answers either."""
    if offline:
        return OFFLINE
    if code == "dns":
        return UNKNOWN_NAME
    if code in _UNREADABLE:
        return NO_FEED
    return PASSING if transient else LASTING
