"""What the evaluator still has to judge of an article that the full-text index named.

The index holds the evaluator's own terms. Of single words and what joins them by AND and OR its answer is therefore the
evaluator's; of a phrase it is not (one may run from the title into the text, and PostgreSQL's vector has no places).
"""

from service.domain.query.passage import term_tokens
from service.domain.query.syntax import And, AtLeast, Fielded, Near, Not, Or, Query, Sentence, Term, Times

__all__ = ["only_words", "reads_words", "remainder"]


def only_words(query: Query) -> bool:
    """Whether it asks for single words and what joins them, and nothing else: then the index alone decides."""
    match query:
        case Term(exact=exact):
            return not exact and len(term_tokens(query.text)) == 1
        case And(children) | Or(children):
            return all(map(only_words, children))
        case _:
            return False


def remainder(query: Query) -> Query | None:
    """The part that must be evaluated of articles for which the index said yes to all of ``query``; None for nothing.

    Of every such article ``evaluate``, ``matching_mentions`` and ``matching_facts`` say the same of both.
    """
    if only_words(query):
        return None
    if not isinstance(query, And):
        return query
    # The And stays about a single part: what an AND picks of mentions and facts is not what the part alone picks.
    return And(tuple(part for part in query.children if not only_words(part)))


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
