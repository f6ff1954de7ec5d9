"""Find every place where a pattern stands between boundaries, and settle what overlaps.

    NormalText -> automaton (overlapping) -> Candidate (edges and casing fit) -> settle() -> kept, swallowed

Linear in text and number of hits.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from ahocorasick_rs import AhoCorasick, MatchKind

from service.domain.matching.boundary import Edge, left_edge, right_edge
from service.domain.matching.normal import NormalText
from service.domain.matching.patterns import Pattern, PatternTable, Role
from service.domain.matching.tickers import in_brackets, is_listed, stands_bare
from service.domain.model import Entity, Field, Strength

__all__ = ["Candidate", "Scanner", "Swallowed", "settle"]

_MARKS = frozenset(["", *(chr(code) for code in range(128) if not chr(code).isalnum())])
"""A blank or a sign in ASCII, or none: a boundary at sight."""


@dataclass(slots=True)
class Candidate:
    """A stretch of a field's plain text that may name an entity."""

    pattern: Pattern
    field: Field
    start: int
    end: int
    written: str
    glued: bool
    listed: bool = False
    """A ticker with its exchange, its dollar sign or its agency suffix."""


@dataclass(frozen=True, slots=True)
class Swallowed:
    """A candidate that is only a part of a longer name."""

    candidate: Candidate
    by: str


class Scanner:
    """The automaton. Immutable."""

    def __init__(self, table: PatternTable) -> None:
        self._table = table
        self._automaton = (
            AhoCorasick(table.keys, matchkind=MatchKind.Standard, store_patterns=False) if table.keys else None
        )

    def candidates(self, field: Field, text: NormalText, language: str | None) -> list[Candidate]:
        """Every pattern that stands at boundaries with a casing that counts, masks included; unordered."""
        found: list[Candidate] = []
        plain = text.plain
        if self._automaton is not None:
            lists = self._table.lists
            fitting: dict[tuple[int, str], tuple[str, list[Pattern]]] = {}
            for key, start, end in self._automaton.find_matches_as_indexes(text.folded, overlapping=True):
                if plain[start - 1 : start] in _MARKS and plain[end : end + 1] in _MARKS:
                    edge = Edge.CLEAR  # a boundary at sight on both sides, as most have
                else:
                    edge = _edges(plain, start, end, language)
                if edge:
                    written = plain[start:end]
                    known = fitting.get((key, written))
                    if known is None:
                        known = fitting[key, written] = (written, _fitting(lists[key], written, language))
                    written, patterns = known  # one object for all places that write it alike
                    glued = edge is Edge.GLUED
                    for pattern in patterns:
                        if pattern.role is Role.ALIAS:
                            found.append(Candidate(pattern, field, start, end, written, glued))
                        else:
                            found.extend(_of_role(pattern, field, plain, start, end, written, glued=glued))
        for expression in self._table.expressions:
            for hit in expression.search.finditer(plain):
                start, end = hit.span()
                edge = _edges(plain, start, end, language) if end > start else Edge.NONE
                if edge:
                    written = plain[start:end]
                    if _fitting((expression.pattern,), written, language):
                        found.append(Candidate(expression.pattern, field, start, end, written, edge is Edge.GLUED))
        return found


def _edges(plain: str, start: int, end: int, language: str | None) -> Edge:
    """The worse of the boundaries on both sides."""
    left = left_edge(plain, start, end)
    return min(left, right_edge(plain, start, end, language)) if left else Edge.NONE


def _fitting(patterns: Iterable[Pattern], written: str, language: str | None) -> list[Pattern]:
    """Those that count in this language and casing."""
    return [
        pattern
        for pattern in patterns
        if (pattern.language is None or language is None or pattern.language == language)
        and pattern.casing_fits(written)
    ]


