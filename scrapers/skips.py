"""When a feed asks not to be polled: ``skipHours`` and ``skipDays`` of RSS, which feedparser does not tell.

https://www.rssboard.org/skip-hours-days
"""

from contextlib import suppress
from xml.parsers import expat

__all__ = ["read_skips"]

_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_MOST_VALUES = 100
_LONGEST = 40
_LISTS = {"skiphours": "hour", "skipdays": "day"}


def read_skips(document: bytes) -> tuple[frozenset[int], frozenset[int]]:
    """Hours (UTC, 0 to 23) and days of the week (Monday is 0) that the channel of a tidied document names.

    Values that name no hour or day are left out; all 24 hours, or all seven days, are no wish that can be met and count
    as none. Of a document that breaks off, what stands before the fault.
    """
    lowered = document.lower()
    if b"<skiphours" not in lowered and b"<skipdays" not in lowered:
        return frozenset(), frozenset()
    scan = _Scan()
    with suppress(expat.ExpatError):  # what was seen so far is all there is
        scan.parser.Parse(document, True)
    hours = {hour for text in scan.found["hour"] if (hour := _hour(text)) is not None}
    days = {_DAYS.index(day) for text in scan.found["day"] if (day := text.strip().lower()) in _DAYS}
    return frozenset(hours if len(hours) < 24 else ()), frozenset(days if len(days) < 7 else ())


class _Scan:
    """Texts of ``hour`` and ``day`` in ``skipHours`` and ``skipDays`` of the channel."""

    def __init__(self) -> None:
        self.found: dict[str, list[str]] = {"hour": [], "day": []}
        self._path: list[str] = []
        self._collecting: str | None = None
        self.parser = expat.ParserCreate("utf-8")
        self.parser.StartElementHandler = self.start
        self.parser.EndElementHandler = self.end

    def start(self, name: str, _attributes: dict[str, str]) -> None:
        name = name.lower()
        parents = self._path[-2:]
        self._path.append(name)
        if parents[:1] == ["channel"] and _LISTS.get(parents[-1]) == name and len(self.found[name]) < _MOST_VALUES:
            self.found[name].append("")
            self._collecting = name
            self.parser.CharacterDataHandler = self.data

    def data(self, text: str) -> None:
        if self._collecting is not None:
            values = self.found[self._collecting]
            values[-1] = (values[-1] + text)[:_LONGEST]

    def end(self, _name: str) -> None:
        self._path.pop()
        self._collecting = None
        self.parser.CharacterDataHandler = None


def _hour(text: str) -> int | None:
    """0 to 23; RSS 0.91 counted to 24, which is midnight."""
    text = text.strip()
    if not (text.isascii() and text.isdecimal() and len(text) <= 2 and int(text) <= 24):
        return None
    return int(text) % 24
