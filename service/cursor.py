"""Where a page of a listing ended, as a text that the next question brings back. Whoever asks may have written it.

newest first   time and id of the last row: the next page begins behind it
best first     time and id of the newest row that was compared, and how many lines were shown
"""

import base64
import json
from datetime import UTC, datetime
from typing import Any, Final

from service.store.keys import Position
from service.store.unstorable import UNSTORABLE

__all__ = ["LARGEST_ID", "at_place", "behind", "place_in", "position_in"]

LARGEST_ID: Final = 2**63 - 1
_TEXT_IDS = frozenset({"alerts", "deliveries"})
_LONGEST = 200
_MOST_SHOWN = 10_000


def behind(position: Position) -> str:
    return _pack([position.time.isoformat(), position.id])


def at_place(newest: Position, shown: int) -> str:
    return _pack([newest.time.isoformat(), newest.id, shown])


def position_in(text: str, noun: str) -> Position:
    """Behind which to go on. Raises ValueError for what is no cursor of this listing."""
    time, identity = _unpack(text)
    return _position(time, identity, noun)


def place_in(text: str, noun: str) -> tuple[Position, int]:
    """Behind which position all that is compared lies, and how many lines of it were shown. Raises ValueError."""
    time, identity, shown = _unpack(text)
    newest = _position(time, identity, noun)
    if type(newest.id) is not int or type(shown) is not int or not 0 <= shown <= _MOST_SHOWN:
        raise ValueError("no such place")
    return Position(newest.time, min(newest.id + 1, LARGEST_ID)), shown


def _pack(values: list[Any]) -> str:
    return base64.urlsafe_b64encode(json.dumps(values).encode()).decode().rstrip("=")


def _unpack(text: str) -> list[Any]:
    if len(text) > _LONGEST:
        raise ValueError("no cursor is that long")
    values = json.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
    if not isinstance(values, list):
        raise ValueError("a cursor is a list")
    return values


def _position(time: Any, identity: Any, noun: str) -> Position:  # noqa: ANN401 - whatever was written
    try:
        when = datetime.fromisoformat(time)
        if when.tzinfo is None:
            raise ValueError("a cursor's time has a zone")
        return Position(when.astimezone(UTC), _identity(identity, noun))
    except (TypeError, OverflowError) as error:
        raise ValueError("no such time") from error


def _identity(value: object, noun: str) -> int | str:
    """The id of a row of this listing. Raises ValueError for anything else."""
    if noun in _TEXT_IDS and isinstance(value, str) and not UNSTORABLE.search(value):
        return value
    if noun not in _TEXT_IDS and type(value) is int and 0 <= value <= LARGEST_ID:
        return value
    raise ValueError(f"{value!r} is no id of {noun}")
