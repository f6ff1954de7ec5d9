"""Digests and quiet hours over daylight saving, with a time machine through years and zones."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from service.domain.alerting_times import QuietHours, TimesError, instant, parse_schedule, zone

ZONES = st.sampled_from(
    [
        "UTC",
        "Europe/Berlin",
        "America/New_York",
        "America/St_Johns",
        "America/Sao_Paulo",
        "America/Havana",
        "Asia/Kathmandu",
        "Asia/Beirut",
        "Africa/Casablanca",
        "Australia/Lord_Howe",  # half an hour of daylight saving
        "Pacific/Apia",  # 30 December 2011 did not exist there
        "Pacific/Chatham",
    ]
).map(zone)
MOMENTS = st.integers(0, 365 * 29).flatmap(
    lambda day: st.timedeltas(timedelta(), timedelta(1)).map(
        lambda at: datetime(2006, 1, 1, tzinfo=UTC) + timedelta(day) + at
    )
)
TIMES = st.times().map(lambda at: at.replace(second=0, microsecond=0)) | st.sampled_from(
    [time(0, 0), time(0, 30), time(2, 0), time(2, 30), time(3, 0), time(23, 59)]
)
BERLIN = zone("Europe/Berlin")


@given(ZONES, MOMENTS, TIMES)
@settings(max_examples=300, deadline=None)
def test_a_daily_digest_fires_once_on_each_local_day(where: object, start: datetime, at: time) -> None:
    schedule = parse_schedule(f"daily {at:%H:%M}")
    moment, days = start, []
    for _ in range(250):  # crosses a change of the clock
        later = schedule.next_fire(moment, where)  # type: ignore[arg-type]
        assert later > moment
        days.append(later.astimezone(where).date())  # type: ignore[arg-type]
        moment = later
    assert len(set(days)) == len(days)
    missing = {days[0] + timedelta(days=n) for n in range((days[-1] - days[0]).days)} - set(days)
    assert missing <= {date(2011, 12, 30)}


@given(ZONES, MOMENTS, st.sampled_from(["hourly", "daily 02:30", "weekly sun 02:30", "cron */20 1-3 * * *"]))
@settings(max_examples=300, deadline=None)
def test_no_fire_lies_between_a_moment_and_the_next(where: object, start: datetime, text: str) -> None:
    """Whenever a daemon looks, it finds the same fires: one that slept through several sees the first."""
    schedule = parse_schedule(text)
    fire = schedule.next_fire(start, where)  # type: ignore[arg-type]
    between = start + (fire - start) / 2
    assert schedule.next_fire(between, where) == fire  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("text", "after", "fires"),
    [
        # 02:30 does not exist on 29 March 2026: right after the gap
        ("daily 02:30", datetime(2026, 3, 28, 12, tzinfo=UTC), datetime(2026, 3, 29, 1, 30, tzinfo=UTC)),
        # it exists twice on 25 October 2026: the first
        ("daily 02:30", datetime(2026, 10, 24, 12, tzinfo=UTC), datetime(2026, 10, 25, 0, 30, tzinfo=UTC)),
        ("daily 02:30", datetime(2026, 10, 25, 0, 30, tzinfo=UTC), datetime(2026, 10, 26, 1, 30, tzinfo=UTC)),
        ("daily 08:00", datetime(2026, 7, 1, 6, tzinfo=UTC), datetime(2026, 7, 2, 6, tzinfo=UTC)),  # later than now
        ("weekly mon 08:00", datetime(2026, 11, 22, 8, tzinfo=UTC), datetime(2026, 11, 23, 7, tzinfo=UTC)),
        ("hourly", datetime(2026, 11, 22, 8, 59, 59, tzinfo=UTC), datetime(2026, 11, 22, 9, tzinfo=UTC)),
        ('cron "0 8 * * mon-fri"', datetime(2026, 11, 20, 8, tzinfo=UTC), datetime(2026, 11, 23, 7, tzinfo=UTC)),
        ("cron 0 0 29 2 *", datetime(2026, 1, 1, tzinfo=UTC), datetime(2028, 2, 28, 23, tzinfo=UTC)),
        ("cron 0 8 * * 7", datetime(2026, 11, 20, tzinfo=UTC), datetime(2026, 11, 22, 7, tzinfo=UTC)),  # 7 is Sunday
        # both day fields: either holds; the 1st is a Tuesday
        ("cron 0 8 1 * fri", datetime(2026, 11, 28, tzinfo=UTC), datetime(2026, 12, 1, 7, tzinfo=UTC)),
        ("cron */30 9-10/1 1,15 dec *", datetime(2026, 11, 28, tzinfo=UTC), datetime(2026, 12, 1, 8, tzinfo=UTC)),
    ],
)
def test_when_a_digest_goes_out(text: str, after: datetime, fires: datetime) -> None:
    assert parse_schedule(text).next_fire(after, BERLIN) == fires


@pytest.mark.parametrize(
    ("text", "mend"),
    [
        ("daily", "write hourly, daily 08:00"),
        ("daily 25:00", "08:30"),
        ("weekly someday 08:00", "write mon"),
        ("cron 0 8 * *", "minute hour day month weekday"),
        ("cron 61 8 * * *", "not between 0 and 59"),
        ("cron 0 8 30 2 *", "never comes"),
        ("cron 5-1 * * * *", "backwards"),
        ("cron */0 * * * *", "no step"),
        ("cron ² * * * *", "not between"),
        ("cron " + "1," * 500 + "1 * * * *", "no cron line"),
    ],
)
def test_a_wrong_schedule_is_mended(text: str, mend: str) -> None:
    with pytest.raises(TimesError, match=mend):
        parse_schedule(text)


@pytest.mark.parametrize("text", ["hourly" * 2, "", "cron", "cron @daily"])
def test_no_schedule_at_all(text: str) -> None:
    with pytest.raises(TimesError):
        parse_schedule(text)


@given(ZONES, MOMENTS, TIMES, TIMES, st.frozensets(st.integers(0, 6), min_size=1, max_size=6))
@settings(max_examples=400, deadline=None)
def test_quiet_hours_end_and_are_quiet_up_to_then(
    where: object, now: datetime, start: time, end: time, days: frozenset[int]
) -> None:
    if start == end:
        return
    quiet = QuietHours(start, end, where, days)  # type: ignore[arg-type]
    until = quiet.until(now)
    if until is None:
        today = now.astimezone(where).date()  # type: ignore[arg-type]
        if today.weekday() in days and start < end:
            begin, over = instant(today, start, where), instant(today, end, where)  # type: ignore[arg-type]
            assert not begin <= now < over
        return
    assert until > now
    assert quiet.until(until) is None, "one end, not a chain of ends"
    assert quiet.until(now + (until - now) / 2) == until
    assert until - now <= timedelta(days=7)


@pytest.mark.parametrize(
    ("now", "until"),
    [
        (datetime(2026, 11, 22, 20, 59, tzinfo=UTC), None),
        (datetime(2026, 11, 22, 21, 0, tzinfo=UTC), datetime(2026, 11, 23, 6, tzinfo=UTC)),
        (datetime(2026, 11, 23, 6, 0, tzinfo=UTC), None),
        # the night when the clock springs forward is an hour shorter, and the other an hour longer
        (datetime(2026, 3, 28, 22, 0, tzinfo=UTC), datetime(2026, 3, 29, 5, tzinfo=UTC)),
        (datetime(2026, 10, 24, 22, 0, tzinfo=UTC), datetime(2026, 10, 25, 6, tzinfo=UTC)),
    ],
)
def test_a_night_in_berlin(now: datetime, until: datetime | None) -> None:
    assert QuietHours(time(22), time(7), BERLIN).until(now) == until


def test_a_weekend_is_one_quiet_time() -> None:
    weekend = QuietHours(time(0), None, BERLIN, frozenset({5, 6}))
    assert weekend.until(datetime(2026, 11, 21, 12, tzinfo=UTC)) == datetime(2026, 11, 22, 23, tzinfo=UTC)
    assert weekend.until(datetime(2026, 11, 23, 12, tzinfo=UTC)) is None
