"""What was found about one occurrence, and how the occurrences of one article lean on each other."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from heapq import merge

from service.domain.matching import weights
from service.domain.matching.cues import Sign
from service.domain.matching.patterns import Role, Shape
from service.domain.matching.scan import Candidate
from service.domain.model import Field, Strength

__all__ = ["Judged", "each_place", "is_doubtful", "lean_on_others"]

_CERTAIN = 3.0
_LEAN = 3.0
_WORTH_LEANING = 0.25
_NO_SENSE = ("part of an identifier", "inside a web address", "inside a path")
"""Beginnings of the signs of a place that is written so for other reasons than its sense."""

_GIVEN = ("given as the name of", "called a ")
"""Beginnings of the signs that somebody or something else bears the name."""


@dataclass(slots=True)
class Judged:
    """A candidate with its score and what led to it."""

    candidate: Candidate
    shape: Shape
    score: float
    signs: list[Sign] = field(default_factory=list)
    at_sight: bool = False
    further: Sequence[Candidate] = ()
    """Later places that are read the same way without a look, so that a text that repeats a name costs little."""

    @property
    def count(self) -> int:
        return 1 + len(self.further)

    @property
    def accepted(self) -> bool:
        return self.score > weights.ACCEPT


def each_place(judged: Iterable[Judged]) -> Iterator[Judged]:
    """One a place, in reading order; ``judged`` is in reading order but for the ``further`` places."""
    alone = [one for one in judged if not one.further]
    groups = [_places(one) for one in judged if one.further]
    return merge(alone, *groups, key=_order)


def _places(one: Judged) -> Iterator[Judged]:
    yield replace(one, further=())
    for candidate in one.further:
        yield replace(one, candidate=candidate, further=())


def _order(one: Judged) -> tuple[bool, int]:
    return one.candidate.field is Field.TEXT, one.candidate.start


def is_doubtful(candidate: Candidate, shape: Shape) -> bool:
    """Whether its letters may well mean something else: a short acronym, an everyday word, two of them, or a
    coined word in small letters."""
    small = shape is Shape.DISTINCTIVE and candidate.written.islower()
    return shape <= Shape.WORD or small or candidate.pattern.descriptive


def lean_on_others(judged: Sequence[Judged]) -> None:
    """One sense a text is the rule: a weak name leans on a certain one, and places written alike on each other."""
    _introduced(judged)
    certain = next((one for one in judged if one.score >= _CERTAIN and _is_proof(one)), None)
    sums: dict[str, tuple[float, int]] = {}
    told = [_told(one) for one in judged]
    for one, worth in zip(judged, told, strict=True):
        if worth is not None:
            total, count = sums.get(one.candidate.written, (0.0, 0))
            sums[one.candidate.written] = total + worth, count + 1
    for one, worth in zip(judged, told, strict=True):
        if one.candidate.pattern.role in (Role.TICKER, Role.DOMAIN) or one.shape is Shape.COMPOUND:
            continue
        if certain is not None and one is not certain and not _is_proof(one) and _leans(one):
            one.signs.append((weights.STRONG_ELSEWHERE, f"“{certain.candidate.written}” names it elsewhere"))
            one.score += weights.STRONG_ELSEWHERE
        total, count = sums.get(one.candidate.written, (0.0, 0))
        if worth is not None:
            total, count = total - worth, count - 1
        if count:
            share = weights.SAME_WRITING * total / count
            if abs(share) >= _WORTH_LEANING:
                how = "read the same way" if share > 0 else "something else"
                one.signs.append((share, f"other places that write “{one.candidate.written}” are {how}"))
                one.score += share


def _introduced(judged: Sequence[Judged]) -> None:
    """Where an article says that a person or a thing bears an everyday word as its name, other places mean that too."""
    given = [any(weight < 0 and words.startswith(_GIVEN) for weight, words in one.signs) for one in judged]
    said = {
        one.candidate.written
        for one, is_given in zip(judged, given, strict=True)
        if is_given and one.shape is Shape.WORD and not one.accepted
    }
    for one, is_given in zip(judged, given, strict=True):
        alike = one.candidate.written in said or one.candidate.written.lower() in said
        if is_given or not alike or one.candidate.pattern.role is not Role.ALIAS:
            continue
        one.signs.append((weights.INTRODUCED, "the article gives it as the name of somebody or something else"))
        one.score += weights.INTRODUCED


def _told(one: Judged) -> float | None:
    """What a place tells the others: its score, but nothing where it only lacks proof. None for a rejected one within
    an identifier, a handle or an address, which is no other sense of the word."""
    if one.score <= weights.ACCEPT and any(words.startswith(_NO_SENSE) for _, words in one.signs):
        return None
    spoken = one.score - one.signs[0][0] if one.signs[0][0] < 0 else one.score
    return max(-_LEAN, min(_LEAN, one.score if one.score > 0 else min(0.0, spoken)))


def _leans(one: Judged) -> bool:
    """Whether a certain name elsewhere may lift this one: not a common noun in small letters."""
    return not (one.shape is Shape.WORD and one.candidate.written.islower())


def _is_proof(one: Judged) -> bool:
    """Whether this writing leaves little room for doubt."""
    pattern = one.candidate.pattern
    if pattern.role in (Role.TICKER, Role.DOMAIN):
        return True
    return pattern.strength is Strength.STRONG and one.shape > Shape.WORD
