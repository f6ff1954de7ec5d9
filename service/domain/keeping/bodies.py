"""Article bodies of a source that collapse in length: a redesign that hides the text, or a pay wall. Pure.

median of the last n lengths < share * median of those before, and most of the last are short, not one or two
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from statistics import median
from typing import Final

from service.domain.keeping.finding import Finding
from service.domain.keeping.spec import Keeping

__all__ = ["BODIES_READ", "ReadSource", "collapse"]

BODIES_READ: Final = 60
_FEWEST_BEFORE: Final = 15
_WORTH: Final = 600
"""Characters: a source whose articles are shorter has no body to lose."""
_MOST: Final = 0.8


@dataclass(frozen=True, slots=True)
class ReadSource:
    """``bodies``: length in characters, origin (``page``, ``linked-data``, ``feed``) and time, newest first."""

    id: int
    title: str
    url: str
    bodies: Sequence[tuple[int, str, datetime]]


def collapse(keeping: Keeping, source: ReadSource) -> Finding | None:
    """The finding, or None; articles beyond the newest sixty do not count."""
    last, before = source.bodies[: keeping.last], source.bodies[keeping.last : BODIES_READ]
    if len(last) < keeping.last or len(before) < _FEWEST_BEFORE:
        return None
    now_long = median(length for length, _, _ in last)
    was_long = median(length for length, _, _ in before)
    short = [at for length, _, at in last if length < was_long * keeping.share]
    if was_long < _WORTH or now_long >= was_long * keeping.share or len(short) < _MOST * len(last):
        return None
    from_feed = sum(origin == "feed" for _, origin, _ in last)
    feed_before = sum(origin == "feed" for _, origin, _ in before)
    fell_back = (
        f"; {from_feed} of the last {len(last)} have only the feed's own text"
        if from_feed / len(last) > feed_before / len(before)
        else ""
    )
    return Finding(
        f"source:{source.id}",
        f"Articles of “{source.title or source.url}” have lost their text",
        min(short),
        f"The last {len(last)} articles have {now_long:.0f} characters (median); the {len(before)} before had "
        f"{was_long:.0f}{fell_back}",
        "A redesign or a pay wall hides the text: names are then looked for in the rest only. "
        "`newsvane extract URL` shows what is read of an article.",
        source.url,
        level=int(was_long // max(now_long, 1)).bit_length(),
    )
