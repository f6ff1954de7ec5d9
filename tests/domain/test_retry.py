"""The waits between attempts, against the table that the project promises."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.domain.retry import MAX_RETRY_AFTER, WAITS, next_attempt

NOW = datetime(2026, 3, 29, 0, 59, tzinfo=UTC)


@pytest.mark.parametrize(
    ("attempts", "seconds"),
    [
        (1, 5),
        (2, 5 * 60),
        (3, 30 * 60),
        (4, 2 * 3600),
        (5, 5 * 3600),
        (6, 10 * 3600),
        (7, 14 * 3600),
        (8, 20 * 3600),
        (9, 24 * 3600),
    ],
)
def test_each_failure_waits_longer(attempts: int, seconds: int) -> None:
    assert next_attempt(attempts, NOW) == NOW + timedelta(seconds=seconds)


@pytest.mark.parametrize("attempts", [10, 11, 1000])
def test_after_ten_failures_comes_the_dead_letter(attempts: int) -> None:
    assert next_attempt(attempts, NOW, retry_after=NOW + timedelta(hours=1)) is None


@pytest.mark.parametrize("attempts", [0, -1])
def test_it_is_not_asked_before_an_attempt(attempts: int) -> None:
    with pytest.raises(ValueError, match="at least 1"):
        next_attempt(attempts, NOW)


@pytest.mark.parametrize(
    ("wish", "expected"),
    [
        # longer than the wait of 5 s: kept
        (timedelta(hours=3), timedelta(hours=3)),
        # shorter: the wait stands
        (timedelta(seconds=1), timedelta(seconds=5)),
        # in the past
        (timedelta(days=-400), timedelta(seconds=5)),
        # beyond all patience
        (timedelta(days=365), MAX_RETRY_AFTER),
    ],
)
def test_the_receivers_wish_is_kept_within_bounds(wish: timedelta, expected: timedelta) -> None:
    assert next_attempt(1, NOW, retry_after=NOW + wish) == NOW + expected


@given(
    attempts=st.integers(1, 9),
    jitter=st.floats(0, 1, exclude_max=True),
    wish=st.none() | st.timedeltas(timedelta(days=-30), timedelta(days=30)),
)
def test_jitter_lengthens_a_wait_by_a_tenth_at_most(attempts: int, jitter: float, wish: timedelta | None) -> None:
    retry_after = None if wish is None else NOW + wish
    steady = next_attempt(attempts, NOW, retry_after=retry_after)
    jittered = next_attempt(attempts, NOW, retry_after=retry_after, jitter=jitter)
    assert steady is not None
    assert jittered is not None
    assert WAITS[attempts - 1] <= steady - NOW <= MAX_RETRY_AFTER
    assert steady <= jittered <= steady + (steady - NOW) / 10
