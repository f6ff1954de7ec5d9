"""What a rule or an entity would have found in stored articles, beside the one that stands. Decides only.

Trial ... (what an article names by the new definition, and by the old) + Outlook of each -> tally -> Preview
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from service.domain.alerting import rfc3339
from service.domain.forecast import Foreseen, Outlook

__all__ = ["Figures", "Period", "Preview", "Trial", "tally"]

_SAMPLES = 5


@dataclass(frozen=True, slots=True)
class Trial:
    """An article under the new definition and, where there is one, the old; each: entity -> why it is named."""

    id: int
    story: int | None
    at: datetime
    """When newsvane found it."""
    url: str
    title: str
    source: str
    new: Mapping[str, str]
    old: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Figures:
    """``alerts`` are those that go somewhere and tell of what was found; ``how`` counts them by the way in which they
    came to be (``forecast.Foreseen.how``), and ``by_day`` by the day (UTC)."""

    mentions: int
    stories: int
    alerts: int
    mentions_a_day: float
    stories_a_day: float
    alerts_a_day: float
    most_alerts: int
    """On one day (UTC)."""
    how: Mapping[str, int]
    by_day: Mapping[str, int]
    silenced: int
    """Alerts that a silence keeps from everybody."""
    inhibited: int
    """Those that another alert holds back."""
    not_told_again: int
    """Articles that met a rule which had told their story."""


@dataclass(frozen=True, slots=True)
class Period:
    """The last ``days``. ``old``: None where nothing stands yet. ``gained`` and ``lost``: mentions. ``more_alerts``: of
    all rules together, beside what there is without the new definition; less than 0 for fewer."""

    days: int
    articles: int
    """With anything found in them."""
    new: Figures
    old: Figures | None
    gained: int
    lost: int
    more_alerts: int


@dataclass(frozen=True, slots=True)
class Preview:
    """Samples are the newest first. ``waiting``: mentions that would still wait to be told. ``note``: why nothing could
    be foreseen."""

    periods: tuple[Period, ...]
    waiting: int
    samples: tuple[Mapping[str, Any], ...]
    gained: tuple[Mapping[str, Any], ...]
    lost: tuple[Mapping[str, Any], ...]
    alerts: tuple[Mapping[str, Any], ...]
    alerts_gained: tuple[Mapping[str, Any], ...]
    alerts_lost: tuple[Mapping[str, Any], ...]
    note: str = ""


def tally(
    trials: Iterable[Trial],
    new: Outlook,
    old: Outlook,
    *,
    now: datetime,
    days: Sequence[int],
    compared: bool,
    entity: str | None = None,
) -> Preview:
    """``compared``: whether there is an old definition; without one ``old`` is what there is anyway. ``entity``: count
    the alerts that tell of it."""
    found = sorted((t for t in trials if t.new or t.old), key=lambda t: -t.id)
    return Preview(
        tuple(_period(found, new, old, n, now, compared=compared, entity=entity) for n in days),
        new.waiting,
        _samples((t, name, why) for t in found for name, why in t.new.items()),
        _samples(_beyond(found, "new", "old")) if compared else (),
        _samples(_beyond(found, "old", "new")) if compared else (),
        _alert_samples(_telling(new, entity)),
        _alert_samples(_only(new, old)) if compared or entity else (),
        _alert_samples(_only(old, new)) if compared or entity else (),
        new.note,
    )


def _period(
    found: Sequence[Trial], new: Outlook, old: Outlook, days: int, now: datetime, *, compared: bool, entity: str | None
) -> Period:
    since = now - timedelta(days=days)
    trials = [t for t in found if t.at >= since]
    sent = [sum(alert.sent and alert.at >= since for alert in outlook.alerts) for outlook in (new, old)]
    return Period(
        days,
        len(trials),
        _figures([(t, t.new) for t in trials], new, days, since, entity),
        _figures([(t, t.old) for t in trials], old, days, since, entity) if compared else None,
        len(_beyond(trials, "new", "old")) if compared else 0,
        len(_beyond(trials, "old", "new")) if compared else 0,
        sent[0] - sent[1],
    )


def _figures(
    found: Iterable[tuple[Trial, Mapping[str, str]]], outlook: Outlook, days: int, since: datetime, entity: str | None
) -> Figures:
    mentions, stories = 0, set()
    for trial, names in found:
        mentions += len(names)
        if names:
            stories.add(("story", trial.story) if trial.story is not None else ("article", trial.id))
    alerts = [alert for alert in _telling(outlook, entity) if alert.at >= since]
    by_day = Counter(alert.at.date().isoformat() for alert in alerts)
    kept = Counter(alert.how for alert in outlook.alerts if alert.at >= since and _tells(alert, entity))
    return Figures(
        mentions,
        len(stories),
        len(alerts),
        round(mentions / days, 2),
        round(len(stories) / days, 2),
        round(len(alerts) / days, 2),
        max(by_day.values(), default=0),
        dict(Counter(alert.how for alert in alerts)),
        dict(sorted(by_day.items())),
        kept["silenced"],
        kept["inhibited"],
        sum(at >= since and _is_of(names, entity) for at, names in outlook.dropped),
    )


def _telling(outlook: Outlook, entity: str | None) -> list[Foreseen]:
    return [alert for alert in outlook.alerts if alert.sent and _tells(alert, entity)]


def _tells(alert: Foreseen, entity: str | None) -> bool:
    return _is_of(alert.entities, entity)


def _is_of(names: Iterable[str], entity: str | None) -> bool:
    return entity is None or entity in names


def _only(one: Outlook, other: Outlook) -> list[Foreseen]:
    """The alerts that only one would raise: of the same rule, and about the same mentions, none is in the other."""
    known = {(alert.rule, alert.mentions) for alert in other.alerts if alert.sent}
    return [alert for alert in one.alerts if alert.sent and (alert.rule, alert.mentions) not in known]


def _beyond(trials: Iterable[Trial], one: str, other: str) -> list[tuple[Trial, str, str]]:
    """The mentions that only one definition finds."""
    return [
        (trial, name, why)
        for trial in trials
        for name, why in getattr(trial, one).items()
        if name not in getattr(trial, other)
    ]


def _samples(found: Iterable[tuple[Trial, str, str]]) -> tuple[Mapping[str, Any], ...]:
    told = []
    for trial, name, why in found:
        told.append({"entity": name, "title": trial.title, "url": trial.url, "source": trial.source, "why": why})
        if len(told) == _SAMPLES:
            break
    return tuple(told)


def _alert_samples(alerts: Sequence[Foreseen]) -> tuple[Mapping[str, Any], ...]:
    return tuple(
        {
            "at": rfc3339(alert.at),
            "rule": alert.rule,
            "how": alert.how,
            "mentions": len(alert.named),
            "stories": len({arrival.story for arrival, _ in alert.named}),
            "entities": list(alert.entities),
            "title": alert.title or alert.named[0][0].title,
            "url": alert.named[0][0].url if alert.named else "",
        }
        for alert in alerts[: -_SAMPLES - 1 : -1]
    )
