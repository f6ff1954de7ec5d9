"""A clock that is set back under a running daemon.

APScheduler waits for a moment of the day: with the clock an hour back, nothing would tick for that hour. And what was
due within it would come an hour late.
"""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import Final

import structlog

__all__ = ["SetBack", "keep_ticking"]

log = structlog.get_logger("newsvane.daemon")
_EVERY_SECONDS: Final = 1.0
_LEAST: Final = timedelta(seconds=5)
"""Less is how clocks are corrected, and changes nothing that matters."""


class SetBack:
    """``look()``: by how much the clock was set back since the last look, or nothing. ``steady``: seconds that only go
    forward."""

    def __init__(self, clock: Callable[[], datetime], steady: Callable[[], float]) -> None:
        self._clock, self._steady = clock, steady
        self._before = clock(), steady()

    def look(self) -> timedelta:
        at, seconds = self._before
        self._before = self._clock(), self._steady()
        back = at + timedelta(seconds=self._before[1] - seconds) - self._before[0]
        return back if back >= _LEAST else timedelta()


async def keep_ticking(
    clock: SetBack, bring_forward: Callable[[timedelta], None], then: Callable[[], Awaitable[object]]
) -> None:
    """``bring_forward`` what waits by as much as the clock is set back, and do ``then``. Runs until it is cancelled."""
    owed = False
    while True:
        await asyncio.sleep(_EVERY_SECONDS)
        back = clock.look()
        if back:
            log.warning("the clock was set back", seconds=round(back.total_seconds()))
            owed = True
            bring_forward(back)
        if owed:
            try:
                await then()
            except Exception:
                log.exception("due times could not be brought back; again in a moment")
            else:
                owed = False
