"""Outcomes of deliveries are written in batches: what ends while one batch is being written makes up the next.

One transaction an outcome would bound a fast receiver by the pace of commits. A batch waits for nothing: the first
outcome is written at once, so that the time between sending and marking stays as short as it can be.

While the database takes nothing (it is away, full or read-only) outcomes are kept and tried again. Were they dropped,
what a receiver has taken would be sent to it once more.
"""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from typing import TypeVar

import structlog

from service.domain.sending import Attempt, Copy, DeliveryJob
from service.store.deliveries import mark_copy, record_attempts
from service.store.engine import Database
from service.store.failing import takes_nothing

__all__ = ["Recorder"]

log = structlog.get_logger("newsvane.deliver")
_MOST = 200
_FIRST_PAUSE, _LONGEST_PAUSE = 0.2, 5.0
_AT_THE_END = 5.0
"""Seconds that a stop waits for a database that takes nothing."""
WrittenT = TypeVar("WrittenT")
_Waiting = tuple[DeliveryJob, Attempt, "asyncio.Future[bool]"]


@dataclass(slots=True)
class Recorder:
    """``await recorder.write(job, attempt)``. ``new_id``: 32 hexadecimal digits, different at each call."""

    db: Database
    new_id: Callable[[], str]
    _queue: list[_Waiting] = field(default_factory=list)
    _writing: asyncio.Task[None] | None = None
    _refused: bool = False
    """Whether the database took nothing when it was last asked."""

    async def write(self, job: DeliveryJob, attempt: Attempt) -> bool:
        """True when it stands in the database, False when the claim was lost to another worker.

        What was sent is marked even when the caller is cancelled meanwhile; the cancellation follows.
        """
        written = asyncio.get_running_loop().create_future()
        self._queue.append((job, attempt, written))
        if self._writing is None:
            self._writing = asyncio.create_task(self._write_all(), name="recording deliveries")
        try:
            return await asyncio.shield(written)
        except asyncio.CancelledError:
            await asyncio.wait([written], timeout=_AT_THE_END if self._refused else None)
            raise

    async def mark(self, job: DeliveryJob, copy: Copy, *, at: datetime) -> bool:
        """Keep how one recipient's copy went, while others are still to come; False when the claim was lost."""
        written = asyncio.create_task(self._mark(job, copy, at), name="marking a copy")
        try:
            return await asyncio.shield(written)
        except asyncio.CancelledError:
            await asyncio.wait([written], timeout=_AT_THE_END if self._refused else None)
            raise

    async def _mark(self, job: DeliveryJob, copy: Copy, at: datetime) -> bool:
        async def write() -> bool:
            async with self.db.write() as session:
                return await mark_copy(session, job, copy, at=at)

        return await self._until_taken(write)

    async def _write_all(self) -> None:
        try:
            while self._queue:
                batch, self._queue = self._queue[:_MOST], self._queue[_MOST:]
                await self._write_batch(batch)
        finally:
            self._writing = None

    async def _write_batch(self, batch: list[_Waiting]) -> None:
        try:
            held = await self._until_taken(partial(self._commit, batch))
        except Exception as error:  # noqa: BLE001 - handed to the one that waits for it
            if len(batch) == 1:
                batch[0][2].set_exception(error)
                return
            for one in batch:  # one that cannot be written must not take the others with it
                await self._write_batch([one])
            return
        for (_, _, written), found in zip(batch, held, strict=True):
            written.set_result(found)

    async def _commit(self, batch: list[_Waiting]) -> list[bool]:
        async with self.db.write() as session:
            return await record_attempts(session, [(job, attempt) for job, attempt, _ in batch], new_id=self.new_id)

    async def _until_taken(self, write: Callable[[], Awaitable[WrittenT]]) -> WrittenT:
        """However often the database takes nothing."""
        pause = _FIRST_PAUSE
        while True:
            try:
                written = await write()
            except Exception as error:
                if not takes_nothing(error):
                    raise
                if not self._refused:
                    log.error("outcomes of deliveries cannot be written", why=f"{error!r:.300}")
                self._refused = True
                await asyncio.sleep(pause)
                pause = min(2 * pause, _LONGEST_PAUSE)
            else:
                self._refused = False
                return written
