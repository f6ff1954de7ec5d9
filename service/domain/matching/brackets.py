"""Expansions: "world health day (WHD)", "WHD (world health day)", "WHD stands for ...".

A text that spells an acronym out says what it means. The spelled-out words must fit the acronym's letters; then either
they are a name of the entity, or the acronym means something else wherever it stands in this article.
"""

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import islice

from service.domain.matching.normal import NormalText

__all__ = ["Expansion", "Spelling", "expansions", "explained", "fitting_words", "spelled_out"]

_SHORT = r"[A-Za-z][A-Za-z.&]{1,7}"
_IN_BRACKETS = re.compile(rf"\(\s*[\"']?({_SHORT})s?[\"']?\s*(?:[;,:)]|\bor\b)")
_BEFORE_BRACKETS = re.compile(rf"\b({_SHORT})s?\s*\(([^()\n]{{5,80}})\)")
_BOTH_INSIDE = re.compile(rf"\(([^()\n,;]{{5,80}})[,;]\s*(?:kurz|abreviado|or|ou|o)?\s*[\"']?({_SHORT})[\"']?\s*\)")
_CALLED = re.compile(
    rf",? (?:known as|abbreviated(?: as| to)?|kurz) [\"']?({_SHORT})[\"']?(?=[,.;])|, (?:or )?({_SHORT}) for short"
)
_CALLING = (" known as ", " abbreviated ", " kurz ", " for short")
"""One of these stands in what ``_CALLED`` finds."""
_MEANS = (" stands for ", " is short for ", " steht für ", " bedeutet ", " signifie ", " significa ", ": ")
_LAST_WORD = re.compile(rf"\b({_SHORT})$")
_WORD = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)?")
_SMALL_WORDS = frozenset(
    {"and", "of", "the", "for", "in", "on", "to", "a", "an", "with", "by", "de", "la", "le", "les", "des", "du", "et",
     "y", "e", "und", "der", "die", "das", "für", "von", "al"}
)  # fmt: skip
_WINDOW = 90
_SLIP = 0.85
_LONG_WORD = 5
_MOST = 500
"""So many places of a text are looked at."""


@dataclass(frozen=True, slots=True)
class Spelling:
    """``short`` stands beside ``words``, which end (or start) with what may spell it out."""

    short: str
    words: str
    at_end: bool


@dataclass(frozen=True, slots=True)
class Expansion:
    """``acronym`` was spelled out as ``words``."""

    acronym: str
    words: str
    ours: bool
    """The words are a name of the entity."""


def spelled_out(text: NormalText) -> list[Spelling]:
    """The first 500 places of each kind in ``text`` that may spell an acronym out. Each looks at a bounded stretch."""
    plain = text.plain
    found: list[Spelling] = []
    if "(" in plain:
        for hit in islice(_IN_BRACKETS.finditer(plain), _MOST):
            before = plain[max(0, hit.start() - _WINDOW) : hit.start()]
            found.append(Spelling(hit.group(1), before, at_end=True))
        found += [Spelling(hit[1], hit[2], at_end=False) for hit in islice(_BEFORE_BRACKETS.finditer(plain), _MOST)]
        found += [Spelling(hit[2], hit[1], at_end=True) for hit in islice(_BOTH_INSIDE.finditer(plain), _MOST)]
    for hit in islice(_CALLED.finditer(plain), _MOST) if any(words in plain for words in _CALLING) else ():
        words = plain[max(0, hit.start() - _WINDOW) : hit.start()]
        found.append(Spelling(hit[1] or hit[2], words, at_end=True))
    for phrase in _MEANS:
        at = plain.find(phrase)
        while at >= 0 and len(found) < len(_MEANS) * _MOST:
            short = _LAST_WORD.search(plain[max(0, at - 10) : at])
            if short is not None:
                after = plain[at + len(phrase) : at + len(phrase) + _WINDOW]
                found.append(Spelling(short.group(1), after, at_end=False))
            at = plain.find(phrase, at + 1)
    return found


