"""Small writes of many tasks in one transaction: a commit costs the same for one as for fifty.

    await together(item) -> wait a moment for others -> write(session, items) -> commit -> each caller's own result

Nothing is told to be done before the commit. A task that is cancelled while it waits has its item left out if the
transaction has not begun, and written if it has; the caller cannot tell, as with any write that is cancelled.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from contextlib import AbstractAsyncContextManager
from typing import Generic, TypeVar

from sqlalchemy.ext.asyncio import AsyncSession

from service.store.failing import takes_nothing

__all__ = ["Together"]

ItemT = TypeVar("ItemT")
ResultT = TypeVar("ResultT")
_LINGER_SECONDS = 0.05
_MOST = 500


class Together(Generic[ItemT, ResultT]):
    """``begin()``: a transaction. ``write(session, items)`` writes at most 500 items and returns a result for each.

    What fails with others is written again alone, so that one bad item harms no other, nor a deadlock with another
    process many; when the database itself fails, all of them have failed.
    """

    def __init__(
        self,
        begin: Callable[[], AbstractAsyncContextManager[AsyncSession]],
        write: Callable[[AsyncSession, Sequence[ItemT]], Awaitable[Sequence[ResultT]]],
    ) -> None:
        self._begin, self._write = begin, write
        self._waiting: list[tuple[ItemT, asyncio.Future[ResultT]]] = []
        self._writer: asyncio.Task[None] | None = None

    async def __call__(self, item: ItemT) -> ResultT:
        """The item's result, once it is committed. Raises what writing it raised."""
        future: asyncio.Future[ResultT] = asyncio.get_running_loop().create_future()
        self._waiting.append((item, future))
        if self._writer is None:
            self._writer = asyncio.create_task(self._write_waiting(), name="writing together")
        return await future

    async def finish(self) -> None:
        """Wait until nothing is under way. For the end, when no more items come."""
        if self._writer is not None:
            await asyncio.wait([self._writer])

    async def _write_waiting(self) -> None:
        try:
            while self._waiting:
                await asyncio.sleep(_LINGER_SECONDS)
                taken, self._waiting = self._waiting[:_MOST], self._waiting[_MOST:]
                await self._commit([(item, future) for item, future in taken if not future.done()])
        finally:
            self._writer = None

    async def _commit(self, batch: Sequence[tuple[ItemT, asyncio.Future[ResultT]]]) -> None:
        if not batch:
            return
        try:
            async with self._begin() as session:
                results = await self._write(session, [item for item, _ in batch])
        except Exception as error:  # noqa: BLE001 - it is raised where the item came from
            if len(batch) > 1 and not takes_nothing(error):
                for one in batch:
                    await self._commit([one])
                return
            for _, future in batch:
                if not future.done():
                    future.set_exception(error)
            return
        for (_, future), result in zip(batch, results, strict=True):
            if not future.done():
                future.set_result(result)
