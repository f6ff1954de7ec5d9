"""The lane: never fuller than its places, never stopped by a bug, never deaf to a kick, and nothing lost at a stop."""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Iterable, Sequence
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from service.dispatch import Lane
from service.domain.schedule import SourceState
from service.store import sources
from service.store.engine import Database
from tests.store.steps import NOW, add_source, lease, rows

GENEROUS = 20
"""Seconds. Ends a hang, decides nothing."""


class Queue:
    """Work in memory: what is due, what runs, what was done, what was given back."""

    def __init__(self, jobs: Iterable[int] = ()) -> None:
        self.due = deque(jobs)
        self.running: set[int] = set()
        self.most_running = 0
        self.done: list[int] = []
        self.given_back: list[int] = []
        self.claims: list[int] = []

    async def claim(self, number: int) -> Sequence[int]:
        self.claims.append(number)
        await asyncio.sleep(0)
        return [self.due.popleft() for _ in range(min(number, len(self.due)))]

    async def run(self, job: int) -> None:
        self.running.add(job)
        self.most_running = max(self.most_running, len(self.running))
        try:
            for _ in range(job % 4):
                await asyncio.sleep(0)
            self.done.append(job)
        finally:
            self.running.discard(job)

    async def give_back(self, job: int) -> None:
        self.given_back.append(job)
        self.due.append(job)

    def lane(self, places: int, run: Callable[[int], Awaitable[Any]] | None = None, **more: Any) -> Lane[int]:
        return Lane("test", places=places, claim=self.claim, run=run or self.run, give_back=self.give_back, **more)


async def until(condition: Callable[[], bool]) -> None:
    for _ in range(100_000):
        if condition():
            return
        await asyncio.sleep(0)
    raise AssertionError("it never came true")


async def idle(lane: Lane[Any]) -> None:
    async with asyncio.timeout(GENEROUS):
        await lane.idle()


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 40), st.integers(1, 7))
def test_everything_due_is_done_within_the_places(jobs: int, places: int) -> None:
    async def run() -> None:
        queue = Queue(range(jobs))
        lane = queue.lane(places)
        lane.kick()
        await idle(lane)
        assert sorted(queue.done) == list(range(jobs))
        assert queue.most_running <= places
        assert all(0 < asked <= places for asked in queue.claims)
        assert lane.done == jobs
        assert not lane.busy

    asyncio.run(run())


async def test_nothing_happens_without_a_kick() -> None:
    queue = Queue([1])
    lane = queue.lane(1)
    await idle(lane)
    assert queue.claims == []


async def test_a_bug_stops_neither_the_lane_nor_the_others(capsys: pytest.CaptureFixture[str]) -> None:
    queue = Queue([1, 2, 3])

    async def run(job: int) -> None:
        if job == 2:
            raise ZeroDivisionError("a bug")
        await queue.run(job)

    lane = queue.lane(1, run)
    lane.kick()
    await idle(lane)
    assert queue.done == [1, 3]
    assert queue.given_back == [], "its lease runs out: a poisonous job must not run in a hot loop"
    logged = capsys.readouterr().out
    assert "a bug stopped a job" in logged
    assert "ZeroDivisionError" in logged


async def test_a_claim_that_fails_is_told_and_tried_at_the_next_kick(capsys: pytest.CaptureFixture[str]) -> None:
    queue = Queue([1])
    broken = True

    async def claim(number: int) -> Sequence[int]:
        if broken:
            raise ConnectionError("the database is away")
        return await queue.claim(number)

    lane: Lane[int] = Lane("test", places=1, claim=claim, run=queue.run, give_back=queue.give_back)
    lane.kick()
    await idle(lane)
    assert "claim failed" in capsys.readouterr().out
    broken = False
    lane.kick()
    await idle(lane)
    assert queue.done == [1]


async def test_a_kick_during_a_look_is_not_lost() -> None:
    """Work that falls due after the lane looked, and before it has finished looking."""
    queue = Queue()
    looking, go_on = asyncio.Event(), asyncio.Event()

    async def claim(number: int) -> Sequence[int]:
        found = await queue.claim(number)
        looking.set()
        await go_on.wait()
        return found

    lane: Lane[int] = Lane("test", places=3, claim=claim, run=queue.run, give_back=queue.give_back)
    lane.kick()
    await looking.wait()
    queue.due.append(1)
    lane.kick()
    go_on.set()
    await idle(lane)
    assert queue.done == [1]


@pytest.mark.parametrize("steps", range(8))
async def test_a_kick_at_any_step_of_a_look_is_not_lost(steps: int) -> None:
    """Also in the moment between the end of a look and the lane's taking note of it."""
    queue = Queue()
    lane = queue.lane(3)
    lane.kick()
    for _ in range(steps):
        await asyncio.sleep(0)
    queue.due.append(1)
    lane.kick()
    await idle(lane)
    assert queue.done == [1]


async def test_kicks_while_it_is_full_cost_nothing() -> None:
    queue, release = Queue([1, 2]), asyncio.Event()

    async def run(job: int) -> None:
        await release.wait()
        queue.done.append(job)

    lane = queue.lane(1, run)
    lane.kick()
    await until(lambda: lane.running == 1)
    for _ in range(50):
        lane.kick()
        await asyncio.sleep(0)
    assert len(queue.claims) == 1
    release.set()
    await idle(lane)
    assert queue.done == [1, 2]


async def test_each_job_that_ends_tells_the_next_lane() -> None:
    told: list[None] = []
    queue = Queue([1, 2, 3])
    lane = queue.lane(2, after=lambda: told.append(None))
    lane.kick()
    await idle(lane)
    assert len(told) == 3


async def test_a_drain_lets_running_jobs_finish_and_takes_no_more() -> None:
    queue, release = Queue([1, 2, 3]), asyncio.Event()

    async def run(job: int) -> None:
        await release.wait()
        queue.done.append(job)

    lane = queue.lane(2, run)
    lane.kick()
    await until(lambda: lane.running == 2)
    asyncio.get_running_loop().call_soon(release.set)
    assert await lane.drain(GENEROUS) == 0
    assert sorted(queue.done) == [1, 2]
    lane.kick()
    await idle(lane)
    assert list(queue.due) == [3]


@pytest.mark.parametrize("steps", range(5))
async def test_a_drain_gives_back_what_does_not_finish(steps: int) -> None:
    """However far the jobs had come: also when they were claimed and had not begun."""
    queue = Queue([1, 2, 3])

    async def run(job: int) -> None:
        await asyncio.Event().wait()

    lane = queue.lane(2, run)
    lane.kick()
    for _ in range(steps):
        await asyncio.sleep(0)
    async with asyncio.timeout(GENEROUS):
        left = await lane.drain(0)
    assert sorted(queue.due) == [1, 2, 3]
    assert left == len(queue.given_back)
    assert not lane.busy


async def test_jobs_of_a_database_are_due_again_after_a_drain(db: Database) -> None:
    for number in range(5):
        await add_source(db, f"https://news.example/{number}")

    async def run(source: SourceState) -> None:
        await asyncio.Event().wait()

    async def give_back(source: SourceState) -> None:
        await sources.release_claim(db, source)

    lane: Lane[SourceState] = Lane(
        "poll",
        places=3,
        claim=lambda number: sources.claim_due(db, limit=number, now=NOW, lease=lease()),
        run=run,
        give_back=give_back,
    )
    lane.kick()
    await until(lambda: lane.running == 3)
    assert sum(source.lease_token is not None for source in await rows(db, "sources")) == 3
    assert await lane.drain(0) == 3
    assert {source.lease_token for source in await rows(db, "sources")} == {None}
