"""Sources that are silent against their own rhythm. Pure.

    silence   = last poll - newest item
    gap rule    silence > 1.5 times the 95th percentile of the gaps between items
    week rule   in the same stretch of earlier weeks (1, 2, 3, 4 weeks ago; or 2, 4, ... where the silence is longer
                than one) at least ``missed`` items came, by the lower median, and in none of them nothing

Nights and week-ends are the same in earlier weeks, so the week rule knows them; the gap rule alone would not. Where
fewer than two earlier weeks are known, ``missed`` times the 95th percentile must have passed, and more than a week in
which the source's nights and week-end lie.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from math import ceil
from typing import Final

from service.domain.keeping.finding import Finding, minute
from service.domain.keeping.spec import Keeping
from service.domain.reasons import in_words

__all__ = ["PublishingSource", "may_be_silent", "silent"]

_FEWEST_GAPS: Final = 5
_QUANTILE: Final = 0.95
_LONGER: Final = 1.5
_WEEK: Final = timedelta(days=7)
_WEEKS: Final = 4
_FEWEST_WEEKS: Final = 2
_SHORTEST: Final = timedelta(hours=3)
"""Less than this is no news, however busy the source."""


@dataclass(frozen=True, slots=True)
class PublishingSource:
    """A source that answers well. ``came``: when new items came and how many, oldest first, since ``known_since``.

    ``stated``: times of items as the feed says them, where too few came under our eyes.
    """

    id: int
    title: str
    url: str
    last_polled_at: datetime
    known_since: datetime
    came: Sequence[tuple[datetime, int]] = ()
    stated: Sequence[datetime] = ()


def may_be_silent(newest: datetime, last_polled_at: datetime) -> bool:
    """Whether it is worth looking closer."""
    return last_polled_at - newest >= _SHORTEST


def silent(keeping: Keeping, source: PublishingSource) -> Finding | None:
    """The finding, or None. What was not polled is not judged: silence ends at the last poll."""
    seen = [at for at, _ in source.came]
    moments = seen if len(seen) > _FEWEST_GAPS else sorted({*source.stated, *seen})
    if len(moments) <= _FEWEST_GAPS:
        return None
    newest, until = max(moments), source.last_polled_at
    silence = until - newest
    usual = _percentile([later - earlier for earlier, later in pairwise(moments)])
    if silence < _SHORTEST or silence <= usual * _LONGER:
        return None
    expected = _earlier_weeks(source, newest, until)
    if len(expected) >= _FEWEST_WEEKS:
        middle = expected[(len(expected) - 1) // 2]
        if expected[0] == 0 or middle < keeping.missed:
            return None
        proof = (
            f"{middle} new items or more were to be expected by now: in the same hours of {len(expected)} earlier "
            f"weeks {expected[0]} to {expected[-1]} came"
        )
        level = (middle // keeping.missed).bit_length()
    elif silence > max(usual * keeping.missed, _WEEK):
        proof = f"{int(silence / usual)} items missed: its longest usual pause is {in_words(usual)}"
        level = int(silence / usual).bit_length()
    else:
        return None
    return Finding(
        f"source:{source.id}",
        f"Source “{source.title or source.url}” is silent",
        newest,
        f"No new item for {in_words(silence)}, up to the last poll at {minute(until)}, although the feed answers. "
        f"{proof}.",
        f"Look at the publisher's site: the feed may have moved or been given up. "
        f"`newsvane sources check {source.url}` shows what it holds.",
        source.url,
        level=level,
    )


def _earlier_weeks(source: PublishingSource, newest: datetime, until: datetime) -> list[int]:
    """How many items came in the same stretch of earlier weeks, ascending; only of weeks that are known whole."""
    step = ceil((until - newest) / _WEEK) * _WEEK
    counts = []
    for number in range(1, _WEEKS + 1):
        start, end = newest - number * step, until - number * step
        if start < source.known_since:
            break
        counts.append(sum(count for at, count in source.came if start < at <= end))
    return sorted(counts)


def _percentile(gaps: Sequence[timedelta]) -> timedelta:
    """The nearest rank."""
    ordered = sorted(gaps)
    return ordered[ceil(_QUANTILE * len(ordered)) - 1]
