"""Sources that fail, and the one outage behind many of them. Pure.

sources in trouble + how many others answered -> failing() -> a Finding a source, or one for the network
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from service.domain.faults import LASTING, NO_FEED, UNKNOWN_NAME, Weight, weigh
from service.domain.keeping.finding import Finding, minute
from service.domain.keeping.spec import Keeping
from service.domain.reasons import in_words

__all__ = ["NETWORK", "RECENT", "Answered", "FailingSource", "failing"]

NETWORK: Final = "network"
"""The subject of an outage."""
RECENT: Final = timedelta(minutes=40)
"""While nothing answers, each source is tried again after fifteen minutes, or its own shortest pause."""
_SILENT: Final = frozenset({"dns", "connect", "timeout", "proxy"})
"""No server said anything: the fault may be on our side of the network."""
_MOST_OF: Final = 0.8
_FEWEST_DOWN: Final = 2
_OUTAGE_AFTER: Final = timedelta(minutes=10)
_FEWEST_FAILURES: Final = 2
_POINTS: Final = {UNKNOWN_NAME.name: 2, LASTING.name: 3}
"""What a failure counts; all other kinds, which mostly end by themselves, count once."""
_MENDS: Final = {
    LASTING.name: "The publisher has most likely moved or closed the feed: look for its new address with "
    "`newsvane sources discover`, or remove the source.",
    UNKNOWN_NAME.name: "Check the address for a slip; if the site is gone, remove the source.",
    NO_FEED.name: "Open the address in a browser: it now shows something else than a feed.",
}
_PASSING: Final = "It is tried again by itself; if it lasts, open the address in a browser."


@dataclass(frozen=True, slots=True)
class FailingSource:
    """An enabled source whose last poll failed. ``since``: the first failure after its last success.

    ``code`` and ``transient``: of the last failure (scrapers/errors.py); ``error``: the same as a sentence.
    """

    id: int
    title: str
    url: str
    failures: int
    since: datetime
    last_polled_at: datetime
    code: str
    transient: bool
    error: str
    last_success_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Answered:
    """Enabled sources that answered within RECENT: how many; ``last``: the newest answer of any source, ever."""

    count: int
    last: datetime | None


def failing(
    keeping: Keeping, sources: Sequence[FailingSource], answered: Answered, *, now: datetime, outage_open: bool
) -> list[Finding]:
    """What to tell of failing sources.

    Where four fifths of the sources that were tried lately could not be reached at all, that is one finding about the
    network. Sources that cannot be reached are then not told one by one, nor while ``outage_open``: that of an outage
    which has just ended is still to be confirmed by their next polls.
    """
    outage = _outage(sources, answered, now)
    found = [outage] if outage else []
    for source in sources:
        if source.code in _SILENT and (outage is not None or outage_open):
            continue
        weight = weigh(source.code, transient=source.transient)
        lasts = now - source.since
        enough = source.failures * _POINTS.get(weight.name, 1) >= keeping.failures or lasts >= keeping.after
        if source.failures >= _FEWEST_FAILURES and enough:
            found.append(_finding(source, weight, lasts))
    return found


def _outage(sources: Sequence[FailingSource], answered: Answered, now: datetime) -> Finding | None:
    tried = [source for source in sources if source.last_polled_at > now - RECENT]
    down = [source for source in tried if source.code in _SILENT]
    of = len(tried) + answered.count
    if len(down) < _FEWEST_DOWN or len(down) < _MOST_OF * of:
        return None
    began = sorted(source.since for source in down)
    after_answer = [since for since in began if answered.last is None or since >= answered.last]
    # Some may have been gone long before the network went.
    since = after_answer[0] if len(after_answer) * 2 >= len(began) else began[len(began) // 2]
    if now - since < _OUTAGE_AFTER:
        return None
    example = max(down, key=lambda source: source.last_polled_at)
    last = f"; the last answer of any source came at {minute(answered.last)}" if answered.last else ""
    return Finding(
        NETWORK,
        f"{len(down)} of {of} sources cannot be reached",
        since,
        f"In the last {in_words(RECENT)} {len(down)} of the {of} sources that were tried gave no answer at all{last}. "
        f"One of them, {example.title or example.url}: {example.error}",
        "This machine's own network is most likely down: check its connection, its name server, and NEWSVANE_PROXY "
        "if one is set. Nothing needs to be done in newsvane: all sources are tried again within minutes.",
        level=(len(down) * 4) // max(of, 1),
    )


def _finding(source: FailingSource, weight: Weight, lasts: timedelta) -> Finding:
    name = source.title or source.url
    before = f"its last good poll was at {minute(source.last_success_at)}" if source.last_success_at else "never read"
    return Finding(
        f"source:{source.id}",
        f"Source “{name}” fails",
        source.since,
        f"{source.failures} polls in a row failed, the last one of the kind “{weight.name}”: {source.error} ({before})",
        f"{_MENDS.get(weight.name, _PASSING)} `newsvane sources check {source.url}` tries it now.",
        source.url,
        level=lasts.days.bit_length(),
    )
