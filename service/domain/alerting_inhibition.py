"""Inhibition: while an alert stands, others are held back. As Prometheus' Alertmanager has it. Pure.

An alert stands from when it is made until it is resolved, at most as long as the inhibition says: most alerts on
mentions are never resolved by anybody. One that is held back itself holds back nothing, so two rules cannot silence
each other; nor does a rule hold back itself.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from service.domain.query.values import is_value

__all__ = ["INHIBITION_KEYS", "Inhibition", "InhibitionError", "Matchers", "Standing", "held_back", "inhibition_of"]

INHIBITION_KEYS: Final = ("source", "target", "equal", "for")
_MATCHERS: Final = ("rule", "entity", "kind", "priority")
_EQUAL: Final = ("story", "entity")
_LASTS: Final = timedelta(days=1)
_LONGEST: Final = timedelta(days=30)
_UNITS: Final = {"m": 60, "h": 3600, "d": 86400}


class InhibitionError(ValueError):
    """``key`` is wrong; the text says how to mend it."""

    def __init__(self, key: str, problem: str) -> None:
        super().__init__(problem)
        self.key = key


@dataclass(frozen=True, slots=True)
class Matchers:
    """Which alerts. Of each, one of the values must fit (case ignored, ``*`` for any characters); empty: any."""

    rule: tuple[str, ...] = ()
    entity: tuple[str, ...] = ()
    kind: tuple[str, ...] = ()
    priority: tuple[str, ...] = ()

    def fit(self, *, rule: str, entities: Iterable[str], kind: str, priority: str) -> bool:
        given = ((self.rule, [rule]), (self.entity, entities), (self.kind, [kind]), (self.priority, [priority]))
        return all(not wanted or any(is_value(w, v) for w in wanted for v in values) for wanted, values in given)


@dataclass(frozen=True, slots=True)
class Inhibition:
    """While an alert that fits ``source`` stands, those that fit ``target`` and are ``equal`` to it are held back."""

    name: str
    source: Matchers
    target: Matchers
    equal: tuple[str, ...]
    lasts: timedelta

    def may_hold(self, rule: str) -> bool:
        """Is this rule among its targets?"""
        return not self.target.rule or any(is_value(wanted, rule) for wanted in self.target.rule)


@dataclass(frozen=True, slots=True)
class Standing:
    """An alert that was made and is not resolved."""

    alert: str
    rule: str
    kind: str
    priority: str
    entities: tuple[str, ...]
    story: int | None
    at: datetime
    until: datetime | None = None
    """When it was resolved, where the past is asked; None: it still stands."""


def held_back(
    inhibitions: Iterable[Inhibition],
    standing: Sequence[Standing],
    *,
    rule: str,
    kind: str,
    priority: str,
    entities: Sequence[str],
    story: int | None,
    now: datetime,
) -> dict[str, tuple[str, str]]:
    """Of the entities of an alert to come, those that are held back: each with the alert that stands, and the words.

    Without entities the alert is asked for as a whole, under the empty name.
    """
    found: dict[str, tuple[str, str]] = {}
    for one in inhibitions:
        for alert in standing:
            if alert.rule == rule or alert.at <= now - one.lasts:
                continue
            if not one.source.fit(
                rule=alert.rule, entities=alert.entities, kind=alert.kind, priority=alert.priority
            ) or ("story" in one.equal and (story is None or alert.story != story)):
                continue
            for entity in entities or ("",):
                fits = one.target.fit(rule=rule, entities=[entity], kind=kind, priority=priority)
                if fits and ("entity" not in one.equal or entity in alert.entities):
                    words = f"inhibition “{one.name}”: alert {alert.alert} of rule “{alert.rule}” stands"
                    found.setdefault(entity, (alert.alert, words))
    return found


def inhibition_of(name: str, given: Mapping[str, Any]) -> Inhibition:
    """Read an inhibition's keys. Raises InhibitionError."""
    for key in given:
        if key not in INHIBITION_KEYS:
            raise InhibitionError(key, f"unknown key; use {', '.join(INHIBITION_KEYS)}")
    source, target = _matchers("source", given.get("source")), _matchers("target", given.get("target"))
    equal = _texts("equal", given.get("equal", ["story"]))
    unknown = next((value for value in equal if value not in _EQUAL), None)
    if unknown is not None:
        raise InhibitionError("equal", f"{unknown!r} is not known; use story, entity, both, or [] for neither")
    return Inhibition(name, source, target, equal, _lasts(given.get("for")))


def _matchers(key: str, value: object) -> Matchers:
    if not isinstance(value, Mapping) or not value:
        raise InhibitionError(key, f"must say which alerts by {', '.join(_MATCHERS)}, such as {{rule: outage}}")
    for inner in value:
        if inner not in _MATCHERS:
            raise InhibitionError(f"{key}.{inner}", f"unknown key; use {', '.join(_MATCHERS)}")
    return Matchers(**{inner: _texts(f"{key}.{inner}", part) for inner, part in value.items()})


def _texts(key: str, value: object) -> tuple[str, ...]:
    parts = [value] if isinstance(value, str) else value
    if not isinstance(parts, list) or not all(isinstance(part, str) and part for part in parts):
        raise InhibitionError(key, "must be a text or a list of texts, such as [one, two]")
    return tuple(parts)


def _lasts(value: object) -> timedelta:
    if value is None:
        return _LASTS
    found = re.fullmatch(r"(\d{1,5})([mhd])", str(value), re.ASCII)
    lasts = timedelta(seconds=int(found[1]) * _UNITS[found[2]]) if found else timedelta()
    if not timedelta() < lasts <= _LONGEST:
        raise InhibitionError("for", f"{value!r} is no time; write 30m, 4h or 2d, at most 30d")
    return lasts
