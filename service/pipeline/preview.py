"""What a rule would have found and told over the last days, before it is saved; an entity: preview_entity. Reads only.

stored articles -> what the new and the old definition find in each, and what silences left of it then
                -> the alerts that these would have made (domain/forecast.py) -> Preview
"""

import asyncio
from collections.abc import AsyncIterator, Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from service.domain.alerting import CompiledRule, Hit, find_hits
from service.domain.alerting_silence import Silence, mute
from service.domain.facts import Fact, as_object
from service.domain.forecast import Arrival, Met, Outlook, foresee
from service.domain.forecast_inhibition import Standings
from service.domain.forecast_stories import Chapter, asks_words, story_hits
from service.domain.past import PastArticle, view_of
from service.domain.preview import Preview, Trial, tally
from service.domain.query import ArticleView
from service.pipeline.foresee_volume import forecast_volume
from service.pipeline.inhibit import inhibitions_of
from service.store import past
from service.store.engine import Database
from service.store.facts import facts_of
from service.store.inhibitions import stood
from service.store.past import Period

__all__ = [
    "DAYS",
    "Asked",
    "Forecast",
    "articles_of",
    "batches",
    "facts_in",
    "forecast_rules",
    "met_with",
    "preview_rule",
    "standings_of",
    "trial_of",
]

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

    rules: Sequence[CompiledRule]
    silences: _Silences = ()
    arrivals: list[Arrival] = field(default_factory=list)
    chapters: list[Chapter] = field(default_factory=list)
    """The same as rules within a story see them, where there is such a rule."""

    def arrive(self, article: PastArticle, view: ArticleView, facts: Sequence[Fact], met: Sequence[Met]) -> None:
        within = self._within
        arrival = _arrival(article, met, facts if met or within else ())
        self.arrivals.append(arrival)
        if within and view.mentions:
            words = any(asks_words(rule.query) for rule in within) or any(
                silence.query is not None and asks_words(silence.query) for silence in self.silences
            )
            self.chapters.append(Chapter(arrival, replace(view, text=view.text if words else "")))

    def settle(self) -> None:
        """Once all articles have come: what rules within a story met with what each story then held."""
        found = story_hits(self.chapters, self._within, self.silences)
        self.chapters.clear()
        self.arrivals = [replace(one, hits=(*one.hits, *found.get(one.article, ()))) for one in self.arrivals]

    def outlook(self, asked: Asked, standings: Standings) -> Outlook:
        """CPU-bound. ``standings``: of the rules that are not foreseen here."""
        policies = {compiled.rule.name: compiled.policy for compiled in self.rules}
        return foresee(
            self.arrivals,
            policies,
            now=asked.now,
            first_poll_summary=asked.first_poll_summary,
            standings=standings.anew(),
        )

    @property
    def _within(self) -> list[CompiledRule]:
        return [compiled for compiled in self.rules if compiled.policy.within_story]


async def articles_of(db: Database, *, now: datetime) -> int:
    """How many articles a preview looks at."""
    async with db.read() as session:
        return await past.count(session, _period(now), below=await past.first_position(session))


async def forecast_rules(
    db: Database, rules: Sequence[CompiledRule], silences: _Silences, asked: Asked
) -> tuple[list[Trial], list[Forecast]]:
    """Each rule by itself over the stored mentions and facts. The trials compare the first rule with the second."""
    heads: dict[int, Trial] = {}
    forecasts = [Forecast([compiled], silences) for compiled in rules]
    async for articles in batches(db, asked):
        facts = await facts_in(db, articles)
        await asyncio.to_thread(_try_rules, articles, facts, forecasts, heads)
    for forecast in forecasts:
        await asyncio.to_thread(forecast.settle)
    named = [_named_by(forecast) for forecast in forecasts]
    trials = []
    for article, head in heads.items():
        told = [_evidence(head, names.get(article, ())) for names in named]
        if any(told):
            trials.append(replace(head, new=told[0], old=told[1] if len(told) > 1 else {}))
    return trials, forecasts


