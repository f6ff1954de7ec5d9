"""A second evaluator for conditions on words: slow, plain, written from docs/query.md.

It shares only the splitting into words and sentences with the real one.
"""

import unicodedata

from service.domain.query import ArticleView, Query, tokenize
from service.domain.query.sentences import sentence_spans
from service.domain.query.syntax import And, AtLeast, Fielded, Is, Near, Not, Or, Sentence, Term, Times
from service.domain.query.values import is_value

Word = tuple[str, str]
"""Folded, and as written."""
Named = list[tuple[str, int, int]]
"""Entities, and where they stand in a text."""


def holds(query: Query, article: ArticleView) -> bool:
    return _holds(query, [_part(article, "title"), _part(article, "text")], article)


def _part(article: ArticleView, field: str) -> tuple[str, Named]:
    text = article.title if field == "title" else article.text
    return text, [(m.entity, a, b) for m in article.mentions for where, a, b in m.places if where == field]


def _cut(part: tuple[str, Named], start: int, end: int) -> tuple[str, Named]:
    text, named = part
    return text[start:end], [(name, a - start, b - start) for name, a, b in named if start <= a and b <= end]


def _holds(query: Query, scope: list[tuple[str, Named]], article: ArticleView) -> bool:
    match query:
        case Is("entity", value):
            return any(is_value(value, name) for _, named in scope for name, _, _ in named)
        case And(children):
            return all(_holds(child, scope, article) for child in children)
        case Or(children):
            return any(_holds(child, scope, article) for child in children)
        case Not(child):
            return not _holds(child, scope, article)
        case AtLeast(count, children):
            return [_holds(child, scope, article) for child in children].count(True) >= count
        case Fielded(field, child):
            part = _part(article, "title" if field == "title" else "text")
            if field == "lead":
                part = _cut(part, 0, len(_lead(article.text)))
            return _holds(child, [part], article)
        case Sentence(child):
            sentences = [_cut(part, a, b) for part in scope for a, b in sentence_spans(part[0])]
            return any(_holds(child, [sentence], article) for sentence in sentences)
        case Times(count, terms):
            return sum(len({p for term in terms for p in _places(term, part)}) for part in scope) >= count
        case Near(left, right, distance, ordered):
            return any(_near(left, right, distance, part, ordered=ordered) for part in scope)
        case Term():
            return any(_places(query, part) for part in scope)
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


def _places(query: Query, part: tuple[str, Named]) -> list[tuple[int, int]]:
    if isinstance(query, Or):
        return [place for child in query.children for place in _places(child, part)]
    text, named = part
    words = _words(text)
    if isinstance(query, Is):
        covered = [
            [i for i, token in enumerate(tokenize(text)) if token.start < end and start < token.end]
            for name, start, end in named
            if is_value(query.value, name)
        ]
        return [(found[0], found[-1]) for found in covered if found]
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


def _near(left: Query, right: Query, distance: int, part: tuple[str, Named], *, ordered: bool) -> bool:
    for a in _places(left, part):
        for b in _places(right, part):
            if 0 < b[0] - a[1] <= distance or (not ordered and 0 < a[0] - b[1] <= distance):
                return True
    return False
