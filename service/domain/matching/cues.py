"""General signs around one occurrence of a name: casing, article, verbs of companies, symbols, addresses, lists.

Each sign is a (weight, words) pair; ``words`` end up in a mention's evidence or a rejection's reason. No sign knows
any entity: what is particular to one stands in its definition.
"""

import re
from collections.abc import Iterator

from service.domain.matching.boundary import is_unspaced
from service.domain.matching.layout import Layout
from service.domain.matching.lexicon import (
    AFTER_COMPANY,
    BEFORE_COMPANY,
    BEFORE_NAMES,
    BUSINESS_WORDS,
    COMPANY_WORDS,
    LEGAL_FORMS,
    NAMES_TAKE_ARTICLES,
    NAMING_WORDS,
    NEWS_VERBS,
    PLACE_NOUNS,
    PREPOSITIONS,
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
    r"(?:[\w'-]+ ){0,3}[\w'-]+) [\"']?$|\bnames? (?:is|was) [\"']?$"
)
_CONJUNCTIONS = ("that", "which", "what", "no")
"""Determiners that before a capital are likelier something else ("he said that Acme will")."""
_PLACE_AFTER = re.compile(r" ([A-Z][a-z]+)\b")
_CAPITAL_BEFORE = re.compile(r"(?<![^\W_])([A-Z][a-z]+) $")
_AUXILIARIES = frozenset(
    {"is", "was", "has", "had", "will", "would", "can", "could", "may", "might", "must", "should", "does", "did"}
)
_OTHER_LATIN = ("es", "fr", "it", "pt", "nl")
_OTHER_SCRIPTS = ("ja", "zh", "ko", "th", "ar", "ru", "uk", "el", "he", "hi")
_MARKET = re.compile(r" ?\(?[+-] ?\d+(?:[.,]\d+)?")
_ADDRESS = re.compile(r"(?:https?://|www\.)\S*$")
_PATH = re.compile(r"[\w.-]*[/\\][\w./\\-]*$")
_LOOK = 60
_WRAPPING = " \"',:*[("


class Cues:
    """The signs of one field; what concerns a whole sentence is found once."""

    __slots__ = ("_business", "_folded", "_language", "_layout", "_plain", "_small")

    def __init__(self, text: NormalText, layout: Layout, language: str | None) -> None:
        self._folded = text.folded
        self._plain = text.plain
        self._layout = layout
        self._language = language
        self._business: dict[int, str | None] = {}
        self._small: dict[str, bool] = {}

    def signs(self, candidate: Candidate, shape: Shape, *, company: bool) -> Iterator[Sign]:
        """Every general sign at this occurrence."""
        start, end = candidate.start, candidate.end
        if candidate.pattern.role in (Role.DOMAIN, Role.TICKER):
            return
        before, after = self._folded[max(0, start - _LOOK) : start], self._folded[end : end + _LOOK]
        yield from _casing(
            candidate,
            self._plain,
            self._layout,
            shape,
            contrast=shape is Shape.WORD and self.has_small(candidate.written),
            language=self._language,
        )
        yield from _article(candidate, before, after, self._language)
        yield from _symbols(candidate, self._plain)
        if candidate.glued:
            yield (-0.8 if shape <= Shape.WORD else -0.3), "stuck to its neighbour, as extraction does"
        if shape <= Shape.WORD and not candidate.written.islower():
            yield from self._longer_name(candidate)
        if company:
            yield from self._company(candidate, shape, before, after)

    def _longer_name(self, candidate: Candidate) -> Iterator[Sign]:
        """An everyday word may be a part of another's name: "Big Apple", "Amazon River"."""
        plain, start, end = self._plain, candidate.start, candidate.end
        following = _PLACE_AFTER.match(plain, end)
        if following is not None and following.group(1).lower() in PLACE_NOUNS:
            yield -3.0, f"part of “{candidate.written}{following.group()}”, a place"
        preceding = _CAPITAL_BEFORE.search(plain[max(0, start - _LOOK) : start])
        if preceding is None or preceding.group(1).lower() in BEFORE_NAMES:
            return
        at = start - len(preceding.group(1)) - 1
        begin, finish = self._layout.sentence_bounds(self._layout.sentence(start))
        around = plain[max(begin, start - 200) : min(finish, end + 200)]
        if not self._layout.starts_sentence(at) and not _title_case(around, candidate.written):
            yield -1.2, f"part of a longer name, “{preceding.group(1)} {candidate.written}”"

    def has_small(self, written: str) -> bool:
        """Whether the text has the word, or its plural, in small letters too."""
        known = self._small.get(written)
        if known is None:
            small = re.compile(rf"(?<![^\W_]){re.escape(written.lower())}s?(?![^\W_])")
            known = self._small[written] = small.search(self._plain) is not None
        return known

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
        if told is not None and not (told == "will" and (shape <= Shape.WORD or after.startswith("'"))):
            yield 2.0, f"followed by “{told}”, as companies are"
        elif _legal_form(self._plain[candidate.end : candidate.end + _LOOK]):
            yield 2.5, "followed by a company's legal form"
        if _MARKET.match(self._plain, candidate.end):
            yield 2.5, "followed by a change of price"
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


