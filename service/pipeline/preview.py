"""What a rule or an entity would have found and told over the last days, before it is saved. Reads only.

stored articles -> what the new and the old definition find in each, and what silences left of it then
                -> the alerts that these would have made (domain/forecast.py) -> Preview
"""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from service.domain.alerting import CompiledRule, Hit, find_hits
from service.domain.alerting_policy import Policy
from service.domain.alerting_silence import Silence, mute
from service.domain.facts import Fact, as_object, extract_facts
from service.domain.forecast import Arrival, Outlook, foresee
from service.domain.matching import Matcher
from service.domain.model import Entity, MatchResult
from service.domain.past import PastArticle, view_of, views_of
from service.domain.preview import Preview, Trial, tally
from service.domain.query import ArticleView
from service.pipeline.watch import WatchSource
from service.store import past
from service.store.engine import Database
from service.store.facts import facts_of
from service.store.past import Period

__all__ = ["DAYS", "Asked", "Forecast", "articles_of", "forecast_rules", "preview_entity", "preview_rule"]

DAYS = (30, 90)
_BATCH = 100
_Heard = Callable[[int], None]
_Silences = Sequence[Silence]


@dataclass(frozen=True, slots=True)
class Asked:
    """``heard`` is told of each batch's articles; ``first_poll_summary``: the setting of that name."""

    now: datetime
    heard: _Heard
    first_poll_summary: bool = True


@dataclass(slots=True)
class Forecast:
    """The articles under one definition, in no order."""

    policies: Mapping[str, Policy]
    arrivals: list[Arrival] = field(default_factory=list)

    def outlook(self, asked: Asked) -> Outlook:
        """CPU-bound."""
        return foresee(self.arrivals, self.policies, now=asked.now, first_poll_summary=asked.first_poll_summary)


@dataclass(frozen=True, slots=True)
class _Definition:
    """A matcher with one definition of the entity, or with none."""

    matcher: Matcher
    entity: str
    forecast: Forecast = field(default_factory=lambda: Forecast({}))


async def articles_of(db: Database, *, now: datetime) -> int:
    """How many articles a preview looks at."""
    async with db.read() as session:
        return await past.count(session, _period(now), below=await past.first_position(session))


async def forecast_rules(
    db: Database, rules: Sequence[CompiledRule], silences: _Silences, asked: Asked
) -> tuple[list[Trial], list[Forecast]]:
    """Each rule by itself over the stored mentions and facts. The trials compare the first rule with the second."""
    trials: list[Trial] = []
    forecasts = [Forecast({compiled.rule.name: compiled.policy}) for compiled in rules]
    async for articles in _articles(db, asked):
        facts = await _facts(db, articles)
        trials += await asyncio.to_thread(_try_rules, articles, facts, rules, silences, forecasts)
    return trials, forecasts


async def preview_rule(
    db: Database, new: CompiledRule, old: CompiledRule | None, silences: _Silences, asked: Asked
) -> Preview:
    """Of a rule, beside the one that it would replace."""
    trials, forecasts = await forecast_rules(db, [new, old] if old else [new], silences, asked)
    outlooks = [await asyncio.to_thread(forecast.outlook, asked) for forecast in forecasts]
    return tally(trials, outlooks[0], outlooks[1] if old else Outlook(), now=asked.now, days=DAYS, compared=bool(old))


async def preview_entity(db: Database, watch: WatchSource, new: Entity, old: Entity | None, asked: Asked) -> Preview:
    """Of an entity, among all others that are tracked and with all rules, beside its definition ``old``.

    Articles that name it by neither definition count with the mentions and facts that are stored.
    """
    current = await watch.current()
    others = [entity for entity in current.matcher.entities if entity.name != new.name]
    policies = {compiled.rule.name: compiled.policy for compiled in current.rules}
    definitions = [
        _Definition(Matcher([*others, *([entity] if entity else [])]), new.name, Forecast(policies))
        for entity in (new, old)
    ]
    trials: list[Trial] = []
    async for articles in _articles(db, asked):
        facts = await _facts(db, articles)
        trials += await asyncio.to_thread(
            _try_entity, articles, facts, definitions, current.rules, current.silences, compared=old is not None
        )
    outlooks = [await asyncio.to_thread(one.forecast.outlook, asked) for one in definitions]
    return tally(trials, *outlooks, now=asked.now, days=DAYS, compared=old is not None, entity=new.name)


