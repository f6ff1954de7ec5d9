"""A text in plain characters, one for one: every offset stays what it was."""

import re

__all__ = ["plain"]

_PRIVATE = range(0xE000, 0xF900)
_TABLE: dict[int, str] = {
    **{ord(mark): "'" for mark in "’‘‛ʼ´`′＇"},
    **{ord(mark): '"' for mark in "“”„‟«»＂"},
    **{ord(mark): "-" for mark in "–—‐‑‒―−－"},
    **{ord(space): " " for space in "\u00a0\u202f\u2007\u2009\u2002\u2003\u3000\u00ad\u200b\u200c\u200d\ufeff\t\r\\"},
    **{ord(mark): "\n" for mark in "\u2028\u2029\u0085"},
    # the private characters stand for parties and amounts further on, so no text may bring its own
    **dict.fromkeys(_PRIVATE, " "),
    **{0xFF10 + digit: str(digit) for digit in range(10)},
    ord("＄"): "$", ord("￥"): "¥", ord("￡"): "£", ord("￦"): "₩", ord("，"): ",", ord("．"): ".", ord("％"): "%",
}  # fmt: skip
_MARKS = "".join(re.escape(chr(mark)) for mark in _TABLE if mark not in _PRIVATE)
_ODD = re.compile(f"[\ue000-\uf8ff{_MARKS}]")
_ASCII = re.compile(r"[\t\r\\`]")


def plain(text: str) -> str:
    """Typographic quotes, dashes, spaces and full-width digits as their plain forms; the length does not change."""
    return text if text.isascii() and not _ASCII.search(text) else _ODD.sub(_plain_mark, text)


def _plain_mark(match: re.Match[str]) -> str:
    return _TABLE[ord(match.group())]
