"""General signs around one occurrence of a name: casing, article, verbs of companies, symbols, addresses, lists.

Each sign is a (weight, words) pair; ``words`` end up in a mention's evidence or a rejection's reason. No sign knows
any entity: what is particular to one stands in its definition.
"""

import re
from collections.abc import Collection, Iterator

from service.domain.matching.layout import Layout
from service.domain.matching.lexicon import (
    AFTER_COMPANY,
    BEFORE_COMPANY,
    BUSINESS_WORDS,
    COMPANY_WORDS,
    LEGAL_FORMS,
    NAMING_WORDS,
    THING_WORDS,
    VERB_LIKE,
    articles_of,
    is_common_word,
)
from service.domain.matching.normal import NormalText
from service.domain.matching.patterns import Role, Shape
from service.domain.matching.scan import Candidate
from service.domain.model import Strength

__all__ = ["Cues", "Sign"]

Sign = tuple[float, str]

_WORD_BEFORE = re.compile(r"([^\W\d_]+'?)[ ]*$")
_WORD_AFTER = re.compile(r"(?:'s)? +([^\W_]+)")
_LEGAL = re.compile(r",? ([A-Z][A-Za-z.]+)")
_WORDS = re.compile(r"[^\W_]+")
_BUSINESS = re.compile(rf"\b(?:{'|'.join(sorted(BUSINESS_WORDS))})\b")
_COMPANY_WORD = re.compile(rf"\b(?:{'|'.join(sorted(COMPANY_WORDS))})\b")
_APPOSITION = re.compile(
    r"(?: ?[,:(]| -+| is| was| ist| est| es| é| è)(?: basically| just| only| simply| also)* "
    r"(?:an?|the|eine?|une?|una|um|uma|een) ((?:[\w'-]+ ){0,4}[\w'-]+)"
)
_CALLED_IT = re.compile(
    r"\b(?:call(?:s|ed|ing)?|nam(?:e|es|ed|ing)|dub(?:s|bed)?) (?:it|him|her|them|(?:my|our|his|her|their|the|this) "
    r"(?:[\w'-]+ ){0,3}[\w'-]+) [\"']?$"
)
_ADDRESS = re.compile(r"(?:https?://|www\.)\S*$")
_PATH = re.compile(r"[\w.-]*[/\\][\w./\\-]*$")
_LOOK = 60
_WRAPPING = " \"',:*[("


class Cues:
    """The signs of one field; what concerns a whole sentence is found once."""

    __slots__ = ("_articles", "_business", "_folded", "_layout", "_plain")

    def __init__(self, text: NormalText, layout: Layout, language: str | None) -> None:
        self._articles = articles_of(language)
        self._folded = text.folded
        self._plain = text.plain
        self._layout = layout
        self._business: dict[int, str | None] = {}

    def signs(self, candidate: Candidate, shape: Shape, *, company: bool) -> Iterator[Sign]:
        """Every general sign at this occurrence."""
        start, end = candidate.start, candidate.end
        if candidate.pattern.role in (Role.DOMAIN, Role.TICKER):
            return
        before, after = self._folded[max(0, start - _LOOK) : start], self._folded[end : end + _LOOK]
        yield from _casing(candidate, self._plain, self._layout, shape)
        yield from _article(candidate, before, after, self._articles)
        yield from _symbols(candidate, self._plain)
        if candidate.glued:
            yield (-0.8 if shape is Shape.AMBIGUOUS else -0.3), "stuck to its neighbour, as extraction does"
        if company:
            yield from self._company(candidate, shape, before, after)

    def _company(self, candidate: Candidate, shape: Shape, before: str, after: str) -> Iterator[Sign]:
        """What texts say of companies."""
        last = before.rstrip(_WRAPPING).removesuffix(" the").split()[-3:]
        tails = [" ".join(last[index:]) for index in range(len(last))]
        named = any(tail in NAMING_WORDS for tail in tails) or (
            ("nam" in before or "call" in before or "dub" in before) and _CALLED_IT.search(before) is not None
        )
        if named and not _COMPANY_WORD.search(before):
            yield -2.0, "given as the name of a thing"
            return
        words = _WORDS.findall(after.removeprefix("'s"))[:2] if after[:1] in " '" else []
        told = next((w for w in (" ".join(words), " ".join(words[:1])) if w in AFTER_COMPANY), None)
        if told is not None and not (told == "will" and (shape is Shape.AMBIGUOUS or after.startswith("'"))):
            yield 2.0, f"followed by “{told}”, as companies are"
        elif _legal_form(self._plain[candidate.end : candidate.end + _LOOK]):
            yield 2.5, "followed by a company's legal form"
        yield from _apposition(self._plain[candidate.end : candidate.end + 2 * _LOOK].lower())
        told = next((tail for tail in tails if tail in BEFORE_COMPANY), None)
        if told is not None:
            yield 2.0, f"preceded by “{told}”, as companies are"
        word = self._business_word(candidate.start)
        if word is not None:
            yield 0.7, f"business word “{word}” in the sentence"

    def _business_word(self, at: int) -> str | None:
        sentence = self._layout.sentence(at)
        if sentence not in self._business:
            begin, finish = self._layout.sentence_bounds(sentence)
            word = _BUSINESS.search(self._folded, begin, min(finish, begin + 600))
            self._business[sentence] = None if word is None else word.group()
        return self._business[sentence]


