"""Do words of a text satisfy a condition? Terms, NEAR, SENTENCE, TIMES and what joins them."""

from collections.abc import Sequence

from service.domain.query.passage import Passage, Place, occurrences, stand_near
from service.domain.query.syntax import And, AtLeast, Near, Not, Or, Query, Sentence, Term, Times

__all__ = ["holds_in"]


def holds_in(query: Query, scope: Sequence[Passage]) -> bool:
    """Does the text condition hold in these passages?

    Words are sought in each passage by itself (no phrase runs from the title into the body); AND, OR, NOT and TIMES
    look at the passages together. Raises TypeError for a condition on stored values, which ``parse`` keeps out of here.
    """
    match query:
        case Term():
            return any(True for passage in scope for _ in occurrences(query, passage))
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
            return sum(len(_places(Or(terms), passage)) for passage in scope) >= count
        case _:
            raise TypeError(f"no condition on text: {query!r}")


def _near(query: Near, passage: Passage) -> bool:
    left, right = _places(query.left, passage), _places(query.right, passage)
    if stand_near(left, right, query.distance):
        return True
    return not query.ordered and stand_near(right, left, query.distance)


def _places(query: Query, passage: Passage) -> list[Place]:
    """Where the term, or any term of the Or, stands; each place once, sorted."""
    if isinstance(query, Term):
        return list(occurrences(query, passage))
    if isinstance(query, Or):
        return sorted({place for child in query.children for place in _places(child, passage)})
    raise TypeError(f"no words: {query!r}")