def _of_role(
    pattern: Pattern, field: Field, plain: str, start: int, end: int, written: str, *, glued: bool
) -> Iterator[Candidate]:
    """The candidate of a ticker, domain, product or mask, where it may be one."""
    role = pattern.role
    listed = role is Role.TICKER and is_listed(pattern, plain, start, end)
    if role is Role.TICKER and not listed:
        small = written.islower() and not in_brackets(plain, start, end)
        if small or not stands_bare(pattern):
            return
    if glued and role in (Role.MASK, Role.DOMAIN):
        return
    if role is Role.DOMAIN and not (_is_package if pattern.package else _is_host_end)(plain, start, end):
        return
    yield Candidate(pattern, field, start, end, written, glued, listed)


def _is_host_end(plain: str, start: int, end: int) -> bool:
    """Whether an address's host ends here, or goes on with a country's two letters ("example.com.br")."""
    if start and plain[start - 1] in "-_":
        return False
    tail = plain[end : end + 4]
    if tail[:1] in {"-", "_"}:
        return False
    if len(tail) > 1 and tail[0] == "." and tail[1].isalnum():
        return len(tail) > 2 and tail[2].isalnum() and not tail[3:].isalnum()
    return True


def _is_package(plain: str, start: int, end: int) -> bool:
    """Whether a package's name begins here: "com.example" before ".module"."""
    alone = not start or plain[start - 1] not in ".-_/"
    return alone and plain[end : end + 1] == "." and plain[end + 1 : end + 2].isalpha()


_RANK = {Role.DOMAIN: 0, Role.TICKER: 1, Role.ALIAS: 2, Role.PRODUCT: 3, Role.MASK: 4}


def settle(entities: Sequence[Entity], candidates: Iterable[Candidate]) -> tuple[list[Candidate], list[Swallowed]]:
    """Keep the longest name at each place of one field.

    - A mask swallows what lies wholly inside it and is shorter; what only overlaps it stays.
    - An entity's longer name takes in its own shorter one, silently.
    - A strong longer name of another entity swallows a shorter one, unless naming that other names its parent.
    """
    candidates = list(candidates)
    if all(one.end <= next_one.start for one, next_one in pairwise(candidates)):
        return [one for one in candidates if one.pattern.role is not Role.MASK], []
    ordered = sorted(candidates, key=lambda c: (c.start, -c.end, _RANK[c.pattern.role], not c.listed))
    kept: list[Candidate] = []
    swallowed: list[Swallowed] = []
    masks: dict[int, Candidate] = {}
    own: dict[int, Candidate] = {}
    longest: list[Candidate] = []
    for candidate in ordered:
        index = candidate.pattern.entity
        if candidate.pattern.role is Role.MASK:
            _extend(masks, index, candidate)
            continue
        mask = masks.get(index)
        if mask is not None and _inside(candidate, mask):
            swallowed.append(Swallowed(candidate, mask.pattern.text))
            continue
        mine = own.get(index)
        if mine is not None and candidate.start < mine.end:
            continue
        if longest:
            longest = [other for other in longest if other.end > candidate.start]
        other = next((o for o in longest if _inside(candidate, o) and _may_swallow(entities, o, index)), None)
        if other is not None:
            swallowed.append(Swallowed(candidate, other.pattern.text))
            continue
        own[index] = candidate
        kept.append(candidate)
        longest.append(candidate)
    return kept, swallowed


def _extend(furthest: dict[int, Candidate], index: int, candidate: Candidate) -> None:
    known = furthest.get(index)
    if known is None or candidate.end > known.end:
        furthest[index] = candidate


def _inside(candidate: Candidate, other: Candidate) -> bool:
    """Whether ``candidate`` lies within ``other`` and is shorter."""
    return (
        other.start <= candidate.start
        and candidate.end <= other.end
        and (other.start < candidate.start or candidate.end < other.end)
    )


def _may_swallow(entities: Sequence[Entity], longer: Candidate, index: int) -> bool:
    entity = entities[longer.pattern.entity]
    if longer.pattern.entity == index or longer.pattern.strength is not Strength.STRONG:
        return False
    return not (entity.names_parent and entity.parent == entities[index].name)
