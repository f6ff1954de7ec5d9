"""Which alerts rules would have raised over articles that were read: how they tell them, without a database. Pure.

    Arrival (an article, and what it gives each rule) ... -> foresee() -> Outlook: alerts, what was not told again,
                                                                          how much still waits

The decisions are those of the daemon (``alerting_route``, ``alerting_silence``, ``alerting_inhibition``); only the
ledger that they ask is kept in memory, and batches are told in the very moment in which they are due. What people do to
alerts is not foreseen.
"""

from bisect import insort
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from service.domain.alerting import facts_once
from service.domain.alerting_digest import kind_of
from service.domain.alerting_inhibition import Standing
from service.domain.alerting_policy import Policy
from service.domain.alerting_route import Drop, Past, Told, Wait, fact_keys, group_keys, hold, next_period, route
from service.domain.forecast_inhibition import Standings
from service.domain.forecast_values import Arrival, Foreseen, Met, Named, Outlook

__all__ = ["Arrival", "Foreseen", "Met", "Named", "Outlook", "Sources", "foresee"]


class Sources:
    """How many sources carried a story at a moment."""

    def __init__(self, arrivals: Iterable[Arrival]) -> None:
        self._of: dict[int, list[tuple[datetime, int]]] = {}
        for arrival in arrivals:
            if arrival.source_id is not None:
                insort(self._of.setdefault(arrival.story, []), (arrival.at, arrival.source_id))

    def count(self, story: int, until: datetime) -> int:
        return len({source for at, source in self._of.get(story, ()) if at <= until})


_NOW: Final = ("at once", "again")


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
    standings: Standings
    told: dict[int, list[tuple[datetime, frozenset[str], frozenset[str]]]] = field(default_factory=dict)
    """By story: when, of whom, with which facts."""
    made: list[datetime] = field(default_factory=list)
    batches: dict[str, _Batch] = field(default_factory=dict)
    silenced: set[tuple[int, str]] = field(default_factory=set)
    """(story, silence): such an alert stands in the ledger once."""
    inhibited: set[tuple[int, str]] = field(default_factory=set)
    """(story, the alert that holds it back): the same."""

    def arrive(self, arrival: Arrival, met: Met) -> None:
        """What ``pipeline.tell`` does with a hit."""
        now, policy, muting = arrival.at, self.policy, met.muting
        if not self._works(now):
            return
        if muting.rest is None:
            self._silenced(arrival, met)
            return
        rest = self._not_inhibited(arrival, met, muting.rest.entities)
        if rest and policy.is_plain:
            if arrival.story in self.told:
                self.outlook.dropped.append((now, rest))
            else:
                self._raise(now, "at once", met.named(arrival, rest), arrival.facts)
        elif rest:
            for key, entities in group_keys(policy, rest, story=arrival.story, source=arrival.source):
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
            return
        named = list(batch.named.values())
        if batch.kind == "group":
            named = self._left_of_group(now, named)
        if named:
            self._raise(now, batch.kind, named)

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
        stories = list(dict.fromkeys(arrival.story for arrival, _ in named))
        if how == "first poll":  # the story may still be told
            self._stands(at, "summary", "normal", (entity for _, entity in named), None)
            return
        alone = len(stories) == 1
        kind = "mention" if how in _NOW else kind_of(how, one_story=alone)
        self._stands(at, kind, self.policy.priority, (entity for _, entity in named), stories[0] if alone else None)
        if facts is None:
            facts = [fact for arrival, entity in named for fact in arrival.facts if entity in fact["parties"]]
        keys = fact_keys(facts_once(facts))
        for story in stories:
            entities = frozenset(entity for arrival, entity in named if arrival.story == story)
            self.told.setdefault(story, []).append((at, entities, keys))

    def _silenced(self, arrival: Arrival, met: Met) -> None:
        key = (arrival.story, next(iter(met.muting.muted.values())).id)
        if key not in self.silenced:
            self.silenced.add(key)
            named = tuple(met.named(arrival, met.hit.entities))
            self.outlook.alerts.append(Foreseen(self.rule, arrival.at, "silenced", named))
            self._stands(arrival.at, "mention", "normal", met.hit.entities, arrival.story)

    def _not_inhibited(self, arrival: Arrival, met: Met, entities: tuple[str, ...]) -> tuple[str, ...]:
        held = self._held(arrival.at, entities, arrival.story)
        for one in dict.fromkeys(held.values()):
            names = tuple(name for name in entities if held.get(name) == one)
            if (arrival.story, one[0]) in self.inhibited:
                self.outlook.dropped.append((arrival.at, names))
                continue
            self.inhibited.add((arrival.story, one[0]))
            named = tuple(met.named(arrival, names))
            self.outlook.alerts.append(Foreseen(self.rule, arrival.at, "inhibited", named))
        return tuple(name for name in entities if name not in held)

    def _left_of_group(self, now: datetime, named: Sequence[Named]) -> list[Named]:
        held: dict[tuple[str, str], list[Named]] = {}
        left: list[Named] = []
        for arrival, entity in named:
            by = self._held(now, (entity,), arrival.story).get(entity)
            (left if by is None else held.setdefault(by, [])).append((arrival, entity))
        self.outlook.alerts += [Foreseen(self.rule, now, "inhibited", tuple(part)) for part in held.values()]
        return left

    def _held(self, now: datetime, entities: Sequence[str], story: int) -> dict[str, tuple[str, str]]:
        return self.standings.held(
            rule=self.rule, kind="mention", priority=self.policy.priority, entities=entities, story=story, now=now
        )

    def _stands(self, at: datetime, kind: str, priority: str, entities: Iterable[str], story: int | None) -> None:
        if self.standings:
            name = f"foreseen {len(self.outlook.alerts)}"
            names = tuple(dict.fromkeys(entities))
            self.standings.made(Standing(name, self.rule, kind, priority, names, story, at))


