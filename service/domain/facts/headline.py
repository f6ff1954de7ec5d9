"""Headlines that capitalise each word: there a capital tells no name, unless the article confirms it."""

import re

__all__ = ["is_confirmed", "is_headline", "is_shouted", "spelt_in"]

_WORD = re.compile(r"[^\W\d_]{3,}")
_FEWEST_WORDS = 3
_SHOUTED = re.compile(r"[A-Z]{2,}(?:[\W\d]+[A-Z]+){2}")
_FEW_SMALL = 0.15
_SMALL_IN_TITLES = frozenset("the and for with from into over after amid via but nor its".split())  # noqa: SIM905


def is_headline(text: str) -> bool:
    """Whether nearly each word that a title capitalises begins with a capital, so that capitals tell nothing."""
    words = [word for word in _WORD.findall(text) if word not in _SMALL_IN_TITLES]
    large = len([word for word in words if word[0].isupper()])
    return large >= _FEWEST_WORDS and len(words) - large <= len(words) * _FEW_SMALL


def is_shouted(text: str) -> bool:
    """Whether it is written in capitals throughout, in a script that has them."""
    return text.isupper() and _SHOUTED.search(text) is not None


def spelt_in(name: str, body: str) -> str | None:
    """How ``body`` spells a name of a title in capitals, None where it is nowhere with a capital and small letters."""
    spelt = re.search(rf"(?<!\w)(?=[A-Z]\w*[a-z])(?i:{re.escape(name)})(?!\w)", body)
    return spelt.group() if spelt else None


def is_confirmed(name: str, body: str) -> bool:
    """Whether ``body`` writes the name with capitals in mid-sentence, where they mean something."""
    at = body.find(name)
    while at >= 0:
        before = body[max(0, at - 2) : at]
        if len(before) > 1 and before[1] in " ’'(" and (before[0].islower() or before[0] in ",-"):
            return True
        at = body.find(name, at + 1)
    return False
