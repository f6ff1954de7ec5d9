"""How many of what a listing finds have which entity, source, tag, language, salience, status or day.

noun, Filter -> counted() -> Counted
"""

from collections import Counter
from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy.ext.asyncio import AsyncSession

from service.domain.alerting_times import zone
from service.store.lines import Line
from service.store.listing import Filter, Found, Position

__all__ = ["FIELDS", "Counted", "counted"]

FIELDS: Final[Mapping[str, tuple[str, ...]]] = {
    "mentions": ("entity", "source", "tag", "language", "salience", "day"),
    "articles": ("entity", "source", "tag", "language", "day"),
    "facts": ("kind", "status", "party", "currency", "source", "day"),
    "stories": ("entity", "source", "day"),
    "alerts": ("rule", "entity", "state", "kind", "day"),
    "deliveries": ("channel", "status", "day"),
}
"""What a listing's lines are counted by."""
_KEYS = {"tag": "tags", "party": "parties", "entity": "entities"}


@dataclass(frozen=True, slots=True)
class Counted:
    """``of``: how many lines were counted. ``reaches``: where only the newest were, the time of the oldest of them."""

    values: Mapping[str, Counter[str]]
    of: int
    reaches: datetime | None


async def counted(
    session: AsyncSession,
    noun: str,
    lines: Callable[[AsyncSession, Filter, Position | None], AsyncIterator[Found]],
    wanted: Filter,
    *,
    timezone: str,
    most: int,
) -> Counted:
    where = zone(timezone)
    values: dict[str, Counter[str]] = {field: Counter() for field in FIELDS[noun]}
    count, last = 0, None
    async for position, line in lines(session, wanted, None):
        if count == most:
            return Counted(values, count, last)
        for field, found in values.items():
            found.update([f"{position.time.astimezone(where):%Y-%m-%d}"] if field == "day" else _values(line, field))
        count, last = count + 1, position.time
    return Counted(values, count, None)


def _values(line: Line, field: str) -> list[str]:
    value: Any = line.get(field, line.get(_KEYS.get(field, ""), ()))
    return [value] if isinstance(value, str) else [str(one) for one in value or ()]
