"""Names that begin rows, as keys and bullets do: "xyz: ...", "- xyz".

Other vendors that begin other rows show that a name in small letters is one too.
"""

import re
from collections.abc import Collection, Iterable
from itertools import islice

from service.domain.matching.proper_names import is_known_company

__all__ = ["Rows"]

_KEY = re.compile(r"^[ \t>*+•·#|'\"\[({-]*([^\W\d_][\w.-]*(?: [A-Z][\w.-]*)?)['\"*]*[ \t]*(?=[:=(|]|$)", re.MULTILINE)
_MOST = 400
"""So many rows of a text are looked at."""


class Rows:
    """The names that begin the rows of one text."""

    __slots__ = ("_keys", "_starts")

    def __init__(self, plain: str) -> None:
        hits = list(islice(_KEY.finditer(plain), _MOST)) if "\n" in plain else []
        self._starts = frozenset(hit.start(1) for hit in hits)
        self._keys = frozenset(hit.group(1).casefold() for hit in hits)

    def beside(self, start: int, name: str, peers: Collection[str]) -> Iterable[str]:
        """Well-known companies, and any of ``peers`` (folded), that begin other rows; empty unless a row begins with
        ``name`` at ``start``."""
        if start not in self._starts:
            return ()
        folded = name.casefold()
        return sorted(key for key in self._keys if key != folded and (key in peers or is_known_company(key)))
