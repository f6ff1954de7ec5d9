"""What every request is answered from."""

import asyncio
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field
from datetime import datetime
from time import monotonic
from typing import Annotated, Any

import structlog
from fastapi import Depends, HTTPException, Request

from service.api.lock import Lock
from service.api.streams import Newest
from service.desk.outside import Outside
from service.dispatch import Works
from service.store.engine import Database

__all__ = ["Context", "Here", "Outdoors", "Running", "outdoors"]

log = structlog.get_logger("newsvane.api")


class Running:
    """What goes on beside single requests: streams of events, work that was asked for and left, requests to the web.

    ``stopping`` is set when the daemon ends; ``newest``: the newest event, for all streams together.
    """

    most_streams = 128
    patience = 60.0
    """Seconds for which a stream waits for a reader that takes nothing."""
    most_asking = 4
    """Requests that may use the web, or read much, at once."""

    def __init__(self) -> None:
        self.stopping = asyncio.Event()
        self.streams = 0
        self.newest = Newest(monotonic)
        self.asking = asyncio.Semaphore(self.most_asking)
        self._tasks: set[asyncio.Task[Any]] = set()

    def start(self, work: Coroutine[Any, Any, object], name: str) -> None:
        """Do it beside requests, until it ends or the daemon does; once, while one of that name runs."""
        if any(task.get_name() == name for task in self._tasks):
            work.close()
            return
        task = asyncio.create_task(work, name=name)
        self._tasks.add(task)
        task.add_done_callback(self._over)

    async def stop(self) -> None:
        """End the streams, and cancel what runs."""
        self.stopping.set()
        tasks = list(self._tasks)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def _over(self, task: asyncio.Task[Any]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and (error := task.exception()) is not None:
            log.error("work that was asked for failed", work=task.get_name(), exc_info=error)


@dataclass(frozen=True, slots=True)
class Context:
    """Kept in ``app.state.context``. ``outside``: the web and channels; None where only the database is served."""

    db: Database
    now: Callable[[], datetime]
    lock: Lock
    secure: bool = False
    """Whether browsers reach it over TLS, as far as we were told: cookies then go no other way."""
    outside: Outside | None = None
    running: Running = field(default_factory=Running)
    works: Works | None = None
    """None where only pages are served."""


async def _context(request: Request) -> Context:
    context: Context = request.app.state.context
    return context


Here = Annotated[Context, Depends(_context)]


def outdoors(here: Context) -> Outside:
    """Raises HTTPException where only the database is served."""
    if here.outside is None:
        raise HTTPException(409, "only the database is served here: ask a newsvane that runs")
    return here.outside


async def _outside(here: Here) -> Outside:
    return outdoors(here)


Outdoors = Annotated[Outside, Depends(_outside)]
