"""At which part a query fails for an article, in the query's own words."""

from service.domain.query.evaluate import evaluate
from service.domain.query.printer import print_query
from service.domain.query.syntax import And, AtLeast, Query
from service.domain.query.view import ArticleView

__all__ = ["missed_parts"]


def missed_parts(query: Query, article: ArticleView) -> tuple[str, ...]:
    """The smallest parts that do not hold, in the query's order; empty where the query holds.

    Of an AND, each part that fails by itself; where each holds by itself, no one mention (or fact) has them all. Of an
    OR nothing holds, so it is told whole.
    """
    if evaluate(query, article):
        return ()
    match query:
        case And(children):
            failing = [part for child in children for part in missed_parts(child, article)]
            return tuple(dict.fromkeys(failing)) or (f"{print_query(query)} (each part holds, but not of one thing)",)
        case AtLeast(count, children):
            holding = sum(evaluate(child, article) for child in children)
            return (f"{print_query(query)} ({holding} of {count} hold)",)
        case _:
            return (print_query(query),)
