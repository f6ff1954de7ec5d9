"""Numbers as drawings with what stands beside them: a table, and a link for each day. Pure.

Series, days -> by_day() -> Chart
times        -> spread() -> an SVG
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from markupsafe import Markup

from service.charts import Size, sparkline, volume
from service.domain.volume import Band, is_quiet, is_spike
from service.figures import Series
from service.notify.clean import one_line
from service.web.question import Question

__all__ = ["LARGE", "SMALL", "Chart", "Day", "by_day", "line", "since", "spread"]

SMALL, LARGE = Size(280, 84), Size(520, 130)  # wider, and its words are too small on a phone
_DAY = timedelta(days=1)
_POINTS = 24
_LEAST = 3
"""Mentions a day under which nothing is called more than usual."""


@dataclass(frozen=True, slots=True)
class Day:
    """``usual``: such as ``2 to 9``, empty where that is not known. ``odd``: ``more than usual``, ``less than usual``
    or empty; a day that is not over is never less."""

    at: datetime
    label: str
    count: int
    usual: str
    odd: str
    href: str


@dataclass(frozen=True, slots=True)
class Chart:
    """``svg`` is made by service.charts, which escapes."""

    entity: str
    total: int
    days: tuple[Day, ...]
    svg: Markup
    href: str

    @property
    def odd(self) -> str:
        """Of the newest day."""
        return self.days[-1].odd if self.days else ""

    @property
    def banded(self) -> bool:
        """Whether it is known of any day what is usual."""
        return any(day.usual for day in self.days)


def by_day(series: Series, starts: Sequence[datetime], *, name: str, now: datetime, size: Size = SMALL) -> Chart:
    """Articles that name an entity, a bar a day (UTC), over what is usual for a whole day. ``name``: an id."""
    entity, counts, total = series.entity, series.counts, series.total
    bands = series.usual or (None,) * len(counts)
    days = tuple(_day(entity, *one, now) for one in zip(starts, counts, bands, strict=True))
    shown = one_line(entity, 60)
    said = f"{total} articles in {len(days)} days, {counts[-1] if counts else 0} of them today"
    drawing = volume(
        counts,
        [day.label for day in days],
        title=f"{shown}: articles by day",
        desc=f"{said}. The same numbers stand in the table.",
        name=name,
        usual=[(band.low, band.high) if band else None for band in bands],
        size=size,
    )
    since = f"{starts[0]:%Y-%m-%d}" if starts else ""
    return Chart(entity, total, days, Markup(drawing), Question(entity=entity, since=since).at("/stream"))  # noqa: S704


def line(series: Series, *, name: str) -> Markup:
    """A series as small as a word."""
    title = f"{one_line(series.entity, 60)}: articles by day"
    desc = f"{series.total} articles in {len(series.counts)} days"
    return Markup(sparkline(series.counts, title=title, desc=desc, name=name))  # noqa: S704 - see above


def since(now: datetime, days: int) -> str:
    """The first of so many days, today being the last (UTC)."""
    return f"{now - timedelta(days=days - 1):%Y-%m-%d}"


def spread(times: Sequence[datetime], *, name: str) -> Markup:
    """How a story spread: how many had told it, over the time in which they did. Empty for one article."""
    if len(times) < 2:
        return Markup()
    first, last = times[0], times[-1]
    step = max((last - first) / _POINTS, timedelta(seconds=1))
    reached = [float(sum(time <= first + number * step for time in times)) for number in range(_POINTS)]
    minutes = round((last - first) / timedelta(minutes=1))
    took = f"{minutes // 60} h {minutes % 60} min" if minutes >= 60 else f"{minutes} min"
    drawing = sparkline(
        [*reached, float(len(times))],
        title="How it spread",
        desc=f"{len(times)} articles within {took}",
        name=name,
        size=Size(88, 20),
    )
    return Markup(drawing)  # noqa: S704 - made by service.charts, which escapes


def _day(entity: str, at: datetime, count: int, band: Band | None, now: datetime) -> Day:
    odd = ""
    if band is not None and is_spike(count, band, _LEAST):
        odd = "more than usual"
    elif band is not None and at + _DAY <= now and is_quiet(count, band):
        odd = "less than usual"
    usual = f"{band.low} to {band.high}" if band else ""
    asked = Question(entity=entity, since=f"{at:%Y-%m-%d}", until=f"{at + _DAY:%Y-%m-%d}")
    return Day(at, f"{at:%-d %b}", count, usual, odd, asked.at("/stream"))