def expansions(spellings: Iterable[Spelling], acronyms: Collection[str], names: Collection[str]) -> list[Expansion]:
    """What is said to be meant by any of ``acronyms`` (folded); ``names`` are the entity's own, folded."""
    found: list[Expansion] = []
    known: set[tuple[str, str]] = set()
    for spelling in spellings:
        folded_short = spelling.short.casefold()
        if folded_short not in acronyms:
            continue
        words = _spelling(spelling)
        if words is None:
            continue
        said = " ".join(words)
        if (spelling.short, said) not in known:
            known.add((spelling.short, said))
            folded = said.casefold()
            found.append(Expansion(spelling.short, said, any(_alike(folded, name) for name in names)))
    return found


def explained(spellings: Iterable[Spelling]) -> frozenset[str]:
    """The acronyms, folded, that are spelled out at all, whosever they are."""
    return frozenset(one.short.casefold() for one in spellings if _spelling(one) is not None)


def _spelling(spelling: Spelling) -> list[str] | None:
    """The words that spell it out; None where none fit its letters."""
    letters, said = spelling.short.casefold().replace(".", ""), _WORD.findall(spelling.words)
    words = _fitting(letters, said, at_end=spelling.at_end)
    return words or _fitting_inside(letters, said, at_end=spelling.at_end)


def fitting_words(acronym: str, texts: Iterable[NormalText], names: Collection[str]) -> str:
    """Consecutive words of four letters or more whose initials spell ``acronym`` and that are no name of the entity;
    empty when there are none."""
    pattern = re.compile(r"\b" + r" (?:and )?".join(rf"{re.escape(c)}[^\W\d_]{{3,}}" for c in acronym.lower()) + r"\b")
    for text in texts:
        for hit in pattern.finditer(text.folded):
            if not any(_alike(hit.group(), name) for name in names):
                return hit.group()
    return ""


def _alike(said: str, name: str) -> bool:
    """Equal, or equal but for a slip of the pen ("Hewllett")."""
    if said == name or said.endswith(" " + name) or name.endswith(said):
        return True
    return len(name) > len(said) // 2 and SequenceMatcher(None, said, name).ratio() > _SLIP


def _fitting(acronym: str, words: list[str], *, at_end: bool) -> list[str] | None:
    """The words at the end (or the start) of ``words`` whose initials spell ``acronym``, small words left out.

    "x" may stand for "ex-" ("explainable").
    """
    order = list(reversed(words)) if at_end else list(words)
    letters = acronym[::-1] if at_end else acronym
    taken: list[str] = []
    matched = 0
    for word in order:
        if matched == len(letters):
            break
        folded = word.casefold()
        letter = letters[matched]
        if folded.startswith(letter) or (letter == "x" and folded.startswith("ex")):
            taken.append(word)
            matched += 1
        elif folded == letters[matched : matched + len(folded)][:: -1 if at_end else 1] and len(folded) > 1:
            taken.append(word)
            matched += len(folded)
        elif folded in _SMALL_WORDS and taken:
            taken.append(word)
        else:
            return None
    if matched < len(letters) or len(taken) < 2:
        return None
    return list(reversed(taken)) if at_end else taken


def _fitting_inside(acronym: str, words: list[str], *, at_end: bool) -> list[str] | None:
    """As ``_fitting``, where a long word gives several letters: "histopathological examination" for "hpe".

    Fewer words than letters, each of five letters or more; each word's initial counts.
    """
    words = [word for word in words if word.casefold() not in _SMALL_WORDS]
    for count in range(len(acronym) - 1, 1, -1):
        part = words[-count:] if at_end else words[:count]
        if len(part) < count or any(len(word) < _LONG_WORD for word in part):
            continue
        left = acronym
        for word in part:
            folded = word.casefold()
            if not left.startswith(folded[0]):
                break
            left = left[1:]
            for letter in folded[1:]:
                if left.startswith(letter) and len(left) > len(part) - part.index(word) - 1:
                    left = left[1:]
        else:
            if not left:
                return part
    return None
