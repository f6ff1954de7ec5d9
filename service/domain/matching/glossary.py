"""Lists of terms with what they mean: "Hash: a fingerprint of data. NAME: a service that ...".

Their keys are words to be explained, whatever companies are called so, unless the list explains companies.
"""

import re
from bisect import bisect_right
from collections.abc import Collection
from itertools import islice

from service.domain.matching.proper_names import is_known_company

__all__ = ["Glossary"]

_KEY = re.compile(r"(?:^|(?<=[.;!?] )|(?<=\n))[-*•\"' ]*([A-Z][\w'-]*(?: [\w'-]+){0,2})[\"']?: +(?=(\S+(?: \S+){0,5}))")
_DEFINES = re.compile(
    r"(?:\(1\)|an?|somebody|someone|something|what|one who|any|those who|short for|eine?|une?|uma?|una)\b",
    re.IGNORECASE,
)
"""How a row begins that says what a word means. Not "the", with which newsletters begin their rows."""
_COMPANY = re.compile(
    r"\b(?:company|firm|maker|vendor|supplier|corporation|group|start-?up|split from)\b|\b(?:Inc|Corp)\b"
)
_THING = re.compile(r"(?:an?|eine?|une?|uma?|una) ")
_OTHERS = 2
"""So many other rows of the paragraph make a list."""
_MOST = 200


class Glossary:
    """The keys of one text that are explained as words. Empty for most texts."""

    __slots__ = ("_keys",)

    def __init__(self, plain: str, spelled: Collection[str]) -> None:
        """``spelled``: acronyms that the article spells out, folded; as keys they are explained."""
        rows = list(islice(_KEY.finditer(plain), _MOST)) if ": " in plain else []
        spelt = [row.group(1).casefold() in spelled for row in rows]
        meant = sum(1 for row, known in zip(rows, spelt, strict=True) if known or _DEFINES.match(row.group(2)))
        firms = {
            row.group(1)
            for row, known in zip(rows, spelt, strict=True)
            if is_known_company(row.group(1)) and not known and (not _THING.match(row[2]) or _COMPANY.search(row[2]))
        }
        companies = sum(1 for row in rows if is_known_company(row.group(1))) - sum(spelt)
        if companies > _OTHERS or len(rows) <= _OTHERS or meant < max(_OTHERS, len(rows) / 2):
            rows = []
        self._keys = [row.start(1) for row in rows if firms <= {row.group(1)} and not _COMPANY.search(row.group(2))]

    def explains(self, start: int) -> bool:
        """Whether the word at ``start`` is a key."""
        at = bisect_right(self._keys, start) - 1
        return at >= 0 and self._keys[at] == start
