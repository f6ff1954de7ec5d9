"""Streams that go on for long, many at once: all ask together what is new, and who reads nothing is let go."""

import asyncio
from collections.abc import AsyncIterator, Callable
from typing import Any, Final

import structlog
from fastapi.responses import StreamingResponse

from service.store import events
from service.store.engine import Database

__all__ = ["Newest", "ReadStream"]

log = structlog.get_logger("newsvane.api")
_FRESH: Final = 0.5


class ReadStream(StreamingResponse):
    """A stream that ends when its reader takes nothing for ``patience`` seconds.

    The server stops sending when 64 KB wait for the reader, and would wait for ever: a stream's place, and those bytes,
    for each reader that went to sleep without closing its connection.
    """

    def __init__(self, content: AsyncIterator[str], *, patience: float, **more: Any) -> None:  # noqa: ANN401
        super().__init__(content, **more)
        self._patience = patience

    async def stream_response(self, send: Callable[[Any], Any]) -> None:
        async def in_time(message: Any) -> None:  # noqa: ANN401 - of ASGI
            async with asyncio.timeout(self._patience):
                await send(message)

        try:
            await super().stream_response(in_time)
        except TimeoutError:
            log.info("a stream was hung up on: its reader took nothing", seconds=self._patience)


class Newest:
    """The number of the newest event, asked of the database at most twice a second for all streams together."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._one = asyncio.Lock()
        self._known, self._asked_at = 0, float("-inf")

    async def __call__(self, db: Database) -> int:
        async with self._one:
            if self._clock() - self._asked_at >= _FRESH:
                async with db.read() as session:
                    self._known = await events.newest(session)
                self._asked_at = self._clock()
            return self._known
