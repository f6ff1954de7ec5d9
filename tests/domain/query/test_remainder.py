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
from service.domain.query.syntax import And, Fielded, Or, Term
from service.domain.query.tokens import terms
from service.domain.query.values import is_value
from tests.domain.query import strategies as generated

single = st.builds(Term, st.sampled_from(["oracle", "HPE", "über", "京", "½", "da"]), prefix=st.booleans())
phrase = st.builds(Term, st.sampled_from(["oracle cloud", "the deal", "東京", "½ da", "a b a"]), prefix=st.booleans())


def joined(some: st.SearchStrategy[Query]) -> st.SearchStrategy[Query]:
    return st.builds(Or, generated.pairs(some)) | st.builds(And, generated.pairs(some))


words = st.recursive(single, joined)
unfielded = st.recursive(single | phrase, joined, max_leaves=3)
fielded = st.builds(Fielded, st.sampled_from(["title", "body"]), unfielded)
placed = st.recursive(single | phrase | fielded, joined, max_leaves=4)
queries = generated.queries | st.builds(
    lambda some, others: And((*some, *others)),
    st.lists(words | placed, min_size=1, max_size=2),
    st.lists(generated.queries, min_size=1, max_size=3),
)


@given(queries, generated.articles, st.booleans())
def test_of_what_the_index_named_the_remainder_says_the_same(query: Query, article: ArticleView, places: bool) -> None:
    parts = query.children if isinstance(query, And) else (query,)
    if not all(evaluate(part, article) for part in parts if only_words(part, places=places)):
        assert not evaluate(query, article)
        return
    left = remainder(query, places=places)
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
    ("query", "without_places", "with_places"),
    [
        ("oracle", None, None),
        ("oracle cloud (deal OR sale)", None, None),
        # which of two words stands first takes their places
        ('"oracle cloud"', '"oracle cloud"', None),
        ("title:oracle", "title:oracle", None),
        ('body:(oracle OR "the cloud")', 'body:(oracle OR "the cloud")', None),
        # Han letters are a term each: a word of two is a phrase
        ("東京", "東京", None),
        # no index knows how words were written, or where the lead ends
        ("=HPE", "=HPE", "=HPE"),
        ("title:=HPE", "title:=HPE", "title:=HPE"),
        ("lead:oracle", "lead:oracle", "lead:oracle"),
        ("NOT oracle", "NOT oracle", "NOT oracle"),
        ("title:(oracle NOT cloud)", "title:(oracle NOT cloud)", "title:(oracle NOT cloud)"),
    ],
)
def test_what_is_left(query: str, without_places: str | None, with_places: str | None) -> None:
    assert remainder(parse(query), places=False) == (None if without_places is None else parse(without_places))
    assert remainder(parse(query), places=True) == (None if with_places is None else parse(with_places))


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
