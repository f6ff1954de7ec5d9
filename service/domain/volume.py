"""How often something is named at this hour of the week, and what is far from it. Pure.

past windows at the same local time -> counts -> usual_band() -> Band -> is_spike, is_quiet

    samples   counts of the same hours of the last 8 weeks, each with its neighbours an hour earlier and later
    mean      median(samples) + 1/(2 n)                       n: weeks that were watched, 3 at least
    variance  max(mean, (1.4826 MAD)^2) * (1 + 1/n)
    low, high the 0.0001 and 0.9999 quantiles of a negative binomial with this mean and variance

The past is compared as in C. P. Farrington et al., "A statistical algorithm for the early detection of outbreaks of
infectious disease" (J. R. Statist. Soc. A 159, 1996), with the quantile of A. Noufaily et al. (Statistics in Medicine
32, 2013); median and MAD, so that an odd week moves nothing, with the constant of P. J. Rousseeuw and C. Croux (JASA
88, 1993). A Poisson count has its mean for variance, which is the floor; 1/n is what few weeks leave unknown, and half
a mention in all of them is what may be expected where none was seen (Jeffreys' prior).
"""

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from itertools import accumulate
from math import exp, lgamma, log, sqrt
from statistics import NormalDist, median
from typing import Final

from service.domain.alerting_times import instant, zone

__all__ = ["LEAST_WEEKS", "WEEKS", "Band", "Counts", "Window", "is_quiet", "is_spike", "past_windows", "usual_band"]

WEEKS: Final = 8
LEAST_WEEKS: Final = 3
"""With two, an odd one would be half of what is known."""
TAIL: Final = 0.0001
_MAD_TO_DEVIATION: Final = 1.4826
_NEIGHBOURS: Final = (timedelta(hours=-1), timedelta(), timedelta(hours=1))
_WELL_ABOVE: Final = 1.5
_WELL_BELOW: Final = 0.5
_LARGE: Final = 1000
"""Mean from which on a negative binomial is taken as a gamma distribution."""
Window = tuple[datetime, datetime]
"""From, and up to (exclusive); aware."""


@dataclass(frozen=True, slots=True)
class Band:
    """What is usual: from ``low`` to ``high``, both included. ``weeks``: from how many weeks that is known."""

    expected: float
    low: int
    high: int
    weeks: int


def past_windows(end: datetime, over: timedelta, timezone: str, *, weeks: int = WEEKS) -> list[tuple[Window, ...]]:
    """The windows of length ``over`` at the same local time of the weeks before, the last week first; each with those
    an hour earlier and later. Local time is by the wall clock, so the hour stays the same over daylight saving."""
    where = zone(timezone)
    local = end.astimezone(where)
    found = []
    for number in range(1, weeks + 1):
        same = instant(local.date() - timedelta(weeks=number), local.time(), where)
        found.append(tuple((same + shift - over, same + shift) for shift in _NEIGHBOURS))
    return found


def usual_band(weeks: Sequence[Sequence[int]]) -> Band | None:
    """``weeks``: of each week that was watched, the counts in its windows. None where there are fewer than three."""
    if len(weeks) < LEAST_WEEKS:
        return None
    samples = [count for week in weeks for count in week]
    middle = median(samples)
    deviation = _MAD_TO_DEVIATION * median(abs(count - middle) for count in samples)
    mean = middle + 0.5 / len(weeks)
    variance = max(mean, deviation**2) * (1 + 1 / len(weeks))
    return Band(float(middle), _quantile(mean, variance, TAIL), _quantile(mean, variance, 1 - TAIL), len(weeks))


def is_spike(count: int, band: Band, minimum: int) -> bool:
    """Beyond chance, well above what is usual, and enough to speak of."""
    return count > band.high and count >= minimum and count >= _WELL_ABOVE * band.expected


def is_quiet(count: int, band: Band) -> bool:
    """Beyond chance, and well below. Where ``low`` is 0 no silence can be told from chance."""
    return count < band.low and count <= _WELL_BELOW * band.expected


class Counts:
    """So many articles from each of these moments on, to be summed over windows."""

    def __init__(self, moments: Iterable[tuple[datetime, int]]) -> None:
        ordered = sorted(moments)
        self._at = [at for at, _ in ordered]
        self._sums = [0, *accumulate(count for _, count in ordered)]

    def within(self, window: Window) -> int:
        """Of the moments that lie in the window."""
        return self._sums[bisect_left(self._at, window[1])] - self._sums[bisect_left(self._at, window[0])]


@lru_cache(maxsize=4096)  # counts are small, so the same come again and again
def _quantile(mean: float, variance: float, probability: float) -> int:
    """The smallest count whose cumulative probability under the negative binomial is at least this."""
    if mean >= _LARGE:
        return _gamma_quantile(mean, variance, probability)
    size, share = mean * mean / (variance - mean), mean / variance
    count, so_far = 0, 0.0
    most = mean + 40 * sqrt(variance)  # far beyond any probability that is asked for
    while count < most:
        weight = lgamma(count + size) - lgamma(size) - lgamma(count + 1) + size * log(share) + count * log(1 - share)
        so_far += exp(weight)
        if so_far >= probability:
            return count
        count += 1
    return count


def _gamma_quantile(mean: float, variance: float, probability: float) -> int:
    """E. B. Wilson and M. M. Hilferty (PNAS 17, 1931)."""
    shape = mean * mean / variance
    normal = NormalDist().inv_cdf(probability)
    return round(mean * max(0.0, 1 - 1 / (9 * shape) + normal / (3 * sqrt(shape))) ** 3)
