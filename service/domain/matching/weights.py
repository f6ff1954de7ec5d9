"""How much each kind of evidence weighs, in log-odds, and how a sum becomes a confidence.

The weights state a judgement a person would make ("a context in the same sentence outweighs one in the article").
Those of single signs of language stand beside their rules (``cues``, ``position``, ``phrases``, ``company``). A
logistic regression of right or wrong on the sum gave ``SLOPE`` and ``OFFSET``; docs/entities.md has the data and the
table.
"""

from math import exp

from service.domain.matching.contexts import Near, Side
from service.domain.matching.patterns import Pattern, Role, Shape
from service.domain.model import Strength

__all__ = ["ACCEPT", "CONTEXT", "confidence", "prior"]

ACCEPT = 0.0
"""An occurrence whose sum is above this is a mention."""

_PRIOR = {
    (Strength.STRONG, Shape.COMPOUND): 8.0,
    (Strength.STRONG, Shape.DISTINCTIVE): 4.0,
    (Strength.STRONG, Shape.WORD): 1.2,
    (Strength.STRONG, Shape.ACRONYM): 1.0,
    (Strength.WEAK, Shape.COMPOUND): -1.2,
    (Strength.WEAK, Shape.DISTINCTIVE): -1.2,
    (Strength.WEAK, Shape.WORD): -2.2,
    (Strength.WEAK, Shape.ACRONYM): -1.2,
}

CONTEXT = {
    Side.FOR: {Near.PHRASE: 3.0, Near.SENTENCE: 2.6, Near.PARAGRAPH: 2.3, Near.ARTICLE: 1.8},
    Side.AGAINST: {Near.PHRASE: -4.0, Near.SENTENCE: -3.2, Near.PARAGRAPH: -2.5, Near.ARTICLE: -1.8},
    Side.PEER: {Near.PHRASE: 2.5, Near.SENTENCE: 1.8, Near.PARAGRAPH: 1.0, Near.ARTICLE: 0.5},
}
TEMPLATE = {Side.FOR: 4.0, Side.AGAINST: -5.0, Side.PEER: 3.0}
"""A context that adjoins the name."""
FADING = 0.6
"""Each further context counts this share of the one before it."""
CAP = {Side.FOR: 6.0, Side.AGAINST: -7.5, Side.PEER: 4.0}

EXPANSION_OURS = 5.0
EXPANSION_OTHER = -4.5
"""Besides, the words that spell it out are mostly contexts against it."""
EXPANSION_HERE = -7.0
"""The same, at the very place where it is spelled out."""
EASED_BY_LANGUAGE = 0.3
"""The same, where the sentence itself shows a company's name."""
LETTERS_FIT = -2.2
"""The article has words, not in brackets, whose initials spell the acronym."""
EASED = 0.5
"""Share of what speaks against a name whose everyday word stands in the article too."""
SHORT_FORM = -5.0
"""The short form, with an article, of a longer name that is something else and stood earlier in the article."""
COMPANY_KEPT = 0.8
"""For each of at most two other tracked companies that may be named in the paragraph."""
LABEL = 1.6
"""A name with a colon that begins a sentence, where other tracked companies stand in the paragraph."""
STRONG_ELSEWHERE = 3.0
"""For a weak alias, or an ambiguous one, when the article names the entity beyond doubt elsewhere."""
SAME_WRITING = 0.5
"""Share of the mean of the other places that write the name alike, which readers take for the same thing."""

SLOPE, OFFSET = 1.0, 0.0


def prior(pattern: Pattern, shape: Shape, *, listed: bool) -> float:
    """What the writing alone is worth."""
    if pattern.role is Role.TICKER:
        return 6.0 if listed else 3.5
    if pattern.role is Role.DOMAIN:
        return 6.0
    if len(pattern.plain) == 1:
        return -2.2
    return _PRIOR[pattern.strength, shape]


def confidence(score: float) -> float:
    """The share of mentions with this sum that are right, between 0 and 1."""
    return 1.0 / (1.0 + exp(-max(-30.0, min(30.0, SLOPE * score + OFFSET))))
