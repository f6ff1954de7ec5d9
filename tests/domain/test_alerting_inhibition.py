"""Which alerts hold back which others."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.domain.alerting_inhibition import InhibitionError, Standing, held_back, inhibition_of

NOW = datetime(2026, 11, 22, 9, tzinfo=UTC)
ALERT = Standing("alt_1", "outage", "mention", "high", ("HPE",), 7, NOW - timedelta(hours=1))
ASKED = {"rule": "news", "kind": "mention", "priority": "normal", "entities": ["HPE", "xAI"], "story": 7, "now": NOW}


def held(definition: Mapping[str, object], alert: Standing = ALERT, **asked: object) -> list[str]:
    whole = {"source": {"rule": "outage"}, "target": {"rule": "news"}, **definition}
    return list(held_back([inhibition_of("i", whole)], [alert], **{**ASKED, **asked}))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("definition", "expected"),
    [
        ({}, ["HPE", "xAI"]),  # one story
        ({"equal": ["story", "entity"]}, ["HPE"]),
        ({"source": {"priority": "high", "kind": ["spike", "mention"]}}, ["HPE", "xAI"]),
        ({"source": {"priority": "low"}}, []),
        ({"source": {"entity": "h*"}}, ["HPE", "xAI"]),
        ({"target": {"entity": "xAI"}}, ["xAI"]),
        ({"target": {"rule": ["other", "n*"]}}, ["HPE", "xAI"]),
        ({"target": {"kind": "spike"}}, []),
        ({"for": "1h"}, []),  # it stood for an hour
        ({"for": "61m"}, ["HPE", "xAI"]),
    ],
)
def test_matchers(definition: dict[str, object], expected: list[str]) -> None:
    assert held(definition) == expected


def test_what_has_no_story_is_equal_to_no_story() -> None:
    assert held({}, story=None) == []
    assert held({}, replace(ALERT, story=None), story=None) == []
    assert held({"equal": []}, replace(ALERT, story=None), story=None) == ["HPE", "xAI"]


@given(st.sampled_from(["*", "news", "n*"]), st.sampled_from([[], ["story"], ["entity"]]))
def test_no_rule_holds_back_itself(pattern: str, equal: list[str]) -> None:
    definition = {"source": {"rule": pattern}, "target": {"rule": pattern}, "equal": equal}
    assert held(definition, replace(ALERT, rule="news")) == []


@pytest.mark.parametrize(
    ("definition", "key"),
    [
        ({"source": {}}, "source"),
        ({"target": "news"}, "target"),
        ({"source": {"story": "7"}}, "source.story"),
        ({"target": {"rule": 7}}, "target.rule"),
        ({"equal": ["channel"]}, "equal"),
        ({"for": "0m"}, "for"),
        ({"for": "31d"}, "for"),
        ({"fo": "1d"}, "fo"),
    ],
)
def test_mistakes_are_named(definition: dict[str, object], key: str) -> None:
    with pytest.raises(InhibitionError) as caught:
        held(definition)
    assert caught.value.key == key
