"""Spans of time as people write them: ``90``, ``90s``, ``5m``, ``2h``, ``7d``, ``52w``."""

from datetime import timedelta
from typing import Final

__all__ = ["SHORTEST_KEEP", "seconds_in"]

SHORTEST_KEEP: Final = timedelta(days=90)
"""The age from which articles may go: stories take in copies for two months, and rules on volume look back as long."""
_UNITS: Final = {"s": 1, "m": 60, "h": 3600, "d": 86400, "w": 604800}
_LONGEST: Final = 10_000 * 366 * 86400
"""Ten thousand years: no time is further from another, and a timedelta holds it."""
_DIGITS: Final = 12


def seconds_in(text: str, units: str = "smhdw") -> int | None:
    """A number without a unit is one of seconds; None for what is no span in these units, or longer than all time."""
    number, unit = (text[:-1], text[-1]) if text and text[-1] in units else (text, "s")
    if not number.isdecimal() or len(number) > _DIGITS:
        return None
    seconds = int(number) * _UNITS[unit]
    return seconds if seconds <= _LONGEST else None
