"""Where the words of a query stand in an article, to show them and to weigh the article by them. Pure.

Query + ArticleView -> words_of, hits_in -> highlight -> Highlight   what a result shows
                                         -> relevance -> a number    what it is ordered by, on request

    relevance = words + 2 * named
    words     sum over the query's words of  idf * f * 2.2 / (f + 1.2 * (0.25 + 0.75 * length / average length))
    f         3 a time in the title, 2 in the lead, 1 elsewhere; length in words
    idf       ln(1 + (N - n + 0.5) / (n + 0.5)), n of the N articles that are compared have the word
    named     confidence * (main 1, secondary 0.5, passing 0.2) of the mention, or of the best of an article

Words are weighed as in S. Robertson and H. Zaragoza, "The Probabilistic Relevance Framework: BM25 and Beyond" (2009),
with its usual constants.
"""

from bisect import bisect_right
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import log
from typing import Final

from service.domain.model import Salience
from service.domain.query.evaluate import matching_mentions
from service.domain.query.passage import Passage, occurrences
from service.domain.query.syntax import And, AtLeast, Fielded, Near, Or, Query, Sentence, Term, Times
from service.domain.query.view import ArticleView, MentionView

__all__ = ["Highlight", "Marked", "highlight", "relevance"]

_EVERYWHERE: Final = ("title", "body")
_IN_TITLE, _IN_LEAD, _ELSEWHERE = 3.0, 2.0, 1.0
_SATURATION, _BY_LENGTH = 1.2, 0.75
_NAMED: Final = 2.0
_SALIENCE: Final = {Salience.MAIN: 1.0, Salience.SECONDARY: 0.5, Salience.PASSING: 0.2}
_LONGEST: Final = 240
"""Characters of a snippet."""
_BEFORE: Final = 60
"""Characters of it before its first hit, where there are so many."""

Word = tuple[Term, str]
"""A term, and the part in which it is sought: title, lead or body."""


@dataclass(frozen=True, slots=True, order=True)
class Marked:
    """``text[start:end]``, in code points. ``kind``: ``name`` of an entity, or ``word`` of the query."""

    start: int
    end: int
    kind: str


@dataclass(frozen=True, slots=True)
class Highlight:
    """Plain text, to be escaped by whoever shows it. ``text``: a stretch of the article of at most 240 characters, on
    one line. Marks are in order and never overlap."""

    title: tuple[Marked, ...]
    text: str
    spans: tuple[Marked, ...]


def highlight(query: Query | None, article: ArticleView, names: Iterable[str]) -> Highlight:
    """Where the query's words, and the names of these entities, stand in the title and in the stretch of the text that
    has most of them."""
    words = list(_words(query)) if query is not None else []
    wanted = set(names)
    title = _apart([*_marks(words, "title", article), *_names(article, "title", wanted)])
    inside = [*_marks(words, "body", article), *_marks(words, "lead", article), *_names(article, "text", wanted)]
    start, end = _stretch(article.body_words, found := _apart(inside), len(article.text))
    shown = tuple(Marked(m.start - start, m.end - start, m.kind) for m in found if m.start >= start and m.end <= end)
    text = article.text[start:end].translate({10: " ", 13: " ", 9: " "})
    return Highlight(tuple(title), text, shown)


def relevance(query: Query | None, articles: Sequence[tuple[ArticleView, str | None]]) -> list[float]:
    """How well each answers, compared with the others. With each article the entity whose mention is meant, or None
    where the whole article is."""
    words: dict[Term, set[str]] = {}
    for term, part in _words(query) if query is not None else ():
        words.setdefault(term, set()).add(part)
    counted = [{w: times for w, parts in words.items() if (times := _times(w, parts, view))} for view, _ in articles]
    having = Counter(word for found in counted for word in found)
    rarity = {word: log(1 + (len(articles) - count + 0.5) / (count + 0.5)) for word, count in having.items()}
    lengths = [len(view.title_words.terms) + len(view.body_words.terms) for view, _ in articles]
    average = max(1.0, sum(lengths) / max(1, len(lengths)))
    return [
        _weight(found, rarity, length / average) + _NAMED * _named(query, view, entity)
        for (view, entity), found, length in zip(articles, counted, lengths, strict=True)
    ]


def _weight(found: Mapping[Term, float], rarity: Mapping[Term, float], length: float) -> float:
    allowance = _SATURATION * (1 - _BY_LENGTH + _BY_LENGTH * length)
    return sum(rarity[word] * times * (_SATURATION + 1) / (times + allowance) for word, times in found.items())


def _named(query: Query | None, view: ArticleView, entity: str | None) -> float:
    meant: Iterable[MentionView] = matching_mentions(query, view) if query is not None else view.mentions
    return max(
        (m.confidence * _SALIENCE[m.salience] for m in meant if entity is None or m.entity == entity), default=0.0
    )


def _words(query: Query, parts: tuple[str, ...] = _EVERYWHERE) -> Iterable[Word]:
    """Those that speak for an article: not what stands behind NOT."""
    match query:
        case Term():
            yield from ((query, part) for part in parts)
        case Fielded(field, child):
            yield from _words(child, (field,))
        case Sentence(child):
            yield from _words(child, parts)
        case And(children) | Or(children) | AtLeast(_, children) | Times(_, children):
            for child in children:
                yield from _words(child, parts)
        case Near(left, right):
            yield from _words(left, parts)
            yield from _words(right, parts)


def _times(term: Term, parts: Collection[str], view: ArticleView) -> float:
    in_lead = _count(term, view.lead_words) if "lead" in parts or "body" in parts else 0
    elsewhere = _count(term, view.body_words) - in_lead if "body" in parts else 0
    in_title = _count(term, view.title_words) if "title" in parts else 0
    return _IN_TITLE * in_title + _IN_LEAD * in_lead + _ELSEWHERE * elsewhere


def _count(term: Term, passage: Passage) -> int:
    return sum(1 for _ in occurrences(term, passage))


def _marks(words: Iterable[Word], part: str, view: ArticleView) -> Iterable[Marked]:
    passage = {"title": view.title_words, "lead": view.lead_words, "body": view.body_words}[part]
    for term, where in words:
        if where == part:
            for first, last in occurrences(term, passage):
                yield Marked(passage.tokens[first].start, passage.tokens[last].end, "word")


def _names(view: ArticleView, field: str, wanted: set[str]) -> Iterable[Marked]:
    for mention in view.mentions:
        if mention.entity in wanted:
            yield from (Marked(start, end, "name") for where, start, end in mention.places if where == field)


def _apart(marks: Iterable[Marked]) -> list[Marked]:
    """Of those that overlap the first, of those that begin together the longest, a name before a word."""
    found: list[Marked] = []
    for mark in sorted(marks, key=lambda m: (m.start, -m.end, m.kind)):
        if mark.start < mark.end and (not found or mark.start >= found[-1].end):
            found.append(mark)
    return found


def _stretch(words: Passage, marks: Sequence[Marked], length: int) -> tuple[int, int]:
    """From where to where to show the text: at the words' edges, where most marks lie."""
    ends = [mark.end for mark in marks]
    held = [bisect_right(ends, mark.start - _BEFORE + _LONGEST) - number for number, mark in enumerate(marks)]
    best = marks[held.index(max(held))].start if marks else 0
    start = max(0, best - _BEFORE)
    end = min(length, start + _LONGEST)
    whole = [token for token in words.tokens if start <= token.start and token.end <= end]
    if whole and start > 0:
        start = min(best, whole[0].start)
    if whole and end < length:
        end = max(whole[-1].end, *(mark for mark in ends if mark <= end), start)
    return start, end
