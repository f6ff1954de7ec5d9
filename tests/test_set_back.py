"""A clock that is set back under a running daemon holds up no tick."""

import asyncio
from datetime import UTC, datetime, timedelta
from functools import partial

from apscheduler.schedulers.asyncio import AsyncIOScheduler
from hypothesis import given
from hypothesis import strategies as st

from service.daemon import bring_forward
from service.set_back import SetBack, keep_ticking
from tests.store.steps import NOW

GENEROUS = 30
"""Seconds. Ends a hang, decides nothing."""
HOUR = timedelta(hours=1)


class Clocks:
    """One that people set, and one that nobody can."""

    def __init__(self) -> None:
        self.time, self.seconds = NOW, 1000.0

    def pass_(self, seconds: float, *, step: float = 0.0) -> None:
        self.time += timedelta(seconds=seconds + step)
        self.seconds += seconds


@given(st.lists(st.tuples(st.floats(0, 100), st.floats(-10_000, 10_000).filter(lambda step: abs(abs(step) - 5) > 0.1))))
def test_each_step_back_is_seen_once_and_nothing_else_is(steps: list[tuple[float, float]]) -> None:
    clocks = Clocks()
    watch = SetBack(lambda: clocks.time, lambda: clocks.seconds)
    for seconds, step in steps:
        clocks.pass_(seconds, step=step)
        seen = watch.look().total_seconds()
        assert abs(seen + step) < 0.001 if step < -5 else seen == 0


async def test_ticks_go_on_when_the_clock_is_set_back() -> None:
    """The job stands where one stands whose clock was set back: an hour ahead."""
    ticked, brought_back, failures = asyncio.Event(), asyncio.Event(), iter([OSError("no database"), None])

    async def bring_back() -> None:
        failure = next(failures)
        if failure is not None:
            raise failure
        brought_back.set()

    async def tick() -> None:
        ticked.set()

    clocks = Clocks()
    scheduler = AsyncIOScheduler(timezone="UTC")
    scheduler.add_job(tick, "interval", seconds=1, next_run_time=datetime.now(UTC) + HOUR, misfire_grace_time=None)
    scheduler.start()
    keeper = asyncio.create_task(
        keep_ticking(
            SetBack(lambda: clocks.time, lambda: clocks.seconds), partial(bring_forward, scheduler), bring_back
        )
    )
    try:
        clocks.pass_(1, step=-HOUR.total_seconds())
        async with asyncio.timeout(GENEROUS):
            await ticked.wait()
            await brought_back.wait()  # at the second try
    finally:
        keeper.cancel()
        scheduler.shutdown(wait=False)
