"""What a definition would have found, over stored articles on both databases."""

from datetime import timedelta

from service.domain.alerting import CompiledRule
from service.domain.matching import entity_from_mapping
from service.domain.model import Entity, Rule
from service.domain.query import parse
from service.pipeline.preview import Asked, articles_of, preview_rule
from service.pipeline.preview_entity import preview_entity
from service.pipeline.watch import WatchSource
from service.store.engine import Database
from tests.pipeline.past import define, everything, rescan, stored
from tests.store.steps import NOW, add_channel, add_rule

DEAL = ("Vertiv wins an order", "Vertiv sells cooling for $2 billion to Acme, the companies announced on Monday.")
PARK = ("A day in the park", "The match was played at Vertiv Park. Nobody was hurt.")


def vertiv(**more: object) -> Entity:
    return entity_from_mapping({"name": "Vertiv", "aliases": ["Vertiv"], **more})


async def test_an_entity_that_is_not_saved_yet(db: Database) -> None:
    await stored(db, DEAL, PARK)
    await add_channel(db, "hook")
    await add_rule(db, "deals", "entity:* AND amount>=1e9", "hook")
    before = await everything(db)
    assert await articles_of(db, now=NOW) == 2
    preview = await preview_entity(db, WatchSource(db), vertiv(), None, Asked(NOW, lambda _: None))
    period = preview.periods[0]
    # Both stood in the feed at its first poll, so one summary would have told of them.
    assert (period.new.mentions, period.new.stories, period.new.alerts, period.old) == (2, 2, 1, None)
    assert await everything(db) == before


async def test_the_difference_that_a_mask_makes(db: Database) -> None:
    await stored(db, DEAL, PARK)
    new = vertiv(masks=["Vertiv Park"])
    preview = await preview_entity(db, WatchSource(db), new, vertiv(), Asked(NOW, lambda _: None))
    assert [(period.gained, period.lost) for period in preview.periods] == [(0, 1), (0, 1)]
    assert [one["title"] for one in preview.lost] == [PARK[0]]


async def test_a_rule_and_the_one_that_it_would_replace(db: Database) -> None:
    await stored(db, DEAL, PARK)
    await define(db, "Vertiv")
    await rescan(db)
    new, old = (
        CompiledRule(Rule("cold", "", ()), parse(query))
        for query in ("entity:Vertiv AND cooling", "entity:Vertiv AND match")
    )
    preview = await preview_rule(db, new, old, (), Asked(NOW, lambda _: None))
    assert [one["title"] for one in preview.gained] == [DEAL[0]]
    assert [one["title"] for one in preview.lost] == [PARK[0]]
    assert preview.periods[0].new.mentions == 1


async def test_what_is_older_than_the_periods_is_not_looked_at(db: Database) -> None:
    await stored(db, DEAL)
    seen: list[int] = []
    later = NOW + timedelta(days=91)
    preview = await preview_entity(db, WatchSource(db), vertiv(), None, Asked(later, seen.append))
    assert (seen, preview.periods[1].new.mentions) == ([], 0)
    preview = await preview_entity(db, WatchSource(db), vertiv(), None, Asked(NOW + timedelta(days=60), lambda _: None))
    assert [period.new.mentions for period in preview.periods] == [0, 1]
