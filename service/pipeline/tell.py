"""Tell the hits of one article, in the transaction that stores it: an alert now, a place in a batch, or nothing.

hit -> silences -> inhibitions -> route() -> alert | batch | nothing, each with its reason
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import structlog
from sqlalchemy.ext.asyncio import AsyncSession

from service.domain.alerting import AlertDraft, CompiledRule, Hit, find_story_hits, mention_alert
from service.domain.alerting_inhibition import Inhibition
from service.domain.alerting_policy import Policy
from service.domain.alerting_route import Drop, Tell, Wait, fact_keys, group_keys, hold, next_period, route
from service.domain.alerting_silence import Muting, Silence, mute, muted_channels
from service.domain.query import ArticleView
from service.pipeline.inhibit import held_entities, inhibited_draft
from service.pipeline.watch import Watch
from service.store import alerts, not_told, waiting
from service.store.story_lines import story_contents

__all__ = ["About", "News", "tell", "tell_summary"]

log = structlog.get_logger("newsvane.tell")


@dataclass(frozen=True, slots=True)
class News:
    """What the hits of an article have in common. ``mentions``: lines with their ids."""

    view: ArticleView
    story: Mapping[str, Any]
    title: str
    url: str
    source: str
    mentions: Sequence[Mapping[str, Any]]
    facts: Sequence[Mapping[str, Any]] = ()
    edited: bool = False
    within_story: bool = False
    """``mentions`` are those of the whole story, and ``own`` the ids of the article's."""
    own: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class About:
    """What a summary is about: the ids of all its mentions, and why they come late."""

    mentions: Sequence[int]
    why: str
    silences: Sequence[Silence] = ()


@dataclass(frozen=True, slots=True)
class _Teller:
    session: AsyncSession
    news: News
    now: datetime
    new_id: Callable[[], str]

    async def tell(self, compiled: CompiledRule, hit: Hit, watch: Watch) -> int:
        policy, rule = compiled.policy, compiled.rule.name
        if policy.active is not None and not policy.active.holds(self.now):
            await self._not_told(hit, policy.active.why_not(self.now))
            return 0
        muting = mute(hit, watch.silences, self.news.view, self.now)
        if muting.rest is None:
            return await self._silenced(hit, muting)
        rest, raised = await self._inhibit(muting.rest, policy, watch.inhibitions)
        if rest is None:
            return raised
        muting = replace(muting, rest=rest)
        if policy.is_plain:
            return raised + await self._raise(self._draft(rest, policy, muting), rest, muting.channels)
        await waiting.lock_rule(self.session, rule)
        story = int(self.news.story["id"])
        sources = await waiting.sources_of(self.session, story)
        facts = fact_keys(self.news.facts)
        for key, entities in group_keys(policy, rest.entities, story=story, source=self.news.source):
            part = replace(rest, entities=entities)
            past = await waiting.past(
                self.session, rule, policy, self.now, story=story, group=key if policy.group_by == "entity" else None
            )
            decision = route(
                policy, past, key=key, story=story, entities=entities, sources=sources, now=self.now, facts=facts
            )
            if isinstance(decision, Drop):
                await self._not_told(part, decision.why, alert=decision.alert)
            elif isinstance(decision, Wait):
                await self._wait(part, decision, muting)
            else:
                draft = self._told_now(part, policy, muting, decision, key)
                raised += await self._raise(draft, part, muting.channels)
        return raised

    async def _not_told(self, hit: Hit, why: str, *, alert: str | None = None) -> None:
        here = [mention for mention in self.news.mentions if mention["entity"] in hit.entities]
        if self.news.within_story:  # the others were asked when their articles came
            here = [mention for mention in here if mention["id"] in self.news.own]
        await not_told.note(self.session, hit.rule, [mention["id"] for mention in here], why, now=self.now, alert=alert)
        log.info("not told", rule=hit.rule, story=self.news.story["id"], why=why)

    async def _wait(self, hit: Hit, decision: Wait, muting: Muting) -> None:
        why = "; ".join(filter(None, [decision.why if decision.joins is None else "", *_muted_words(muting)]))
        chosen = [(mention["id"], why) for mention in self.news.mentions if mention["entity"] in hit.entities]
        await waiting.wait(self.session, hit.rule, decision, chosen, now=self.now, new_id=self.new_id)
        log.info("waits", rule=hit.rule, kind=decision.kind, due=decision.due, why=decision.why)

    def _told_now(self, hit: Hit, policy: Policy, muting: Muting, decision: Tell, key: str) -> AlertDraft:
        draft = self._draft(hit, policy, muting)
        # One alert a story, also where it is told in parts: by entity.
        name = draft.dedupe_key if policy.group_by != "entity" else f"{key}:{draft.dedupe_key}"
        again = f":again:{decision.again}" if decision.again else ""
        reason = f"{draft.reason} {decision.why}".rstrip()
        return replace(draft, dedupe_key=name + again, reason=reason, how={**draft.how, "again": decision.again})

    def _draft(self, hit: Hit, policy: Policy, muting: Muting) -> AlertDraft:
        draft = mention_alert(
            hit,
            story=self.news.story,
            title=self.news.title,
            url=self.news.url,
            source=self.news.source,
            mentions=self.news.mentions,
            facts=self.news.facts,
            edited=self.news.edited,
            within_story=self.news.within_story,
        )
        how = {"delivery": "at once", "group_by": policy.group_by, "priority": policy.priority}
        words = [*_muted_words(muting), *(f"{name}: {why}" for name, why in sorted(muting.channels.items()))]
        return replace(draft, how=how | ({"muted": words} if words else {}))

    async def _silenced(self, hit: Hit, muting: Muting) -> int:
        """An alert for the ledger alone. It counts as told to nobody: when the silence is over, the story may be."""
        silence = next(iter(muting.muted.values()))
        draft = self._draft(hit, Policy(), muting)
        draft = replace(
            draft,
            dedupe_key=f"{draft.dedupe_key}:silenced:{silence.id}",
            reason=f"{draft.reason} Muted by {silence.words}.",
            how={**draft.how, "delivery": "silenced"},
            silenced_by=silence.id,
        )
        return await self._raise(draft, hit, dict.fromkeys(hit.channels, silence.words))

    async def _inhibit(self, hit: Hit, policy: Policy, inhibitions: Sequence[Inhibition]) -> tuple[Hit | None, int]:
        """What no other alert holds back, and how many alerts were made for the ledger alone of what is."""
        story = int(self.news.story["id"])
        held = await held_entities(
            self.session, inhibitions, hit.rule, policy.priority, hit.entities, story=story, now=self.now
        )
        raised = 0
        for alert, words in dict.fromkeys(held.values()):
            names = tuple(entity for entity in hit.entities if held.get(entity) == (alert, words))
            part = replace(hit, entities=names)
            draft = inhibited_draft(self._draft(part, policy, Muting(part, {}, {})), alert, words)
            raised += await self._raise(draft, part, dict.fromkeys(hit.channels, words))
        left = tuple(entity for entity in hit.entities if entity not in held)
        return (replace(hit, entities=left) if left else None), raised

    async def _raise(self, draft: AlertDraft, hit: Hit, muted: Mapping[str, str]) -> int:
        ids = [mention["id"] for mention in draft.mentions]
        made = await alerts.raise_alert(self.session, draft, ids, now=self.now, new_id=self.new_id, muted=muted)
        if made is None:
            first = await alerts.raised_as(self.session, draft)
            held = draft.silenced_by is not None or draft.inhibited_by is not None
            why = f"its story was {'held back' if held else 'told'} by alert {first}"
            await self._not_told(hit, why, alert=first)
        return int(made is not None)


