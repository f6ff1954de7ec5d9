"""Does a query hold for an article, and for which of its mentions? docs/query.md tells the same in a reader's words.

Conditions are decided over a *scene*: the mentions and facts still in question. Each node answers with the scene's part
that satisfies it, or None where it does not hold:

* on text or on the article: the scene as it is;
* ``salience:``, ``confidence``, ``status:``, ``currency:``, ``party:``, ``amount`` are *qualifiers*: the mentions
  (facts) of the scene that have the quality;
* ``entity:`` and ``kind:`` are *anchors*: the mentions (facts) of that name;
* AND first lets every qualifier narrow the scene, then each anchor must hold in what is left, and gives the union;
* OR and ATLEAST give the union of what holds;
* NOT around an anchor says that the whole article has no such thing; NOT around qualifiers keeps what lacks the
  quality.
"""

import operator
from dataclasses import dataclass, replace
from functools import lru_cache

from service.domain.query.fields import FACT_FIELDS, MENTION_FIELDS, TEXT_FIELDS
from service.domain.query.named import named_in, names_entity
from service.domain.query.passage import Passage
from service.domain.query.syntax import (
    And,
    AtLeast,
    Compare,
    Fielded,
    Is,
    Near,
    Not,
    Or,
    Published,
    Query,
    Sentence,
    Term,
    Times,
)
from service.domain.query.text import holds_in
from service.domain.query.values import contains_value, host_matches, is_language, is_value
from service.domain.query.view import ArticleView, FactView, MentionView

__all__ = ["anchors", "evaluate", "matching_facts", "matching_mentions"]

_OPERATORS = {">=": operator.ge, "<=": operator.le, ">": operator.gt, "<": operator.lt}


def evaluate(query: Query, article: ArticleView) -> bool:
    """Does the query hold for the article?"""
    return _select(query, _whole(article), article) is not None


def matching_mentions(query: Query, article: ArticleView) -> tuple[MentionView, ...]:
    """The mentions for which it holds, in the article's order; empty where it does not hold.

    A query without a condition on mentions holds for all of them.
    """
    scene = _select(query, _whole(article), article)
    return () if scene is None else scene.mentions


def matching_facts(query: Query, article: ArticleView) -> tuple[FactView, ...]:
    """The same for the facts."""
    scene = _select(query, _whole(article), article)
    return () if scene is None else scene.facts


@dataclass(frozen=True, slots=True)
class _Scene:
    mentions: tuple[MentionView, ...]
    facts: tuple[FactView, ...]


def _whole(article: ArticleView) -> _Scene:
    return _Scene(article.mentions, article.facts)


def _select(query: Query, scene: _Scene, article: ArticleView) -> _Scene | None:
    match query:
        case And(children):
            return _conjunction(children, scene, article)
        case Or(children):
            return _union(1, children, scene, article)
        case AtLeast(count, children):
            return _union(count, children, scene, article)
        case Not(child):
            return _negation(child, scene, article)
        case Is(field) | Compare(field) if field in MENTION_FIELDS:
            mentions = tuple(m for m in scene.mentions if _of_mention(query, m))
            return replace(scene, mentions=mentions) if mentions else None
        case Is(field) | Compare(field) if field in FACT_FIELDS:
            facts = tuple(f for f in scene.facts if _of_fact(query, f))
            return replace(scene, facts=facts) if facts else None
        case Fielded() | Sentence() | Near() if _names_anchor(query):
            return _named_in_text(query, scene, article)
        case _:
            return scene if _of_article(query, article) else None


def _named_in_text(query: Fielded | Sentence | Near, scene: _Scene, article: ArticleView) -> _Scene | None:
    """Of the scene's mentions, those that are named where the text condition holds."""
    condition, scope = _scope(query, article)
    named = named_in(condition, scope, frozenset(mention.entity for mention in scene.mentions))
    if named is None:
        return None
    return replace(scene, mentions=tuple(m for m in scene.mentions if m.entity in named))


def _conjunction(children: tuple[Query, ...], scene: _Scene, article: ArticleView) -> _Scene | None:
    anchored = [child for child in children if anchors(child)]
    for child in children:
        if not anchors(child):
            narrowed = _select(child, scene, article)
            if narrowed is None:
                return None
            scene = narrowed
    parts = []
    for child in anchored:
        part = _select(child, scene, article)
        if part is None:
            return None
        parts.append((anchors(child), part))
    mentions = [part for kinds, part in parts if "entity" in kinds]
    facts = [part for kinds, part in parts if "kind" in kinds]
    return _merge(scene, mentions or [scene], facts or [scene])


