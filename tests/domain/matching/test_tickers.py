"""Stock symbols, as writers and word-cutters leave them."""

import pytest

from service.domain.matching import Matcher, entity_from_mapping
from service.domain.model import Document
from tests.domain.matching.bundled import names


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # the sign stands apart, the letters are small
        ("quiet week ahead URL $ orcl $ hpe $ zzz", {"Oracle", "HPE"}),
        ("insiders sold again ($ smci)", {"Supermicro"}),
        ("insiders sold again $smci", {"Supermicro"}),
        ("the court agreed ( nyse : hpe ) with the board", {"HPE"}),
        # the sign belongs to something else
        ("a fee of us$ hpe or less", set()),
        ("it costs $ 5 hpe each", set()),
        # small letters without a sign
        ("we moved the orcl folder", set()),
        ("shares of the server maker (smci) fell", {"Supermicro"}),
        ("Science Museum of Central Indiana (smci)", set()),
        ("( smci ) alone", set()),
    ],
)
def test_a_symbol_in_small_letters_needs_its_sign(text: str, expected: set[str]) -> None:
    assert names(text) == expected


def test_a_symbol_of_one_letter_needs_its_sign_close_by() -> None:
    matcher = Matcher([entity_from_mapping({"name": "Zuqqo", "tickers": ["NYSE:Q"]})])
    assert matcher.match(Document("", "up today: $Q")).mentions
    assert not matcher.match(Document("", "it paid $ Q more")).mentions
