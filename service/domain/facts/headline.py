"""Headlines that capitalise each word: there a capital tells no name, unless the article confirms it."""

import re

__all__ = ["is_confirmed", "is_headline"]

_WORD = re.compile(r"[^\W\d_]{3,}")
_FEWEST_WORDS = 3
_FEW_SMALL = 0.15
_SMALL_IN_TITLES = frozenset("the and for with from into over after amid via but nor its".split())  # noqa: SIM905


def is_headline(text: str) -> bool:
    """Whether nearly each word that a title capitalises begins with a capital, so that capitals tell nothing."""
    words = [word for word in _WORD.findall(text) if word not in _SMALL_IN_TITLES]
    large = len([word for word in words if word[0].isupper()])
    return large >= _FEWEST_WORDS and len(words) - large <= len(words) * _FEW_SMALL


def is_confirmed(name: str, body: str) -> bool:
    """Whether ``body`` writes the name with capitals in mid-sentence, where they mean something."""
    at = body.find(name)
    while at >= 0:
        before = body[max(0, at - 2) : at]
        if len(before) > 1 and before[1] in " ’'(" and (before[0].islower() or before[0] in ",-"):
            return True
        at = body.find(name, at + 1)
    return False
