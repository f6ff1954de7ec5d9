"""Channels that fail, work that piles up, a disk that fills. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import combinations
from statistics import median
from typing import Final

from service.domain.keeping.finding import Finding, minute
from service.domain.keeping.spec import Keeping
from service.domain.reasons import in_words

__all__ = ["READ_FOR", "Disk", "FailingChannel", "Reading", "channel_fails", "disk_low", "growing"]

READ_FOR: Final = timedelta(minutes=30)
"""How far back the trend of a backlog is looked at."""
_FEWEST_READINGS: Final = 3
_LEAST_SPAN: Final = timedelta(minutes=9)
_GROWS: Final = 0.05
"""Seconds of age a second; 1.0: nothing at all is taken."""
_BACK: Final = 1.25
"""A disk that was low must have a quarter more than that to be well again."""
_WORK: Final = {
    "polls": (
        "Polls come late",
        "Raise NEWSVANE_POLL_CONCURRENCY, or watch fewer sources; a slow disk or a busy machine shows here first.",
    ),
    "reads": ("Articles are read late", "Raise NEWSVANE_READ_CONCURRENCY or NEWSVANE_WORKERS, or give it more cores."),
    "deliveries": (
        "Deliveries come late",
        "`newsvane deliveries --status pending` shows which channel is slow; NEWSVANE_CHANNEL_CONCURRENCY bounds it.",
    ),
}


@dataclass(frozen=True, slots=True)
class FailingChannel:
    """``off``: newsvane switched it off, and why; None while it is on."""

    name: str
    since: datetime
    failures: int
    error: str = ""
    off: str | None = None


@dataclass(frozen=True, slots=True)
class Reading:
    """Of ``work`` (``polls``, ``reads``, ``deliveries``), at ``at``: the age of the oldest due job, how many waited."""

    work: str
    at: datetime
    age: timedelta
    waiting: int


@dataclass(frozen=True, slots=True)
class Disk:
    """Of the database's folder. Bytes."""

    folder: str
    free: int
    total: int


def channel_fails(keeping: Keeping, channel: FailingChannel, *, now: datetime) -> Finding | None:
    lasts = now - channel.since
    if channel.failures < keeping.failures or lasts < keeping.after:
        return None
    off = f" It was switched off: {channel.off}." if channel.off else ""
    return Finding(
        f"channel:{channel.name}",
        f"Channel “{channel.name}” does not get through",
        channel.since,
        f"{channel.failures} attempts in a row failed since {minute(channel.since)}; the last: {channel.error}{off}",
        f"`newsvane channels test {channel.name}` shows the whole conversation. "
        + (
            f"Then `newsvane channels enable {channel.name}` and `newsvane deliveries retry --channel {channel.name}`."
            if channel.off
            else "What waits is sent by itself once it works."
        ),
        level=lasts.days.bit_length(),
    )


def growing(keeping: Keeping, readings: Sequence[Reading], *, was_open: bool) -> Finding | None:
    """Of one kind of work, oldest first, the last one of this moment.

    The oldest due job is older than ``after``, and its age grows: by the median of the slopes between all pairs of
    readings (Theil-Sen), which one odd reading does not move. Once told, it lasts until the age is down again.
    """
    newest = readings[-1]
    if newest.age < keeping.after:
        return None
    recent = [reading for reading in readings if reading.at > newest.at - READ_FOR]
    pairs = [(one, other) for one, other in combinations(recent, 2) if other.at > one.at]
    spans = newest.at - recent[0].at
    slope = median((other.age - one.age) / (other.at - one.at) for one, other in pairs) if pairs else 0.0
    seen_enough = len(recent) >= _FEWEST_READINGS and spans >= _LEAST_SPAN
    if not was_open and (not seen_enough or slope <= _GROWS):
        return None
    what, mend = _WORK[newest.work]
    trend = "and grows" if slope > _GROWS else "and shrinks" if slope < -_GROWS else "and stays"
    return Finding(
        f"backlog:{newest.work}",
        what,
        newest.at - newest.age,
        f"The oldest of {newest.waiting} due jobs has waited for {in_words(newest.age)}, {trend} "
        f"(by {slope * 60:.0f} min an hour over the last {in_words(spans)})",
        mend,
        level=int(newest.age / keeping.after).bit_length(),
    )


def disk_low(keeping: Keeping, disk: Disk, *, now: datetime, was_open: bool) -> Finding | None:
    """Less free than ``free`` bytes, or than ``share`` of the disk."""
    wanted = max(keeping.free, round(keeping.share * disk.total))
    if disk.free >= wanted * (_BACK if was_open else 1):
        return None
    return Finding(
        "disk",
        "The disk of the database is nearly full",
        now,
        f"{_size(disk.free)} of {_size(disk.total)} are free ({disk.free / max(disk.total, 1):.1%}) in {disk.folder}; "
        f"less than {_size(wanted)} is little",
        "Free some space, or move the database (NEWSVANE_DATABASE_URL). When nothing is left, nothing can be stored: "
        "sources are then polled again later, and no alert that was stored is lost.",
        level=(wanted // max(disk.free, 1)).bit_length(),
    )


def _size(number: int) -> str:
    return f"{number / 1000**3:.1f} GB" if number >= 1000**3 else f"{number / 1000**2:.0f} MB"
