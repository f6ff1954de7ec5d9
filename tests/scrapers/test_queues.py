"""Who goes now and who comes again when much is due at one origin."""

import asyncio
from datetime import UTC, datetime, timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from scrapers.hosts import HostLimits
from scrapers.queues import HostQueues

NOW = datetime(2026, 3, 1, 8, tzinfo=UTC)
SECOND = timedelta(seconds=1)


def url(host: int, path: int = 0) -> str:
    return f"https://h{host}.example/{path}"


def test_what_starts_within_a_second_goes_and_the_rest_is_a_second_apart() -> None:
    queues = HostQueues(HostLimits(spacing=1, concurrency=2))
    turns = queues.turns([url(0, path) for path in range(5)] + [url(1)], NOW, most=25)
    assert turns == [None, None, NOW + 2 * SECOND, NOW + 3 * SECOND, NOW + 4 * SECOND, None]


@given(
    hosts=st.lists(st.integers(0, 4), max_size=80),
    spacing=st.sampled_from([0.0, 0.05, 1.0, 30.0]),
    concurrency=st.integers(1, 4),
    most=st.integers(1, 30),
)
def test_turns_of_a_host_are_in_order_and_apart(hosts: list[int], spacing: float, concurrency: int, most: int) -> None:
    queues = HostQueues(HostLimits(spacing, concurrency, clock=lambda: 0.0))
    turns = queues.turns([url(host, path) for path, host in enumerate(hosts)], NOW, most=most)
    for host in set(hosts):
        own = [turn for turn, of in zip(turns, hosts, strict=True) if of == host]
        going = own.index(next(filter(None, own))) if any(own) else len(own)
        assert 1 <= going <= most, "one of each host goes at once, and never more than may wait"
        later = [turn for turn in own[going:] if turn is not None]
        assert len(later) == len(own) - going, "nobody overtakes"
        assert all(then > NOW for then in later)
        assert all((then - first).total_seconds() >= spacing * 0.999 for first, then in pairwise(later))
    assert queues.waiting(NOW) == any(turns)


def test_turns_follow_those_that_were_given_before_and_are_forgotten_when_past() -> None:
    queues = HostQueues(HostLimits(spacing=1, concurrency=2, clock=lambda: 0.0))
    queues.turns([url(0, path) for path in range(10)], NOW, most=25)
    assert queues.turns([url(0, path) for path in range(3)], NOW, most=25)[2] == NOW + 10 * SECOND
    assert queues.waiting(NOW + 10 * SECOND)
    assert not queues.waiting(NOW + 11 * SECOND)
    assert queues.turns([url(0, path) for path in range(3)], NOW + 11 * SECOND, most=25)[2] == NOW + 13 * SECOND


def test_turns_by_a_clock_that_was_ahead_are_forgotten_when_asked() -> None:
    queues = HostQueues(HostLimits(spacing=1, concurrency=2, clock=lambda: 0.0))
    queues.turns([url(0, path) for path in range(10)], NOW + timedelta(hours=1), most=25)
    queues.forget()
    assert queues.turns([url(0, path) for path in range(3)], NOW, most=25)[2] == NOW + 2 * SECOND


async def test_requests_under_way_count() -> None:
    hosts = HostLimits(spacing=1, concurrency=1, clock=lambda: 40.0)
    queues = HostQueues(hosts)
    async with hosts.slot(url(0)):
        waiting = [asyncio.create_task(use(hosts)) for _ in range(2)]
        await asyncio.sleep(0)
        turn, other = queues.turns([url(0), url(1)], NOW, most=2)
        assert turn is not None, "one has the place, two wait for it"
        assert other is None
        for task in waiting:
            task.cancel()
        await asyncio.gather(*waiting, return_exceptions=True)


async def test_slow_answers_stretch_the_turns() -> None:
    seconds = 0.0
    hosts = HostLimits(spacing=1, concurrency=2, clock=lambda: seconds)
    async with hosts.slot(url(0)):
        seconds = 2.0
        async with hosts.slot(url(0)):
            seconds = 42.0
        now, first, second = HostQueues(hosts).turns([url(0)] * 3, NOW, most=25)
    assert now is None, "there is a place"
    assert first is not None
    assert second is not None
    assert (first - NOW).total_seconds() > 5, "its last answer took forty seconds"
    assert (second - first).total_seconds() > 5


async def use(hosts: HostLimits) -> None:
    async with hosts.slot(url(0)):
        pass


def test_no_address_waits_for_nobody() -> None:
    queues = HostQueues(HostLimits(spacing=9, concurrency=1))
    assert queues.turns(["", "nonsense", "ftp://h.example/"], NOW, most=1) == [None] * 3
