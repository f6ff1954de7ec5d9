"""Hours, days and weeks of a time zone, as stretches of time. Safe over daylight saving.

since, until -> starts() -> the beginning of each bucket -> bucket_of(moment)
"""

from bisect import bisect_right
from collections.abc import Sequence
from datetime import UTC, datetime, time, timedelta
from math import ceil
from typing import Final, Literal, get_args

from service.domain.alerting_times import instant, zone

__all__ = ["MOST_BUCKETS", "STEPS", "Step", "bucket_of", "end_of", "starts"]

Step = Literal["hour", "day", "week"]
STEPS: Final = get_args(Step)
MOST_BUCKETS: Final = 10_000


def starts(since: datetime, until: datetime, step: Step, timezone: str) -> list[datetime]:
    """The beginnings, in UTC, of the hours, days or weeks (from Monday) of a time zone that hold any of the time from
    ``since`` up to ``until``. The first holds ``since``; a day of 23 or 25 hours is one.

    Raises ValueError for more than 10,000, TimesError for a zone that is none.
    """
    where = zone(timezone)
    local = since.astimezone(where)
    if step == "hour":
        first = since - timedelta(minutes=local.minute, seconds=local.second, microseconds=local.microsecond)
        count = max(0, ceil((until - first) / timedelta(hours=1)))
        _check(count)
        return [first.astimezone(UTC) + number * timedelta(hours=1) for number in range(count)]
    days = 7 if step == "week" else 1
    day = local.date() - timedelta(days=local.weekday() if step == "week" else 0)
    _check(max(0, (until - since).days // days))
    found = []
    while (start := instant(day, time(), where)) < until:
        found.append(start)
        day += timedelta(days=days)
    return found


def end_of(start: datetime, step: Step, timezone: str) -> datetime:
    """The end of the bucket that begins there."""
    if step == "hour":
        return start + timedelta(hours=1)
    where = zone(timezone)
    days = 7 if step == "week" else 1
    return instant(start.astimezone(where).date() + timedelta(days=days), time(), where)


def bucket_of(beginnings: Sequence[datetime], moment: datetime) -> int:
    """The number of the bucket that holds the moment; -1 for one before the first."""
    return bisect_right(beginnings, moment) - 1


def _check(count: int) -> None:
    if count > MOST_BUCKETS:
        raise ValueError(f"{count} buckets are too many; ask for longer ones, or a shorter time")