def foresee(
    arrivals: Sequence[Arrival],
    policies: Mapping[str, Policy],
    *,
    now: datetime,
    first_poll_summary: bool = True,
    standings: Standings | None = None,
) -> Outlook:
    """What rules, by name with their policies, would have told up to ``now``; the alerts in their order.

    ``standings``: the inhibitions, and the alerts of other rules; those that are foreseen are added.
    """
    outlook, sources, standings = Outlook(), Sources(arrivals), standings or Standings()
    ledgers = {rule: _Ledger(rule, policy, sources, outlook, standings) for rule, policy in policies.items()}
    ordered = sorted(arrivals, key=lambda one: (one.at, one.article))
    summaries = _first_polls(ordered) if first_poll_summary else []
    events: list[tuple[datetime, Arrival | tuple[str, list[Named]]]] = [
        *((arrival.at, arrival) for arrival in ordered if not arrival.baseline),
        *((at, (rule, named)) for at, rule, named in summaries),
    ]
    for at, event in sorted(events, key=lambda one: one[0]):
        _catch_up(ledgers.values(), at)
        if isinstance(event, Arrival):
            for met in sorted(event.hits, key=lambda met: (met.story is not None, standings.order(met.hit.rule))):
                ledgers[met.hit.rule].arrive(event, met)
        else:
            ledgers[event[0]].sum_up(at, event[1])
    _catch_up(ledgers.values(), now)
    outlook.alerts.sort(key=lambda alert: alert.at)
    outlook.waiting = sum(len(batch.named) for ledger in ledgers.values() for batch in ledger.batches.values())
    return outlook


def _catch_up(ledgers: Iterable[_Ledger], now: datetime) -> None:
    """Tell what is due up to now, in the order in which it is. What is told may put something else off, but only to a
    later time."""
    while True:
        due = [(batch.due, ledger.rule, ledger) for ledger in ledgers if (batch := ledger.next_due) is not None]
        moment, _, first = min(due, key=lambda one: one[:2], default=(None, "", None))
        if first is None or moment is None or moment > now or first.next_due is None:
            return
        first.fire(first.next_due)


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
