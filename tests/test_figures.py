"""Figures about what was found: facets, volume, share of voice, co-mentions, top sources and deals, on both engines."""

from datetime import timedelta

from service.domain.model import Salience
from service.domain.query import ArticleView, FactView, MentionView
from service.figures import co_mentions, deals, facets, share_of_voice, top_sources, volume
from service.search import Ask
from service.store.engine import Database
from tests.store.steps import NOW
from tests.store.test_search import keep

HOUR = timedelta(hours=1)
HPE, XAI, ORACLE = (MentionView(name, Salience.MAIN, 1.0) for name in ("HPE", "xAI", "Oracle"))


async def test_first(db: Database) -> None:
    fact = FactView("contract", 1e9, "USD", "agreed", ("HPE", "xAI"))
    await keep(
        db, ArticleView("One deal", "a deal", source_title="A", mentions=(HPE, XAI), facts=(fact,)), at=NOW - HOUR
    )
    await keep(db, ArticleView("Two", "no", source_title="B", mentions=(HPE,)), at=NOW - 26 * HOUR)
    found = await facets(db, "mentions", Ask(), now=NOW)
    assert {field: [(v.value, v.count) for v in values] for field, values in found.fields.items()} == {
        "entity": [("HPE", 2), ("xAI", 1)],
        "source": [("A", 2), ("B", 1)],
        "tag": [],
        "language": [],
        "salience": [("main", 3)],
        "day": [("2026-11-22", 2), ("2026-11-21", 1)],
    }
    for noun in ("articles", "facts", "stories", "alerts", "deliveries"):
        await facets(db, noun, Ask(), now=NOW)
    for query in (None, "deal OR no"):
        drawn = await volume(db, Ask(query, since="2d"), now=NOW)
        assert [(s.entity, s.counts) for s in drawn.series] == [("HPE", (0, 1, 1)), ("xAI", (0, 0, 1))]
        voice = await share_of_voice(db, Ask(query), now=NOW)
        assert [(s.entity, s.articles, s.main, s.stories) for s in voice.shares] == [("HPE", 2, 2, 2), ("xAI", 1, 1, 1)]
        named = await co_mentions(db, Ask(query), now=NOW)
        assert [(p.one, p.other, p.articles, p.stories) for p in named.pairs] == [("HPE", "xAI", 1, 1)]
        named = await co_mentions(db, Ask(query, entity="HPE"), now=NOW)
        assert [(p.one, p.other, p.articles, p.stories) for p in named.pairs] == [("HPE", "xAI", 1, 1)]
        top = await top_sources(db, Ask(query), now=NOW)
        assert [(s.source, s.articles, s.mentions) for s in top.sources] == [("A", 1, 2), ("B", 1, 1)]
    (deal,) = (await deals(db, Ask(), now=NOW, order="biggest")).deals
    assert (deal.fact["amount"], deal.articles, deal.title) == (1e9, 1, "One deal")
