"""The two articles the project began with, where they are at hand."""

from pathlib import Path

import pytest

from tests.domain.matching.bundled import match

SEEDS = Path(__file__).parents[4] / "shared" / "seeds"

pytestmark = pytest.mark.skipif(not SEEDS.is_dir(), reason="the seed articles are not part of the project")


def test_the_article_on_servers() -> None:
    text = (SEEDS / "hpe-x-deal.txt").read_text(encoding="utf-8")
    result = match(text)
    assert {mention.entity for mention in result.mentions} == {"xAI", "HPE", "Supermicro"}
    assert "xAi" in {span.text for mention in result.mentions for span in mention.spans}


def test_the_article_on_talks() -> None:
    text = (SEEDS / "xai-oracle-talks.txt").read_text(encoding="utf-8")
    result = match(text)
    assert {mention.entity for mention in result.mentions} == {"xAI", "Oracle", "Supermicro"}
    assert "XAI" in {span.text for mention in result.mentions for span in mention.spans}
