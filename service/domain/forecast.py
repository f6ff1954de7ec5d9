"""Which alerts rules would have raised over articles that were read: how they tell them, without a database. Pure.

    Arrival (an article, and what it gives each rule) ... -> foresee() -> Outlook: alerts, what was not told again,
                                                                          how much still waits

The decisions are those of the daemon (``alerting_route``, ``alerting_silence``); only the ledger that they ask is kept
in memory, and batches are told in the very moment in which they are due. What people do to alerts is not foreseen.
"""

from bisect import insort
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from service.domain.alerting import Hit, facts_once
from service.domain.alerting_policy import Policy
from service.domain.alerting_route import Drop, Past, Told, Wait, fact_keys, group_keys, hold, next_period, route
from service.domain.alerting_silence import Muting

__all__ = ["Arrival", "Foreseen", "Met", "Named", "Outlook", "Sources", "foresee"]

Named = tuple["Arrival", str]
"""An article and an entity that it names."""


@dataclass(frozen=True, slots=True)
class Met:
    """A rule that is met, with what the silences of that moment leave of it.

    ``story``: what is told beside the article that met it, of a rule within a story: the other articles that name its
    entities. None: the rule is about the article alone.
    """

    hit: Hit
    muting: Muting
    story: tuple[Named, ...] | None = None

    def named(self, arrival: "Arrival", entities: Sequence[str]) -> list[Named]:
        if self.story is None:
            return [(arrival, entity) for entity in entities]
        return [one for one in self.story if one[1] in entities]


@dataclass(frozen=True, slots=True)
class Arrival:
    """An article in the moment in which it was read. ``facts``: docs/formats.md."""

    article: int
    at: datetime
    story: int
    source_id: int | None
    source: str
    baseline: bool
    title: str = ""
    url: str = ""
    facts: tuple[Mapping[str, Any], ...] = ()
    hits: tuple[Met, ...] = ()


@dataclass(frozen=True, slots=True)
class Foreseen:
    """An alert. ``how``: ``at once``, ``again``, ``digest``, ``group``, ``quiet``, ``throttled``, ``first poll``; of a
    rule on volume ``spike``, ``quiet time`` or ``blind``; or ``silenced``, which goes nowhere. ``named``: what it
    tells, in order. ``title``: where it has one of its own."""

    rule: str
    at: datetime
    how: str
    named: tuple[Named, ...]
    title: str = ""

    @property
    def sent(self) -> bool:
        return self.how != "silenced"

    @property
    def mentions(self) -> frozenset[tuple[int, str]]:
        """(article, entity) of all that it tells."""
        return frozenset((arrival.article, entity) for arrival, entity in self.named)


@dataclass(slots=True)
class Outlook:
    """``dropped``: when an article met a rule that had told its story, and with which entities. ``waiting``: mentions
    that still wait."""

    alerts: list[Foreseen] = field(default_factory=list)
    dropped: list[tuple[datetime, tuple[str, ...]]] = field(default_factory=list)
    waiting: int = 0


class Sources:
    """How many sources carried a story at a moment."""

    def __init__(self, arrivals: Iterable[Arrival]) -> None:
        self._of: dict[int, list[tuple[datetime, int]]] = {}
        for arrival in arrivals:
            if arrival.source_id is not None:
                insort(self._of.setdefault(arrival.story, []), (arrival.at, arrival.source_id))

    def count(self, story: int, until: datetime) -> int:
        return len({source for at, source in self._of.get(story, ()) if at <= until})


@dataclass(slots=True)
class _Batch:
    kind: str
    key: str
    due: datetime
    named: dict[tuple[int, str], Named] = field(default_factory=dict)
    stories: set[int] = field(default_factory=set)