def _casing(candidate: Candidate, plain: str, layout: Layout, shape: Shape) -> Iterator[Sign]:
    written, alias = candidate.written, candidate.pattern.plain
    if written.islower() and not alias.islower():
        weight = -2.5 if is_common_word(alias) else -1.0
        yield weight, "in small letters"
        return
    if shape is not Shape.AMBIGUOUS or not written[:1].isupper():
        return
    begin, finish = layout.sentence_bounds(layout.sentence(candidate.start))
    begin, finish = max(begin, candidate.start - 200), min(finish, candidate.end + 200)
    if _title_case(plain[begin:finish], written):
        return
    if layout.starts_sentence(candidate.start):
        yield -0.3, "capital at a sentence's start"
    else:
        yield 0.7, "capital in mid-sentence"


def _title_case(sentence: str, name: str) -> bool:
    """Whether most words of the sentence are capitalised, so that a capital says nothing."""
    words = [w for w in sentence.split() if w[:1].isalpha() and name not in w]
    capitals = sum(1 for w in words if w[0].isupper())
    return len(words) > 1 and capitals * 3 >= len(words) * 2


def _article(candidate: Candidate, before: str, after: str, articles: Collection[str]) -> Iterator[Sign]:
    """ "the oracle is", "an oracle": an article that belongs to the word itself makes it a common noun."""
    word = _WORD_BEFORE.search(before)
    if word is None or word.group(1) not in articles or "\n" in before[word.start() :]:
        return
    following = _WORD_AFTER.match(after)
    noun_follows = following is not None and following.group(1) not in VERB_LIKE
    if candidate.written.islower():
        weight = -3.0 if is_common_word(candidate.written) else -1.0
        yield (-0.5 if noun_follows else weight), f"“{word.group(1)}” before it, as before a common noun"
    elif not noun_follows and not after.startswith("'"):
        yield -2.2, f"“{word.group(1)}” before it, as before a common noun"


def _symbols(candidate: Candidate, plain: str) -> Iterator[Sign]:
    start, end = candidate.start, candidate.end
    before = plain[start - 1] if start else ""
    after = plain[end] if end < len(plain) else ""
    if before == "$":
        yield -4.0, "a stock or token symbol that is not the entity's"
    elif before == "#" and candidate.pattern.strength is Strength.WEAK:
        yield -0.5, "a hashtag"
    if after == "@" or (after in ("_", "/") and candidate.written.islower()):
        yield -0.5, "part of an identifier"
    elif before in ("_", ".") and start > 1 and plain[start - 2].isalnum() and candidate.written.islower():
        yield -1.0, "part of an identifier"
    stretch = plain[max(0, start - 120) : start]
    if ("://" in stretch or "www." in stretch) and _ADDRESS.search(stretch):
        yield (-1.5 if candidate.written.islower() else -0.5), "inside a web address"
    elif before in ("/", "\\") and _PATH.search(stretch) and candidate.written.islower():
        yield -0.5, "inside a path"


def _apposition(after: str) -> Iterator[Sign]:
    """ "NAME is a tool", "NAME, the software company": the first telling noun within five words decides."""
    said = _APPOSITION.match(after)
    if said is None:
        return
    for word in said.group(1).split():
        if word in COMPANY_WORDS or word == "giant":
            yield 2.0, f"called a {word}"
            return
        if word in THING_WORDS:
            yield -2.5, f"called a {word}"
            return


def _legal_form(after: str) -> bool:
    word = _LEGAL.match(after)
    return word is not None and word.group(1).rstrip(".").lower() in LEGAL_FORMS