async def preview_rule(
    db: Database, new: CompiledRule, old: CompiledRule | None, silences: _Silences, asked: Asked
) -> Preview:
    """Of a rule, beside the one that it would replace."""
    rules = [new, old] if old else [new]
    standings = await standings_of(db, rules, asked.now)
    if all(rule.policy.volume is None for rule in rules):
        trials, forecasts = await forecast_rules(db, rules, silences, asked)
        outlooks = [await asyncio.to_thread(forecast.outlook, asked, standings) for forecast in forecasts]
    else:
        each = [await _forecast_alone(db, rule, silences, asked, standings) for rule in rules]
        trials, outlooks = _beside(*(found for found, _ in each)), [outlook for _, outlook in each]
    return tally(trials, outlooks[0], outlooks[1] if old else Outlook(), now=asked.now, days=DAYS, compared=bool(old))


async def _forecast_alone(
    db: Database, rule: CompiledRule, silences: _Silences, asked: Asked, standings: Standings
) -> tuple[list[Trial], Outlook]:
    if rule.policy.volume is not None:
        return await forecast_volume(db, rule, silences, standings, now=asked.now, days=max(DAYS))
    trials, (forecast,) = await forecast_rules(db, [rule], silences, asked)
    return trials, await asyncio.to_thread(forecast.outlook, asked, standings)


async def standings_of(db: Database, foreseen: Iterable[CompiledRule], now: datetime) -> Standings:
    """The inhibitions, and the alerts that the ledger has of all rules but those that are to be foreseen."""
    async with db.read() as session:
        inhibitions = await inhibitions_of(session)
        since, but = now - timedelta(days=max(DAYS)), [compiled.rule.name for compiled in foreseen]
        return Standings(inhibitions, await stood(session, inhibitions, since=since, but=but))


def _beside(new: Sequence[Trial], old: Sequence[Trial] = ()) -> list[Trial]:
    """One trial an article, of what each rule found by itself."""
    before = {trial.id: trial for trial in old}
    both = [replace(trial, old=before.pop(trial.id).new if trial.id in before else {}) for trial in new]
    return [*both, *(replace(trial, new={}, old=trial.new) for trial in before.values())]


async def batches(db: Database, asked: Asked) -> AsyncIterator[list[PastArticle]]:
    """The articles, the newest first."""
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


async def facts_in(db: Database, articles: Iterable[PastArticle]) -> Mapping[int, Sequence[Fact]]:
    """The stored facts of those that name somebody."""
    async with db.read() as session:
        return await facts_of(session, [article.id for article in articles if article.mentions])


def _period(now: datetime) -> Period:
    return Period(since=now - timedelta(days=max(DAYS)))


def _try_rules(
    articles: Iterable[PastArticle],
    facts: Mapping[int, Sequence[Fact]],
    forecasts: Sequence[Forecast],
    heads: dict[int, Trial],
) -> None:
    """``heads``: gains the articles that name somebody, each with why."""
    for article in articles:
        told = facts.get(article.id, ())
        view = view_of(article, None, told)
        if view.mentions:
            standing = {mention.entity for mention in view.mentions}
            why = {m.entity: "; ".join(m.values["evidence"]) for m in article.mentions if m.entity in standing}
            heads[article.id] = trial_of(article, why, {})
        for forecast in forecasts:
            hits = find_hits(forecast.rules, view) if view.mentions else ()
            forecast.arrive(article, view, told, met_with(hits, forecast.silences, view, article))


def _named_by(forecast: Forecast) -> dict[int, set[str]]:
    """By article the entities for which it, or its story, met a rule."""
    found: dict[int, set[str]] = {}
    for arrival in forecast.arrivals:
        for met in arrival.hits:
            for told, entity in met.named(arrival, met.hit.entities):
                found.setdefault(told.article, set()).add(entity)
    return found


def _evidence(head: Trial, names: Collection[str]) -> dict[str, str]:
    return {name: why for name, why in head.new.items() if name in names}


def met_with(hits: Iterable[Hit], silences: _Silences, view: ArticleView, article: PastArticle) -> list[Met]:
    """With what the silences of that time leave of each."""
    return [Met(hit, mute(hit, silences, view, article.first_read_at)) for hit in hits]


def _arrival(article: PastArticle, met: Sequence[Met], facts: Sequence[Fact]) -> Arrival:
    return Arrival(
        article=article.id,
        at=article.first_read_at,
        story=article.story if article.story is not None else -article.id,
        source_id=article.source_id,
        source=article.source,
        baseline=article.baseline,
        title=article.document.title,
        url=article.document.url or "",
        facts=tuple(as_object(fact) for fact in facts),
        hits=tuple(met),
    )


def trial_of(article: PastArticle, new: Mapping[str, str], old: Mapping[str, str]) -> Trial:
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
