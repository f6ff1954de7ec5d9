"""At which part a query fails."""

import pytest
from hypothesis import given

from service.domain.model import Salience
from service.domain.query import ArticleView, MentionView, Query, evaluate, missed_parts, parse
from tests.domain.query import strategies

ARTICLE = ArticleView(
    "HPE wins a contract",
    "HPE sells servers to X. Dell is named, too.",
    source_title="News",
    mentions=(MentionView("HPE", Salience.MAIN, 0.9), MentionView("Dell", Salience.PASSING, 0.5)),
)


@pytest.mark.parametrize(
    ("query", "missed"),
    [
        ("entity:HPE AND contract", ()),
        ("entity:HPE AND flood", ("flood",)),
        ("entity:HPE AND (flood OR fire) AND source:Other", ("flood OR fire", "source:Other")),
        ("NOT servers", ("NOT servers",)),
        # each holds, but of another mention
        ("entity:Dell AND salience:main", ("entity:Dell AND salience:main (each part holds, but not of one thing)",)),
        ("ATLEAST/2(flood fire contract)", ("ATLEAST/2(flood fire contract) (1 of 2 hold)",)),
    ],
)
def test_the_parts_that_fail(query: str, missed: tuple[str, ...]) -> None:
    assert missed_parts(parse(query), ARTICLE) == missed


@given(strategies.queries, strategies.articles)
def test_nothing_is_missed_where_the_query_holds_and_something_elsewhere(query: Query, article: ArticleView) -> None:
    assert bool(missed_parts(query, article)) != evaluate(query, article)
