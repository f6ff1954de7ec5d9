"""Companies whose names are everyday words, told from the words by the language around them.

``everyday_names.txt`` holds a short text a line. Most were written before the rules that read them.
"""

from functools import cache
from pathlib import Path

import pytest
import yaml

from service.domain.matching import Matcher, derive_entity, entity_from_mapping
from service.domain.model import Document

CASES = Path(__file__).with_name("everyday_names.txt")
WATCHLIST = Path(__file__).parents[2] / "data" / "matching" / "hard_names.yaml"

KNOWN_ERRORS = {
    "Die Sorte heißt Apple Blossom und blüht im Mai.",  # an English name in a German sentence
    "Judge Agrees to Block Merger of Grocers The chains may appeal.",  # a headline that extraction glued to the text
    "Le fleuve Amazon, écrit parfois ainsi, est le plus long.",  # no article, a capital, another language
    "Asked whom they trust least, most named Meta.",  # "named" as in "called"
    "Les données Meta du fichier indiquent la date.",
    "Target, Schuss, Treffer: so einfach klingt das.",  # German nouns all have capitals
    "A navy Stripe runs down each leg.",  # "a phone Acme sells"
    "Stage 4 ended in a mass Sprint won by the Belgian.",
    "French Toast costs nine pounds now.",  # "French carmaker"
    "Das Visum kam zu spät, sagte er, und ohne Visa kommt keiner über die Grenze.",
    "The royal Box stood empty.",
    "Log in as Root and delete the file.",
    "Babe Ruth's Arm was insured for more than his house.",  # "Zuckerberg's Meta"
}


@cache
def matcher(name: str) -> Matcher:
    data = yaml.safe_load(WATCHLIST.read_text(encoding="utf-8"))["entities"]
    defined = {item["name"]: entity_from_mapping(item) for item in data}
    return Matcher(defined.values() if name in defined else [derive_entity(name)[0]])


def cases() -> list[list[str]]:
    lines = CASES.read_text(encoding="utf-8").splitlines()
    split = [[cell.strip() for cell in line.split("|")] for line in lines if not line.startswith("#")]
    return [[*cells, ""][:5] for cells in split]


@pytest.mark.parametrize(("label", "name", "language", "title", "text"), cases())
def test_an_everyday_word_is_told_from_the_company(label: str, name: str, language: str, title: str, text: str) -> None:
    result = matcher(name).match(Document(title, text, language=language))
    right = any(mention.entity == name for mention in result.mentions) is (label == "1")
    assert right is (text not in KNOWN_ERRORS), [rejection.reason for rejection in result.rejected]
