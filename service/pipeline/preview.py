"""What a rule or an entity would have found over the last days, before it is saved. Reads only."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from service.domain.alerting import CompiledRule, find_hits
from service.domain.facts import Fact, extract_facts
from service.domain.matching import Matcher
from service.domain.model import Entity
from service.domain.past import PastArticle, view_of, views_of
from service.domain.preview import Found, Preview, Trial, tally
from service.domain.query import ArticleView, Query, matching_mentions
from service.pipeline.watch import WatchSource
from service.store import past
from service.store.engine import Database
from service.store.facts import facts_of
from service.store.past import Period

__all__ = ["DAYS", "articles_of", "preview_entity", "preview_rule"]

DAYS = (30, 90)
_BATCH = 100
_Heard = Callable[[int], None]


@dataclass(frozen=True, slots=True)
class _Definition:
    """A matcher with one definition of the entity; None where it is not looked for."""

    matcher: Matcher | None
    entity: str
    rules: Sequence[CompiledRule]

    def found(self, article: PastArticle) -> Found:
        """CPU-bound."""
        if self.matcher is None:
            return Found()
        result = self.matcher.match(article.document)
        ours = [mention for mention in result.mentions if mention.entity == self.entity]
        if not ours:
            return Found()
        hits = find_hits(
            self.rules,
            view_of(article, views_of(result.mentions, article.document), extract_facts(article.document, result)),
        )
        rules = tuple(hit.rule for hit in hits if self.entity in hit.entities)
        return Found({self.entity: "; ".join(ours[0].evidence)}, rules)


async def articles_of(db: Database, *, now: datetime) -> int:
    """How many articles a preview looks at."""
    async with db.read() as session:
        return await past.count(session, _period(now), below=await past.first_position(session))


async def preview_rule(
    db: Database, new: Query, old: Query | None, *, name: str, now: datetime, heard: _Heard
) -> Preview:
    """Of a rule with the query ``new``, beside that of ``old``, on the stored mentions and facts."""
    trials: list[Trial] = []
    async for articles in _articles(db, now, heard):
        named = [article for article in articles if any(not mention.withdrawn for mention in article.mentions)]
        async with db.read() as session:
            facts = await facts_of(session, [article.id for article in named])
        trials += await asyncio.to_thread(_rule_trials, named, facts, new, old, name)
    return tally(trials, now=now, days=DAYS, compared=old is not None)


async def preview_entity(
    db: Database, watch: WatchSource, new: Entity, old: Entity | None, *, now: datetime, heard: _Heard
) -> Preview:
    """Of an entity, among all others that are tracked and with all rules, beside its definition ``old``."""
    current = await watch.current()
    others = [entity for entity in current.matcher.entities if entity.name != new.name]
    definitions = [
        _Definition(Matcher([*others, entity]) if entity else None, new.name, current.rules) for entity in (new, old)
    ]
    trials: list[Trial] = []
    async for articles in _articles(db, now, heard):
        trials += await asyncio.to_thread(_entity_trials, articles, *definitions)
    return tally(trials, now=now, days=DAYS, compared=old is not None)


async def _articles(db: Database, now: datetime, heard: _Heard) -> AsyncIterator[list[PastArticle]]:
    async with db.read() as session:
        position = await past.first_position(session)
    while True:
        async with db.read() as session:
            articles = await past.batch(session, _period(now), below=position, limit=_BATCH)
        if not articles:
            return
        position = articles[-1].id
        yield articles
        heard(len(articles))


def _period(now: datetime) -> Period:
    return Period(since=now - timedelta(days=max(DAYS)))


def _rule_trials(
    articles: Iterable[PastArticle], facts: Mapping[int, Sequence[Fact]], new: Query, old: Query | None, name: str
) -> list[Trial]:
    trials = []
    for article in articles:
        view = view_of(article, None, facts.get(article.id, ()))
        trials.append(_trial(article, _met(new, article, view, name), _met(old, article, view, name)))
    return trials


def _met(query: Query | None, article: PastArticle, view: ArticleView, rule: str) -> Found:
    if query is None:
        return Found()
    named = {mention.entity for mention in matching_mentions(query, view)}
    why = {m.entity: "; ".join(m.values["evidence"]) for m in article.mentions if m.entity in named}
    return Found(why, (rule,) if why else ())


def _entity_trials(articles: Iterable[PastArticle], new: _Definition, old: _Definition) -> list[Trial]:
    return [_trial(article, new.found(article), old.found(article)) for article in articles]


def _trial(article: PastArticle, new: Found, old: Found) -> Trial:
    return Trial(
        id=article.id,
        story=article.story,
        source_id=article.source_id,
        baseline=article.baseline,
        at=article.discovered_at,
        url=article.document.url or "",
        title=article.document.title,
        source=article.source,
        new=new,
        old=old,
    )