async def _articles(db: Database, asked: Asked) -> AsyncIterator[list[PastArticle]]:
    async with db.read() as session:
        position = await past.first_position(session)
    while True:
        async with db.read() as session:
            articles = await past.batch(session, _period(asked.now), below=position, limit=_BATCH)
        if not articles:
            return
        position = articles[-1].id
        yield articles
        asked.heard(len(articles))


async def _facts(db: Database, articles: Iterable[PastArticle]) -> Mapping[int, Sequence[Fact]]:
    async with db.read() as session:
        return await facts_of(session, [article.id for article in articles if article.mentions])


def _period(now: datetime) -> Period:
    return Period(since=now - timedelta(days=max(DAYS)))


def _try_rules(
    articles: Iterable[PastArticle],
    facts: Mapping[int, Sequence[Fact]],
    rules: Sequence[CompiledRule],
    silences: _Silences,
    forecasts: Sequence[Forecast],
) -> list[Trial]:
    trials = []
    for article in articles:
        told = facts.get(article.id, ())
        view = view_of(article, None, told)
        names: list[dict[str, str]] = []
        for compiled, forecast in zip(rules, forecasts, strict=True):
            hits = find_hits([compiled], view)
            forecast.arrivals.append(_arrival(article, hits, view, told, silences))
            named = {name for hit in hits for name in hit.entities}
            names.append({m.entity: "; ".join(m.values["evidence"]) for m in article.mentions if m.entity in named})
        if any(names):
            trials.append(_trial(article, names[0], names[1] if len(names) > 1 else {}))
    return trials


def _try_entity(
    articles: Iterable[PastArticle],
    facts: Mapping[int, Sequence[Fact]],
    definitions: Sequence[_Definition],
    rules: Sequence[CompiledRule],
    silences: _Silences,
    *,
    compared: bool,
) -> list[Trial]:
    new, old = definitions
    trials = []
    for article in articles:
        result = new.matcher.match(article.document)
        is_seen = _is_about(result, new.entity)
        # Without the entity the others are found as they are with it, where nothing even looks like it.
        before = old.matcher.match(article.document) if compared or is_seen else result
        names = [_named(result, new.entity), _named(before, new.entity)]
        if any(names):
            trials.append(_trial(article, *names))
            for definition, found in zip(definitions, (result, before), strict=True):
                facts_now = extract_facts(article.document, found)
                view = view_of(article, views_of(found.mentions, article.document), facts_now)
                arrival = _arrival(article, find_hits(rules, view), view, facts_now, silences)
                definition.forecast.arrivals.append(arrival)
        else:
            told = facts.get(article.id, ())
            view = view_of(article, None, told)
            arrival = _arrival(article, find_hits(rules, view) if view.mentions else (), view, told, silences)
            for definition in definitions:
                definition.forecast.arrivals.append(arrival)
    return trials


def _is_about(result: MatchResult, entity: str) -> bool:
    names = {mention.entity for mention in result.mentions} | {rejected.entity for rejected in result.rejected}
    return entity in names


def _named(result: MatchResult, entity: str) -> dict[str, str]:
    return {mention.entity: "; ".join(mention.evidence) for mention in result.mentions if mention.entity == entity}


def _arrival(
    article: PastArticle, hits: Sequence[Hit], view: ArticleView, facts: Sequence[Fact], silences: _Silences
) -> Arrival:
    at = article.first_read_at
    return Arrival(
        article=article.id,
        at=at,
        story=article.story if article.story is not None else -article.id,
        source_id=article.source_id,
        source=article.source,
        baseline=article.baseline,
        title=article.document.title,
        url=article.document.url or "",
        facts=tuple(as_object(fact) for fact in facts) if hits else (),
        hits=tuple((hit, mute(hit, silences, view, at)) for hit in hits),
    )


def _trial(article: PastArticle, new: Mapping[str, str], old: Mapping[str, str]) -> Trial:
    return Trial(
        id=article.id,
        story=article.story,
        at=article.discovered_at,
        url=article.document.url or "",
        title=article.document.title,
        source=article.source,
        new=new,
        old=old,
    )
