"""Hours, days and weeks of a time zone."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import get_args
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.domain.alerting_times import TimesError
from service.domain.buckets import Step, bucket_of, end_of, starts

zones = st.sampled_from(["UTC", "Europe/Berlin", "Asia/Kolkata", "America/New_York", "Australia/Lord_Howe"])
moments = st.datetimes(datetime(2024, 1, 1), datetime(2027, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001 - bounds
steps = st.sampled_from(get_args(Step))


@given(moments, st.timedeltas(timedelta(seconds=1), timedelta(days=30)), steps, zones)
def test_buckets_hold_the_time_between_and_follow_one_another(
    since: datetime, length: timedelta, step: Step, zone: str
) -> None:
    until = since + length
    found = starts(since, until, step, zone)
    assert found[0] <= since < end_of(found[0], step, zone)
    assert found[-1] < until <= end_of(found[-1], step, zone)
    assert [end_of(start, step, zone) for start in found[:-1]] == found[1:]
    assert bucket_of(found, since) == 0
    for start in found:
        local = start.astimezone(ZoneInfo(zone))
        assert local.minute == 0 or step == "hour"
        assert step == "hour" or local.hour in {0, 1}  # where midnight does not exist, the day begins at one
        assert step != "week" or local.weekday() == 0


@pytest.mark.parametrize(
    ("day", "hours"),
    [
        ("2026-03-29", 23),  # the clock springs forward
        ("2026-10-25", 25),
        ("2026-10-26", 24),
    ],
)
def test_a_day_may_have_another_length(day: str, hours: int) -> None:
    noon = datetime.fromisoformat(f"{day}T12:00:00+00:00")
    found = starts(noon - timedelta(days=1), noon + timedelta(days=2), "day", "Europe/Berlin")
    lengths = [(end - start) / timedelta(hours=1) for start, end in pairwise(found)]
    assert lengths[1] == hours


def test_no_time_has_no_bucket_and_too_many_are_refused() -> None:
    now = datetime(2026, 11, 22, 8, tzinfo=UTC)
    assert starts(now, now, "hour", "UTC") == []
    with pytest.raises(ValueError, match="buckets are too many"):
        starts(now - timedelta(days=5000), now, "hour", "UTC")
    with pytest.raises(TimesError):
        starts(now, now + timedelta(days=1), "day", "Mars/Base")
