"""Do words of a text satisfy a condition? Terms, NEAR, SENTENCE, TIMES and what joins them."""

from collections.abc import Sequence

from service.domain.query.passage import Passage, Place, occurrences, stand_near
from service.domain.query.syntax import And, AtLeast, Is, Near, Not, Or, Query, Sentence, Term, Times
from service.domain.query.values import is_value

__all__ = ["holds_in", "places"]


def holds_in(query: Query, scope: Sequence[Passage]) -> bool:
    """Does the text condition hold in these passages?

    Words are sought in each passage by itself (no phrase runs from the title into the body); AND, OR, NOT and TIMES
    look at the passages together. ``entity:`` holds where such an entity is named. Raises TypeError for a condition
    on other stored values, which ``parse`` keeps out of here.
    """
    match query:
        case Term():
            return any(True for passage in scope for _ in occurrences(query, passage))
        case Is("entity", value):
            return any(is_value(value, name) for passage in scope for name, _ in passage.named)
        case And(children):
            return all(holds_in(child, scope) for child in children)
        case Or(children):
            return any(holds_in(child, scope) for child in children)
        case Not(child):
            return not holds_in(child, scope)
        case AtLeast(count, children):
            return sum(holds_in(child, scope) for child in children) >= count
        case Near():
            return any(_near(query, passage) for passage in scope)
        case Sentence(child):
            return any(holds_in(child, (sentence,)) for passage in scope for sentence in passage.sentences)
        case Times(count, terms):
            return sum(len(places(Or(terms), passage)) for passage in scope) >= count
        case _:
            raise TypeError(f"no condition on text: {query!r}")


def _near(query: Near, passage: Passage) -> bool:
    left, right = places(query.left, passage), places(query.right, passage)
    if stand_near(left, right, query.distance):
        return True
    return not query.ordered and stand_near(right, left, query.distance)


def places(query: Query, passage: Passage, allowed: frozenset[str] | None = None) -> list[Place]:
    """Where the term or entity, or any of the Or, stands; each place once, sorted. ``allowed``: of entities, only these
    count."""
    if isinstance(query, Term):
        return list(occurrences(query, passage))
    if isinstance(query, Or):
        return sorted({place for child in query.children for place in places(child, passage, allowed)})
    if isinstance(query, Is):
        named = {place for name, place in passage.named if is_value(query.value, name) and _may(name, allowed)}
        return sorted(named)
    raise TypeError(f"no words: {query!r}")


def _may(name: str, allowed: frozenset[str] | None) -> bool:
    return allowed is None or name in allowed
