"""Texts and watch lists made to hurt: the work stays proportional to the text."""

import pytest

from service.domain.matching import Matcher
from service.domain.model import Alias, CaseRule, Document, Entity
from tests.domain.matching.bundled import bundled_matcher


@pytest.mark.parametrize(
    "piece",
    ["Oracle ", "oracle", "(HPE) ", "xAI Musk. ", "X.AI.", "“Oracle”…", "\u00ad", "a\u0301", "$ORCL", "HPE (", "\n \n"],
)
def test_a_piece_repeated_is_matched_in_bounded_steps(piece: str) -> None:
    text = piece * (60_000 // len(piece))
    result = bundled_matcher().match(Document(piece, text))
    for mention in result.mentions:
        assert all(text[s.start : s.end] == s.text for s in mention.spans if s.field == "text")
        assert mention.count <= 2 * len(text)
    assert len(result.rejected) <= 100 * 2 * len(bundled_matcher().entities)


def test_ten_thousand_aliases_that_share_prefixes() -> None:
    aliases = tuple(Alias(f"zorb {'a' * (i % 50)}{i}", case=CaseRule.ANY) for i in range(10_000))
    matcher = Matcher([Entity("Z", aliases, kind="thing")])
    result = matcher.match(Document("", "zorb " * 2_000 + "zorb aa10002 zorb aa2 " + "zorb aaaa" * 1_000))
    assert [span.text for mention in result.mentions for span in mention.spans] == ["zorb aa2"]


def test_nothing_to_look_for() -> None:
    assert Matcher([]).match(Document("Oracle", "xAI")).mentions == ()


def test_empty_document() -> None:
    assert bundled_matcher().match(Document("", "")).mentions == ()


@pytest.mark.parametrize("piece", ["Oracle ", "the Oracle of Omaha, the Oracle ", "An oracle, ORACLE; Oracle "])
def test_spans_are_bounded_and_the_evidence_tells_how_many_there_were(piece: str) -> None:
    text = "Oracle Corporation sued. " + piece * (100_000 // len(piece))
    (mention,) = bundled_matcher().match(Document("", text)).mentions
    assert len(mention.spans) == 500
    assert mention.count > 500
    assert all(text[s.start : s.end] == s.text for s in mention.spans)
    if piece == "Oracle ":
        assert mention.count == text.count("Oracle")
        assert f"named {mention.count} times" in mention.evidence