@dataclass(slots=True)
class _Ledger:
    """What one rule has told and what waits."""

    rule: str
    policy: Policy
    sources: Sources
    outlook: Outlook
    told: dict[int, list[tuple[datetime, frozenset[str], frozenset[str]]]] = field(default_factory=dict)
    """By story: when, of whom, with which facts."""
    made: list[datetime] = field(default_factory=list)
    batches: dict[str, _Batch] = field(default_factory=dict)
    silenced: set[tuple[int, str]] = field(default_factory=set)
    """(story, silence): such an alert stands in the ledger once."""

    def arrive(self, arrival: Arrival, met: Met) -> None:
        """What ``pipeline.tell`` does with a hit."""
        now, policy, muting = arrival.at, self.policy, met.muting
        if not self._works(now):
            return
        if muting.rest is None:
            self._silenced(arrival, met)
        elif policy.is_plain:
            if arrival.story in self.told:
                self.outlook.dropped.append((now, muting.rest.entities))
            else:
                self._raise(now, "at once", met.named(arrival, muting.rest.entities), arrival.facts)
        else:
            groups = group_keys(policy, muting.rest.entities, story=arrival.story, source=arrival.source)
            for key, entities in groups:
                self._route(arrival, met, key, entities)

    def sum_up(self, now: datetime, named: Sequence[Named]) -> None:
        """What ``pipeline.tell`` does with what stood in a new source's feed."""
        if not self._works(now):
            return
        plain = self.policy.is_plain
        decision = None if plain else next_period(self.policy, now) or hold(self.policy, self._past(now), now)
        if decision is not None:
            self._wait(decision, named)
        else:
            self._raise(now, "first poll", named)

    def fire(self, batch: _Batch) -> None:
        """What ``pipeline.compose`` does with a batch that is due."""
        now = batch.due
        held = hold(self.policy, self._past(now), now) if batch.kind == "group" else None
        del self.batches[_name(batch.kind, batch.key)]
        if held is not None:
            self._wait(held, batch.named.values())
        else:
            self._raise(now, batch.kind, list(batch.named.values()))

    @property
    def next_due(self) -> _Batch | None:
        return min(self.batches.values(), key=lambda batch: batch.due, default=None)

    def _works(self, now: datetime) -> bool:
        return self.policy.active is None or self.policy.active.holds(now)

    def _route(self, arrival: Arrival, met: Met, key: str, entities: tuple[str, ...]) -> None:
        now, policy, story = arrival.at, self.policy, arrival.story
        decision = route(
            policy,
            self._past(now, story, key if policy.group_by == "entity" else None),
            key=key,
            story=story,
            entities=entities,
            sources=self.sources.count(story, now),
            now=now,
            facts=fact_keys(arrival.facts),
        )
        named = met.named(arrival, entities)
        if isinstance(decision, Drop):
            self.outlook.dropped.append((now, entities))
        elif isinstance(decision, Wait):
            self._wait(decision, named)
        else:
            self._raise(now, "again" if decision.again else "at once", named, arrival.facts)

    def _past(self, now: datetime, story: int | None = None, group: str | None = None) -> Past:
        throttle = self.policy.throttle
        if throttle is None and story is None:
            return Past()
        throttled = self.batches.get(_name("throttled", ""))
        newest = sorted(self.made[-throttle.most :], reverse=True) if throttle is not None else ()
        return Past(
            self._told(story) if story is not None else None,
            self._waits_in(story, group) if story is not None else None,
            tuple(newest),
            throttled.due if throttled is not None else None,
        )

    def _told(self, story: int) -> Told | None:
        alerts = self.told.get(story)
        if not alerts:
            return None
        last = alerts[-1][0]
        return Told(
            alert=f"of {last:%Y-%m-%d %H:%M}",
            at=last,
            times=len(alerts),
            entities=frozenset().union(*(entities for _, entities, _ in alerts)),
            sources=self.sources.count(story, last),
            facts=frozenset().union(*(facts for _, _, facts in alerts)),
        )

    def _waits_in(self, story: int, group: str | None) -> str | None:
        for name, batch in self.batches.items():
            other = group is not None and batch.kind == "group" and batch.key != group
            if not other and story in batch.stories:
                return name
        return None

    def _wait(self, decision: Wait, named: Iterable[Named]) -> None:
        name = decision.joins or _name(decision.kind, decision.key)
        batch = self.batches.setdefault(name, _Batch(decision.kind, decision.key, decision.due))
        if decision.joins is None:
            batch.due = min(batch.due, decision.due)
        for arrival, entity in named:
            batch.named.setdefault((arrival.article, entity), (arrival, entity))
            batch.stories.add(arrival.story)

    def _raise(
        self, at: datetime, how: str, named: Sequence[Named], facts: Sequence[Mapping[str, Any]] | None = None
    ) -> None:
        """``facts``: of the one article that it tells; without a word those in which its mentions take part."""
        self.outlook.alerts.append(Foreseen(self.rule, at, how, tuple(named)))
        self.made.append(at)
        if how == "first poll":  # the story may still be told
            return
        if facts is None:
            facts = [fact for arrival, entity in named for fact in arrival.facts if entity in fact["parties"]]
        keys = fact_keys(facts_once(facts))
        for story in dict.fromkeys(arrival.story for arrival, _ in named):
            entities = frozenset(entity for arrival, entity in named if arrival.story == story)
            self.told.setdefault(story, []).append((at, entities, keys))

    def _silenced(self, arrival: Arrival, met: Met) -> None:
        key = (arrival.story, next(iter(met.muting.muted.values())).id)
        if key not in self.silenced:
            self.silenced.add(key)
            named = tuple(met.named(arrival, met.hit.entities))
            self.outlook.alerts.append(Foreseen(self.rule, arrival.at, "silenced", named))


