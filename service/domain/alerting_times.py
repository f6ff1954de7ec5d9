"""Local times of day in UTC: when a digest goes out, when quiet hours end. Safe over daylight saving.

A wall-clock time that does not exist (02:30 when the clock springs to 03:00) is read with the offset that held before
the gap, so it comes right after it; one that exists twice is its first occurrence (RFC 5545 section 3.3.5).
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from zoneinfo import ZoneInfo

__all__ = ["ActiveDates", "Cron", "QuietHours", "Schedule", "TimesError", "instant", "parse_schedule", "zone"]

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_DAY = timedelta(days=1)
_MOST_DAYS = 366 * 8 + 2
"""29 February may be eight years away (1896, 1904)."""
_MOST_WINDOWS = 400
_LONGEST_CRON = 200


class TimesError(ValueError):
    """A time that cannot be read, with the mend."""


@cache
def zone(name: str) -> ZoneInfo:
    """An IANA time zone. Raises TimesError."""
    try:
        return ZoneInfo(name)
    except (ValueError, OSError, LookupError) as error:
        raise TimesError(f"{name!r} is no time zone; write one such as Europe/Berlin or UTC") from error


def instant(day: date, at: time, where: ZoneInfo) -> datetime:
    """That time of that day there, as UTC."""
    return datetime.combine(day, at.replace(fold=0), tzinfo=where).astimezone(UTC)


@dataclass(frozen=True, slots=True)
class Cron:
    """The five fields of a crontab line (POSIX crontab): minutes, hours, days of the month, months, weekdays (0: mon).

    As cron has it: where both day fields are restricted, either may hold.
    """

    minutes: tuple[int, ...]
    hours: tuple[int, ...]
    days: frozenset[int]
    months: frozenset[int]
    weekdays: frozenset[int]
    either_day: bool = False

    def on(self, day: date) -> bool:
        of_month, of_week = day.day in self.days, day.weekday() in self.weekdays
        held = of_month or of_week if self.either_day else of_month and of_week
        return day.month in self.months and held


@dataclass(frozen=True, slots=True)
class Schedule:
    """When a digest goes out. ``hourly``: at each full hour there, twice where the clock goes back. Else ``cron``."""

    text: str
    """As the watch list writes it."""
    hourly: bool
    cron: Cron

    def next_fire(self, after: datetime, where: ZoneInfo) -> datetime:
        """The first moment later than ``after`` (aware), in UTC. Raises TimesError when none comes in eight years."""
        after = after.astimezone(UTC)
        if self.hourly:
            return _next_full_hour(after, where)
        first = after.astimezone(where).date() - _DAY
        for number in range(_MOST_DAYS):
            day = first + number * _DAY
            if self.cron.on(day):
                found = [at for at in self._fires(day, where) if at > after]
                if found:
                    return min(found)
        raise TimesError(f"{self.text!r} never comes")

    def _fires(self, day: date, where: ZoneInfo) -> Iterator[datetime]:
        for hour in self.cron.hours:
            for minute in self.cron.minutes:
                yield instant(day, time(hour, minute), where)


@dataclass(frozen=True, slots=True)
class QuietHours:
    """From ``start`` to ``end``, which may lie on the next day. ``days``: those on which they begin (0: Monday).

    ``end`` None is midnight at the end of the day (``24:00``).
    """

    start: time
    end: time | None
    where: ZoneInfo
    days: frozenset[int] = frozenset(range(7))
    except_high: bool = False
    """Rules of high priority are not held back."""

    def until(self, now: datetime) -> datetime | None:
        """When the quiet that holds at ``now`` ends, in UTC; None when it is not quiet. Quiet follows on quiet."""
        end = None
        at = now.astimezone(UTC)
        for _ in range(_MOST_WINDOWS):
            later = self._window_end(at)
            if later is None:
                return end
            end = at = later
        raise TimesError("these quiet hours never end")

    def _window_end(self, at: datetime) -> datetime | None:
        today = at.astimezone(self.where).date()
        ends = [
            end
            for day in (today - _DAY, today, today + _DAY)
            if day.weekday() in self.days
            for start, end in [self._window(day)]
            if start <= at < end
        ]
        return max(ends, default=None)

    def _window(self, day: date) -> tuple[datetime, datetime]:
        over_night = self.end is None or self.end <= self.start
        last = day + _DAY if over_night else day
        return instant(day, self.start, self.where), instant(last, self.end or time(), self.where)


@dataclass(frozen=True, slots=True)
class ActiveDates:
    """Both days included; None: open."""

    first: date | None
    last: date | None
    where: ZoneInfo

    def holds(self, now: datetime) -> bool:
        today = now.astimezone(self.where).date()
        return (self.first is None or self.first <= today) and (self.last is None or today <= self.last)

    def why_not(self, at: datetime) -> str:
        """In words, why nothing that was read then is told."""
        first, last = self.first or "the beginning", self.last or "further notice"
        return f"the rule is active from {first} to {last}, and it was read on {at.astimezone(self.where):%Y-%m-%d}"


def clock(text: str) -> time:
    """``08:30`` -> time. Raises TimesError."""
    found = re.fullmatch(r"([01]?\d|2[0-3]):([0-5]\d)", text, re.ASCII)
    if found is None:
        raise TimesError(f"{text!r} is no time of day; write it as 08:30")
    return time(int(found[1]), int(found[2]))


def weekday(text: str) -> int:
    """``mon`` or ``Monday`` -> 0. Raises TimesError."""
    short = text[:3].lower()
    full = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
    if short not in DAYS or text.lower() not in (short, full[DAYS.index(short)]):
        raise TimesError(f"{text!r} is no day of the week; write mon, tue, wed, thu, fri, sat or sun")
    return DAYS.index(short)


def parse_schedule(text: str) -> Schedule:
    """``hourly``, ``daily 08:00``, ``weekly mon 08:00``, ``cron 0 8 * * mon-fri``. Raises TimesError."""
    words = text.split()
    every_day = (frozenset(range(1, 32)), frozenset(range(1, 13)), frozenset(range(7)))
    match words:
        case ["hourly"]:
            return Schedule(text, True, Cron((0,), tuple(range(24)), *every_day))
        case ["daily", at]:
            moment = clock(at)
            return Schedule(text, False, Cron((moment.minute,), (moment.hour,), *every_day))
        case ["weekly", day, at]:
            moment, days = clock(at), frozenset([weekday(day)])
            return Schedule(text, False, Cron((moment.minute,), (moment.hour,), *every_day[:2], days))
        case ["cron", *_]:
            schedule = Schedule(text, False, _cron(text.partition("cron")[2]))
            schedule.next_fire(datetime(2024, 1, 1, tzinfo=UTC), zone("UTC"))  # 30 February never comes
            return schedule
    raise TimesError(
        f'{text!r} is no digest time; write hourly, daily 08:00, weekly mon 08:00 or cron "0 8 * * mon-fri"'
    )


def _cron(text: str) -> Cron:
    fields = text.strip().strip("\"'").split()
    if len(fields) != 5 or len(text) > _LONGEST_CRON:
        raise TimesError(f"{text.strip()[:80]!r} is no cron line; write minute hour day month weekday: 0 8 * * mon-fri")
    minutes, hours, days, months = (
        _cron_field(field, low, high, names)
        for field, (low, high, names) in zip(
            fields[:4], ((0, 59, ()), (0, 23, ()), (1, 31, ()), (1, 12, _MONTHS)), strict=True
        )
    )
    # Cron counts weekdays from Sunday, 0 or 7.
    weekdays = _cron_field(fields[4], 0, 7, ("sun", "mon", "tue", "wed", "thu", "fri", "sat"), offset=0)
    return Cron(
        tuple(sorted(minutes)),
        tuple(sorted(hours)),
        days,
        months,
        frozenset((day - 1) % 7 for day in weekdays),
        either_day=not fields[2].startswith("*") and not fields[4].startswith("*"),
    )


def _cron_field(field: str, low: int, high: int, names: tuple[str, ...], *, offset: int = 1) -> frozenset[int]:
    def number(word: str) -> int:
        if word.lower() in names:
            return names.index(word.lower()) + offset
        value = int(word) if word.isascii() and word.isdecimal() and len(word) <= 2 else -1
        if not low <= value <= high:
            raise TimesError(f"{field!r} in a cron line: {word!r} is not between {low} and {high}")
        return value

    found: set[int] = set()
    for part in field.split(","):
        span, slash, step = part.partition("/")
        if slash and not (step.isascii() and step.isdecimal() and 0 < int(step[:4]) <= high):
            raise TimesError(f"{field!r} in a cron line: {step!r} is no step; write */15")
        first, dash, last = span.partition("-")
        if span == "*":
            start, end = low, high
        else:
            start = number(first)
            end = number(last) if dash else high if slash else start
        if end < start:
            raise TimesError(f"{field!r} in a cron line: {span!r} runs backwards")
        found.update(range(start, end + 1, int(step) if slash else 1))
    return frozenset(found)


def _next_full_hour(after: datetime, where: ZoneInfo) -> datetime:
    at = after
    while True:  # a change of the clock by half an hour takes a second step, and there is no third
        local = at.astimezone(where)
        past = timedelta(minutes=local.minute, seconds=local.second, microseconds=local.microsecond)
        at += timedelta(hours=1) - past
        if at.astimezone(where).minute == 0:
            return at