async def tell(
    session: AsyncSession,
    watch: Watch,
    hits: Sequence[Hit],
    news: News,
    *,
    now: datetime,
    new_id: Callable[[], str],
) -> int:
    """Tell an article's hits in the caller's transaction, which holds the article's mentions; how many alerts."""
    teller = _Teller(session, news, now, new_id)
    raised = 0
    known = [(compiled, hit) for hit in hits if (compiled := watch.rule(hit.rule)) is not None]
    known.sort(key=lambda one: one[1].rule)  # in one order for all: each rule is a lock
    if watch.inhibitions:
        for compiled, hit in known:
            if not compiled.policy.is_plain:
                await waiting.lock_rule(session, hit.rule)
        # What holds back others is told before them.
        known.sort(key=lambda one: any(inhibition.may_hold(one[1].rule) for inhibition in watch.inhibitions))
    for compiled, hit in known:
        raised += await teller.tell(compiled, hit, watch)
    return raised


async def tell_story(
    session: AsyncSession, watch: Watch, news: News, *, now: datetime, new_id: Callable[[], str]
) -> int:
    """Tell the rules within a story that it meets by now, with its mentions of all articles; how many alerts."""
    lines, mentions, facts = await story_contents(session, int(news.story["id"]))
    here = {mention.entity: mention.places for mention in news.view.mentions}
    mentions = tuple(replace(mention, places=here.get(mention.entity, ())) for mention in mentions)
    own = frozenset(mention["id"] for mention in news.mentions)
    view = replace(news.view, mentions=mentions, facts=facts)
    story = replace(news, view=view, mentions=lines, within_story=True, own=own)
    return await tell(session, watch, find_story_hits(watch.rules, story.view), story, now=now, new_id=new_id)


async def tell_summary(
    session: AsyncSession,
    compiled: CompiledRule,
    draft: AlertDraft,
    about: About,
    *,
    now: datetime,
    new_id: Callable[[], str],
) -> int:
    """Tell what is past: in the rule's digest, or after its quiet hours, where it has such; how many alerts."""
    policy = compiled.policy
    if not policy.is_plain:
        if policy.active is not None and not policy.active.holds(now):
            await not_told.note(session, draft.rule, about.mentions, policy.active.why_not(now), now=now)
            return 0
        await waiting.lock_rule(session, draft.rule)
        decision = next_period(policy, now) or hold(policy, await waiting.past(session, draft.rule, policy, now), now)
        if decision is not None:
            chosen = [(mention, f"{decision.why}; {about.why}") for mention in about.mentions]
            await waiting.wait(session, draft.rule, decision, chosen, now=now, new_id=new_id)
            return 0
    muted = muted_channels(about.silences, draft.rule, now)
    if muted:
        draft = replace(draft, how={**draft.how, "muted": [f"{name}: {why}" for name, why in muted.items()]})
    made = await alerts.raise_alert(session, draft, about.mentions, now=now, new_id=new_id, muted=muted)
    return int(made is not None)


def _muted_words(muting: Muting) -> list[str]:
    return [f"{entity} muted by {silence.words}" for entity, silence in muting.muted.items()]
