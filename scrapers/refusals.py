"""Servers that asked for a pause: first of one address, then, when another address is refused too, of the whole origin.

    429 or 503 with Retry-After, to /feed     -> the origin is watched until then; only /feed waits (its own schedule)
    429 or 503 to another path until then     -> the origin is closed: nothing is asked of it before the pause ends

The client (http.py) keeps this for feeds, pages and robots.txt together. Whoever keeps things over a restart takes what
changed with ``take_changes`` and gives it back with ``restore``.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from scrapers.hosts import origin_of

__all__ = ["Refusal", "Refusals"]


@dataclass(frozen=True, slots=True)
class Refusal:
    """``origin``: ``https://news.example:443``. ``url``: the address that was refused first. ``until``: aware, UTC."""

    origin: str
    url: str
    until: datetime
    closed: bool
    """The pause is of the whole origin."""


class Refusals:
    """The pauses that run, one an origin at most. Those that have ended are forgotten."""

    def __init__(self) -> None:
        self._running: dict[str, Refusal] = {}
        self._changed: dict[str, Refusal] = {}

    def __bool__(self) -> bool:
        """Whether any origin may be on a pause."""
        return bool(self._running)

    def restore(self, kept: Iterable[Refusal]) -> None:
        self._running.update((refusal.origin, refusal) for refusal in kept)

    def take_changes(self) -> tuple[Refusal, ...]:
        """What is new since the last call."""
        changed, self._changed = tuple(self._changed.values()), {}
        return changed

    def closed_until(self, url: str, now: datetime) -> datetime | None:
        """The end of the pause of this address's origin; None when it may be asked."""
        refusal = self._running.get(_name(url))
        return refusal.until if refusal and refusal.closed and refusal.until > now else None

    def note(self, url: str, retry_after: datetime | None, now: datetime) -> None:
        """A 429 or a 503 came from ``url``."""
        self._running = {name: refusal for name, refusal in self._running.items() if refusal.until > now}
        name = _name(url)
        before = self._running.get(name)
        ends = [retry_after] if retry_after else []
        ends += [before.until] if before else []
        if not ends or max(ends) <= now:
            return
        closed = before is not None and (before.closed or before.url != url)
        self._running[name] = self._changed[name] = Refusal(name, before.url if before else url, max(ends), closed)


def _name(url: str) -> str:
    scheme, host, port = origin_of(url)
    return f"{scheme}://{host}:{port}"
