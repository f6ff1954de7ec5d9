"""Work that is due at an origin all at once: what goes now, and when the rest comes again.

Requests wait for their turn in their origin's slot (hosts.py), and whoever waits there holds a place of those that
fetch. So that hundreds for one origin do not keep the others waiting, only those go that will start within a second,
and no more than a few. Each other one gets a turn, one behind the other at the origin's pace, and comes again then.
"""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime, timedelta

from scrapers.hosts import Host, HostLimits, host_of

__all__ = ["HostQueues"]

_PATIENCE = 1.0
"""Seconds that a request may wait in its origin's slot."""
_SOONEST = 0.1
"""Seconds before which nothing comes again."""


class HostQueues:
    """The turns at the origins of ``hosts`` that lie ahead. Of each origin only the last is kept, until it is past."""

    def __init__(self, hosts: HostLimits) -> None:
        self._hosts = hosts
        self._last: dict[Host, datetime] = {}

    def turns(self, urls: Sequence[str], now: datetime, *, most: int) -> list[datetime | None]:
        """For each address, in the order in which they were due, the time to come again; None: go now.

        ``most``: how many may wait at one origin. What is no address goes: it meets its error without waiting.
        """
        self._last = {key: at for key, at in self._last.items() if at >= now}
        going: Counter[Host] = Counter()
        return [self._turn(url, going, now, most) for url in urls]

    def forget(self) -> None:
        """The clock by which turns were given was ahead: they are given anew."""
        self._last.clear()

    def waiting(self, now: datetime) -> bool:
        """Whether a turn lies ahead."""
        return any(at >= now for at in self._last.values())

    def _turn(self, url: str, going: Counter[Host], now: datetime, most: int) -> datetime | None:
        try:
            key = host_of(url)
        except ValueError:
            return None
        ahead = going[key]
        wait = self._hosts.wait(key, ahead)
        if wait <= _PATIENCE and self._hosts.waiting(key) + ahead < most:
            going[key] += 1
            return None
        at = now + timedelta(seconds=max(wait, _SOONEST))
        if key in self._last:
            at = max(at, self._last[key] + timedelta(seconds=self._hosts.pace(key)))
        self._last[key] = at
        return at
