"""A second evaluator for conditions on words: slow, plain, written from docs/query.md.

It shares only the splitting into words and sentences with the real one.
"""

import unicodedata

from service.domain.query import ArticleView, Query, tokenize
from service.domain.query.sentences import sentence_spans
from service.domain.query.syntax import And, AtLeast, Fielded, Near, Not, Or, Sentence, Term, Times

Word = tuple[str, str]
"""Folded, and as written."""


def holds(query: Query, article: ArticleView) -> bool:
    return _holds(query, [article.title, article.text], article)


def _holds(query: Query, scope: list[str], article: ArticleView) -> bool:
    match query:
        case And(children):
            return all(_holds(child, scope, article) for child in children)
        case Or(children):
            return any(_holds(child, scope, article) for child in children)
        case Not(child):
            return not _holds(child, scope, article)
        case AtLeast(count, children):
            return [_holds(child, scope, article) for child in children].count(True) >= count
        case Fielded(field, child):
            part = {"title": article.title, "body": article.text, "lead": _lead(article.text)}[field]
            return _holds(child, [part], article)
        case Sentence(child):
            return any(_holds(child, [text[a:b]], article) for text in scope for a, b in sentence_spans(text))
        case Times(count, terms):
            return sum(len({p for term in terms for p in _places(term, _words(text))}) for text in scope) >= count
        case Near(left, right, distance, ordered):
            return any(_near(left, right, distance, _words(text), ordered=ordered) for text in scope)
        case Term():
            return any(_places(query, _words(text)) for text in scope)
    raise AssertionError(query)


def _lead(text: str) -> str:
    """The first paragraph that has words, from 40 to 120 of them."""
    tokens = tokenize(text)
    if not tokens:
        return ""
    first = next(i for i, line in enumerate(text.split("\n")) if tokenize(line))
    paragraph = len(tokenize(text.split("\n")[first]))
    kept = tokens[: max(40, min(120, paragraph))]
    return text[: kept[-1].end]


def _words(text: str) -> list[Word]:
    invisible = {ord("\u00ad"): None}
    return [
        (token.term, unicodedata.normalize("NFC", text[token.start : token.end].translate(invisible)))
        for token in tokenize(text)
    ]


def _places(query: Query, words: list[Word]) -> list[tuple[int, int]]:
    if isinstance(query, Or):
        return [place for child in query.children for place in _places(child, words)]
    assert isinstance(query, Term)
    wanted = _words(query.text)
    found = []
    for start in range(len(words) - len(wanted) + 1):
        window = words[start : start + len(wanted)]
        if all(_fits(query, wanted, window, i) for i in range(len(wanted))):
            found.append((start, start + len(wanted) - 1))
    return found


def _fits(query: Term, wanted: list[Word], window: list[Word], i: int) -> bool:
    forms = (0, 1) if query.exact else (0,)
    if query.prefix and i == len(wanted) - 1:
        return all(window[i][form].startswith(wanted[i][form]) for form in forms)
    return all(window[i][form] == wanted[i][form] for form in forms)


def _near(left: Query, right: Query, distance: int, words: list[Word], *, ordered: bool) -> bool:
    for a in _places(left, words):
        for b in _places(right, words):
            if 0 < b[0] - a[1] <= distance or (not ordered and 0 < a[0] - b[1] <= distance):
                return True
    return False
