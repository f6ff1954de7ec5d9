"""Connections whose making is given up are closed at once.

    connect() in a task of its own -> what SQLAlchemy asks of a new connection -> whole()

A task may be cancelled while it waits for a new connection: a request whose client went away, work that is ended.
Neither the drivers nor SQLAlchemy then close what was half made; a session at PostgreSQL, or a thread with an open
file, lived on until cycles of garbage were collected, and could be many by then.
"""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

__all__ = ["Connecting"]

_FINISH_SECONDS = 5.0
"""At the end, for a server that has not answered yet."""


class Connecting:
    """``connect(...)``: a new connection of the driver. ``let_go(connection)`` closes one, and waits for nothing.

    To be given to SQLAlchemy as ``async_creator_fn``.
    """

    def __init__(self, connect: Callable[..., Awaitable[Any]], let_go: Callable[[Any], object]) -> None:
        self._connect, self._let_go = connect, let_go
        self._under_way: set[asyncio.Future[Any]] = set()
        self._not_whole: dict[object, Any] = {}
        """By the task that waits for it."""

    async def __call__(self, *arguments: Any, **options: Any) -> Any:  # noqa: ANN401 - the driver's
        making = asyncio.ensure_future(self._connect(*arguments, **options))
        self._under_way.add(making)
        making.add_done_callback(self._under_way.discard)
        try:
            made = await asyncio.shield(making)
        except asyncio.CancelledError:
            making.add_done_callback(self._nobody_waits)
            raise
        self._not_whole[asyncio.current_task()] = made
        return made

    def whole(self, *_connection: object) -> None:
        """The pool has it now, and sees to its end. Listens, behind all others, to the pool's event ``connect``."""
        self._not_whole.pop(asyncio.current_task(), None)

    def given_up(self) -> None:
        """The calling task does not go on with what it may have been waiting for."""
        left = self._not_whole.pop(asyncio.current_task(), None)
        if left is not None:
            self._let_go(left)

    async def finish(self) -> None:
        """Wait until nothing is under way."""
        if self._under_way:
            await asyncio.wait(self._under_way, timeout=_FINISH_SECONDS)

    def _nobody_waits(self, making: "asyncio.Future[Any]") -> None:
        if not making.cancelled() and making.exception() is None:
            self._let_go(making.result())
