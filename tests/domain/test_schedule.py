"""When a source is polled next: within the bounds, never given up, and moved only when the move is believed."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scrapers.errors import HOST_CLOSED
from scrapers.types import Feed, FeedEntry, Validators
from service.domain.schedule import (
    Cadence,
    Failed,
    Fresh,
    PollResult,
    Same,
    SourceState,
    Wishes,
    decide_poll,
    first_poll,
)

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


def waits(source: SourceState, *results: PollResult) -> list[timedelta]:
    """The pauses after these answers, one after the other."""
    found = []
    for result in results:
        decision = decide_poll(source, result, CADENCE, now=NOW, jitter=0.0)
        found.append(decision.next_poll_at - NOW)
        source = replace(source, failures=decision.failures, backoff=decision.backoff, rhythm=decision.rhythm)
    return found


UNKNOWN_NAME = Failed("The name could not be looked up.", "dns", transient=True, status=None, retry_after=None)
OFFLINE = replace(UNKNOWN_NAME, offline=True)


def test_transient_trouble_doubles_the_pause_up_to_a_day() -> None:
    found = waits(SOURCE, *[trouble()] * 12)
    assert found[:4] == [5 * MINUTE, 10 * MINUTE, 20 * MINUTE, 40 * MINUTE]
    assert found[-1] == DAY


def test_a_name_that_cannot_be_looked_up_starts_softly_and_goes_up_to_thirty_days() -> None:
    found = waits(SOURCE, *[UNKNOWN_NAME] * 16)
    assert found[:3] == [5 * MINUTE, 10 * MINUTE, 20 * MINUTE]
    assert found[-1] == 30 * DAY


def test_while_we_are_offline_no_source_is_put_off_for_long() -> None:
    assert waits(SOURCE, *[OFFLINE] * 40)[-1] == 15 * MINUTE
    assert waits(replace(SOURCE, interval=HOUR), *[OFFLINE] * 9)[-1] == HOUR, "never more often than when all is well"
    assert waits(SOURCE, *[OFFLINE] * 40, trouble())[-1] == 30 * MINUTE, "a night without network is forgotten"
    assert waits(SOURCE, *[trouble()] * 12, OFFLINE, trouble())[-2:] == [15 * MINUTE, DAY], "what was known is not"


def test_hard_trouble_doubles_an_hour_up_to_thirty_days() -> None:
    found = waits(SOURCE, *[trouble(transient=False)] * 12)
    assert found[:4] == [HOUR, 2 * HOUR, 4 * HOUR, 8 * HOUR]
    assert found[-1] == 30 * DAY


def test_another_kind_of_failure_takes_over_the_wait() -> None:
    """One 404 after a day of time-outs costs two days, not thirty; a 503 after a month is tried again within a day."""
    gone = trouble(transient=False)
    assert waits(SOURCE, *[trouble()] * 12, gone, gone)[-2:] == [2 * DAY, 4 * DAY]
    assert waits(SOURCE, *[gone] * 12, trouble())[-1] == DAY


def test_a_success_forgets_every_failure() -> None:
    assert waits(SOURCE, *[trouble(transient=False)] * 12, SAME, trouble())[-2:] == [5 * MINUTE, 5 * MINUTE]


def test_a_source_whose_host_is_closed_is_due_when_it_opens_and_did_not_fail() -> None:
    closed = Failed("The host asked for a pause.", HOST_CLOSED, True, None, NOW + HOUR)
    source = replace(SOURCE, failures=2, backoff=10 * MINUTE)
    decision = decide_poll(source, closed, CADENCE, now=NOW, jitter=0.0)
    assert (decision.next_poll_at, decision.failures, decision.backoff) == (NOW + HOUR, 2, 10 * MINUTE)
    assert (decision.status, decision.error) == ("retrying", "The host asked for a pause.")
    later = decide_poll(source, closed, CADENCE, now=NOW, jitter=0.5).next_poll_at
    assert NOW + HOUR < later < NOW + HOUR + MINUTE, "not all of its sources at once"


@pytest.mark.parametrize(
    ("fresh_for", "interval", "expected"),
    [
        (30 * MINUTE, None, 30 * MINUTE),
        # shorter than our pause
        (MINUTE, None, 5 * MINUTE),
        # an hour at most
        (20 * HOUR, None, HOUR),
        # the user's own interval wins
        (30 * MINUTE, 2 * MINUTE, 2 * MINUTE),
    ],
)
def test_an_answer_that_stays_good_lengthens_the_pause(
    fresh_for: timedelta, interval: timedelta | None, expected: timedelta
) -> None:
    source = replace(SOURCE, interval=interval)
    assert wait(source, replace(SAME, fresh_for=fresh_for)) == expected
    assert wait(source, replace(read(), fresh_for=fresh_for)) == expected


def test_what_a_feed_asked_for_holds_while_it_does_not_change() -> None:
    decision = decide_poll(SOURCE, read(ttl=HOUR), CADENCE, now=NOW, jitter=0.0)
    source = replace(SOURCE, wishes=decision.wishes, rhythm=decision.rhythm)
    assert wait(source, SAME) == HOUR
    assert wait(source, trouble()) == HOUR
    assert wait(source, read()) == 5 * MINUTE, "it asks for nothing any more"


SUNDAY, MONDAY = 6, 0


@pytest.mark.parametrize(
    ("hours", "days", "expected"),
    [
        # NOW is Sunday 00:59, so the next poll would be at 01:04
        ({1, 2, 3}, set(), "29 04:00"),
        ({0, 2}, set(), "29 01:04"),
        (set(), {SUNDAY}, "30 00:00"),
        ({0, 1}, {SUNDAY}, "30 01:04"),  # a day is the most that is waited
        (set(), {SUNDAY, MONDAY}, "30 01:04"),
        (set(range(24)), set(range(7)), "30 01:04"),
    ],
)
def test_hours_and_days_that_a_feed_wants_skipped_are(hours: set[int], days: set[int], expected: str) -> None:
    wishes = Wishes(None, frozenset(hours), frozenset(days))
    decision = decide_poll(replace(SOURCE, wishes=wishes), SAME, CADENCE, now=NOW, jitter=0.0)
    assert decision.next_poll_at.strftime("%d %H:%M") == expected
    own = replace(SOURCE, wishes=wishes, interval=5 * MINUTE)
    assert wait(own, SAME) == 5 * MINUTE, "the user's own interval wins"


@given(
    hours=st.frozensets(st.integers(0, 23)),
    days=st.frozensets(st.integers(0, 6)),
    start=st.datetimes(datetime(2024, 1, 1), datetime(2026, 12, 31), timezones=st.just(UTC)),  # noqa: DTZ001
    jitter=st.floats(0, 1, exclude_max=True),
)
def test_a_skipped_hour_is_met_only_after_a_day(
    hours: frozenset[int], days: frozenset[int], start: datetime, jitter: float
) -> None:
    wanted = decide_poll(SOURCE, SAME, CADENCE, now=start, jitter=jitter).next_poll_at
    source = replace(SOURCE, wishes=Wishes(None, hours, days))
    at = decide_poll(source, SAME, CADENCE, now=start, jitter=jitter).next_poll_at
    assert wanted <= at <= wanted + DAY
    skipped = at.hour in hours or at.weekday() in days
    assert not skipped or at == wanted + DAY


def test_a_busy_source_is_polled_every_minute_and_a_quiet_one_seldom() -> None:
    def source_of(gap: timedelta) -> Fresh:
        moments = [NOW - 7 * MINUTE - gap * number for number in range(30)]
        entries = tuple(FeedEntry(str(when), None, "Title", "", published_at=when) for when in moments)
        return Fresh(Feed("News", None, entries), Validators(), "hash", 10, None)

    # gaps that are not whole days: such moments would be mere dates
    found = [wait(SOURCE, source_of(gap)) for gap in (9 * MINUTE, 70 * MINUTE, 23 * HOUR, 300 * HOUR)]
    assert found == [MINUTE, 7 * MINUTE, 138 * MINUTE, 6 * HOUR]


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
    backoff=st.timedeltas(timedelta(), timedelta(days=3650)),
    interval=st.none() | st.timedeltas(timedelta(seconds=1), timedelta(days=365)),
    result=st.sampled_from([trouble(), trouble(transient=False), UNKNOWN_NAME, OFFLINE, SAME, read(ttl=30 * DAY)]),
    jitter=st.floats(0, 1, exclude_max=True),
)
def test_a_source_is_always_polled_again(
    failures: int, backoff: timedelta, interval: timedelta | None, result: PollResult, jitter: float
) -> None:
    source = replace(SOURCE, failures=failures, backoff=backoff, interval=interval)
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
