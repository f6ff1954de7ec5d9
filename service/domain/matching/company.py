"""What texts say of companies: the signs around a name that stands for one.

before the name, after it, in apposition, in a list of companies, in its sentence -> signs
"""

import re
from collections.abc import Iterator

from service.domain.matching.layout import Layout
from service.domain.matching.lexicon import (
    AFTER_COMPANY,
    BEFORE_COMPANY,
    BUSINESS_WORDS,
    COMPANY_WORDS,
    LEGAL_FORMS,
    NAMING_WORDS,
    THING_WORDS,
)
from service.domain.matching.normal import NormalText
from service.domain.matching.patterns import Shape
from service.domain.matching.proper_names import is_known_company
from service.domain.matching.scan import Candidate
from service.domain.model import Strength

__all__ = ["IDENTIFIED", "CompanyCues", "apposition", "is_trade"]

Sign = tuple[float, str]

IDENTIFIED = 5.0
"""Weight of "the maker, NAME, ...", which says what is meant whatever else the text speaks of."""
_WORDS = re.compile(r"[^\W_]+")
_BUSINESS = re.compile(rf"\b(?:{'|'.join(sorted(BUSINESS_WORDS))})\b")
_COMPANY_WORD = re.compile(rf"\b(?:{'|'.join(sorted(COMPANY_WORDS))})\b")
_LEGAL = re.compile(r",? ([A-Z][A-Za-z.]+)")
_MARKET = re.compile(r" ?\(?[+-] ?\d+(?:[.,]\d+)?")
_APPOSITION = re.compile(
    r"(?: ?[,:(]| -+| is| was| ist| war| est| était| es| era| é| è)(?: basically| just| only| simply| also)* "
    r"(?:an?|the|eine?|der|die|das|une?|la|le|el|il|una|um|uma|een) ((?:[\w'-]+ ){0,4}[\w'-]+)"
)
_CALLED_IT = re.compile(
    r"\b(?:call(?:s|ed|ing)?|nam(?:e|es|ed|ing)|dub(?:s|bed)?) (?:it|him|her|them|(?:my|our|his|her|their|the|this) "
    r"(?:[\w'-]+ ){0,3}[\w'-]+) (?:the )?[\"'*]*$|\bnames? (?:is|was) [\"']?$"
)
_WHAT_ONE_CALLS = re.compile(r"\bwhat (?:\w+ ){1,3}(?:call|calls|called|dub|dubs|dubbed) (?:an? |the )?[\"']?$")
_IDENTIFIES = re.compile(
    r"\b(?:the|its|their|our|der|die|das|la|le|el) (?:[\w-]+ ){0,2}"
    r"(?:company|firm|maker|vendor|supplier|manufacturer|retailer|group|unternehmen|hersteller|konzern), $"
)
_JOIN = (
    r"(?:, (?:and |or )?| and | or | vs\.? | versus | than | und | oder | et | ou | y | e | & |/|"
    r"、|，| ?和 ?| ?と ?|및 )"
)
_ITEM = r"[*_`\"']{0,3}[a-z]?[A-Z0-9][\w.&'-]*(?: [A-Z][\w.&'-]*){0,2}[*_`\"']{0,3}"
"""A name in a list, perhaps within marks of emphasis or quotes."""
_LISTED_BEFORE = re.compile(rf"(?<![\w])((?:{_ITEM}{_JOIN}){{1,6}})[*_`\"']{{0,3}}$")
_LISTED_AFTER = re.compile(rf"[*_`\"']{{0,3}}((?:{_JOIN}{_ITEM}){{1,6}})")
_SPLIT = re.compile(_JOIN)
_ITS_PARTNER = re.compile(
    r" (suppliers?|rivals?|partners?|parent|owner|maker|customers?|contractors?|assembler|"
    r"subsidiary|unit|affiliate|investors?|backers?|"
    r"competitors?|distributor|franchisee|spin-?off)(?: [A-Z]|, [A-Z]\w+,)"
)
""" "NAME supplier Quuxon": whom a company deals with, or belongs to."""
_BELONGS = re.compile(r"-(?:backed|owned|made|branded|funded|controlled|operated|led|designed|built)(?![\w-])")
_ALSO_NOUNS = frozenset({"company", "limited", "group", "holding", "holdings", "corporation"})
_MAKERS_NAME = re.compile(r" (?:Motors?|MOTORS?|Platforms|PLATFORMS)(?![\w-])")
_TRADE = re.compile(
    r"(?:maker|designer|giant|operator|provider|lender|retailer|seller|hersteller|konzern|händler|anbieter|riese|gigant|"
    r"entwickler|betreiber|firma|unternehmen|bauer)$"
)
"""Endings of words for a kind of company, which may stand right before its name."""
_WORK = re.compile(r", (?:[\w-]+ )?(?:minutes|pages|acts|tracks|verses|chapters|stanzas|movements) (?:of|long|in)\b")
_MORE_OF_NAME = re.compile(r" [A-Z]\w|[-_]\w")
_MARKET_PLAYER = re.compile(
    r"\b(?:major|key|big|biggest|large|largest|leading|dominant|only|main|serious|market|new) (?:[a-z]+ )?$"
)
_PASSIVE = frozenset({"acquired", "bought", "hired", "posted", "reported", "unveiled", "launched", "announced"})
_LOOK = 60
_LIST = 120
_WRAPPING = " \"',:*[("


