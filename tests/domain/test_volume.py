"""The usual band of a count: what it calls a spike, what unusual quiet, and what neither."""

import random
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.domain.volume import LEAST_WEEKS, WEEKS, Band, is_quiet, is_spike, past_windows, usual_band

rhythms = st.integers(0, 3000)
many_weeks = st.integers(LEAST_WEEKS, WEEKS)


def band_of(*weeks: list[int]) -> Band:
    band = usual_band(weeks)
    assert band is not None
    return band


def constant(rhythm: int, weeks: int) -> Band:
    return band_of(*[[rhythm] * 3] * weeks)


@given(rhythms, many_weeks)
def test_a_constant_rhythm_is_neither(rhythm: int, weeks: int) -> None:
    band = constant(rhythm, weeks)
    assert band.low <= rhythm <= band.high
    assert not is_spike(rhythm, band, 0)
    assert not is_quiet(rhythm, band)


@given(st.integers(1, 3000), many_weeks)
def test_ten_times_as_many_is_a_spike(rhythm: int, weeks: int) -> None:
    assert is_spike(10 * rhythm, constant(rhythm, weeks), 5)


@given(st.integers(20, 3000), many_weeks)
def test_nothing_is_quiet_where_twenty_are_usual(rhythm: int, weeks: int) -> None:
    assert is_quiet(0, constant(rhythm, weeks))


@given(st.integers(0, 500), many_weeks, st.integers(0, 10_000), st.randoms(use_true_random=False))
def test_an_odd_week_moves_nothing(rhythm: int, weeks: int, odd: int, chance: random.Random) -> None:
    """Whatever happened in one week, at whatever place among the others."""
    past = [[rhythm] * 3 for _ in range(weeks)]
    past[chance.randrange(weeks)] = [odd] * 3
    assert band_of(*past) == constant(rhythm, weeks)


@given(st.lists(st.lists(st.integers(0, 2000), min_size=3, max_size=3), min_size=3, max_size=8))
def test_a_band_holds_what_is_usual(weeks: list[list[int]]) -> None:
    band = band_of(*weeks)
    assert 0 <= band.low <= band.expected + 1
    assert band.expected <= band.high + 1
    assert not is_spike(round(band.expected), band, 0)
    assert not is_quiet(round(band.expected), band)


@pytest.mark.parametrize("mean", [0.3, 2, 30, 400])
def test_chance_alone_rarely_looks_like_a_spike(mean: float) -> None:
    """A Poisson rhythm, drawn 2,000 times: one in ten thousand is expected, with a median from 24 noisy hours."""
    chance = random.Random(mean)

    def drawn() -> int:
        """Arrivals until one unit of time is over."""
        count, at = 0, chance.expovariate(mean)
        while at < 1:
            count, at = count + 1, at + chance.expovariate(mean)
        return count

    alarms = 0
    rounds = 2000 if mean < 100 else 200
    for _ in range(rounds):
        band = band_of(*[[drawn() for _ in range(3)] for _ in range(WEEKS)])
        count = drawn()
        alarms += is_spike(count, band, 5) or is_quiet(count, band)
    assert alarms <= rounds // 200


def test_few_weeks_say_nothing() -> None:
    assert usual_band([[5, 5, 5]] * (LEAST_WEEKS - 1)) is None


def test_minimum_and_a_large_rhythm_that_grows_a_little() -> None:
    band = constant(0, 8)
    assert not is_spike(4, band, 5)
    assert is_spike(5, band, 5)
    assert not is_spike(1400, constant(1000, 8), 5), "beyond chance, but not well above"


def test_where_few_are_usual_no_silence_can_be_told_from_chance() -> None:
    assert not is_quiet(0, constant(4, 8))


@given(
    st.integers(0, 24 * 365 * 2),
    st.sampled_from(["Europe/Berlin", "America/New_York", "UTC", "Asia/Kolkata"]),
)
def test_the_hour_stays_over_daylight_saving(hours: int, timezone: str) -> None:
    end = datetime(2025, 1, 1, tzinfo=UTC) + timedelta(hours=hours)
    where = ZoneInfo(timezone)
    wanted = end.astimezone(where)
    windows = past_windows(end, timedelta(hours=6), timezone)
    assert len(windows) == WEEKS
    for number, (before, same, after) in enumerate(windows, 1):
        day = wanted.date() - timedelta(weeks=number)
        wall = datetime.combine(day, wanted.time(), where)
        exists = wall.astimezone(UTC).astimezone(where).replace(tzinfo=None) == wall.replace(tzinfo=None)
        local = same[1].astimezone(where)
        assert (local.date(), local.time()) == (day, wanted.time()) or not exists
        assert abs((end - same[1]) - timedelta(weeks=number)) <= timedelta(hours=1)
        assert (before[1], after[1]) == (same[1] - timedelta(hours=1), same[1] + timedelta(hours=1))
        assert same[1] - same[0] == timedelta(hours=6)


def test_over_the_change_of_clocks_the_same_local_hour_is_compared() -> None:
    end = datetime(2026, 11, 2, 8, tzinfo=UTC)  # Monday, 09:00 in Berlin; clocks went back on 25 October
    ends = [same[1] for _, same, _ in past_windows(end, timedelta(hours=1), "Europe/Berlin", weeks=3)]
    assert ends == [datetime(2026, 10, day, hour, tzinfo=UTC) for day, hour in ((26, 8), (19, 7), (12, 7))]
