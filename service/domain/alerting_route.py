"""Where a hit goes: told now, waiting in a batch, or not told again. Pure; ``now`` and the past are arguments.

    hit + Policy + Past -> route() -> Tell | Wait | Drop
    a grouping wait that is over -> hold() -> Wait (quiet hours, throttle) | None: tell it

Whatever waits is a row with a due time, so it survives a restart; a summary never waits twice.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from service.domain.alerting_policy import Policy

__all__ = [
    "Drop",
    "Past",
    "Tell",
    "Told",
    "Wait",
    "fact_keys",
    "group_keys",
    "hold",
    "material_change",
    "next_period",
    "route",
]

_MUCH_WIDER = 3
_WIDE = 5
"""Sources: a story is carried much further when it has three times those of the last alert, and at least five."""


@dataclass(frozen=True, slots=True)
class Told:
    """What a rule has told of a story so far."""

    alert: str
    at: datetime
    times: int
    entities: frozenset[str]
    sources: int
    """How many carried the story when it was told last."""
    facts: frozenset[str] = frozenset()
    resolved: bool = False
    snoozed_until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Past:
    """What counts for the next alert of a rule. ``made``: its newest alerts in the throttle's span, newest first."""

    told: Told | None = None
    waits_in: str | None = None
    """The open batch in which this story waits already."""
    made: tuple[datetime, ...] = ()
    throttled_until: datetime | None = None
    """When the open batch of what the throttle held back is due."""


@dataclass(frozen=True, slots=True)
class Tell:
    """Now. ``again``: which repetition it is, 0 for the first alert."""

    why: str = ""
    again: int = 0


@dataclass(frozen=True, slots=True)
class Wait:
    """In the rule's batch of this kind and key, until ``due``.

    ``kind``: ``digest``, ``group``, ``quiet``, ``throttled``, ``snoozed``. ``fires``: the digest's own moment, which
    quiet hours may have put off. ``joins``: the batch to wait in, where it exists already.
    """

    kind: str
    key: str
    due: datetime
    why: str
    fires: datetime | None = None
    joins: str | None = None


@dataclass(frozen=True, slots=True)
class Drop:
    """Not at all. ``alert``: the one that told the story, where that is why."""

    why: str
    alert: str | None = None


def group_keys(
    policy: Policy, entities: Sequence[str], *, story: int, source: str
) -> list[tuple[str, tuple[str, ...]]]:
    """A hit's groups, each with its entities: one, but for ``group_by: entity``."""
    if policy.group_by == "entity":
        return [(f"entity:{name}", (name,)) for name in entities]
    key = {"story": f"story:{story}", "source": f"source:{source}", "rule": ""}[policy.group_by]
    return [(key, tuple(entities))]


def route(
    policy: Policy, past: Past, *, key: str, story: int, entities: Sequence[str], sources: int, now: datetime,
    facts: frozenset[str] = frozenset(),
) -> Tell | Wait | Drop:  # fmt: skip
    """What becomes of a hit. ``key``: its group; ``sources``: how many carry its story now."""
    if policy.active is not None and not policy.active.holds(now):
        return Drop("the rule is not active today")
    told, why, again = past.told, "", 0
    if told is not None and policy.group_by == "entity" and not told.entities.intersection(entities):
        told = None
    if told is not None:
        if told.resolved:
            return Drop(f"its story was resolved with alert {told.alert}", told.alert)
        change = material_change(told, entities, sources, facts) if policy.repeat_material else None
        if change is None:
            return Drop(f"its story was told by alert {told.alert}", told.alert)
        why, again = f"Told again: {change}.", told.times
        if told.snoozed_until is not None and told.snoozed_until > now:
            return Wait("snoozed", f"story:{story}", told.snoozed_until, f"alert {told.alert} is snoozed; {change}")
    if past.waits_in is not None:
        return Wait("", "", now, "its story waits already", joins=past.waits_in)
    fires = policy.next_digest(now)
    if fires is not None:
        return _digest(policy, fires)
    if policy.group_wait:
        return Wait("group", key, now + policy.group_wait, f"gathered for {_seconds(policy)}")
    return hold(policy, past, now) or Tell(why, again)


def hold(policy: Policy, past: Past, now: datetime) -> Wait | None:
    """What keeps an alert that is ready from being made now."""
    quiet = policy.quiet_hours
    until = quiet.until(now) if quiet else None
    if until is not None:
        return Wait("quiet", "", until, f"quiet hours until {_minute(until)}")
    throttle = policy.throttle
    if throttle is None:
        return None
    over = f"more than {throttle.text}"
    if past.throttled_until is not None:
        return Wait("throttled", "", past.throttled_until, over)
    recent = [at for at in past.made if at > now - throttle.span][: throttle.most]
    if len(recent) < throttle.most:
        return None
    return Wait("throttled", "", min(recent) + throttle.span, over)


def material_change(told: Told, entities: Sequence[str], sources: int, facts: frozenset[str]) -> str | None:
    """What is new enough to tell a story again: an entity, a fact (amount, party, status), a far wider spread."""
    new = [name for name in entities if name not in told.entities]
    if new:
        return f"{', '.join(new)} named for the first time"
    found = sorted(facts - told.facts)
    if found:
        return f"new fact: {found[0]}"
    if sources >= max(_WIDE, _MUCH_WIDER * told.sources):
        return f"{sources} sources carry it, and {told.sources} did at the last alert"
    return None


def fact_keys(facts: Iterable[Mapping[str, Any]]) -> frozenset[str]:
    """What makes facts (docs/formats.md) different: amounts, parties, and how far each kind of deal is."""
    found: set[str] = set()
    for fact in facts:
        if fact.get("amount") is not None:
            found.add(f"amount {fact['amount']:g} {fact.get('currency') or ''}".rstrip())
        if fact.get("status"):
            found.add(f"{fact.get('kind')} {fact['status']}")
        found.update(f"party {party}" for party in fact.get("parties") or ())
    return frozenset(found)


def next_period(policy: Policy, now: datetime) -> Wait | None:
    """The digest after the one that ``now`` has seen made; None where the rule has no digest any more."""
    fires = policy.next_digest(now)
    return _digest(policy, fires) if fires is not None else None


def _digest(policy: Policy, fires: datetime) -> Wait:
    quiet = policy.quiet_hours
    due = (quiet.until(fires) if quiet else None) or fires
    put_off = f", put off by quiet hours to {_minute(due)}" if due != fires else ""
    text = policy.digest.text if policy.digest else ""
    return Wait("digest", "", due, f"digest {text}: {_minute(fires)}{put_off}", fires=fires)


def _minute(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%d %H:%M UTC")


def _seconds(policy: Policy) -> str:
    return f"{policy.group_wait.total_seconds():g} s"
