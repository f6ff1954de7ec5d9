"""Politeness: how many requests one origin gets at a time, and how far apart they start.

slot(url) -> wait for a free place -> wait until the last start is `spacing` ago -> the request -> place given back
"""

import asyncio
import time
from collections import OrderedDict
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from functools import lru_cache
from urllib.parse import urlsplit

__all__ = ["HostLimits", "origin_of"]

_DEFAULT_PORTS = {"http": 80, "https": 443}
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


class _Origin:
    __slots__ = ("gate", "next_start", "places", "users")

    def __init__(self, concurrency: int) -> None:
        self.places = asyncio.Semaphore(concurrency)
        self.gate = asyncio.Lock()
        self.next_start = float("-inf")
        self.users = 0


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
        self._origins: OrderedDict[tuple[str, str, int], _Origin] = OrderedDict()

    def __len__(self) -> int:
        """Origins remembered just now."""
        return len(self._origins)

    @asynccontextmanager
    async def slot(self, url: str) -> AsyncIterator[None]:
        """Hold a place at the URL's origin. A waiter that is cancelled takes neither a place nor a start."""
        key = origin_of(url)
        origin = self._origins.setdefault(key, _Origin(self._concurrency))
        origin.users += 1
        try:
            async with origin.places:
                async with origin.gate:
                    wait = origin.next_start - self._clock()
                    if wait > 0:
                        await asyncio.sleep(wait)
                    origin.next_start = self._clock() + self._spacing
                yield
        finally:
            origin.users -= 1
            self._origins.move_to_end(key)
            self._forget_idle()

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