def _casing(
    candidate: Candidate, plain: str, layout: Layout, shape: Shape, *, contrast: bool, language: str | None
) -> Iterator[Sign]:
    written, alias = candidate.written, candidate.pattern.plain
    if written.islower() and not alias.islower():
        yield (-2.5 if is_common_word(alias) else -1.0), "in small letters"
        return
    if shape is not Shape.WORD or not written[:1].isupper():
        return
    weak = candidate.pattern.strength is Strength.WEAK
    before = plain[candidate.start - 1] if candidate.start else ""
    after = plain[candidate.end] if candidate.end < len(plain) else ""
    if any(c.isalpha() and is_unspaced(c) for c in (before, after)):
        yield (2.8 if weak else 1.5), "a Latin name in a text of another script"
        return
    starts = layout.starts_sentence(candidate.start)
    begin, finish = layout.sentence_bounds(layout.sentence(candidate.start))
    begin, finish = max(begin, candidate.start - 200), min(finish, candidate.end + 200)
    if language == "de" or written.isupper() or _title_case(plain[begin:finish], written):
        yield from _position(plain, candidate, weak=weak, starts=starts, language=language)
    elif starts:
        yield -0.3, "capital at a sentence's start"
        yield from _position(plain, candidate, weak=weak, starts=True, language=language)
    elif _has_determiner(plain, candidate, language):
        yield (0.5 if weak else 0.7), "capital in mid-sentence"
    elif language in _OTHER_SCRIPTS:
        yield (1.5 if weak else 0.7), "an English word in a text of another script"
    else:
        yield (2.6 if weak else 0.7), "capital in mid-sentence, as names have"
        if contrast:
            yield 2.0, "the everyday word stands elsewhere in small letters"


def _has_determiner(plain: str, candidate: Candidate, language: str | None) -> bool:
    last = _WORD_BEFORE.search(plain[max(0, candidate.start - _LOOK) : candidate.start].lower())
    if last is None or language in NAMES_TAKE_ARTICLES:
        return False
    return last.group(1) in articles_of(language) and last.group(1) not in _CONJUNCTIONS


def _position(plain: str, candidate: Candidate, *, weak: bool, starts: bool, language: str | None) -> Iterator[Sign]:
    """Where the capital says nothing: a lone noun as subject, after a preposition, or with a possessive is a name."""
    rest = plain[candidate.end : candidate.end + _LOOK].lower()
    words = rest[1:].split(None, 2) if rest.startswith(" ") else []
    if rest.startswith(("'s ", "' ")):
        yield (2.0 if weak else 0.7), "possessive"
        return
    if starts and words:
        if words[0] in NEWS_VERBS and not (len(words) > 1 and words[1] in _AUXILIARIES):
            yield (2.9 if weak else 1.0), f"subject of “{words[0]}”"
        elif words[0] in _AUXILIARIES:
            yield (2.6 if weak else 0.3), f"subject of “{words[0]}”"
        elif language in _OTHER_LATIN and plain[candidate.end + 1].islower():
            yield (2.6 if weak else 0.7), "an English word as a name in a text of another language"
        return
    last = _WORD_BEFORE.search(plain[max(0, candidate.start - _LOOK) : candidate.start].lower())
    ends = not rest.strip() or rest[0] in ".,;:?!)" or (bool(words) and words[0] in VERB_LIKE)
    if last is not None and last.group(1) in PREPOSITIONS and (ends or language == "de"):
        yield (2.5 if weak else 0.7), f"alone after “{last.group(1)}”"
    elif words and words[0] in _AUXILIARIES:
        yield (2.3 if weak else 0.3), f"subject of “{words[0]}”"
    elif language == "de" and not _has_determiner(plain, candidate, language):
        yield (2.3 if weak else 0.5), "without an article"


def _title_case(sentence: str, name: str) -> bool:
    """Whether most words of the sentence are capitalised, so that a capital says nothing."""
    words = [w for w in sentence.split() if w[:1].isalpha() and name not in w]
    capitals = sum(1 for w in words if w[0].isupper())
    return len(words) > 1 and capitals * 3 >= len(words) * 2


def _article(candidate: Candidate, before: str, after: str, language: str | None) -> Iterator[Sign]:
    """An article that belongs to the word itself makes it a common noun: "the target is", "a target"."""
    word = _WORD_BEFORE.search(before)
    if word is None or word.group(1) not in articles_of(language) or "\n" in before[word.start() :]:
        return
    if word.group(1) in _CONJUNCTIONS and not candidate.written.islower():
        return
    following = _WORD_AFTER.match(after)
    noun_follows = (
        following is not None and following.group(1) not in VERB_LIKE and following.group(1) not in NEWS_VERBS
    )
    if candidate.written.islower():
        weight = -3.0 if is_common_word(candidate.written) else -1.0
        yield (-0.5 if noun_follows else weight), f"“{word.group(1)}” before it, as before a common noun"
    elif not noun_follows and not after.startswith("'") and language not in NAMES_TAKE_ARTICLES:
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
