"""For which mentions does a condition on text hold that names entities: ``SENTENCE(entity:HPE entity:xAI)``?"""

from collections.abc import Iterable, Iterator, Sequence

from service.domain.query.passage import Passage, Place, near_pairs
from service.domain.query.syntax import And, AtLeast, Fielded, Is, Near, Not, Or, Query, Sentence, Term, Times
from service.domain.query.text import holds_in, places
from service.domain.query.values import is_value

__all__ = ["entities_in", "named_in", "names_entity"]


def entities_in(query: Query | tuple[Query, ...]) -> list[str]:
    """All that a query says of entities, wherever it stands: names and patterns."""
    match query:
        case Is("entity", value):
            return [value]
        case tuple():
            return [value for part in query for value in entities_in(part)]
        case And(children) | Or(children) | AtLeast(_, children):
            return entities_in(children)
        case Near(left, right):
            return entities_in((left, right))
        case Not(child) | Sentence(child) | Fielded(_, child):
            return entities_in(child)
        case _:
            return []


def names_entity(query: Query, *, picked: bool = False) -> bool:
    """Does ``entity:`` stand in this condition on text? ``picked``: outside of a NOT, so that it picks mentions."""
    match query:
        case Is():
            return True
        case And(children) | Or(children) | AtLeast(_, children):
            return any(names_entity(child, picked=picked) for child in children)
        case Near(left, right):
            return names_entity(left) or names_entity(right)
        case Sentence(child):
            return names_entity(child, picked=picked)
        case Not(child):
            return not picked and names_entity(child)
        case _:
            return False


def named_in(query: Query, scope: Sequence[Passage], allowed: frozenset[str]) -> frozenset[str] | None:
    """The entities of ``allowed`` that make the condition hold in these passages; None where it does not hold.

    As everywhere in the language: what names nobody holds for all of ``allowed``, AND gives the union of its parts that
    name somebody, OR and ATLEAST the union of what holds, and NOT looks at all mentions.
    """
    match query:
        case Is(_, value):
            found = {name for passage in scope for name, _ in passage.named if is_value(value, name)}
            return allowed & found or None
        case And(children):
            parts = [(child, named_in(child, scope, allowed)) for child in children]
            if any(part is None for _, part in parts):
                return None
            picking = [part for child, part in parts if names_entity(child, picked=True)]
            return _union(picking) if picking else allowed
        case Or(children):
            return _at_least(1, children, scope, allowed)
        case AtLeast(count, children):
            return _at_least(count, children, scope, allowed)
        case Sentence(child):
            found_in = [named_in(child, (sentence,), allowed) for passage in scope for sentence in passage.sentences]
            held = [part for part in found_in if part is not None]
            return _union(held) if held else None
        case Near():
            return _near(query, scope, allowed)
        case Not() | Term() | Times():
            return allowed if holds_in(query, scope) else None
        case _:
            raise TypeError(f"no condition on text: {query!r}")


def _at_least(
    count: int, children: Sequence[Query], scope: Sequence[Passage], allowed: frozenset[str]
) -> frozenset[str] | None:
    parts = [part for child in children if (part := named_in(child, scope, allowed)) is not None]
    return _union(parts) if len(parts) >= count else None


def _near(query: Near, scope: Sequence[Passage], allowed: frozenset[str]) -> frozenset[str] | None:
    """Those that take part in a pair; all where a pair of mere words is one."""
    found: set[str] = set()
    held = False
    for passage in scope:
        left, right = places(query.left, passage, allowed), places(query.right, passage, allowed)
        pairs = [near_pairs(left, right, query.distance)]
        if not query.ordered:
            pairs.append(near_pairs(right, left, query.distance)[::-1])
        for before, after in pairs:
            held = held or bool(before)
            found |= _names(query.left, before, passage, allowed) | _names(query.right, after, passage, allowed)
    if not held:
        return None
    return frozenset(found) or allowed


def _names(query: Query, at: Iterable[Place], passage: Passage, allowed: frozenset[str]) -> set[str]:
    """Who stands at these places, of those that the operand asks for."""
    where = set(at)
    values = list(_asked(query))
    return {
        name
        for name, place in passage.named
        if place in where and name in allowed and any(is_value(value, name) for value in values)
    }


def _asked(query: Query) -> Iterator[str]:
    if isinstance(query, Is):
        yield query.value
    elif isinstance(query, Or):
        for child in query.children:
            yield from _asked(child)


def _union(parts: Iterable[frozenset[str] | None]) -> frozenset[str]:
    return frozenset().union(*(part for part in parts if part is not None))
