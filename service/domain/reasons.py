"""Why a source is polled next when it is, in words: one for each rule of docs/polling.md.

Whoever decides the time takes the words with it, and both are kept; nothing is inferred from a time afterwards.
"""

from datetime import datetime, timedelta

from service.domain.faults import OFFLINE, Weight

__all__ = [
    "BY_HAND",
    "CALLED_FOR",
    "HOST_BUSY",
    "HOST_REFUSES",
    "SKIPPED",
    "after_failure",
    "asked_for",
    "by_freshness",
    "by_interval",
    "by_rhythm",
    "by_ttl",
    "in_words",
    "pushed",
    "why_then",
]

FIRST = "the first poll; those of many new sources are spread out"
OFF = "it is switched off, so there is none"
UNKNOWN = "an earlier version decided it and kept no reason"
HOST_BUSY = "more of its host was due than may be asked at once (NEWSVANE_HOST_SPACING), and this is its turn"
HOST_REFUSES = "its host refused several addresses and asked for a pause until then (Retry-After)"
BY_HAND = "it was brought forward by hand"
CALLED_FOR = "its hub said that there is news (WebSub)"
SKIPPED = "the feed asks not to be polled before then (skipHours or skipDays)"


def why_then(because: str | None, *, enabled: bool, last_polled_at: datetime | None) -> str:
    """What is told of a source for which ``because`` is kept."""
    if not enabled:
        return OFF
    return because or (UNKNOWN if last_polled_at else FIRST)


def by_interval(pause: timedelta, wanted: timedelta) -> str:
    cut = "" if pause == wanted else f"; NEWSVANE_MIN_POLL_INTERVAL makes that {in_words(pause)}"
    return f"the interval that you set, {in_words(wanted)}{cut}"


def by_rhythm(pause: timedelta, *, known: bool) -> str:
    """``known``: enough times of its items are known to see a rhythm."""
    if known:
        return f"its own rhythm gives {in_words(pause)}"
    why = "too few times of its items are known to see a rhythm"
    return f"{in_words(pause)}: {why} (NEWSVANE_POLL_INTERVAL, longer the older its newest item is)"


def by_ttl(pause: timedelta, wanted: timedelta) -> str:
    cut = "" if pause >= wanted else f"; NEWSVANE_MAX_POLL_INTERVAL cuts that to {in_words(pause)}"
    return f"the feed asks for {in_words(wanted)} between polls (ttl or sy:updatePeriod){cut}"


def by_freshness(pause: timedelta, wanted: timedelta) -> str:
    """``wanted``: how long the answer says that it stays good."""
    cut = "" if pause >= wanted else f", of which {in_words(pause)} are waited"
    return f"the last answer stays good for {in_words(wanted)} (Cache-Control or Expires){cut}"


def pushed(relied_until: datetime) -> str:
    until = f"{relied_until:%Y-%m-%d %H:%M} UTC"
    return f"its hub pushes what is new (WebSub), so it is polled less; that is relied on until {until}"


def after_failure(failures: int, weight: Weight, pause: timedelta) -> str:
    """``failures``: in a row. ``pause``: without what random chance adds."""
    if weight is OFFLINE:
        return f"{_times(failures)}: nothing at all answers, so this machine seems to be offline and tries again soon"
    longest = f", which grows to {in_words(weight.longest)} at most" if pause < weight.longest else ""
    return f"{_times(failures)}, the last one{_kind(weight)}: a pause of {in_words(pause)}{longest}"


def asked_for(failures: int, weight: Weight, pause: timedelta) -> str:
    wish = f"the server asked for a pause of {in_words(pause)} (Retry-After)"
    return f"{_times(failures)}, the last one{_kind(weight)}: {wish}"


def in_words(span: timedelta) -> str:
    """Two units at most: ``45 s``, ``6 min``, ``2 h 30 min``, ``3 d 4 h``."""
    minutes, seconds = divmod(max(round(span.total_seconds()), 0), 60)
    hours, minutes = divmod(minutes, 60)
    days, hours = divmod(hours, 24)
    units = [(days, "d"), (hours, "h"), (minutes, "min"), (seconds, "s")]
    first = next((place for place, (number, _) in enumerate(units) if number), len(units) - 1)
    said = [f"{number} {unit}" for number, unit in units[first : first + 2] if number]
    return " ".join(said) or "0 s"


def _times(failures: int) -> str:
    return f"{failures} failures in a row" if failures > 1 else "one failure"


def _kind(weight: Weight) -> str:
    return f' of the kind "{weight.name}"'