def _union(count: int, children: tuple[Query, ...], scene: _Scene, article: ArticleView) -> _Scene | None:
    parts = [part for child in children if (part := _select(child, scene, article)) is not None]
    return _merge(scene, parts, parts) if len(parts) >= count else None


def _merge(scene: _Scene, mentions: list[_Scene], facts: list[_Scene]) -> _Scene:
    """The union of the parts, in the scene's order."""
    kept_mentions = {m for part in mentions for m in part.mentions}
    kept_facts = {f for part in facts for f in part.facts}
    return _Scene(
        tuple(m for m in scene.mentions if m in kept_mentions), tuple(f for f in scene.facts if f in kept_facts)
    )


def _negation(child: Query, scene: _Scene, article: ArticleView) -> _Scene | None:
    if _names_anchor(child):
        return scene if _select(child, _whole(article), article) is None else None
    match child:
        case Not(inner):
            return _select(inner, scene, article)
        case And(children):
            return _select(Or(tuple(Not(c) for c in children)), scene, article)
        case Or(children):
            return _select(And(tuple(Not(c) for c in children)), scene, article)
        case AtLeast(count, children):
            return _select(AtLeast(len(children) - count + 1, tuple(Not(c) for c in children)), scene, article)
        case Is(field) | Compare(field) if field in MENTION_FIELDS:
            mentions = tuple(m for m in scene.mentions if not _of_mention(child, m))
            return replace(scene, mentions=mentions) if mentions or not scene.mentions else None
        case Is(field) | Compare(field) if field in FACT_FIELDS:
            facts = tuple(f for f in scene.facts if not _of_fact(child, f))
            return replace(scene, facts=facts) if facts or not scene.facts else None
        case _:
            return None if _of_article(child, article) else scene


@lru_cache(maxsize=4096)
def anchors(query: Query) -> frozenset[str]:
    """Which anchors ("entity", "kind") can pick something in it. NOT around an anchor picks nothing."""
    match query:
        case And(children) | Or(children) | AtLeast(_, children):
            return frozenset().union(*map(anchors, children))
        case Not(child):
            return frozenset() if _names_anchor(child) else anchors(child)
        case Is("entity" | "kind" as field):
            return frozenset({field})
        case Fielded(_, child) if names_entity(child, picked=True):
            return frozenset({"entity"})
        case Sentence() | Near() if names_entity(query, picked=True):
            return frozenset({"entity"})
        case _:
            return frozenset()


@lru_cache(maxsize=4096)
def _names_anchor(query: Query) -> bool:
    match query:
        case And(children) | Or(children) | AtLeast(_, children):
            return any(map(_names_anchor, children))
        case Not(child):
            return _names_anchor(child)
        case Is("entity" | "kind"):
            return True
        case Fielded(_, child):
            return names_entity(child)
        case Sentence() | Near():
            return names_entity(query)
        case _:
            return False


def _of_mention(query: Is | Compare, mention: MentionView) -> bool:
    if isinstance(query, Compare):
        return bool(_OPERATORS[query.operator](mention.confidence, query.value))
    return is_value(query.value, mention.entity if query.field == "entity" else mention.salience)


def _of_fact(query: Is | Compare, fact: FactView) -> bool:
    if isinstance(query, Compare):
        return fact.amount is not None and bool(_OPERATORS[query.operator](fact.amount, query.value))
    if query.field == "party":
        return any(is_value(query.value, party) for party in fact.parties)
    values = {"kind": fact.kind, "status": fact.status, "currency": fact.currency}
    value = values[query.field]
    return value is not None and is_value(query.value, value)


def _of_article(query: Query, article: ArticleView) -> bool:
    match query:
        case Is("source", value):
            url = article.source_url
            return is_value(value, article.source_title) or is_value(value, url) or host_matches(value, url)
        case Is("tag", value):
            return any(is_value(value, tag) for tag in article.tags)
        case Is("lang", value):
            return article.language is not None and is_language(value, article.language)
        case Is("url", value):
            return contains_value(value, article.url)
        case Published(since, until):
            at = article.published_at
            return at is not None and (since is None or since <= at) and (until is None or at < until)
        case Fielded() | Term() | Near() | Sentence() | Times():
            return holds_in(*_scope(query, article))
        case _:
            raise TypeError(f"no condition on an article: {query!r}")


def _scope(query: Query, article: ArticleView) -> tuple[Query, tuple[Passage, ...]]:
    """A text condition, and the passages in which it is to hold."""
    if isinstance(query, Fielded):
        words = (article.title_words, article.lead_words, article.body_words)[TEXT_FIELDS.index(query.field)]
        return query.child, (words,)
    return query, (article.title_words, article.body_words)
