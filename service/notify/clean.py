"""Text from the web, made safe to put into a header, a line, a page or a JSON string.

What is stored was cleaned when it was read; this is the second lock, next to the door it guards: a channel must be
harmless whatever an alert holds.
"""

import unicodedata
from typing import Final
from urllib.parse import quote, urlsplit

__all__ = ["cut", "link", "one_line", "plain"]

MAX_LINK: Final = 2000
"""In characters. A longer address is dropped: cut short it would lead somewhere else."""

_JOINERS: Final = "\u200c\u200d"
"""Zero width (non-)joiner: invisible, yet needed to write Persian and to compose emoji."""

_LINK_SAFE: Final = "!#$%&'()*+,-./:;=?@[]_~"


def _is_harmless(char: str) -> bool:
    """False for what has no look of its own: controls, lone surrogates, bidirectional marks, tags, other formats."""
    return char in _JOINERS or unicodedata.category(char) not in {"Cc", "Cf", "Cs"}


def plain(text: str) -> str:
    r"""``text`` without control characters (but ``\n``), bidirectional overrides and lone surrogates."""
    if text.isascii() and text.isprintable():
        return text
    lines = text.replace("\r\n", "\n").translate({0x0D: "\n", 0x85: "\n", 0x2028: "\n", 0x2029: "\n", 0x09: " "})
    return "".join(char for char in lines if char == "\n" or _is_harmless(char))


def cut(text: str, limit: int) -> str:
    """``text``, at most ``limit`` characters long, with an ellipsis where something was cut off."""
    return text if len(text) <= limit else text[: limit - 1].rstrip() + "…"


def one_line(text: str, limit: int) -> str:
    """``text`` cleaned, on a single line with single spaces, at most ``limit`` characters."""
    return cut(" ".join(plain(text).split()), limit)


def link(url: object) -> str:
    """``url`` when it is a plain absolute http(s) address that may be shown as a link, else the empty string.

    Refused: other schemes, no host, a user name (it makes ``https://bank.example@evil.example`` look like the bank's),
    control or invisible characters and inner white space (browsers drop some of them, which makes a ``javascript:``),
    and addresses longer than MAX_LINK. ASCII characters that have no place in an address are percent-encoded.
    """
    if not isinstance(url, str):
        return ""
    url = url.strip(" ")
    if not url or any(char.isspace() or not _is_harmless(char) or char in _JOINERS for char in url):
        return ""
    try:
        parts = urlsplit(url)
        usable = parts.scheme in {"http", "https"} and bool(parts.hostname) and parts.username is None
    except ValueError:
        return ""
    # Characters outside ASCII stay: in a path they read well, and in a host name quoting would break the address.
    encoded = "".join(char if ord(char) > 127 else quote(char, safe=_LINK_SAFE) for char in url)
    return encoded if usable and len(encoded) <= MAX_LINK else ""
