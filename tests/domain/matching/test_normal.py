"""Normal forms, and the way back to the stored text."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.domain.matching.normal import normalise

ALPHABET = "aZé ß\u0301\u00ad\u200b’“—-\n\tﬁ…½ＡｶﾞİΣς한\u1112\u1161甲骨文🔮"


@pytest.mark.parametrize(
    ("stored", "folded"),
    [
        ("Oracle", "oracle"),
        ("Ora\u00adcle", "oracle"),  # soft hyphen
        ("Super\u200bmicro", "supermicro"),  # zero-width space
        ("xAI’s", "xai's"),  # typographic apostrophe
        ("Super‑Micro", "super micro"),  # hyphens read as spaces
        ("Hewlett \n Packard", "hewlett packard"),  # a broken line
        ("one\n\ntwo", "one  two"),  # but two paragraphs stay apart
        ("ＨＰＥ", "hpe"),  # full-width letters
        ("oﬃce", "office"),  # a ligature
        ("Ora\u0301cle", "orácle"),  # a composed accent
        ("Straße", "strasse"),
    ],
)
def test_folded_form(stored: str, folded: str) -> None:
    assert normalise(stored).folded == folded


@pytest.mark.parametrize("stored", ["x Ora\u00adcle y", "\u200b“Oracle”…", "ﬁrst Oracle\u0301 ½ Oracle"])
def test_origin_leads_back_to_the_stored_name(stored: str) -> None:
    text = normalise(stored)
    at = text.folded.rindex("oracl")
    start, end = text.origin(at, at + 5)
    assert stored[start:end].replace("\u00ad", "") == "Oracl"


@given(st.text(ALPHABET, max_size=60))
def test_plain_and_folded_run_side_by_side_and_the_way_back_is_monotonic(stored: str) -> None:
    text = normalise(stored)
    assert len(text.plain) == len(text.folded)
    last = 0
    for index in range(len(text.plain)):
        start, end = text.origin(index, index + 1)
        assert 0 <= start < end <= len(stored)
        assert start >= last
        last = start


@given(st.text(max_size=40))
def test_normal_form_of_any_text_keeps_every_letter(stored: str) -> None:
    plain = normalise(stored).plain
    wanted = [c for c in unicodedata.normalize("NFKC", stored).casefold() if c.isalnum() and ord(c) < 0x1100]
    assert [c for c in plain.casefold() if c.isalnum() and ord(c) < 0x1100] == wanted
