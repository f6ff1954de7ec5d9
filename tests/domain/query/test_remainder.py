"""What the full-text index decides alone need not be judged again, and only that."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.domain.query import (
    ArticleView,
    Query,
    evaluate,
    matching_facts,
    matching_mentions,
    only_words,
    parse,
    picked_entities,
    reads_words,
    remainder,
    tokenize,
)
from service.domain.query.syntax import And, Or, Term
from service.domain.query.tokens import terms
from service.domain.query.values import is_value
from tests.domain.query import strategies as generated

single = st.builds(Term, st.sampled_from(["oracle", "HPE", "über", "京", "½", "da"]), prefix=st.booleans())
words = st.recursive(single, lambda some: st.builds(Or, generated.pairs(some)) | st.builds(And, generated.pairs(some)))
queries = generated.queries | st.builds(
    lambda some, others: And((*some, *others)),
    st.lists(words, min_size=1, max_size=2),
    st.lists(generated.queries, min_size=1, max_size=3),
)


@given(queries, generated.articles)
def test_of_what_the_index_named_the_remainder_says_the_same(query: Query, article: ArticleView) -> None:
    parts = query.children if isinstance(query, And) else (query,)
    if not all(evaluate(part, article) for part in parts if only_words(part)):
        assert not evaluate(query, article)
        return
    left = remainder(query)
    if left is None:
        assert evaluate(query, article)
        assert matching_mentions(query, article) == article.mentions
        assert matching_facts(query, article) == article.facts
    else:
        seen = article if reads_words(left) else without_words(article)
        assert evaluate(left, seen) == evaluate(query, article)
        assert [m.entity for m in matching_mentions(left, seen)] == [
            m.entity for m in matching_mentions(query, article)
        ]
        assert matching_facts(left, seen) == matching_facts(query, article)


def without_words(article: ArticleView) -> ArticleView:
    return ArticleView(
        "",
        "",
        article.url,
        article.source_title,
        article.source_url,
        article.tags,
        article.language,
        article.published_at,
        article.mentions,
        article.facts,
    )


@pytest.mark.parametrize(
    ("query", "left"),
    [
        ("oracle", None),
        ("oracle cloud (deal OR sale)", None),
        # one phrase may run from the title into the text
        ('"oracle cloud"', '"oracle cloud"'),
        # the index knows neither case nor places
        ("=HPE", "=HPE"),
        ("title:oracle", "title:oracle"),
        ("NOT oracle", "NOT oracle"),
        # Han letters are a term each: a word of two is a phrase
        ("東京", "東京"),
    ],
)
def test_what_is_left(query: str, left: str | None) -> None:
    assert remainder(parse(query)) == (None if left is None else parse(left))


@given(queries, generated.articles)
def test_who_is_picked_is_one_of_those_that_the_query_names(query: Query, article: ArticleView) -> None:
    choice = picked_entities(query)
    if choice is not None:
        for mention in matching_mentions(query, article):
            assert any(is_value(value, mention.entity) for value in choice)


def test_a_word_beside_a_name_picks_all_mentions() -> None:
    assert picked_entities(parse("entity:HPE AND (entity:xAI OR deal)")) is None
    assert picked_entities(parse("(entity:HPE OR entity:xAI) deal")) == frozenset({"HPE", "xAI"})


@given(generated.texts | generated.wild_texts)
def test_terms_are_those_of_the_tokens(text: str) -> None:
    assert terms(text) == [token.term for token in tokenize(text)]