class CompanyCues:
    """The signs of one field that only companies have; what concerns a sentence is found once."""

    __slots__ = ("_business", "_folded", "_layout", "_plain")

    def __init__(self, text: NormalText, layout: Layout) -> None:
        self._folded = text.folded
        self._plain = text.plain
        self._layout = layout
        self._business: dict[int, str | None] = {}

    def signs(self, candidate: Candidate, shape: Shape) -> Iterator[Sign]:
        """Every sign at this occurrence that a company, or something that is none, is meant."""
        start, end = candidate.start, candidate.end
        before, after = self._folded[max(0, start - _LOOK) : start], self._folded[end : end + _LOOK]
        last = before.rstrip(_WRAPPING).removesuffix(" the").split()[-3:]
        tails = [" ".join(last[index:]) for index in range(len(last))]
        if _is_named(before, tails):
            if _MORE_OF_NAME.match(self._plain, end):
                yield (-2.0 if shape is Shape.WORD else -0.5), "begins the name of a thing"
            else:
                yield (-3.5 if shape <= Shape.WORD else -2.0), "given as the name of a thing"
                return
        if candidate.written.islower() and _WHAT_ONE_CALLS.search(before):
            yield -3.5, "somebody's word for a thing"
        if _IDENTIFIES.search(before) and after[:1] in {",", ".", ";"}:
            yield IDENTIFIED, "the text says which company it means"
        yield from self._after(candidate, shape, after)
        yield from apposition(self._plain[end : end + 2 * _LOOK].lower())
        told = next((tail for tail in tails if tail in BEFORE_COMPANY), None)
        if told is None and last and _TRADE.search(last[-1]):
            told = last[-1]
        if told is not None:
            job = candidate.written.islower() and told.endswith((" at", " from")) and shape is Shape.WORD
            yield (2.6 if job else 2.0), f"preceded by “{told}”, as companies are"
        if shape <= Shape.WORD and not candidate.written.islower():
            yield from self._listed(candidate)
        word = self._business_word(start)
        if word is not None:
            yield 0.7, f"business word “{word}” in the sentence"

    def _after(self, candidate: Candidate, shape: Shape, after: str) -> Iterator[Sign]:
        rest = after.removeprefix("'s")
        words = _WORDS.findall(rest)[:2] if after[:1] in " '" else []
        told = next((w for w in (" ".join(words), " ".join(words[:1])) if w in AFTER_COMPANY), None)
        if told == "results" and rest.startswith(" results on "):
            told = None  # of a measurement; a company's are "for" a time
        if told in _PASSIVE and rest[len(told) + 1 : len(told) + 2] in {"", ":", ".", "!", "?"}:
            told = None  # "target acquired": nobody does anything
        if told in _ALSO_NOUNS and candidate.written.isupper():
            told = None  # "SHELL COMPANY HID YACHT"
        if told is not None and not (told == "will" and (shape <= Shape.WORD or after.startswith("'"))):
            weak = candidate.pattern.strength is Strength.WEAK and not candidate.written.islower()
            form = told in LEGAL_FORMS and not candidate.written.islower()
            yield (3.5 if weak and form else 2.5 if weak else 2.0), f"followed by “{told}”, as companies are"
        elif _legal_form(self._plain[candidate.end : candidate.end + _LOOK], capitals=candidate.written.isupper()):
            weak = candidate.pattern.strength is Strength.WEAK
            yield (3.5 if weak else 2.5), "followed by a company's legal form"
        belongs = _BELONGS.match(self._plain, candidate.end)
        if belongs is not None and shape <= Shape.WORD and not candidate.written.islower():
            yield 2.9, f"“{belongs.group()}” after it, as after companies"
        if shape <= Shape.WORD and _MAKERS_NAME.match(self._plain, candidate.end):
            yield 2.9, "followed by what makers have in their names"
        partner = _ITS_PARTNER.match(self._plain, candidate.end)
        if partner is not None and shape <= Shape.WORD:
            yield 2.9, f"before “{partner.group(1)}” and a name, as companies are"
        if _MARKET.match(self._plain, candidate.end):
            yield 2.5, "followed by a change of price"

    def _listed(self, candidate: Candidate) -> Iterator[Sign]:
        """Well-known companies in the same enumeration: "Adobe, NAME and Nvidia"."""
        plain, start, end = self._plain, candidate.start, candidate.end
        end += 2 if plain.startswith("'s", end) else 0
        before = _LISTED_BEFORE.search(plain[max(0, start - _LIST) : start])
        after = _LISTED_AFTER.match(plain[end : end + _LIST])
        for hit in (before, after):
            for item in _SPLIT.split(hit.group(1)) if hit else ():
                known = _known(item)
                if known and known.casefold() != candidate.written.casefold():
                    yield 3.0, f"in a list with “{known}”"
                    return

    def _business_word(self, at: int) -> str | None:
        sentence = self._layout.sentence(at)
        if sentence not in self._business:
            begin, finish = self._layout.sentence_bounds(sentence)
            word = _BUSINESS.search(self._folded, begin, min(finish, begin + 600))
            self._business[sentence] = None if word is None else word.group()
        return self._business[sentence]