def foresee(
    arrivals: Sequence[Arrival], policies: Mapping[str, Policy], *, now: datetime, first_poll_summary: bool = True
) -> Outlook:
    """What rules, by name with their policies, would have told up to ``now``; the alerts in their order."""
    outlook, sources = Outlook(), Sources(arrivals)
    ledgers = {rule: _Ledger(rule, policy, sources, outlook) for rule, policy in policies.items()}
    ordered = sorted(arrivals, key=lambda one: (one.at, one.article))
    summaries = _first_polls(ordered) if first_poll_summary else []
    events: list[tuple[datetime, Arrival | tuple[str, list[Named]]]] = [
        *((arrival.at, arrival) for arrival in ordered if not arrival.baseline),
        *((at, (rule, named)) for at, rule, named in summaries),
    ]
    for at, event in sorted(events, key=lambda one: one[0]):
        _catch_up(ledgers.values(), at)
        if isinstance(event, Arrival):
            for met in event.hits:
                ledgers[met.hit.rule].arrive(event, met)
        else:
            ledgers[event[0]].sum_up(at, event[1])
    _catch_up(ledgers.values(), now)
    outlook.alerts.sort(key=lambda alert: alert.at)
    outlook.waiting = sum(len(batch.named) for ledger in ledgers.values() for batch in ledger.batches.values())
    return outlook


def _catch_up(ledgers: Iterable[_Ledger], now: datetime) -> None:
    """Tell what is due up to now. What is told may put something else off, but only to a later time."""
    for ledger in ledgers:
        while (batch := ledger.next_due) is not None and batch.due <= now:
            ledger.fire(batch)


def _first_polls(ordered: Iterable[Arrival]) -> list[tuple[datetime, str, list[Named]]]:
    """(when the last article was read that stood in a source's first answer, rule, what it then sums up)."""
    last: dict[int, datetime] = {}
    held: dict[tuple[int, str], list[Named]] = {}
    for arrival in ordered:
        if arrival.baseline and arrival.source_id is not None:
            last[arrival.source_id] = arrival.at
            for met in arrival.hits:
                named = met.named(arrival, met.hit.entities)
                held.setdefault((arrival.source_id, met.hit.rule), []).extend(named)
    return [(last[source], rule, named) for (source, rule), named in held.items()]


def _name(kind: str, key: str) -> str:
    return f"{kind} {key}"
