"""The elements of a drawing: escaped, numbers short, colours by name."""

import math
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final
from xml.sax.saxutils import escape, quoteattr

__all__ = ["PAGE", "PICTURE", "Palette", "Size", "drawing", "finite", "number", "tag", "text"]

_SERIES: Final = ("#3b82f6", "#d97706", "#0d9488", "#a855f7", "#e11d48", "#64748b")
_LONGEST: Final = 500
_NOT_XML: Final = re.compile("[^\t\n\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""Characters that XML 1.0 does not take (section 2.2)."""


@dataclass(frozen=True, slots=True)
class Palette:
    """Colours by their use. ``words``: whether the drawing may hold text."""

    bar: str
    now: str
    band: str
    axis: str
    ink: str
    good: str
    bad: str
    unknown: str
    words: bool = True
    series: tuple[str, ...] = field(default=_SERIES)

    def of_series(self, place: int) -> str:
        return self.series[place % len(self.series)]


PICTURE: Final = Palette(
    bar="#7c8799", now="#3b82f6", band="#94a3b8", axis="#7c8799", ink="#7c8799", good="#16a34a", bad="#ef4444",
    unknown="#7c8799", words=False,
)  # fmt: skip
"""For pictures, which cannot know what they stand on: each tone has a contrast of 3:1 to white and to dark grey."""


def _variable(name: str, fallback: str) -> str:
    return f"var(--chart-{name}, {fallback})"


PAGE: Final = Palette(
    bar=_variable("bar", PICTURE.bar),
    now=_variable("now", PICTURE.now),
    band=_variable("band", PICTURE.band),
    axis=_variable("axis", PICTURE.axis),
    ink=_variable("ink", "currentColor"),
    good=_variable("good", PICTURE.good),
    bad=_variable("bad", PICTURE.bad),
    unknown=_variable("unknown", PICTURE.unknown),
    series=tuple(_variable(f"series-{place}", colour) for place, colour in enumerate(_SERIES, start=1)),
)
"""For pages: a page's style sheet may set the variables, for light and for dark."""


@dataclass(frozen=True, slots=True)
class Size:
    """In pixels of CSS."""

    width: int
    height: int


def text(value: str) -> str:
    """Text for the inside of an element."""
    return escape(_NOT_XML.sub("", value)[:_LONGEST])


def number(value: float) -> str:
    return f"{value:.2f}".rstrip("0").rstrip(".") or "0"


def finite(value: float | None) -> float | None:
    """None for what cannot be drawn; nothing is less than nothing."""
    return max(float(value), 0.0) if value is not None and math.isfinite(value) else None


def tag(name: str, inside: str = "", /, **attributes: str | float) -> str:
    """``stroke_width`` becomes ``stroke-width``. Of numbers, most attributes by far, nothing needs escaping."""
    pairs = "".join(
        f" {key.replace('_', '-')}={quoteattr(_NOT_XML.sub('', value))}"
        if isinstance(value, str)
        else f' {key.replace("_", "-")}="{number(value)}"'
        for key, value in attributes.items()
    )
    return f"<{name}{pairs}>{inside}</{name}>" if inside else f"<{name}{pairs}/>"


def drawing(size: Size, parts: Iterable[str], *, title: str, desc: str, name: str) -> str:
    """The whole. ``name``: different for each drawing of a page; title and description are found by it."""
    key = re.sub(r"[^a-z0-9-]", "-", name.lower()) or "chart"
    head = tag("title", text(title) or "Chart", id=f"{key}-title") + tag("desc", text(desc) or "-", id=f"{key}-desc")
    return tag(
        "svg",
        head + "".join(parts),
        xmlns="http://www.w3.org/2000/svg",
        viewBox=f"0 0 {size.width} {size.height}",
        width=float(size.width),
        height=float(size.height),
        role="img",
        aria_labelledby=f"{key}-title {key}-desc",
    )
