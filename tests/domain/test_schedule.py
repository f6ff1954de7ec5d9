"""When a source is polled next: within the bounds, never given up, and moved only when the move is believed."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scrapers.types import Feed, Validators
from service.domain.schedule import Cadence, Failed, Fresh, PollResult, Same, SourceState, decide_poll, first_poll

NOW = datetime(2026, 3, 29, 0, 59, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
CADENCE = Cadence(default=5 * MINUTE, shortest=MINUTE, longest=6 * HOUR)
SOURCE = SourceState(
    id=1,
    url="https://news.example/feed",
    title="News",
    tags=(),
    validators=Validators(),
    body_hash=None,
    interval=None,
    failures=0,
    first=False,
    moved_to=None,
    moved_seen=0,
    lease_token="t",
)
SAME = Same(None, 0, None)


def read(ttl: timedelta | None = None, moved: str | None = None) -> Fresh:
    return Fresh(Feed("News", None, (), ttl=ttl), Validators(), "hash", 10, moved)


def trouble(*, transient: bool = True, retry_after: datetime | None = None) -> Failed:
    return Failed("It is down.", "http-503" if transient else "http-410", transient, 503, retry_after)


def wait(source: SourceState, result: PollResult, *, jitter: float = 0.0) -> timedelta:
    return decide_poll(source, result, CADENCE, now=NOW, jitter=jitter).next_poll_at - NOW


@pytest.mark.parametrize(
    ("interval", "ttl", "expected"),
    [
        (None, None, 5 * MINUTE),
        # the publisher's wish counts where it is longer than our default
        (None, HOUR, HOUR),
        (None, MINUTE, 5 * MINUTE),
        # but not beyond the bound
        (None, 3 * DAY, 6 * HOUR),
        # the user's own interval wins over the publisher's
        (2 * MINUTE, HOUR, 2 * MINUTE),
        # but not over the shortest
        (timedelta(seconds=1), None, MINUTE),
        # and may be longer than the longest
        (2 * DAY, None, 2 * DAY),
    ],
)
def test_the_pause_between_two_polls(interval: timedelta | None, ttl: timedelta | None, expected: timedelta) -> None:
    assert wait(replace(SOURCE, interval=interval), read(ttl)) == expected


def test_transient_trouble_doubles_the_pause_up_to_a_day() -> None:
    waits = [wait(replace(SOURCE, failures=n), trouble()) for n in range(12)]
    assert waits[:4] == [5 * MINUTE, 10 * MINUTE, 20 * MINUTE, 40 * MINUTE]
    assert waits[-1] == DAY


def test_while_we_are_offline_no_source_is_put_off_for_long() -> None:
    offline = replace(trouble(), status=None, code="dns", offline=True)
    assert max(wait(replace(SOURCE, failures=n), offline) for n in range(40)) == 15 * MINUTE
    assert wait(replace(SOURCE, failures=9, interval=HOUR), offline) == HOUR, "never more often than when all is well"


def test_hard_trouble_doubles_an_hour_up_to_thirty_days() -> None:
    waits = [wait(replace(SOURCE, failures=n), trouble(transient=False)) for n in range(12)]
    assert waits[:4] == [HOUR, 2 * HOUR, 4 * HOUR, 8 * HOUR]
    assert waits[-1] == 30 * DAY


@pytest.mark.parametrize(
    ("wish", "expected"),
    [
        (timedelta(hours=3), timedelta(hours=3)),  # longer than our pause: kept
        (timedelta(seconds=5), 5 * MINUTE),  # shorter: our pause stands
        (-DAY, 5 * MINUTE),  # in the past
    ],
)
def test_the_servers_wish_lengthens_a_pause(wish: timedelta, expected: timedelta) -> None:
    assert wait(SOURCE, trouble(retry_after=NOW + wish)) == expected


def test_a_state_has_a_name_and_a_reason() -> None:
    retrying = decide_poll(SOURCE, trouble(), CADENCE, now=NOW, jitter=0)
    failing = decide_poll(replace(SOURCE, failures=1), trouble(transient=False), CADENCE, now=NOW, jitter=0)
    healed = decide_poll(replace(SOURCE, failures=9), SAME, CADENCE, now=NOW, jitter=0)
    assert (retrying.status, retrying.failures, retrying.error) == ("retrying", 1, "It is down.")
    assert (failing.status, failing.failures) == ("failing", 2)
    assert (healed.status, healed.failures, healed.error) == ("ok", 0, None)


@given(
    failures=st.integers(0, 10**9),
    interval=st.none() | st.timedeltas(timedelta(seconds=1), timedelta(days=365)),
    result=st.sampled_from([trouble(), trouble(transient=False), SAME, read(), read(ttl=30 * DAY)]),
    jitter=st.floats(0, 1, exclude_max=True),
)
def test_a_source_is_always_polled_again(
    failures: int, interval: timedelta | None, result: PollResult, jitter: float
) -> None:
    source = replace(SOURCE, failures=failures, interval=interval)
    steady, jittered = wait(source, result), wait(source, result, jitter=jitter)
    assert MINUTE <= steady <= max(30 * DAY, interval or DAY)
    assert steady <= jittered <= steady * 1.1 + timedelta(microseconds=1)


def follow(*targets: str | None) -> list[str | None]:
    """What becomes of a source's address when its polls are redirected for good to these."""
    source, moves = SOURCE, []
    for target in targets:
        decision = decide_poll(source, read(moved=target), CADENCE, now=NOW, jitter=0)
        moves.append(decision.new_url)
        source = replace(source, moved_to=decision.moved_to, moved_seen=decision.moved_seen)
    return moves


@pytest.mark.parametrize(
    ("targets", "moves"),
    [
        (["https://b.example/"] * 3, [None, None, "https://b.example/"]),
        # an answer at the old address, or another target, in between
        (["https://b.example/", "https://b.example/", None, "https://b.example/"], [None] * 4),
        (["https://b.example/", "https://b.example/", "https://c.example/", "https://b.example/"], [None] * 4),
        # to itself
        ([SOURCE.url] * 4, [None] * 4),
        # too long to be an address
        (["https://b.example/" + "x" * 3000] * 4, [None] * 4),
    ],
)
def test_only_a_lasting_redirect_is_a_move(targets: list[str | None], moves: list[str | None]) -> None:
    assert follow(*targets) == moves


def test_trouble_in_between_forgets_no_redirect() -> None:
    source = replace(SOURCE, moved_to="https://b.example/", moved_seen=2)
    decision = decide_poll(source, trouble(), CADENCE, now=NOW, jitter=0)
    assert (decision.moved_to, decision.moved_seen, decision.new_url) == ("https://b.example/", 2, None)


@given(st.floats(0, 1, exclude_max=True), st.timedeltas(timedelta(), HOUR))
def test_first_polls_are_spread(position: float, spread: timedelta) -> None:
    assert NOW <= first_poll(NOW, position, spread) <= NOW + spread
