"""What an entity would have found, and what all rules would have told with it, before it is saved. Reads only.

stored articles, matched by the new and the old definition -> what each gives the rules, and what rules on volume count
                                                           -> the alerts of each -> Preview
"""

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

from service.domain.alerting import CompiledRule, find_hits
from service.domain.alerting_inhibition import Standing
from service.domain.facts import Fact, extract_facts
from service.domain.forecast import Foreseen, Outlook
from service.domain.forecast_inhibition import Standings
from service.domain.matching import Matcher
from service.domain.model import Entity, MatchResult
from service.domain.past import PastArticle, view_of, views_of
from service.domain.preview import Preview, Trial, tally
from service.domain.query import ArticleView
from service.pipeline.foresee_volume import forecast_volume
from service.pipeline.preview import DAYS, Asked, Forecast, batches, facts_in, met_with, standings_of, trial_of
from service.pipeline.recount import Recount
from service.pipeline.watch import WatchSource
from service.store.engine import Database

__all__ = ["preview_entity"]


@dataclass(frozen=True, slots=True)
class _Definition:
    """A matcher with one definition of the entity, or with none."""

    matcher: Matcher
    entity: str
    forecast: Forecast
    recounts: tuple[Recount, ...] = ()

    def arrive(
        self, article: PastArticle, view: ArticleView, facts: Sequence[Fact], rules: Sequence[CompiledRule]
    ) -> None:
        """An article as it is under this definition."""
        silences = self.forecast.silences
        hits = find_hits(rules, view) if view.mentions else ()
        self.forecast.arrive(article, view, facts, met_with(hits, silences, view, article))
        for recount in self.recounts:
            recount.count(article, view)


async def preview_entity(db: Database, watch: WatchSource, new: Entity, old: Entity | None, asked: Asked) -> Preview:
    """Of an entity, among all others that are tracked and with all rules, beside its definition ``old``.

    Articles that name it by neither definition count with the mentions and facts that are stored. For rules on volume
    it counts as defined so since the first of these days.
    """
    current = await watch.current()
    others = [entity for entity in current.matcher.entities if entity.name != new.name]
    since, silences = asked.now - timedelta(days=max(DAYS)), current.silences
    counting = [rule for rule in current.rules if rule.policy.volume is not None and rule.rule.enabled]
    definitions = [
        _Definition(
            Matcher([*others, *([entity] if entity else [])]),
            new.name,
            Forecast(current.rules, silences),
            tuple(Recount(rule, since, new.name, entity is not None, bool(silences)) for rule in counting),
        )
        for entity in (new, old)
    ]
    trials: list[Trial] = []
    async for articles in batches(db, asked):
        facts = await facts_in(db, articles)
        trials += await asyncio.to_thread(_try_entity, articles, facts, definitions, compared=old is not None)
    for definition in definitions:
        await asyncio.to_thread(definition.forecast.settle)
    standings = await standings_of(db, current.rules, asked.now)
    outlooks = [await _outlook(db, definition, standings, asked) for definition in definitions]
    return tally(trials, *outlooks, now=asked.now, days=DAYS, compared=old is not None, entity=new.name)


async def _outlook(db: Database, definition: _Definition, standings: Standings, asked: Asked) -> Outlook:
    """Of all rules. What those on volume tell holds back others; they themselves are held back by what was told."""
    alerts: list[Foreseen] = []
    standing: list[Standing] = []
    for recount in definition.recounts:
        others = await standings_of(db, [recount.compiled], asked.now)
        silences, days = definition.forecast.silences, max(DAYS)
        _, found = await forecast_volume(
            db, recount.compiled, silences, others, now=asked.now, days=days, recount=recount
        )
        alerts += found.alerts
        standing += found.standing
    outlook = await asyncio.to_thread(definition.forecast.outlook, asked, standings.anew(standing))
    outlook.alerts = sorted([*alerts, *outlook.alerts], key=lambda alert: alert.at)
    return outlook


def _try_entity(
    articles: Iterable[PastArticle],
    facts: Mapping[int, Sequence[Fact]],
    definitions: Sequence[_Definition],
    *,
    compared: bool,
) -> list[Trial]:
    new, old = definitions
    rules = new.forecast.rules
    trials = []
    for article in articles:
        result = new.matcher.match(article.document)
        is_seen = _is_about(result, new.entity)
        # Without the entity the others are found as they are with it, where nothing even looks like it.
        before = old.matcher.match(article.document) if compared or is_seen else result
        names = [_named(result, new.entity), _named(before, new.entity)]
        if any(names):
            trials.append(trial_of(article, *names))
            for definition, found in zip(definitions, (result, before), strict=True):
                facts_now = extract_facts(article.document, found)
                view = view_of(article, views_of(found.mentions, article.document), facts_now)
                definition.arrive(article, view, facts_now, rules)
        else:
            told = facts.get(article.id, ())
            view = view_of(article, None, told)
            for definition in definitions:
                definition.arrive(article, view, told, rules)
    return trials


def _is_about(result: MatchResult, entity: str) -> bool:
    names = {mention.entity for mention in result.mentions} | {rejected.entity for rejected in result.rejected}
    return entity in names


def _named(result: MatchResult, entity: str) -> dict[str, str]:
    return {mention.entity: "; ".join(mention.evidence) for mention in result.mentions if mention.entity == entity}
