"""Entities as the watch list writes them: read, written back, and refused with the place named."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.domain.matching import DefinitionError, entity_from_mapping, entity_to_mapping
from service.domain.model import Alias, CaseRule, Context, Entity, Form, Reach, Strength
from tests.domain.matching.bundled import bundled_entities


@pytest.mark.parametrize("entity", bundled_entities(), ids=lambda entity: entity.name)
def test_bundled_entities_come_back_equal(entity: Entity) -> None:
    assert entity_from_mapping(entity_to_mapping(entity)) == entity


def test_bundled_entities_are_those_promised() -> None:
    assert [e.name for e in bundled_entities() if e.enabled] == ["xAI", "HPE", "Supermicro", "Oracle"]
    assert {e.name for e in bundled_entities() if not e.enabled} == {
        "Dell", "Nvidia", "X", "Tesla", "AMD", "Intel", "Microsoft", "OpenAI", "Anthropic", "CoreWeave",
        "Lenovo", "Cisco",
    }  # fmt: skip


words = st.text("abcXYZ äé甲", min_size=1, max_size=12).map(lambda t: " ".join(t.split())).filter(bool)
alias = st.builds(
    Alias,
    text=words,
    strength=st.sampled_from(Strength),
    case=st.sampled_from(CaseRule),
    language=st.sampled_from([None, "de", "ja"]),
    forms=st.lists(st.sampled_from(Form), unique=True, max_size=3).map(tuple),
)
context = st.one_of(words, st.builds(Context, text=words, reach=st.sampled_from(Reach)))
entities = st.builds(
    Entity,
    name=words,
    aliases=st.lists(alias, min_size=1, max_size=4).map(tuple),
    contexts_for=st.lists(context, max_size=3).map(tuple),
    contexts_against=st.lists(context, max_size=3).map(tuple),
    masks=st.lists(words, max_size=2).map(tuple),
    tickers=st.sampled_from([(), ("ORCL",), ("NYSE:ORCL", "B")]),
    domains=st.sampled_from([(), ("example.com",)]),
    kind=st.sampled_from(["company", "person"]),
    enabled=st.booleans(),
    peers=st.lists(words, max_size=2).map(tuple),
    products=st.lists(words, max_size=2).map(tuple),
    product_names_maker=st.booleans(),
    parent=st.just("Parent"),
    names_parent=st.booleans(),
)


@given(entities)
def test_any_entity_comes_back_equal(entity: Entity) -> None:
    assert entity_from_mapping(entity_to_mapping(entity)) == entity


def test_an_expression_alias_comes_back_equal() -> None:
    entity = Entity("S", (Alias("Super[ -]?Micro", expression=True), Alias("x+y", case=CaseRule.ANY, expression=True)))
    assert entity_from_mapping(entity_to_mapping(entity)) == entity


def test_a_name_alone_is_enough() -> None:
    entity = entity_from_mapping({"name": "Acme Robotics Inc"})
    assert [a.text for a in entity.aliases][:2] == ["Acme Robotics Inc", "Acme Robotics"]


@pytest.mark.parametrize(
    ("data", "where", "word"),
    [
        ({}, "e[2].name", "text is needed"),
        ({"name": 7}, "e[2].name", "not int"),
        ({"name": "  "}, "e[2].name", "no letter"),
        ({"name": "A", "alias": []}, "e[2].alias", "unknown key"),
        ({"name": "A", "aliases": "B"}, "e[2].aliases", "list"),
        ({"name": "A", "aliases": [{"text": "B", "strength": "huge"}]}, "e[2].aliases[0].strength", "“strong”, “weak”"),
        ({"name": "A", "aliases": ["B", {"text": "C", "case": "big"}]}, "e[2].aliases[1].case", "“exact”, “any”"),
        ({"name": "A", "aliases": [{"text": "C", "forms": ["small"]}]}, "e[2].aliases[0].forms[0]", "“lower”"),
        ({"name": "A", "aliases": [{"text": "C", "language": False}]}, "e[2].aliases[0].language", "two letters"),
        ({"name": "A", "aliases": [{"strength": "weak"}]}, "e[2].aliases[0]", "either"),
        ({"name": "A", "aliases": [{"expression": "(a"}]}, "e[2].aliases[0].expression", "RE2"),
        ({"name": "A", "aliases": [{"expression": "a*"}]}, "e[2].aliases[0].expression", "matches nothing"),
        ({"name": "A", "aliases": [{"expression": r"(\w+)\1"}]}, "e[2].aliases[0].expression", "RE2"),
        ({"name": "A", "for": [{"text": "b", "reach": "page"}]}, "e[2].for[0].reach", "“sentence”"),
        ({"name": "A", "against": ["{}"]}, "e[2].against[0]", "words of its own"),
        ({"name": "A", "tickers": ["orcl"]}, "e[2].tickers[0]", "capitals"),
        ({"name": "A", "domains": ["https://a.com/"]}, "e[2].domains[0]", "https"),
        ({"name": "A", "enabled": "yes"}, "e[2].enabled", "true or false"),
        ({"name": "A", "names_parent": True}, "e[2].names_parent", "parent"),
        ({"name": "A" * 500}, "e[2].name", "longer"),
    ],
)
def test_a_wrong_definition_names_its_place(data: dict[str, Any], where: str, word: str) -> None:
    with pytest.raises(DefinitionError, match=r"e\[2\]") as caught:
        entity_from_mapping(data, "e[2]")
    assert caught.value.where == where
    assert word in str(caught.value)


def test_something_that_is_no_mapping_is_refused() -> None:
    with pytest.raises(DefinitionError, match="mapping"):
        entity_from_mapping(["xAI"], "entities[0]")  # type: ignore[arg-type]
