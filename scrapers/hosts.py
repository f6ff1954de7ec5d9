"""Politeness: how many requests one origin gets at a time, and how far apart they start.

http and https on their usual ports count as one here: it is one server that has the work.

slot(url) -> wait for a free place -> wait until the last start is `spacing` ago -> the request -> place given back
"""

import asyncio
import time
from collections import OrderedDict
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from functools import lru_cache
from urllib.parse import urlsplit

__all__ = ["Host", "HostLimits", "host_of", "origin_of"]

Host = tuple[str, int]

_DEFAULT_PORTS = {"http": 80, "https": 443}
_USUAL_SECONDS = 0.1
"""What an answer is taken to cost while nothing is known of its origin."""
_NEWEST = 0.3
"""The weight of the last answer's time in the usual one."""
_SWEEP = 8
"""Idle origins looked at on each entry: more than one, so that the table shrinks while it is used."""


@lru_cache(maxsize=1024)
def origin_of(url: str) -> tuple[str, str, int]:
    """Scheme, host (lower case) and port of an absolute URL (RFC 6454). Raises ValueError for what has none."""
    parts = urlsplit(url)
    scheme = parts.scheme.lower()
    if not parts.hostname or scheme not in _DEFAULT_PORTS:
        raise ValueError("not an absolute http(s) address")
    return scheme, parts.hostname.rstrip("."), parts.port or _DEFAULT_PORTS[scheme]


def host_of(url: str) -> Host:
    """Host and port, as ``origin_of`` has them; 80 also for 443. Raises ValueError as it does."""
    _, host, port = origin_of(url)
    return host, 80 if port == _DEFAULT_PORTS["https"] else port


class _Origin:
    __slots__ = ("gate", "next_start", "places", "running", "seconds", "users")

    def __init__(self, concurrency: int) -> None:
        self.places = asyncio.Semaphore(concurrency)
        self.gate = asyncio.Lock()
        self.next_start = float("-inf")
        self.users = 0
        self.running = 0
        self.seconds = _USUAL_SECONDS


class HostLimits:
    """Spacing and concurrency for each origin. For one event loop.

    ``spacing``: seconds between the starts of two requests to an origin. ``concurrency``: requests to an origin at a
    time. ``clock``: seconds that never go back. Waiting is first come, first served. An origin is forgotten when
    nobody uses it and its spacing is over, so memory follows the traffic and not the history.
    """

    def __init__(self, spacing: float, concurrency: int, clock: Callable[[], float] = time.monotonic) -> None:
        if spacing < 0 or concurrency < 1:
            raise ValueError("spacing must not be negative and concurrency must be at least 1")
        self._spacing = spacing
        self._concurrency = concurrency
        self._clock = clock
        self._origins: OrderedDict[Host, _Origin] = OrderedDict()

    def __len__(self) -> int:
        """Origins remembered just now."""
        return len(self._origins)

    @asynccontextmanager
    async def slot(self, url: str) -> AsyncIterator[None]:
        """Hold a place at the URL's origin. A waiter that is cancelled takes neither a place nor a start."""
        key = host_of(url)
        origin = self._origins.setdefault(key, _Origin(self._concurrency))
        origin.users += 1
        try:
            async with origin.places:
                async with origin.gate:
                    wait = origin.next_start - self._clock()
                    if wait > 0:
                        await asyncio.sleep(wait)
                    started = self._clock()
                    origin.next_start = started + self._spacing
                origin.running += 1
                try:
                    yield
                finally:
                    origin.running -= 1
                    origin.seconds += _NEWEST * (self._clock() - started - origin.seconds)
        finally:
            origin.users -= 1
            self._origins.move_to_end(key)
            self._forget_idle()

    def wait(self, key: Host, ahead: int = 0) -> float:
        """Seconds until a request would start that came to this origin now, behind ``ahead`` others on their way to it.

        An estimate: what the spacing makes of those that wait, or what the time of the origin's last answers makes of
        its places, whichever is longer.
        """
        users, running, spaced, seconds = 0, 0, 0.0, _USUAL_SECONDS
        origin = self._origins.get(key)
        if origin is not None:
            users, running, seconds = origin.users, origin.running, origin.seconds
            spaced = max(origin.next_start - self._clock(), 0)
        spaced += (users - running + ahead) * self._spacing
        rounds = max(users + ahead + 1 - self._concurrency, 0) / self._concurrency
        return max(spaced, rounds * seconds)

    def waiting(self, key: Host) -> int:
        """How many requests wait for their turn at this origin."""
        origin = self._origins.get(key)
        return origin.users - origin.running if origin else 0

    def pace(self, key: Host) -> float:
        """Seconds from one request to the next while many wait for this origin; an estimate, too."""
        origin = self._origins.get(key)
        seconds = origin.seconds if origin else _USUAL_SECONDS
        return max(self._spacing, seconds / self._concurrency)

    def _forget_idle(self) -> None:
        """Look at the few origins that were used longest ago, up to one that is idle and still has to wait."""
        now = self._clock()
        for _ in range(_SWEEP):
            key, origin = next(iter(self._origins.items()))
            if origin.users:
                self._origins.move_to_end(key)
            elif origin.next_start <= now:
                del self._origins[key]
                if not self._origins:
                    return
            else:
                return
