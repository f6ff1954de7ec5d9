"""The same answer on every way: evaluator, reference, and the full-text index followed by the evaluator."""

import operator
import sqlite3
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from service.domain.query import (
    ArticleView,
    FactView,
    Metadata,
    Query,
    evaluate,
    fts5_match,
    index_text,
    matching_mentions,
    metadata,
    parse,
    tsquery,
)
from service.domain.query.syntax import Compare, Fielded, Near, Not, Sentence, Term
from service.domain.query.values import is_language, is_value
from tests.domain.query import reference
from tests.domain.query import strategies as generated


@pytest.fixture(scope="module")
def index() -> Iterator[sqlite3.Connection]:
    connection = sqlite3.connect(":memory:")
    connection.execute("CREATE VIRTUAL TABLE articles USING fts5(title, body, tokenize='ascii')")
    yield connection
    connection.close()


def fill(index: sqlite3.Connection, articles: list[ArticleView]) -> None:
    index.execute("DELETE FROM articles")
    for number, article in enumerate(articles):
        row = (number, index_text(article.title), index_text(article.text))
        index.execute("INSERT INTO articles(rowid, title, body) VALUES (?, ?, ?)", row)


def candidates(index: sqlite3.Connection, query: Query, count: int) -> set[int]:
    match = fts5_match(query)
    if match is None:
        return set(range(count))
    return {row[0] for row in index.execute("SELECT rowid FROM articles WHERE articles MATCH ?", (match,))}


@settings(max_examples=300, deadline=None)
@given(
    st.lists(generated.articles, min_size=1, max_size=6),
    st.lists(generated.queries | generated.text_conditions(generated.known_terms), min_size=1, max_size=6),
)
def test_search_by_index_equals_live_matching(articles: list[ArticleView], queries: list[Query]) -> None:
    connection = sqlite3.connect(":memory:")
    connection.execute("CREATE VIRTUAL TABLE articles USING fts5(title, body, tokenize='ascii')")
    try:
        fill(connection, articles)
        for query in queries:
            live = {number for number, article in enumerate(articles) if evaluate(query, article)}
            found = candidates(connection, query, len(articles))
            assert {number for number in found if evaluate(query, articles[number])} == live
    finally:
        connection.close()


@settings(max_examples=300, deadline=None)
@given(generated.articles, st.lists(generated.naming_conditions, min_size=1, max_size=5))
def test_names_in_sentences_equal_the_reference(article: ArticleView, queries: list[Query]) -> None:
    for query in queries:
        if isinstance(query, Sentence | Near | Fielded):
            assert evaluate(query, article) == reference.holds(query, article)
            assert bool(evaluate(Not(query), article)) == (not reference.holds(query, article))


@settings(max_examples=400, deadline=None)
@given(generated.articles, st.lists(generated.text_conditions(generated.known_terms), min_size=1, max_size=5))
def test_words_equal_the_reference(article: ArticleView, queries: list[Query]) -> None:
    for query in queries:
        assert evaluate(query, article) == reference.holds(query, article)


@settings(deadline=None)
@given(st.lists(generated.known_terms, min_size=1, max_size=5), generated.articles)
def test_the_index_finds_a_plain_term_exactly(terms: list[Term], article: ArticleView) -> None:
    """Not only a superset: for a folded word, index and evaluator agree both ways."""
    connection = sqlite3.connect(":memory:")
    connection.execute("CREATE VIRTUAL TABLE articles USING fts5(title, body, tokenize='ascii')")
    try:
        connection.execute("INSERT INTO articles VALUES (?, ?)", (index_text(article.title), index_text(article.text)))
        for term in terms:
            hits = connection.execute(
                "SELECT count(*) FROM articles WHERE articles MATCH ?", (fts5_match(term),)
            ).fetchone()[0]
            assert bool(hits) == evaluate(replace(term, exact=False), article)
    finally:
        connection.close()


@settings(max_examples=300, deadline=None)
@given(st.lists(generated.articles, min_size=1, max_size=5), generated.queries)
def test_metadata_keeps_every_result(articles: list[ArticleView], query: Query) -> None:
    asked = metadata(query)
    for article in articles:
        if evaluate(query, article):
            assert allows(asked, article)
            for mention in matching_mentions(query, article):
                assert asked.confidence_min is None or mention.confidence >= asked.confidence_min
                assert asked.saliences is None or mention.salience in asked.saliences


