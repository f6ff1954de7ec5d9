"""The kinds of drawings. Numbers may be None (not known) or anything: what cannot be drawn is left out."""

from collections.abc import Mapping, Sequence
from typing import Final, Literal

from service.charts.svg import PAGE, Palette, Size, drawing, finite, number, tag, text

__all__ = ["sparkline", "stacked", "status_bars", "volume"]

_WORDS: Final = 16
"""Pixels for a line of text."""
_GAP: Final = 0.25
_OPACITY: Final = 0.35
_SMALL: Final = Size(120, 24)
_WIDE: Final = Size(560, 120)
Known = float | None
Range = tuple[float, float] | None


def volume(
    values: Sequence[Known],
    labels: Sequence[str],
    *,
    title: str,
    desc: str,
    name: str,
    usual: Range | Sequence[Range] = None,
    shape: Literal["bars", "line"] = "bars",
    size: Size = _WIDE,
    palette: Palette = PAGE,
) -> str:
    """Counts over time, the last one marked, over the band of the usual: (low, high), or a list of one for each."""
    bands: Sequence[Range] = usual if isinstance(usual, list) else [usual] * len(values)  # type: ignore[list-item]
    known = [finite(value) for value in values]
    tops = [*(value for value in known if value is not None), *(band[1] for band in bands if band)]
    plot = _Plot(size, len(known), max([*filter(None, map(finite, tops)), 1.0]), words=palette.words)
    parts = [plot.band(place, band, palette) for place, band in enumerate(bands) if band]
    if shape == "bars":
        parts += [
            plot.bar(place, 0, value, palette.now if place == len(known) - 1 else palette.bar, _at(labels, place))
            for place, value in enumerate(known)
            if value is not None
        ]
    else:
        parts += plot.lines(known, palette.now)
    return drawing(size, [*parts, *plot.axis(labels, palette)], title=title, desc=desc, name=name)


def stacked(
    series: Mapping[str, Sequence[Known]],
    labels: Sequence[str],
    *,
    title: str,
    desc: str,
    name: str,
    size: Size = _WIDE,
    palette: Palette = PAGE,
) -> str:
    """Bars made of parts, one colour a series, in the mapping's order from below."""
    count = max((len(values) for values in series.values()), default=0)
    rows = {key: [finite(value) or 0.0 for value in values] for key, values in series.items()}
    sums = [sum(values[place] for values in rows.values() if place < len(values)) for place in range(count)]
    plot = _Plot(size, count, max([*sums, 1.0]), words=palette.words)
    reached = [0.0] * count
    parts = []
    for row, (key, values) in enumerate(rows.items()):
        for place, value in enumerate(values):
            if value:
                said = f"{_at(labels, place)} {key}".strip()
                parts.append(plot.bar(place, reached[place], value, palette.of_series(row), said))
                reached[place] += value
    return drawing(size, [*parts, *plot.axis(labels, palette)], title=title, desc=desc, name=name)


def sparkline(
    values: Sequence[Known], *, title: str, desc: str, name: str, size: Size = _SMALL, palette: Palette = PAGE
) -> str:
    """A line as small as a word, without words."""
    known = [finite(value) for value in values]
    plot = _Plot(size, len(known), max([*filter(None, known), 1.0]), words=False)
    return drawing(size, plot.lines(known, palette.now), title=title, desc=desc, name=name)


def status_bars(
    states: Sequence[Literal["good", "calm", "bad", "unknown"]],
    labels: Sequence[str],
    *,
    title: str,
    desc: str,
    name: str,
    size: Size = Size(240, 24),  # noqa: B008 - frozen
    palette: Palette = PAGE,
) -> str:
    """A bar a period; what was bad also stands higher, for those who do not tell the colours apart. ``calm``: good, and
    nothing came of it."""
    plot = _Plot(size, len(states), 1.0, words=False)
    heights = {"good": 0.7, "calm": 0.35, "bad": 1.0, "unknown": 0.3}
    colours = {"good": palette.good, "calm": palette.good, "bad": palette.bad, "unknown": palette.unknown}
    parts = [
        plot.bar(place, 0, heights[state], colours[state], f"{_at(labels, place)} {state}".strip(), told=False)
        for place, state in enumerate(states)
    ]
    return drawing(size, parts, title=title, desc=desc, name=name)


def _at(labels: Sequence[str], place: int) -> str:
    return labels[place] if place < len(labels) else ""


class _Plot:
    """Where numbers lie in a drawing: ``count`` places side by side, from 0 below to ``top`` above."""

    def __init__(self, size: Size, count: int, top: float, *, words: bool) -> None:
        self._top, self._words = top, words
        self._above = _WORDS if words else 2
        self._height = size.height - self._above - (_WORDS if words else 2)
        self._width = size.width
        self._step = size.width / max(count, 1)

    def _y(self, value: float) -> float:
        return self._above + self._height * (1 - min(value / self._top, 1.0))

    def _middle(self, place: int) -> float:
        return (place + 0.5) * self._step

    def bar(self, place: int, base: float, value: float, colour: str, label: str, *, told: bool = True) -> str:
        """``told``: the number stands in the tip that a pointer shows."""
        x = place * self._step + self._step * _GAP / 2
        height = self._y(base) - self._y(base + value)
        tip = tag("title", text(f"{label}: {number(value)}" if told else label) or "-")
        return tag("rect", tip, x=x, y=self._y(base + value), width=self._step * (1 - _GAP), height=height, fill=colour)

    def band(self, place: int, usual: tuple[float, float], palette: Palette) -> str:
        low, high = (finite(value) or 0.0 for value in sorted(usual))
        y, height = self._y(high), max(self._y(low) - self._y(high), 1.0)
        x, width = place * self._step, self._step
        return tag("rect", x=x, y=y, width=width, height=height, fill=palette.band, fill_opacity=_OPACITY)

    def lines(self, values: Sequence[Known], colour: str) -> list[str]:
        """One for each stretch that is known; a lone value is a dot."""
        parts: list[str] = []
        stretch: list[str] = []
        for place, value in enumerate([*values, None]):
            if value is not None:
                stretch.append(f"{number(self._middle(place))},{number(self._y(value))}")
                continue
            if len(stretch) > 1:
                points = " ".join(stretch)
                parts.append(tag("polyline", points=points, fill="none", stroke=colour, stroke_width=2.0))
            elif stretch:
                x, _, y = stretch[0].partition(",")
                parts.append(tag("circle", cx=x, cy=y, r=2.0, fill=colour))
            stretch = []
        return parts

    def axis(self, labels: Sequence[str], palette: Palette) -> list[str]:
        base = self._y(0)
        parts = [tag("line", x1=0.0, y1=base, x2=float(self._width), y2=base, stroke=palette.axis, stroke_width=1.0)]
        if self._words and labels:
            words: dict[str, str | float] = {"font_size": 11.0, "fill": palette.ink, "font_family": "inherit"}
            parts.append(tag("text", text(number(self._top)), x=0.0, y=11.0, **words))
            parts.append(tag("text", text(labels[0]) or " ", x=0.0, y=base + 13, **words))
            end: dict[str, str | float] = {**words, "text_anchor": "end"}
            parts.append(tag("text", text(labels[-1]) or " ", x=float(self._width), y=base + 13, **end))
        return parts
