"""A run of capitals without the words that stand at a name's edge only by their place."""

import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from service.domain.facts.german import GERMAN_NOUNS, is_german_trade
from service.domain.facts.words import (
    ALWAYS_EDGES,
    EDGES,
    FORMS,
    GOODS,
    HEADLINE_CUTS,
    INSTITUTIONS,
    JOINED_BY,
    NO_NAME,
    OVERSEERS,
    PLACES,
    TITLES,
    TRADES,
)
from service.domain.matching.proper_names import is_known_company

__all__ = ["Reading", "trimmed"]

_STUCK = re.compile(r"(?:at|by|of|in|on|to)(?=[A-Z][a-z]{2})")
"""A preposition whose space was lost: "engineering atGranola"."""
_MODEL = re.compile(r"[A-Z]{1,2}\d{3,4}[a-z]{0,4}")
""" "Airbus A321neo": whose it is, not what."""
_OFFICES = frozenset(("ceo", "cfo", "cto", "coo", "attorney", "senator", "minister", "chairman", "chairwoman"))
_OF = frozenset({"of", "de", "do", "di"})
_TRAILING = ALWAYS_EDGES | JOINED_BY | (GOODS - {"wine", "wines", "club", "vodka", "beer", "side", "league", "brand"})
_ALSO_NAMES = frozenset(("may", "march", "dollar"))
"""Months that begin names: "May Department Stores"."""
_CALLED = frozenset(
    "firm giant startup start-up retailer chipmaker automaker carmaker drugmaker insurer provider operator".split()  # noqa: SIM905
)
"""Words of a headline behind which the name begins: "Defense Firm Cobham"."""
_ARTICLES = frozenset(("a", "an", "the", "der", "die", "das"))
_Word = tuple[tuple[int, int], str]
"""Where a word stands, and its small letters."""
_BASED_ON = (
    "-based", "-backed", "-led", "-owned", "-listed", "-born", "-style", "-like", "-linked", "-focused", "-branded",
    "-funded", "-controlled", "-affiliated", "-sponsored",
    "hersteller", "herstellers", "konzern", "konzerns",
    "produzent", "produzenten", "anbieter", "anbieters", "riese", "riesen", "tochter", "spezialist", "spezialisten",
    "rivale", "rivalen", "händler", "händlers", "betreiber", "betreibers",
)  # fmt: skip
"""The name begins behind such a word: "London-based Arden", "Chiphersteller Arden"."""


@dataclass(frozen=True, slots=True)
class Reading:
    """A sentence with what is known of it."""

    text: str
    language: str | None
    people: Collection[str]
    common: Collection[str]
    money: frozenset[int]
    """Where amounts begin."""
    begin: int
    """Where the sentence begins, behind a dateline."""
    headline: bool
    """Each word has a capital."""


def trimmed(reading: Reading, run: tuple[int, int]) -> Iterable[tuple[int, int]]:
    """The run without words that stand at a name's edge only by their place: "On", "Friday", "Acquisition"."""
    for part in _parts(reading, run):
        words = [(place, _folded(reading.text, place)) for place in part]
        based = [i for i, (_, word) in enumerate(words) if word.endswith(_BASED_ON)]
        if reading.language == "de":
            based += [i for i, (_, word) in enumerate(words[:-1]) if is_german_trade(word)]
        if reading.headline:
            based += [i for i, (_, word) in enumerate(words[:-1]) if word in _CALLED]
        words = words[max(based) + 1 :] if based else words
        at_start = (
            not re.search(r"\w", reading.text[reading.begin : words[0][0][0]].rpartition(":")[2]) if words else False
        )
        while reading.language == "de" and words and words[0][1] in GERMAN_NOUNS:
            words.pop(0)
        titled = False
        if any(word in _OFFICES for _, word in words[1:]):
            continue  # "Tesla CEO Elon Musk", "New York Attorney General ...": a person
        while words and _is_edge(reading, words, words[0], at_start=at_start):
            titled = titled or words[0][1] in TITLES
            words.pop(0)
        while words and (
            words[-1][1] in _TRAILING
            or (len(words) > 1 and _MODEL.fullmatch(reading.text[slice(*words[-1][0])]))
            or (reading.language == "de" and words[-1][1] in GERMAN_NOUNS)
            or (
                reading.headline
                and (words[-1][1] in EDGES or words[-1][1] in GOODS or _is_common(reading, words, words[-1]))
            )
        ):
            words.pop()
        if words and not titled:
            start, end = words[0][0][0], words[-1][0][1]
            yield start + 2 * bool(_STUCK.match(reading.text, start)), end


def _is_edge(reading: Reading, words: Sequence[_Word], word: _Word, *, at_start: bool) -> bool:
    if word[1] in ALWAYS_EDGES and not (len(words) > 1 and word[1] in _ALSO_NAMES):
        return True
    if len(words) > 2 and word[1] in INSTITUTIONS and words[1][1] in _OF:
        return False
    if len(words) > 1 and (word[1] in _ARTICLES or _is_what_it_is(words)):
        return True
    if len(words) > 2 and f"{word[1]} {words[1][1]}" in PLACES:
        return False  # "New York Community Bancorp"
    if len(words) > 1 and word[1] == "federal" and words[-1][1] in OVERSEERS:
        return False
    by_place = at_start or reading.headline
    if word[1] in EDGES and (by_place or len(words) == 1) and not _is_country(reading.text, words):
        return not is_known_company(reading.text[words[0][0][0] : words[-1][0][1]])
    return (reading.headline or (at_start and len(words) == 1)) and _is_common(reading, words, word)


def _is_what_it_is(words: Sequence[_Word]) -> bool:
    """ "Chinese Retailer Joyo": a people and a trade before the name."""
    return words[0][1] in NO_NAME and words[1][1] in TRADES and len(words) > 2


def _is_common(reading: Reading, words: Sequence[_Word], word: _Word) -> bool:
    """Whether the article writes the word in small letters too: "Pipelines" of a title."""
    (start, end), folded = word
    if folded not in reading.common:
        return False
    return not is_known_company(reading.text[start:end]) and not is_known_company(
        reading.text[words[0][0][0] : words[-1][0][1]]
    )


def _parts(reading: Reading, run: tuple[int, int]) -> Iterable[list[tuple[int, int]]]:
    """The run's words, cut at a headline's verb and at an "of" that does not belong to the name of an institution."""
    text, (start, end) = reading.text, run
    part: list[tuple[int, int]] = []
    for match in re.finditer(r"\S+", text[start:end]):
        word = (start + match.start(), start + match.end())
        if _folded(text, word) in _OF and (
            not any(_folded(text, one) in INSTITUTIONS for one in part) or _folded(text, part[-1]) in FORMS
        ):
            yield part
            part = []
        elif part and reading.headline and _folded(text, word) in HEADLINE_CUTS:
            yield part
            part = [word]
        else:
            part.append(word)
    yield part


def _folded(text: str, word: tuple[int, int]) -> str:
    return text[word[0] : word[1]].casefold().strip(".,")


def _is_country(text: str, words: Sequence[tuple[tuple[int, int], str]]) -> bool:
    """ "US Army": the country belongs to the name."""
    start, end = words[0][0]
    return len(words) > 1 and text[start:end] in {"US", "U.S.", "UK", "EU"}