def is_trade(word: str) -> bool:
    """Whether ``word`` (in small letters) is a kind of company, such as "chipmaker"."""
    return word in BEFORE_COMPANY or _TRADE.search(word) is not None


def _known(item: str) -> str:
    """The known company that an item of a list is, without "'s" and the capital that begins a sentence."""
    words = item.strip(" .*_`\"'").removesuffix("'s").split()
    for size in range(len(words), 0, -1):
        for at in range(len(words) - size + 1):
            name = " ".join(words[at : at + size])
            if is_known_company(name):
                return name
    return ""


def _is_named(before: str, tails: list[str]) -> bool:
    named = any(tail in NAMING_WORDS for tail in tails) or (
        ("nam" in before or "call" in before or "dub" in before) and _CALLED_IT.search(before) is not None
    )
    return named and not _COMPANY_WORD.search(before)


def apposition(after: str) -> Iterator[Sign]:
    """ "NAME is a tool", "NAME, the software company": the first telling noun within five words decides."""
    if _WORK.match(after):
        yield -2.5, "given a length, as a work of art"
    said = _APPOSITION.match(after)
    if said is None:
        return
    for word in said.group(1).split():
        if word in COMPANY_WORDS or word == "giant":
            yield 3.0, f"called a {word}"
            return
        if word in THING_WORDS:
            if not (word == "player" and _MARKET_PLAYER.search(said.group(1).partition(word)[0])):
                yield -2.5, f"called a {word}"
            return


def _legal_form(after: str, *, capitals: bool) -> bool:
    """``capitals``: beside a name in capitals, where "COMPANY" may be any."""
    word = _LEGAL.match(after)
    form = word.group(1).rstrip(".").lower() if word is not None else ""
    return form in LEGAL_FORMS and not (capitals and form in _ALSO_NOUNS)
