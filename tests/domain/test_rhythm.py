"""The pause that fits a source's own rhythm: short for a busy one, long for a quiet one, and never a jump."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scrapers.types import FeedEntry
from service.domain.rhythm import Cadence, natural_pause, remember, remember_seen

NOW = datetime(2026, 3, 29, 12, 34, 56, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
CADENCE = Cadence(default=5 * MINUTE, shortest=MINUTE, longest=6 * HOUR)


def at(*gaps: timedelta, silence: timedelta = MINUTE) -> list[datetime]:
    """Moments that lie ``gaps`` apart, newest first, the newest ``silence`` ago."""
    moments = [NOW - silence]
    for gap in gaps:
        moments.append(moments[-1] - gap)
    return moments


def pause(moments: Sequence[datetime], previous: timedelta | None = None) -> timedelta:
    return natural_pause(moments, CADENCE, previous=previous, now=NOW)[0]


ODD = timedelta(minutes=61)
"""About an hour: gaps of whole days would be mere dates."""


@pytest.mark.parametrize(
    ("moments", "expected"),
    [
        # nothing is known: the default
        ([], 5 * MINUTE),
        (at(), 5 * MINUTE),
        (at(MINUTE, MINUTE, MINUTE), 5 * MINUTE),
        # a wire service: the shortest
        (at(*[2 * MINUTE] * 29), MINUTE),
        # every twenty minutes
        (at(*[20 * MINUTE] * 29), 2 * MINUTE),
        # about hourly
        (at(*[ODD] * 29), timedelta(minutes=6.1)),
        # about hourly by day, silent at night and at the week-end: the day counts
        (at(*[ODD, ODD, ODD, ODD, ODD, ODD, 16 * HOUR, ODD, ODD, ODD, ODD, 64 * HOUR]), timedelta(minutes=6.1)),
        # silent for a hundred of its gaps: ten times the pause
        (at(*[ODD] * 29, silence=100 * ODD), timedelta(minutes=61)),
        # four times as long: twice that
        (at(*[ODD] * 29, silence=400 * ODD), timedelta(minutes=122)),
        # once a week, with a year of silence: the longest
        (at(*[7 * DAY + MINUTE] * 29, silence=365 * DAY), 6 * HOUR),
        # few items, a month ago
        (at(DAY, DAY, silence=30 * DAY), timedelta(seconds=8818)),
        # dates without times tell nothing of the hours between them: the default
        (at(*[DAY] * 29), 5 * MINUTE),
    ],
)
def test_the_pause_follows_the_rhythm(moments: list[datetime], expected: timedelta) -> None:
    assert abs(pause(moments) - expected) < timedelta(seconds=2)


def test_one_odd_item_changes_little() -> None:
    steady = at(*[3 * HOUR] * 20)
    with_a_burst = at(timedelta(seconds=1), *[3 * HOUR] * 20)
    with_a_hole = at(*[3 * HOUR] * 10, 90 * DAY, *[3 * HOUR] * 10)
    assert pause(steady) == pause(with_a_burst) == pause(with_a_hole) == 18 * MINUTE


@pytest.mark.parametrize(
    ("previous", "expected"),
    [
        (None, 60 * MINUTE),
        (50 * MINUTE, 60 * MINUTE),
        # longer at most by twice
        (20 * MINUTE, 40 * MINUTE),
        # shorter at most to a quarter
        (6 * HOUR, 90 * MINUTE),
    ],
)
def test_the_pause_changes_in_steps(previous: timedelta | None, expected: timedelta) -> None:
    assert pause(at(*[10 * HOUR] * 29), previous) == expected


gaps = st.lists(st.integers(1, 10**7), min_size=0, max_size=29)
cadences = st.builds(
    Cadence,
    default=st.timedeltas(timedelta(seconds=1), DAY),
    shortest=st.timedeltas(timedelta(seconds=1), HOUR),
    longest=st.timedeltas(HOUR, 30 * DAY),
)
pauses = st.none() | st.timedeltas(timedelta(seconds=1), 30 * DAY)


def seconds(numbers: Sequence[int]) -> list[timedelta]:
    return [timedelta(seconds=number) for number in numbers]


@given(gaps, st.integers(0, 10**8), cadences, pauses)
def test_it_is_bounded_and_a_matter_of_its_arguments(
    numbers: list[int], silence: int, cadence: Cadence, previous: timedelta | None
) -> None:
    moments = at(*seconds(numbers), silence=timedelta(seconds=silence))
    found = natural_pause(moments, cadence, previous=previous, now=NOW)
    assert cadence.shortest <= found[0] <= cadence.longest
    assert found == natural_pause(moments[::-1], cadence, previous=previous, now=NOW), "in whatever order"
    if previous and cadence.shortest <= previous <= cadence.longest:
        assert previous / 4 <= found[0] <= previous * 2


@given(
    st.lists(st.tuples(st.integers(1, 10**6), st.integers(0, 10**6)), min_size=4, max_size=29),
    st.integers(1, 10**7),
    st.integers(0, 10**7),
    pauses,
)
def test_longer_gaps_and_a_longer_silence_never_shorten_it(
    numbers: list[tuple[int, int]], silence: int, more: int, previous: timedelta | None
) -> None:
    short = at(*seconds([gap for gap, _ in numbers]), silence=timedelta(seconds=silence))
    long = at(*seconds([gap + extra for gap, extra in numbers]), silence=timedelta(seconds=silence + more))
    if len({moment.time() for moment in short}) > 1 and len({moment.time() for moment in long}) > 1:
        assert pause(short, previous) <= pause(long, previous)


def item(published: datetime | None, updated: datetime | None = None) -> FeedEntry:
    return FeedEntry("guid", None, "Title", "", published_at=published, updated_at=updated)


def test_moments_are_those_that_the_feed_states_newest_first_and_thirty_at_most() -> None:
    known = at(*[HOUR] * 29)
    news = [item(NOW - timedelta(seconds=30)), item(known[3]), item(None)]
    assert remember(known, news, NOW) == (NOW - timedelta(seconds=30), *known[:29])
    assert remember(known, news, NOW) == remember(remember(known, news, NOW), news, NOW), "twice is once"
    assert remember([], [item(None, updated=NOW)], NOW) == (NOW,)


@pytest.mark.parametrize(
    "entries",
    [
        [item(NOW + MINUTE)],  # not yet
        [item(datetime(2026, 3, 28, tzinfo=UTC))],  # a day, not a time
        [item(None, updated=NOW - MINUTE)] * 3,  # when the feed was written
        [],
    ],
)
def test_times_that_do_not_tell_when_an_item_came_out_are_left_out(entries: list[FeedEntry]) -> None:
    assert remember([], entries, NOW) == ()


@pytest.mark.parametrize("entry", [item(None), item(datetime(2026, 3, 28, tzinfo=UTC))])
def test_new_items_without_a_time_came_out_when_they_were_seen(entry: FeedEntry) -> None:
    assert remember_seen([NOW - HOUR], [entry, entry], NOW) == (NOW, NOW - HOUR)
    assert remember_seen([NOW - HOUR], [item(NOW - MINUTE)], NOW) == (NOW - HOUR,), "the feed said when"
