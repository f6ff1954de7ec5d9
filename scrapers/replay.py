"""Answers from a recording, each at its recorded moment, and never opens a connection.

    fetch(url) -> waits -> answer(exchange), by whoever moves the clock -> Fetched | Unchanged | FetchError
               -> not in the recording -> FetchError ``not-recorded``

Jobs take turns: one works at a time, and gives its turn away only while it waits for an answer here. So the order in
which things are stored is that of the recording, whatever this machine does at the same time.
"""

import asyncio
from collections import defaultdict, deque
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from datetime import datetime
from typing import NoReturn
from urllib.parse import urlsplit

from scrapers.errors import FetchError
from scrapers.hosts import HostLimits
from scrapers.http import Answer
from scrapers.recorded_lines import written
from scrapers.recording import Exchange, Recording
from scrapers.refusals import Refusals
from scrapers.types import Fetched, Unchanged, Validators

__all__ = ["ReplayClient", "Turns", "is_robots"]

_PAUSED = frozenset({429, 503})
_UNBOUNDED = 1_000_000
"""No host is asked, so none has to be waited for."""
Outcome = Fetched | Unchanged | FetchError


class Turns:
    """One job at a time, first come, first served."""

    def __init__(self) -> None:
        self._lock = asyncio.Lock()
        self._holder: asyncio.Task[object] | None = None

    @asynccontextmanager
    async def taken(self) -> AsyncIterator[None]:
        await self._take()
        try:
            yield
        finally:
            self._give()

    @asynccontextmanager
    async def lent(self) -> AsyncIterator[None]:
        """Let others work meanwhile. For whoever has no turn this does nothing."""
        if self._holder is not asyncio.current_task():
            yield
            return
        self._give()
        try:
            yield
        finally:
            await self._take()

    async def _take(self) -> None:
        await self._lock.acquire()
        self._holder = asyncio.current_task()

    def _give(self) -> None:
        self._holder = None
        self._lock.release()


class ReplayClient:
    """A ``Web`` over a recording. ``turns``: taken by every job that fetches.

    ``robots.txt`` is answered at once: nothing that is stored depends on when it was read. An address that was still
    to be fetched when the recording ended waits for ever; its job is given back by whoever ends the replay.
    Attribute ``missing``: addresses that were asked for and are not in the recording.
    """

    def __init__(self, recording: Recording, *, user_agent: str, turns: Turns) -> None:
        self.user_agent = user_agent
        self.refusals = Refusals()
        self.hosts = HostLimits(spacing=0, concurrency=_UNBOUNDED)
        self.missing: dict[str, None] = {}
        self._turns = turns
        self._known = {exchange.url for exchange in recording.exchanges}
        self._unread = recording.end.unread if recording.end else frozenset()
        self._waiting: dict[str, deque[asyncio.Future[Outcome]]] = defaultdict(deque)
        self._robots: dict[str, deque[Outcome]] = defaultdict(deque)
        for exchange in recording.exchanges:
            if is_robots(exchange):
                self._robots[exchange.url].append(recording.answer(exchange))

    @property
    def waiting(self) -> int:
        """Fetches that wait for their answers."""
        return sum(len(futures) for futures in self._waiting.values())

    def waits_for(self, url: str) -> bool:
        return bool(self._waiting.get(url))

    def answer(self, url: str, outcome: Outcome, now: datetime) -> None:
        """Give the fetch that has waited longest for this address its answer."""
        if isinstance(outcome, FetchError) and outcome.status in _PAUSED:
            self.refusals.note(url, outcome.retry_after, now)
        futures = self._waiting[url]
        futures.popleft().set_result(outcome)
        if not futures:
            del self._waiting[url]

    async def fetch(
        self,
        url: str,
        *,
        now: datetime,
        validators: Validators = Validators(),  # noqa: B008 (frozen)
        accept: str = "*/*",
        max_bytes: int | None = None,
    ) -> Fetched | Unchanged:
        """The contract of ``WebClient.fetch``. ``max_bytes`` counted when the recording was made."""
        key = written(url)
        if key in self._robots:
            answers = self._robots[key]
            outcome = answers.popleft() if len(answers) > 1 else answers[0]
        elif key in self._known or key in self._unread:
            outcome = await self._wait(key)
        else:
            self._refuse(key)
        if isinstance(outcome, FetchError):
            raise outcome.with_traceback(None)
        if isinstance(outcome, Unchanged) and validators == Validators():
            message = "The recording says that nothing changed, to a replay that had not read what was there before."
            raise FetchError(message, code="protocol", transient=True, status=304)
        return outcome

    async def post(
        self, url: str, *, body: bytes, headers: Mapping[str, str], deadline: float, max_answer: int
    ) -> Answer:
        """A replay sends nothing."""
        self._refuse(written(url))

    def _refuse(self, url: str) -> NoReturn:
        self.missing[url] = None
        message = f"This address of {_host(url)} is not in the recording."
        raise FetchError(message, code="not-recorded", transient=False)

    async def _wait(self, key: str) -> Outcome:
        future: asyncio.Future[Outcome] = asyncio.get_running_loop().create_future()
        self._waiting[key].append(future)
        async with self._turns.lent():
            return await future


def is_robots(exchange: Exchange) -> bool:
    """Whether it fetched a site's rules for robots (RFC 9309 section 2.3)."""
    try:
        return urlsplit(exchange.url).path == "/robots.txt"
    except ValueError:
        return False


def _host(url: str) -> str:
    try:
        return urlsplit(url).hostname or "no host"
    except ValueError:
        return "no host"
