"""A digest's chart: what was named in its period, beside the periods before and the usual. Pure.

alert["digest"]["volume"] (docs/formats.md) -> volume_of() -> Volume -> words, for everyone
                                                                     -> picture(), for mails
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, TypeGuard

from service.charts import PICTURE, PictureError, Size, to_png, volume

__all__ = ["CHART_SIZE", "Volume", "picture", "volume_of"]

CHART_SIZE: Final = Size(560, 96)
_MOST: Final = 31
_FEWEST: Final = 2


@dataclass(frozen=True, slots=True)
class Volume:
    """Mentions by period, oldest first. ``usual``: low and high of the periods before the last, where that is known."""

    counts: tuple[int, ...]
    starts: tuple[str, ...]
    usual: tuple[float, float] | None

    @property
    def words(self) -> str:
        """``9 mentions, usually 3 to 6; before: 4, 3, 5``."""
        last, before = self.counts[-1], self.counts[:-1]
        low, high = self.usual or (0.0, 0.0)
        span = f"{low:g}" if low == high else f"{low:g} to {high:g}"
        usual = f", usually {span}" if self.usual else ""
        earlier = f"; before: {', '.join(map(str, before))}" if before else ""
        return f"{last} mention{'' if last == 1 else 's'}{usual}{earlier}"


def volume_of(alert: Mapping[str, Any]) -> Volume | None:
    """What a digest says of its volume; None where it says nothing that can be drawn."""
    told = (alert.get("digest") or {}).get("volume")
    periods = told.get("periods") if isinstance(told, Mapping) else None
    if not isinstance(told, Mapping) or not isinstance(periods, list):
        return None
    kept = [
        (period["count"], _day(period.get("from")))
        for period in periods[-_MOST:]
        if isinstance(period, Mapping) and _is_count(period.get("count"))
    ]
    if len(kept) < _FEWEST:
        return None
    bounds = [float(bound) for bound in (told.get("low"), told.get("high")) if _is_number(bound)]
    usual = (bounds[0], bounds[1]) if len(bounds) == 2 else None
    return Volume(tuple(count for count, _ in kept), tuple(start for _, start in kept), usual)


def picture(shown: Volume) -> bytes | None:
    """The chart as PNG; None where it cannot be made: a mail without it is better than none."""
    svg = volume(
        shown.counts,
        shown.starts,
        title="Mentions by period",
        desc=shown.words,
        name="volume",
        usual=shown.usual,
        size=CHART_SIZE,
        palette=PICTURE,
    )
    try:
        return to_png(svg)
    except PictureError:
        return None


def _day(value: object) -> str:
    try:
        return datetime.fromisoformat(value).strftime("%Y-%m-%d %H:%M") if isinstance(value, str) else ""
    except ValueError:
        return ""


def _is_count(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 10**9


def _is_number(value: object) -> TypeGuard[float]:
    return isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value < 10**9
