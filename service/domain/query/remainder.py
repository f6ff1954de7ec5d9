"""What the evaluator still has to judge of an article that the full-text index named.

The index holds the evaluator's own terms. Of single words and what joins them by AND and OR its answer is therefore the
evaluator's. SQLite's, which knows the words' ``places``, in the title or in the text, decides about phrases, ``title:``
and ``body:`` as well.
"""

from service.domain.query.passage import term_tokens
from service.domain.query.syntax import And, AtLeast, Fielded, Near, Not, Or, Query, Sentence, Term, Times

__all__ = ["only_words", "reads_words", "remainder"]


def only_words(query: Query, *, places: bool) -> bool:
    """Whether it asks for words and what joins them, and nothing else: then the index alone decides."""
    match query:
        case Term(exact=exact):
            count = len(term_tokens(query.text))
            return not exact and (count == 1 or (places and count > 1))
        case And(children) | Or(children):
            return all(only_words(child, places=places) for child in children)
        case Fielded("title" | "body", child):
            return places and only_words(child, places=True)
        case _:
            return False


def remainder(query: Query, *, places: bool) -> Query | None:
    """The part that must be evaluated of articles for which the index said yes to all of ``query``; None for nothing.

    Of every such article ``evaluate``, ``matching_mentions`` and ``matching_facts`` say the same of both.
    """
    if only_words(query, places=places):
        return None
    if not isinstance(query, And):
        return query
    # The And stays about a single part: what an AND picks of mentions and facts is not what the part alone picks.
    return And(tuple(part for part in query.children if not only_words(part, places=places)))


def reads_words(query: Query) -> bool:
    """Whether evaluating it takes the article's title and text."""
    match query:
        case Term() | Near() | Sentence() | Times() | Fielded():
            return True
        case And(children) | Or(children) | AtLeast(_, children):
            return any(map(reads_words, children))
        case Not(child):
            return reads_words(child)
        case _:
            return False
