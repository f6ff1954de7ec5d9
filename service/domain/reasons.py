"""Why a source is polled next when it is, in words. Decides only.

What an answer alone said, Cache-Control and Retry-After, is kept nowhere but in the time of the next poll; all other
rules of schedule.py can be followed again from what is kept. Where they give an earlier time, the answer asked for it.
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from scrapers.errors import HOST_CLOSED
from service.domain.faults import OFFLINE, Weight, weigh
from service.domain.schedule import Wishes

__all__ = ["Standing", "fault_of", "in_words", "why_then"]

_HOUR, _DAY = timedelta(hours=1), timedelta(days=1)
_JITTER = 1.1
_ROUNDING = timedelta(seconds=2)
_FEWEST_MOMENTS = 5
_SILENT = frozenset({"dns", "connect", "timeout", "proxy"})


@dataclass(frozen=True, slots=True)
class Standing:
    """What is kept of a source between two polls. ``moments``: how many times of its items are known.
    ``last_code``: outcome of the last poll that was made, None before the first; ``transient``: of a failure."""

    next_poll_at: datetime
    last_polled_at: datetime | None = None
    enabled: bool = True
    failures: int = 0
    last_code: str | None = None
    transient: bool = True
    interval: timedelta | None = None
    rhythm: timedelta | None = None
    moments: int = 0
    wishes: Wishes = field(default_factory=Wishes)
    backoff: timedelta = timedelta()
    relied_until: datetime | None = None
    pinged_at: datetime | None = None


def why_then(source: Standing) -> str:
    """The rule of docs/polling.md that set the time of the next poll."""
    if not source.enabled:
        return "it is switched off, so there is none"
    last = source.last_polled_at
    if last is None:
        return "the first poll; those of many new sources are spread out"
    if source.last_code == HOST_CLOSED:
        return "its host refused several addresses and asked for a pause until then (Retry-After)"
    if source.failures:
        return _after_failures(source, source.next_poll_at - last)
    if source.pinged_at is not None and source.pinged_at >= last:
        return "its hub said that there is news (WebSub)"
    return _while_all_is_well(source, last)


def fault_of(source: Standing) -> Weight | None:
    """What the last failure weighed; None while all is well."""
    if not source.failures or source.last_code is None or source.last_polled_at is None:
        return None
    wait = source.next_poll_at - source.last_polled_at
    short = source.last_code in _SILENT and wait <= OFFLINE.longest * _JITTER and wait + _ROUNDING < source.backoff
    return weigh(source.last_code, transient=source.transient, offline=short)


def in_words(span: timedelta) -> str:
    """Two units at most: ``45 s``, ``6 min``, ``2 h 30 min``, ``3 d 4 h``."""
    minutes, seconds = divmod(max(round(span.total_seconds()), 0), 60)
    hours, minutes = divmod(minutes, 60)
    days, hours = divmod(hours, 24)
    units = [(days, "d"), (hours, "h"), (minutes, "min"), (seconds, "s")]
    first = next((place for place, (number, _) in enumerate(units) if number), len(units) - 1)
    said = [f"{number} {unit}" for number, unit in units[first : first + 2] if number]
    return " ".join(said) or "0 s"


def _after_failures(source: Standing, wait: timedelta) -> str:
    times = f"{source.failures} failures in a row" if source.failures > 1 else "one failure"
    weight = fault_of(source)
    if weight is OFFLINE:
        return f"{times}: nothing at all answers, so this machine seems to be offline and tries again soon"
    name = f' of the kind "{weight.name}"' if weight else ""
    if wait <= source.backoff * _JITTER + _ROUNDING:
        longest = f", which grows to {in_words(weight.longest)} at most" if weight else ""
        return f"{times}, the last one{name}: a pause of {in_words(source.backoff)}{longest}"
    if _ends_a_skipped_stretch(source, source.backoff):
        return f"{times}, and the feed asks not to be polled before then (skipHours or skipDays)"
    return f"{times}, the last one{name}: the server asked for a pause of {in_words(wait)} (Retry-After)"


def _while_all_is_well(source: Standing, last: datetime) -> str:
    wait = source.next_poll_at - last
    if source.interval is not None:
        return f"the interval that you set, {in_words(source.interval)}"
    rhythm, ttl = source.rhythm or timedelta(), source.wishes.ttl or timedelta()
    known = max(rhythm, ttl)
    if wait > known * _JITTER + _ROUNDING:
        if source.relied_until is not None:
            until = f"{source.relied_until:%Y-%m-%d %H:%M} UTC"
            return f"its hub pushes what is new (WebSub), so it is polled less; that is relied on until {until}"
        if _ends_a_skipped_stretch(source, known):
            return "the feed asks not to be polled before then (skipHours or skipDays)"
        return f"the last answer stays good for {in_words(wait)} or a little less (Cache-Control or Expires)"
    if ttl > rhythm:
        cut = "" if wait + _ROUNDING >= ttl else f"; NEWSVANE_MAX_POLL_INTERVAL cuts that to {in_words(wait)}"
        return f"the feed asks for {in_words(ttl)} between polls (ttl or sy:updatePeriod){cut}"
    if source.moments < _FEWEST_MOMENTS:
        return f"{in_words(rhythm)}: too few times of its items are known to see a rhythm (NEWSVANE_POLL_INTERVAL)"
    return f"its own rhythm gives {in_words(rhythm)}"


def _ends_a_skipped_stretch(source: Standing, pause: timedelta) -> bool:
    """Whether the next poll lies in the first tenth of an hour before which the feed wants to be left alone, and would
    have been due in such an hour; or a day after that, where the feed skips everything."""
    wishes, at = source.wishes, source.next_poll_at
    if source.interval is not None or source.last_polled_at is None or not (wishes.skip_hours or wishes.skip_days):
        return False
    hour = at.replace(minute=0, second=0, microsecond=0)
    due = source.last_polled_at + pause
    if _skips(wishes, hour):
        return at - due >= _DAY
    return due < hour and at - hour <= _HOUR * (_JITTER - 1) and _skips(wishes, hour - _HOUR)


def _skips(wishes: Wishes, hour: datetime) -> bool:
    return hour.hour in wishes.skip_hours or hour.weekday() in wishes.skip_days
