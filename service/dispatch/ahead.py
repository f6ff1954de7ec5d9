"""When to look for work whose due times are known beforehand."""

import math
from collections.abc import Iterable
from datetime import datetime

__all__ = ["GUST_SECONDS", "gusts"]

GUST_SECONDS = 0.1
"""What falls due within this time is begun together: each look costs a claim."""


def gusts(moments: Iterable[datetime], start: datetime) -> list[float]:
    """Seconds from ``start`` on at which to look, so that each of these moments, none of them before ``start``, is seen
    within GUST_SECONDS after it."""
    numbers = {math.ceil((at - start).total_seconds() / GUST_SECONDS) for at in moments}
    return [number * GUST_SECONDS for number in sorted(numbers)]
