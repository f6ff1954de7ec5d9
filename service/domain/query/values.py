"""Comparing stored values with the ones in a query."""

import unicodedata
from functools import lru_cache
from urllib.parse import urlsplit

__all__ = ["contains_value", "host_matches", "is_language", "is_value"]


def is_value(pattern: str, value: str) -> bool:
    """The whole value is the pattern, ignoring case and Unicode form; ``*`` stands for any characters. Linear in
    time."""
    return _glob(_fold(pattern).split("*"), _fold(value))


def contains_value(pattern: str, value: str) -> bool:
    """The pattern stands anywhere in the value."""
    return _glob(["", *_fold(pattern).split("*"), ""], _fold(value))


def is_language(pattern: str, value: str) -> bool:
    """``en`` is every English, ``en-GB`` only that one (RFC 4647 section 3.3.1, basic filtering); ``*`` is any."""
    wanted, tag = _fold(pattern).replace("_", "-"), _fold(value).replace("_", "-")
    return is_value(wanted, tag) or tag.startswith(wanted + "-")


def host_matches(pattern: str, url: str) -> bool:
    """The pattern is the address's host, or a domain above it."""
    try:
        host = urlsplit(url).hostname or ""
    except ValueError:
        return False
    return is_value(pattern, host) or is_value("*." + pattern, host)


@lru_cache(maxsize=4096)
def _fold(text: str) -> str:
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())


def _glob(parts: list[str], value: str) -> bool:
    """Each part after the other; taking the first place that fits is enough, so nothing is tried twice."""
    first, *middle = parts
    if not middle:
        return value == first
    last = middle.pop()
    if len(value) < len(first) + len(last) or not value.startswith(first) or not value.endswith(last):
        return False
    at, end = len(first), len(value) - len(last)
    for part in middle:
        found = value.find(part, at, end)
        if found < 0:
            return False
        at = found + len(part)
    return True
