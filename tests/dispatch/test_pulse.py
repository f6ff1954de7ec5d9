"""The pulse: ticks that stopped and claims that nobody answers are noticed; work that merely takes long is not."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence

from service.dispatch import STALE_SECONDS, Lane, Pulse


class Watch:
    """Seconds that the test sets."""

    def __init__(self) -> None:
        self.seconds = 100.0

    def __call__(self) -> float:
        return self.seconds


async def answers_nothing_due(_room: int) -> Sequence[int]:
    return []


def make_lane(
    claim: Callable[[int], Awaitable[Sequence[int]]], run: Callable[[int], Awaitable[None]] | None = None
) -> Lane[int]:
    async def ignore(_job: int) -> None:
        return None

    return Lane("test", places=1, claim=claim, run=run or ignore, give_back=ignore)


async def ticks(pulse: Pulse, lane: Lane[int], watch: Watch, seconds: float) -> None:
    """A tick a second, as the daemon has it."""
    for _ in range(round(seconds)):
        watch.seconds += 1
        pulse.beat()
        lane.kick()
        for _ in range(5):
            await asyncio.sleep(0)


async def test_ticks_with_answered_looks_are_well() -> None:
    watch = Watch()
    lane = make_lane(answers_nothing_due)
    pulse = Pulse([lane], watch)
    await ticks(pulse, lane, watch, STALE_SECONDS * 2)
    assert (pulse.trouble, pulse.stuck, pulse.hangs) == (None, (), False)
    assert pulse.ticks == STALE_SECONDS * 2


async def test_ticks_that_stop_are_trouble_after_a_minute() -> None:
    watch = Watch()
    lane = make_lane(answers_nothing_due)
    pulse = Pulse([lane], watch)
    await ticks(pulse, lane, watch, 3)
    watch.seconds += STALE_SECONDS
    assert pulse.trouble is None
    watch.seconds += 1
    assert pulse.trouble == "no tick for 61 s"


def test_ticks_that_never_begin_are_trouble_too() -> None:
    watch = Watch()
    pulse = Pulse([], watch)
    watch.seconds += STALE_SECONDS + 1
    assert pulse.trouble == "no tick for 61 s"


async def test_a_claim_that_never_comes_back_hangs() -> None:
    async def never(_room: int) -> Sequence[int]:
        await asyncio.Event().wait()
        return []

    watch = Watch()
    lane = make_lane(never)
    pulse = Pulse([lane], watch)
    await ticks(pulse, lane, watch, STALE_SECONDS)
    assert not pulse.stuck
    await ticks(pulse, lane, watch, 2)
    assert pulse.stuck == ("test",)
    assert pulse.hangs
    assert pulse.trouble == "nothing was answered to test for over 60 s"


async def test_claims_that_fail_are_trouble_but_a_new_start_would_not_mend_them() -> None:
    async def fails(_room: int) -> Sequence[int]:
        raise OSError("the database is gone")

    watch = Watch()
    lane = make_lane(fails)
    pulse = Pulse([lane], watch)
    await ticks(pulse, lane, watch, STALE_SECONDS + 2)
    assert pulse.stuck == ("test",)
    assert not pulse.hangs


async def test_a_lane_whose_places_are_all_taken_need_not_look() -> None:
    free = asyncio.Event()

    async def one(_room: int) -> Sequence[int]:
        return [1]

    async def long(_job: int) -> None:
        await free.wait()

    watch = Watch()
    lane = make_lane(one, long)
    pulse = Pulse([lane], watch)
    await ticks(pulse, lane, watch, STALE_SECONDS * 2)
    assert pulse.trouble is None
    free.set()
    await lane.drain(1)


async def test_a_lane_that_gets_answers_again_is_well_again() -> None:
    broken = True

    async def claim(_room: int) -> Sequence[int]:
        if broken:
            raise OSError("the database is gone")
        return []

    watch = Watch()
    lane = make_lane(claim)
    pulse = Pulse([lane], watch)
    await ticks(pulse, lane, watch, STALE_SECONDS + 2)
    assert pulse.stuck
    broken = False
    await ticks(pulse, lane, watch, 2)
    assert pulse.trouble is None
