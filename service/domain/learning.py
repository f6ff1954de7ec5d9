"""What people's marks on mentions teach: how often each alias was right, and which words speak against it.

Marked (a mention that somebody called right or wrong) -> AliasPrecision
                                                       -> Suggestion, never applied by itself
"""

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from service.domain.query import tokenize

__all__ = ["AliasPrecision", "Marked", "Suggestion", "alias_precision", "suggest_against"]

_SMOOTHING = 0.5
_LEAST_WRONG = 3
"""A word must stand near this many wrong mentions before it is worth saying."""
_LEAST_LOG_ODDS = 1.5
_SHORTEST = 3


@dataclass(frozen=True, slots=True)
class Marked:
    """A mention as somebody judged it. ``nearby``: the text around its names, the names themselves left out."""

    right: bool
    aliases: tuple[str, ...]
    nearby: str


@dataclass(frozen=True, slots=True)
class AliasPrecision:
    """Of the marked mentions that were found by this alias. A mention counts for each alias that found it."""

    alias: str
    right: int
    wrong: int

    @property
    def precision(self) -> float:
        return self.right / (self.right + self.wrong)


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A word that might go into the entity's ``against``.

    ``log_odds``: natural logarithm of how much more likely the word is near a wrong mention than near a right one,
    both counts smoothed by a half (Haldane and Anscombe), counted once a mention.
    """

    word: str
    log_odds: float
    near_wrong: int
    near_right: int


def alias_precision(marks: Iterable[Marked]) -> list[AliasPrecision]:
    """Worst first; aliases without marks are not listed."""
    right: Counter[str] = Counter()
    wrong: Counter[str] = Counter()
    for mark in marks:
        (right if mark.right else wrong).update(set(mark.aliases))
    found = [AliasPrecision(alias, right[alias], wrong[alias]) for alias in right | wrong]
    return sorted(found, key=lambda one: (one.precision, -one.wrong, one.alias))


def suggest_against(marks: Sequence[Marked], *, most: int = 10) -> list[Suggestion]:
    """Words that set wrong mentions apart, strongest first; empty while there are too few marks to tell."""
    near: dict[bool, Counter[str]] = defaultdict(Counter)
    count: Counter[bool] = Counter()
    for mark in marks:
        count[mark.right] += 1
        near[mark.right].update({token.term for token in tokenize(mark.nearby) if _is_word(token.term)})
    suggestions = []
    for word, near_wrong in near[False].items():
        near_right = near[True][word]
        log_odds = _log_odds(near_wrong, count[False]) - _log_odds(near_right, count[True])
        if near_wrong >= _LEAST_WRONG and log_odds >= _LEAST_LOG_ODDS:
            suggestions.append(Suggestion(word, round(log_odds, 2), near_wrong, near_right))
    return sorted(suggestions, key=lambda one: (-one.log_odds, -one.near_wrong, one.word))[:most]


def _log_odds(count: int, whole: int) -> float:
    return math.log((count + _SMOOTHING) / (whole - count + _SMOOTHING))


def _is_word(term: str) -> bool:
    return len(term) >= _SHORTEST and not term.isdecimal()
