"""An entity from its name alone."""

import pytest

from service.domain.matching import Matcher, derive_entity
from service.domain.model import Document


@pytest.mark.parametrize(
    ("name", "aliases"),
    [
        ("Acme Corp.", {"Acme Corp.", "Acme"}),
        ("Johnson & Johnson", {"Johnson & Johnson", "Johnson and Johnson"}),
        ("Advanced Micro Devices", {"Advanced Micro Devices", "AMD"}),
        ("CoreWeave", {"CoreWeave", "Core Weave"}),
        ("Siemens AG", {"Siemens AG", "Siemens"}),
        ("三菱電機", {"三菱電機"}),
        ("株式会社日立製作所", {"株式会社日立製作所", "日立製作所"}),
        ("腾讯控股有限公司", {"腾讯控股有限公司", "腾讯控股"}),
        ("주식회사 카카오", {"주식회사 카카오", "카카오"}),
        ("(주)한화", {"(주)한화", "한화"}),
        ("ПАО «Газпром»", {"ПАО «Газпром»", "Газпром"}),
        ("شركة أرامكو", {"شركة أرامكو", "أرامكو"}),
        ("บริษัท ปตท จำกัด (มหาชน)", {"บริษัท ปตท จำกัด (มหาชน)", "ปตท"}),
        ("有限公司", {"有限公司"}),  # nothing else is left
    ],
)
def test_derived_aliases(name: str, aliases: set[str]) -> None:
    assert {alias.text for alias in derive_entity(name)[0].aliases} == aliases


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("Apple", "everyday word"),
        ("Ford", "surname"),
        ("X", "single letter"),
        ("GM", "only 2 letters"),
        ("Advanced Micro Devices", "only 3 letters"),
    ],
)
def test_ambiguous_names_are_noted(name: str, why: str) -> None:
    assert any(why in note for note in derive_entity(name)[1])


@pytest.mark.parametrize("name", ["Nvidia", "Hewlett Packard Enterprise Solutions Ltd", "CoreWeave", "三菱電機"])
def test_a_clear_name_stands_without_a_warning_about_itself(name: str) -> None:
    assert not any(f"“{name}”" in note for note in derive_entity(name)[1])


@pytest.mark.parametrize(
    ("name", "text", "found"),
    [
        ("Nvidia", "NVIDIA shares rose.", True),
        ("nvidia", "Shares of Nvidia rose.", True),  # small letters in the name: the user did not care
        ("Target", "Target said on Monday that sales fell.", True),
        ("Target", "The company missed its target.", False),  # the everyday word
        ("Apple", "She ate an apple and the apple pie.", False),
        ("Johnson & Johnson", "A vaccine of Johnson and Johnson was approved.", True),
        ("Advanced Micro Devices", "The AMD of the eye is a disease.", False),  # initials prove nothing alone
        ("Advanced Micro Devices", "Advanced Micro Devices fell. AMD later recovered.", True),
        ("Siemens AG", "Siemens-Aktie steigt", True),
        ("三菱電機", "東京で三菱電機が発表した。", True),  # no boundaries in Han script
    ],
)
def test_a_name_alone_works(name: str, text: str, found: bool) -> None:
    result = Matcher([derive_entity(name)[0]]).match(Document("", text))
    assert bool(result.mentions) is found
