import unicodedata
from itertools import pairwise

import pytest
from hypothesis import given, settings

from service.domain.query import index_text, tokenize
from service.domain.query.sentences import sentence_spans
from service.domain.query.tokens import MAX_TERM
from tests.domain.query.strategies import texts, wild_texts


@pytest.mark.parametrize(
    ("text", "terms"),
    [
        ("Oracle's AT&T wi-fi, 3.5%", "oracle s at t wi fi 3 5"),
        ("Zürich ZU\u0308RICH Ångström", "zurich zurich angstrom"),  # composed, decomposed: the same
        ("Straße ſ ﬁn ½", "strasse s fin 1 2"),  # case folding and compatibility forms
        ("Super\u00admicro x\u200bAI", "supermicro xai"),  # invisible characters do not part words
        ("Grok™ snake_case", "grok snake case"),  # signs do
        ("HPE株式会社の", "hpe 株 式 会 社 の"),
        ("ｶﾞｲﾄﾞ ガ・イ", "ガ イ ド ガ イ"),  # half-width kana with voicing marks; the middle dot is no letter
        ("HPE는 삼성", "hpe 는 삼 성"),
        ("\u1112\u1161\u11ab", "한"),  # conjoining jamo
        ("भारत й", "भारत й"),  # marks of other scripts are kept
        ("ไทย", "ไ ท ย"),
        ("İstanbul ΣΟΦΌΣ", "istanbul σοφοσ"),
        ("--- … 🚀 \u0301", ""),
        ("a" * 300, "a" * MAX_TERM),
    ],
)
def test_terms(text: str, terms: str) -> None:
    assert index_text(text) == terms


def test_places_point_into_the_text() -> None:
    text = "In 東京, Zu\u0308rich¾"
    assert [(t.term, text[t.start : t.end]) for t in tokenize(text)] == [
        ("in", "In"),
        ("東", "東"),
        ("京", "京"),
        ("zurich3", "Zu\u0308rich¾"),
        ("4", "Zu\u0308rich¾"),
    ]


@settings(deadline=None)
@given(wild_texts | texts)
def test_terms_are_clean_ordered_and_stable(text: str) -> None:
    tokens = tokenize(text)
    joined = index_text(text)
    assert [t.term for t in tokenize(joined)] == [t.term for t in tokens] == joined.split()
    assert all(unicodedata.category(c)[0] in "LMN" for t in tokens for c in t.term)
    assert all(a.start <= b.start and a.end <= b.end for a, b in pairwise(tokens))


@settings(deadline=None)
@given(wild_texts, wild_texts)
def test_words_do_not_depend_on_their_neighbours(one: str, other: str) -> None:
    assert index_text(f"{one} {other}").split() == index_text(one).split() + index_text(other).split()


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        ("One. Two! Three?", ["One.", "Two!", "Three?"]),
        ("It rose 3.5 percent. x.ai fell", ["It rose 3.5 percent. x.ai fell"]),  # a small letter goes on
        ("Mr. Ellison of the U.S. Army said. Then", ["Mr. Ellison of the U.S. Army said.", "Then"]),
        ("Title\nBody. “Quoted.” Next", ["Title", "Body.", "“Quoted.”", "Next"]),
        ("東京。大阪！", ["東京。", "大阪！"]),
        ("", []),
    ],
)
def test_sentences(text: str, sentences: list[str]) -> None:
    assert [text[a:b].strip() for a, b in sentence_spans(text)] == sentences