def allows(asked: Metadata, article: ArticleView) -> bool:
    """What a store would do with it."""
    since, until, at = asked.published_since, asked.published_until, article.published_at
    some_fact = asked.statuses or asked.currencies or asked.parties or asked.amounts
    kinds = asked.kinds or ((frozenset("*"),) if some_fact else ())
    return (
        all(any(is_value(p, m.entity) for p in choice for m in article.mentions) for choice in asked.entities)
        and all(any(is_value(p, tag) for p in choice for tag in article.tags) for choice in asked.tags)
        and all(any(is_language(p, article.language or "") for p in choice) for choice in asked.languages)
        and all(any(tells(asked, fact, kind) for fact in article.facts) for kind in kinds)
        and (since is None or (at is not None and since <= at))
        and (until is None or (at is not None and at < until))
    )


def tells(asked: Metadata, fact: FactView, kind: frozenset[str]) -> bool:
    wanted: list[tuple[frozenset[str], tuple[str | None, ...]]] = [(c, (fact.status,)) for c in asked.statuses]
    wanted += [(choice, (fact.currency,)) for choice in asked.currencies]
    wanted += [(choice, fact.parties) for choice in asked.parties]
    wanted += [(kind, (fact.kind,))]
    compared = {">=": operator.ge, "<=": operator.le, ">": operator.gt, "<": operator.lt}
    return all(any(is_value(p, v) for p in choice for v in values if v) for choice, values in wanted) and all(
        fact.amount is not None and compared[one.operator](fact.amount, one.value) for one in asked.amounts
    )


def test_metadata_of_a_conjunction() -> None:
    text = (
        "cloud entity:(HPE OR xAI) tag:ai lang:en published>=2026-01-01 published<2026-02-01 "
        "confidence>0.5 salience:main"
    )
    assert metadata(parse(text)) == Metadata(
        entities=(frozenset({"HPE", "xAI"}),),
        tags=(frozenset({"ai"}),),
        languages=(frozenset({"en"}),),
        published_since=datetime(2026, 1, 1, tzinfo=UTC),
        published_until=datetime(2026, 2, 1, tzinfo=UTC),
        confidence_min=0.5,
        saliences=frozenset({"main"}),
    )
    assert metadata(parse("kind:lease (status:ended OR status:lost) party:HPE amount>=1bn currency:USD")) == Metadata(
        kinds=(frozenset({"lease"}),),
        statuses=(frozenset({"ended", "lost"}),),
        parties=(frozenset({"HPE"}),),
        amounts=(Compare("amount", ">=", 1e9),),
        currencies=(frozenset({"USD"}),),
    )
    assert metadata(parse("NOT kind:lease")) == Metadata()
    assert metadata(parse("tag:ai OR cloud")) == Metadata()
    assert metadata(parse("NOT tag:ai cloud")) == Metadata()


@pytest.mark.parametrize(
    ("text", "fts5", "postgres"),
    [
        ("Oracle", '"oracle"', "'oracle'"),
        ("serv*", '"serv" *', "'serv':*"),
        ('"data cent"*', '"data cent" *', "('data' & 'cent':*)"),
        ("O'Neil", '"o neil"', "('o' & 'neil')"),
        ("a OR b", '("a" OR "b")', "('a' | 'b')"),
        ("a NOT b tag:c", '("a")', "('a')"),  # NOT and stored values are left to the evaluator
        ("a OR tag:c", None, None),
        ("NOT a", None, None),
        ("title:(a NEAR/3 b)", 'title : ("a" AND "b")', "('a' & 'b')"),
        # the lead is a part of the text
        ("lead:a title:b*", '(body : "a" AND title : "b" *)', "('a' & 'b':*)"),
        ("title:(NOT a)", None, None),
        ("ATLEAST/2(a b)", '("a" AND "b")', "('a' & 'b')"),
        ("ATLEAST/1(a b)", '("a" OR "b")', "('a' | 'b')"),
        ("TIMES/2(a)", '("a")', "('a')"),
        ("東京", '"東 京"', "('東' & '京')"),
    ],
)
def test_questions_to_the_index(text: str, fts5: str | None, postgres: str | None) -> None:
    assert fts5_match(parse(text)) == fts5
    assert tsquery(parse(text)) == postgres


@pytest.mark.parametrize("joint", [" OR ", " "])
def test_the_longest_query_is_no_burden_for_fts5(index: sqlite3.Connection, joint: str) -> None:
    query = parse(joint.join(f"w{n}" for n in range(1200)))
    words = " ".join(f"w{n}" for n in range(1200))
    fill(index, [ArticleView(words, ""), ArticleView("w7", "")])
    assert candidates(index, query, 2) == ({0, 1} if joint == " OR " else {0})
