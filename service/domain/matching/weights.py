"""How much each kind of evidence weighs, in log-odds, and how a sum becomes a confidence.

The weights state a judgement a person would make ("a context in the same sentence outweighs one in the article").
Those of single signs of language stand beside their rules (``cues``, ``position``, ``phrases``, ``company``). How often
sums were right, on passages that were new, gave ``confidence``; docs/entities.md has the table.
"""

from itertools import pairwise
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
    (Strength.STRONG, Shape.WORD): 1.0,
    (Strength.STRONG, Shape.ACRONYM): 0.6,
    (Strength.WEAK, Shape.COMPOUND): -1.2,
    (Strength.WEAK, Shape.DISTINCTIVE): -1.2,
    (Strength.WEAK, Shape.WORD): -2.2,
    (Strength.WEAK, Shape.ACRONYM): -1.2,
}

_TWO_EVERYDAY_WORDS = 2.0

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
LETTERS_FIT_TICKER = -4.0
"""The same for a bare stock symbol, which has four letters or more to fit."""
EASED = 0.5
"""Share of what speaks against a name whose everyday word stands in the article too."""
SHORT_FORM = -5.0
"""The short form, with an article, of a longer name that is something else and stood earlier in the article."""
ADJECTIVE = -3.5
"""Two everyday words with an article, before a noun that companies do not have, or before none."""
OTHER_FIRM = -4.5
"""At the longer name of another company: "NAME Power PLC"."""
OTHER_FIRM_SHORT = -3.5
"""At the bare name, where an article has such a longer one."""
IDENTIFIER = {Shape.ACRONYM: -4.5, Shape.WORD: -3.5}
"""A part of an identifier in code ("NAME_BAD_TOKEN"), of a strong alias."""
IDENTIFIER_WEAK = -1.5
COMPOUND_NOUN = -6.0
"""Two everyday words with hyphens before an unknown noun: "Super-Micro-Decoder"."""
ROW_KEY = 1.8
"""For each of at most two companies of its trade whose names also begin a row, as keys do."""
SYMBOL_BESIDE = 3.5
"""For an everyday word in small letters, where the entity's stock symbol stands in the paragraph."""
COMPANY_KEPT = 0.8
"""For each of at most two other tracked companies that may be named in the paragraph."""
LABEL = 1.6
"""A name with a colon that begins a sentence, where other tracked companies stand in the paragraph."""
OWN_PRODUCT = 5.5
"""A product or person of the entity right after the name: "NAME Quuxline"."""
WARES = 3.5
"""Machines right after an acronym: "NAME servers"."""
RUNS_ON = 1.5
"""Besides, something runs or lies on them."""
DOMAIN_IN_TEXT = -1.0
"""A domain written as a name, beside words of an earlier owner: those then count too."""
INTRODUCED = -3.5
"""The article says elsewhere that a person or a thing bears the name."""
GLOSSARY = -4.0
"""A key of a list of terms and what they mean."""
STRONG_ELSEWHERE = 3.0
"""For a weak alias, or an ambiguous one, when the article names the entity beyond doubt elsewhere."""
SAME_WRITING = 0.5
"""Share of the mean of the other places that write the name alike, which readers take for the same thing."""

_SHARES = ((0.0, 0.74), (1.0, 0.82), (2.0, 0.87), (3.0, 0.955), (4.0, 0.98), (6.0, 0.99), (8.0, 0.999))
"""Sum -> share of mentions with it that are right, straight between two points; set as docs/entities.md tells."""


def prior(pattern: Pattern, shape: Shape, *, listed: bool) -> float:
    """What the writing alone is worth."""
    if pattern.role is Role.TICKER:
        return 6.0 if listed else 3.5
    if pattern.role is Role.DOMAIN:
        return 6.0
    if len(pattern.plain) == 1:
        return -2.2
    if pattern.descriptive and pattern.strength is Strength.STRONG:
        return _TWO_EVERYDAY_WORDS
    return _PRIOR[pattern.strength, shape]


def confidence(score: float) -> float:
    """The share of mentions with this sum that are right, between 0 and 1; never falling. Of a sum that is not
    accepted: the logistic function, which is below."""
    if score <= ACCEPT:
        return 1.0 / (1.0 + exp(min(30.0, -score)))
    for (low, below), (high, above) in pairwise(_SHARES):
        if score < high:
            return below + (above - below) * (score - low) / (high - low)
    return _SHARES[-1][1]
