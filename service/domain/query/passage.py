"""A stretch of text whose words can be looked up: a title, a lead, a body, a sentence."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property, lru_cache

from service.domain.query.sentences import sentence_spans
from service.domain.query.syntax import Term
from service.domain.query.tokens import Token, plain, terms, tokenize

__all__ = ["Passage", "Place", "near_pairs", "occurrences", "stand_near", "term_tokens"]

Place = tuple[int, int]
"""First and last word of an occurrence, as indexes into the passage's tokens."""


class Passage:
    """Words of a text, tokenised and indexed at most once. Immutable.

    Terms without their places are many times quicker to find, and enough for a word that stands alone.
    """

    def __init__(
        self, text: str, tokens: Iterable[Token] | None = None, named: Iterable[tuple[str, int, int]] = ()
    ) -> None:
        """``named``: entities with where they are named in ``text``."""
        self.text = text
        self._given = None if tokens is None else tuple(tokens)
        self._named = tuple(named)

    @cached_property
    def tokens(self) -> tuple[Token, ...]:
        return tuple(tokenize(self.text)) if self._given is None else self._given

    @cached_property
    def terms(self) -> Sequence[str]:
        """Of the tokens, one by one."""
        return terms(self.text) if self._given is None else [token.term for token in self._given]

    @cached_property
    def positions(self) -> dict[str, list[int]]:
        """Term -> where it stands, in rising order."""
        positions: dict[str, list[int]] = {}
        for index, term in enumerate(self.terms):
            positions.setdefault(term, []).append(index)
        return positions

    @cached_property
    def sentences(self) -> tuple["Passage", ...]:
        starts = [token.start for token in self.tokens]
        spans = sentence_spans(self.text)
        cuts = [(bisect_left(starts, start), bisect_left(starts, end)) for start, end in spans]
        return tuple(
            Passage(self.text, self.tokens[first:last], [one for one in self._named if start <= one[1] < end])
            for (first, last), (start, end) in zip(cuts, spans, strict=True)
            if first < last
        )

    @cached_property
    def named(self) -> tuple[tuple[str, Place], ...]:
        """Each entity with the words that name it here."""
        starts, ends = [token.start for token in self.tokens], [token.end for token in self.tokens]
        found = []
        for name, start, end in self._named:
            first, last = bisect_right(ends, start), bisect_left(starts, end) - 1
            if first <= last:
                found.append((name, (first, last)))
        return tuple(found)


@lru_cache(maxsize=4096)
def term_tokens(text: str) -> tuple[Token, ...]:
    """The words of a query's term."""
    return tuple(tokenize(text))


def occurrences(term: Term, passage: Passage) -> Iterator[Place]:
    """Every place where the term stands, in reading order; they may overlap."""
    wanted = term_tokens(term.text)
    last = len(wanted) - 1
    if last < 0:
        return
    found = passage.terms
    for start in _starts(term, wanted, passage):
        if start < 0 or start + last >= len(found):
            continue
        if all(
            _same(wanted[i].term, found[start + i], open_end=term.prefix and i == last) for i in range(last + 1)
        ) and (not term.exact or _as_written(term, wanted, passage, start)):
            yield start, start + last


def stand_near(left: list[Place], right: list[Place], distance: int) -> bool:
    """A left place ends before a right one starts, at most ``distance`` words on. Both sides sorted; n log n."""
    starts = [start for start, _ in right]
    for _, end in left:
        following = bisect_right(starts, end)
        if following < len(starts) and starts[following] - end <= distance:
            return True
    return False


def near_pairs(left: list[Place], right: list[Place], distance: int) -> tuple[list[Place], list[Place]]:
    """The places that take part in a pair of ``stand_near``: those of the left side, and those of the right."""
    starts, ends = sorted(start for start, _ in right), sorted(end for _, end in left)
    before = [place for place in left if _some(starts, place[1] + 1, place[1] + distance)]
    after = [place for place in right if _some(ends, place[0] - distance, place[0] - 1)]
    return before, after


def _some(numbers: list[int], low: int, high: int) -> bool:
    """Is one of the sorted numbers from ``low`` to ``high``, both included?"""
    return bisect_left(numbers, low) < bisect_right(numbers, high)


def _starts(term: Term, wanted: tuple[Token, ...], passage: Passage) -> Iterator[int]:
    """Candidates, from the rarest word of the term."""
    whole = wanted[:-1] if term.prefix else wanted
    positions = passage.positions
    if not whole:
        stem = wanted[0].term
        yield from sorted(i for found, places in positions.items() if found.startswith(stem) for i in places)
        return
    offset = min(range(len(whole)), key=lambda i: len(positions.get(whole[i].term, ())))
    for index in positions.get(whole[offset].term, ()):
        yield index - offset


def _same(wanted: str, found: str, *, open_end: bool) -> bool:
    return found.startswith(wanted) if open_end else found == wanted


def _as_written(term: Term, wanted: Sequence[Token], passage: Passage, start: int) -> bool:
    last = len(wanted) - 1
    for i, (ours, theirs) in enumerate(zip(wanted, passage.tokens[start : start + last + 1], strict=True)):
        written, found = plain(term.text[ours.start : ours.end]), plain(passage.text[theirs.start : theirs.end])
        if not _same(written, found, open_end=term.prefix and i == last):
            return False
    return True
