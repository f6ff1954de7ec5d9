"""How often a source publishes, and how long to pause between two polls of it because of that.

moments of its last 30 items -> usual gap, time since the newest -> pause

    usual = lower quartile of the gaps between the moments; ten default pauses while fewer than five are known
    pause = sqrt(usual * max(usual, now - newest)) / 10     within [shortest, longest]

News is so heard after a tenth of the usual gap, and a source that falls silent is asked less and less: four times the
silence, twice the pause. The lower quartile follows the hours in which a source is awake: nights and week-ends are long
gaps and change nothing in it, nor does one odd item. From one poll to the next the pause grows at most to twice and
falls at most to a quarter of what it was.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from itertools import pairwise
from math import sqrt

from scrapers.types import FeedEntry

__all__ = ["Cadence", "natural_pause", "remember", "remember_seen", "slowed"]

_REMEMBERED = 30
_FEWEST = 5
_POLLS_A_GAP = 10
_MOST_GROWTH = 2
_MOST_FALL = 4
_SLOWER = 10
_MIDNIGHT = time()


@dataclass(frozen=True, slots=True)
class Cadence:
    """Bounds of the time between two polls. ``default`` is for a source whose rhythm is not known yet."""

    default: timedelta
    shortest: timedelta
    longest: timedelta

    def within(self, pause: timedelta) -> timedelta:
        return min(max(pause, self.shortest), max(self.longest, self.shortest))


def natural_pause(
    moments: Sequence[datetime], cadence: Cadence, *, previous: timedelta | None, now: datetime
) -> tuple[timedelta, bool]:
    """The pause that fits these moments (distinct, none after ``now``), by the formula above; whether they tell a gap.

    ``previous``: the pause of the poll before, if there was one. The longer the gaps and the silence, the longer the
    pause; never outside of the cadence's bounds.
    """
    ordered = sorted(moments)
    silence = max(now - ordered[-1], timedelta()) if ordered else timedelta()
    gap = _usual_gap(ordered)
    usual = gap or cadence.default * _POLLS_A_GAP
    seconds = sqrt(usual.total_seconds() * max(usual, silence).total_seconds()) / _POLLS_A_GAP
    pause = cadence.within(timedelta(seconds=round(seconds)))
    if previous:
        pause = min(max(pause, previous / _MOST_FALL), previous * _MOST_GROWTH)
    return cadence.within(pause), gap is not None


def slowed(pause: timedelta, relied_until: datetime | None, cadence: Cadence, *, now: datetime) -> timedelta:
    """The pause of a source whose publisher pushes: ten times its own, which is its usual gap, up to the longest pause.

    ``relied_until``: pushes are counted on until then (websub.py). The pause ends with that, so that polling is back in
    time; it is never shorter than ``pause``.
    """
    if relied_until is None:
        return pause
    return max(pause, min(pause * _SLOWER, cadence.longest, relied_until - now))


def remember(known: Iterable[datetime], entries: Iterable[FeedEntry], now: datetime) -> tuple[datetime, ...]:
    """The newest 30 moments, with those that a feed states for its items; newest first, in whole seconds.

    Left out are times that do not tell when an item came out: those after ``now``, midnights (a mere day), and one that
    most items of the feed share (the time at which the feed was written).
    """
    stated = [moment for entry in entries if (moment := _stated(entry)) is not None]
    often = {moment for moment, times in Counter(stated).items() if times > 2 and times * 2 > len(stated)}
    told = {moment for moment in stated if moment <= now and moment.time() != _MIDNIGHT} - often
    return _newest(told.union(known))


def remember_seen(known: Iterable[datetime], new: Iterable[FeedEntry], now: datetime) -> tuple[datetime, ...]:
    """The same for items that are new now and say nothing usable of when they came out: they came out now."""
    undated = any((moment := _stated(entry)) is None or moment.time() == _MIDNIGHT for entry in new)
    return _newest({*known, now.replace(microsecond=0)}) if undated else tuple(known)


def _stated(entry: FeedEntry) -> datetime | None:
    moment = entry.published_at or entry.updated_at
    return moment.replace(microsecond=0) if moment else None


def _newest(moments: Iterable[datetime]) -> tuple[datetime, ...]:
    return tuple(sorted(moments, reverse=True)[:_REMEMBERED])


def _usual_gap(ordered: Sequence[datetime]) -> timedelta | None:
    """The lower quartile, between its neighbours in proportion; None where nothing can be said.

    Moments that all have one time of day are days, whatever the zone in which they are midnights.
    """
    if len(ordered) < _FEWEST or all(moment.time() == ordered[0].time() for moment in ordered):
        return None
    gaps = sorted(later - earlier for earlier, later in pairwise(ordered))
    place, rest = divmod(len(gaps) - 1, 4)
    gap = gaps[place]
    return gap + (gaps[place + 1] - gap) * (rest / 4) if rest else gap
