"""May this page be fetched? robots.txt by RFC 9309, remembered for a day at most."""

import asyncio
from collections import OrderedDict
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from protego import Protego

from scrapers.errors import FetchError
from scrapers.hosts import origin_of
from scrapers.types import Fetched
from scrapers.web import Web

__all__ = ["RobotsCache"]

MAX_AGE = timedelta(hours=24)
UNREACHABLE_WAIT = timedelta(hours=1)
MAX_BYTES = 512 * 1024
"""RFC 9309 section 2.5 asks to read at least 500 KiB. What follows is not read."""
_MOST_BYTES = 8 * MAX_BYTES
_LONG = 16 * 1024
"""Rules that are longer are read beside the event loop."""

_Origin = tuple[str, str, int]


@dataclass(frozen=True, slots=True)
class _Rules:
    until: datetime
    rules: Protego | None
    """None: everything is allowed."""
    unreachable: bool = False


class RobotsCache:
    """``client``: fetches robots.txt, and its user agent is the one the rules are read for. ``max_origins``: the
    origins remembered; beyond them the one asked for longest ago is forgotten."""

    def __init__(self, client: Web, *, max_origins: int = 5000) -> None:
        self._client = client
        self._max_origins = max_origins
        self._known: OrderedDict[_Origin, _Rules] = OrderedDict()
        self._loading: dict[_Origin, asyncio.Lock] = {}

    async def allowed(self, url: str, now: datetime) -> bool | datetime:
        """True or False; a time when that cannot be said before then, because the host cannot be reached.

        Absent rules (4xx) allow everything, a server in trouble (5xx, no connection) nothing until it answers
        (RFC 9309 section 2.3.1), nor one with more rules than can be had. Raises ValueError for what is no absolute
        http(s) address.
        """
        origin = origin_of(url)
        known = self._current(origin, now)
        if known is None:
            known = self._known[origin] = await self._load_once(origin, url, now)
        self._known.move_to_end(origin)
        while len(self._known) > self._max_origins:
            self._known.popitem(last=False)
        if known.unreachable:
            return known.until
        return known.rules is None or bool(known.rules.can_fetch(url, self._client.user_agent))

    def _current(self, origin: _Origin, now: datetime) -> _Rules | None:
        known = self._known.get(origin)
        return known if known is not None and known.until > now else None

    async def _load_once(self, origin: _Origin, url: str, now: datetime) -> _Rules:
        """Pages of one origin that are wanted at the same time ask for its rules once."""
        lock = self._loading.setdefault(origin, asyncio.Lock())
        try:
            async with lock:
                known = self._current(origin, now)
                if known is None:
                    known = self._known[origin] = await self._load(url, now)
                return known
        finally:
            self._loading.pop(origin, None)

    async def _load(self, url: str, now: datetime) -> _Rules:
        parts = urlsplit(url)
        address = f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}/robots.txt"
        try:
            answer = await self._client.fetch(address, now=now, accept="text/plain, */*;q=0.5", max_bytes=_MOST_BYTES)
        except FetchError as error:
            if error.transient or error.code == "too-large":
                # 429 too: who asks for a pause does not want the pages fetched either
                until = error.retry_after or now + UNREACHABLE_WAIT
                return _Rules(min(until, now + MAX_AGE), None, unreachable=True)
            return _Rules(now + MAX_AGE, None)
        if not isinstance(answer, Fetched):
            return _Rules(now + MAX_AGE, None)
        text = _start(answer.body).decode("utf-8", "replace")
        rules = Protego.parse(text) if len(text) <= _LONG else await asyncio.to_thread(Protego.parse, text)
        return _Rules(now + MAX_AGE, rules)


def _start(body: bytes) -> bytes:
    """Whole lines only: half an ``Allow`` could allow more than the whole."""
    if len(body) <= MAX_BYTES:
        return body
    return body[: body.rfind(b"\n", 0, MAX_BYTES) + 1]
