"""A lane claims due jobs of one kind and runs them in tasks, never more at once than it has places."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Any, Generic, TypeVar

import structlog

__all__ = ["Lane"]

JobT = TypeVar("JobT")
_REFILLS = 4
"""A claim costs more than many a job: places that fall free are filled a quarter of them at a time, or at a kick."""
log = structlog.get_logger("newsvane.dispatch")


class Lane(Generic[JobT]):
    """``claim(n)`` takes at most n due jobs, ``run(job)`` does one, ``give_back(job)`` makes it due again.

    ``run`` records every expected outcome itself. What it raises is a bug: it is logged, and the job's lease is left
    to run out, so that a poisonous job is tried again at the pace of leases and never in a hot loop.

    ``done``: jobs that ended; ``bugs``: those of them that a bug stopped; ``looks``: claims that were answered.
    """

    def __init__(
        self,
        name: str,
        *,
        places: int,
        claim: Callable[[int], Awaitable[Sequence[JobT]]],
        run: Callable[[JobT], Awaitable[Any]],
        give_back: Callable[[JobT], Awaitable[None]],
        after: Callable[[], None] = lambda: None,
    ) -> None:
        self.name = name
        self.places = places
        self.done = 0
        self.looks = 0
        self.bugs = 0
        self._claim, self._run, self._give_back, self._after = claim, run, give_back, after
        self._tasks: dict[asyncio.Task[None], JobT] = {}
        self._pump: asyncio.Task[None] | None = None
        self._kicked = False
        self._open = True

    @property
    def running(self) -> int:
        return len(self._tasks)

    @property
    def full(self) -> bool:
        return len(self._tasks) >= self.places

    @property
    def looking(self) -> bool:
        """Whether it may still find work that is due now."""
        return self._pump is not None

    @property
    def jobs(self) -> tuple[JobT, ...]:
        """Those that run now."""
        return tuple(self._tasks.values())

    @property
    def busy(self) -> bool:
        return bool(self._tasks) or self._pump is not None

    def kick(self) -> None:
        """Look for due work soon. Cheap, and any number of kicks while it looks makes it look once more."""
        self._kicked = True
        if self._pump is None and self._open:
            self._pump = asyncio.create_task(self._look(), name=f"{self.name}: looking for due work")
            self._pump.add_done_callback(self._looked)

    async def idle(self) -> None:
        """Wait until nothing runs and no more work was found due."""
        while self.busy:
            await asyncio.wait([task for task in (*self._tasks, self._pump) if task is not None])
            await asyncio.sleep(0)  # let the done callbacks run: they may have kicked

    async def drain(self, seconds: float) -> int:
        """Take no more work, give running jobs this long to finish, give back the rest; how many were given back."""
        self._open = False
        if self._pump is not None:
            await asyncio.wait([self._pump])
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=seconds)
        left = list(self._tasks)
        for task in left:
            task.cancel()
        await asyncio.gather(*left, return_exceptions=True)
        return len(left)

    async def _look(self) -> None:
        while self._kicked and self._open and (room := self.places - len(self._tasks)) > 0:
            self._kicked = False
            jobs = await self._claim(room)
            self.looks += 1
            for job in jobs:
                task = asyncio.create_task(self._one(job), name=self.name)
                self._tasks[task] = job
                task.add_done_callback(self._finished)

    def _looked(self, pump: asyncio.Task[None]) -> None:
        self._pump = None
        if not pump.cancelled() and pump.exception() is not None:
            log.error("claim failed", lane=self.name, exc_info=pump.exception())
        if self._kicked and len(self._tasks) < self.places:  # kicked after the last look, before this note of its end
            self.kick()

    def _finished(self, task: asyncio.Task[None]) -> None:
        self._tasks.pop(task, None)
        self.done += 1
        free = self.places - len(self._tasks)
        if self._kicked or free == self.places or free * _REFILLS >= self.places:
            self.kick()
        self._after()

    async def _one(self, job: JobT) -> None:
        try:
            await self._run(job)
        except asyncio.CancelledError:
            await self._give_back(job)
        except Exception:
            self.bugs += 1
            log.exception("a bug stopped a job", lane=self.name, job=f"{job!r:.200}")
