"""Outcomes of deliveries are written in batches: what ends while one batch is being written makes up the next.

One transaction an outcome would bound a fast receiver by the pace of commits. A batch waits for nothing: the first
outcome is written at once, so that the time between sending and marking stays as short as it can be.
"""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from service.domain.sending import Copy
from service.store.deliveries import Attempt, DeliveryJob, mark_copy, record_attempts
from service.store.engine import Database

__all__ = ["Recorder"]

_MOST = 200
_Waiting = tuple[DeliveryJob, Attempt, "asyncio.Future[bool]"]


@dataclass(slots=True)
class Recorder:
    """``await recorder.write(job, attempt)``. ``new_id``: 32 hexadecimal digits, different at each call."""

    db: Database
    new_id: Callable[[], str]
    _queue: list[_Waiting] = field(default_factory=list)
    _writing: asyncio.Task[None] | None = None

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
            await asyncio.wait([written])
            raise

    async def mark(self, job: DeliveryJob, copy: Copy, *, at: datetime) -> bool:
        """Keep how one recipient's copy went, while others are still to come; False when the claim was lost."""
        written = asyncio.create_task(self._mark(job, copy, at), name="marking a copy")
        try:
            return await asyncio.shield(written)
        except asyncio.CancelledError:
            await asyncio.wait([written])
            raise

    async def _mark(self, job: DeliveryJob, copy: Copy, at: datetime) -> bool:
        async with self.db.write() as session:
            return await mark_copy(session, job, copy, at=at)

    async def _write_all(self) -> None:
        try:
            while self._queue:
                batch, self._queue = self._queue[:_MOST], self._queue[_MOST:]
                if not await self._write_batch(batch):
                    for one in batch:  # one that cannot be written must not take the others with it
                        await self._write_batch([one], last=True)
        finally:
            self._writing = None

    async def _write_batch(self, batch: list[_Waiting], *, last: bool = False) -> bool:
        try:
            async with self.db.write() as session:
                made = [(job, attempt) for job, attempt, _ in batch]
                held = await record_attempts(session, made, new_id=self.new_id)
        except Exception as error:  # noqa: BLE001 - handed to those who wait
            if last:
                for _, _, written in batch:
                    written.set_exception(error)
            return False
        for (_, _, written), found in zip(batch, held, strict=True):
            written.set_result(found)
        return True
