"""Why something was not done. Each is told as it is; the command line adds its own way out, the API its status.

Refused
├── Unknown    there is no such thing
├── Conflict   it stands against what is there, or what runs
├── Forbidden  others may do it, who asks may not
└── Wrong      what was asked makes no sense; ``place`` says which part of it
"""

from collections.abc import Iterable
from difflib import get_close_matches

__all__ = ["Conflict", "Forbidden", "Refused", "Unknown", "Wrong", "an", "did_you_mean", "listing_of"]

_NAMED = frozenset({"source", "entity", "rule", "channel", "inhibition", "search", "token", "user"})
_LISTINGS = {"entity": "entities", "search": "searches", "delivery": "deliveries", "story": "stories"}


class Refused(Exception):  # noqa: N818 - reads as what it says
    """In one line. Nothing was changed."""


class Unknown(Refused):
    """``kind``: ``rule``, ``story``, ...; ``message`` where more is to be said than that there is none. ``known``: the
    names that there are; one that is nearly the same is offered."""

    def __init__(self, kind: str, name: object, message: str | None = None, *, known: Iterable[str] = ()) -> None:
        shown = repr(name) if kind in _NAMED else str(name)
        super().__init__(message or f"there is no {kind} {shown}{did_you_mean(str(name), known)}")
        self.kind, self.name = kind, name


class Conflict(Refused):
    """The message holds the mend."""


class Forbidden(Refused):
    """The message says what it needs."""


class Wrong(Refused):
    """``place``: the field that is wrong, as the API names it; empty for the whole."""

    def __init__(self, place: str, problem: str) -> None:
        super().__init__(f"{place}: {problem}" if place else problem)
        self.place, self.problem = place, problem


def listing_of(kind: str) -> str:
    """Under which name all of them are listed: ``rules``, ``entities``."""
    return _LISTINGS.get(kind, f"{kind}s")


def an(kind: str) -> str:
    """``a rule``, ``an entity``."""
    return f"{'an' if kind[0] in 'aeiou' else 'a'} {kind}"


def did_you_mean(name: str, known: Iterable[str]) -> str:
    """``; did you mean 'Oracle'?``, or nothing. Case does not count."""
    folded = {one.casefold(): one for one in known}
    close = get_close_matches(name.casefold(), folded, n=1)
    return f"; did you mean {folded[close[0]]!r}?" if close else ""
