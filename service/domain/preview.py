"""What a rule or an entity would have found in stored articles, beside the one that stands. Decides only.

Trial ... (an article's mentions that count, and the rules that they meet; new and old) -> tally -> Preview
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

__all__ = ["Figures", "Found", "Period", "Preview", "Trial", "tally"]

_SAMPLES = 5


@dataclass(frozen=True, slots=True)
class Found:
    """What one definition finds in an article. ``mentions``: entity -> why; ``rules``: those that would alert."""

    mentions: dict[str, str] = field(default_factory=dict)
    rules: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Trial:
    """An article under the new definition and, where there is one, the old."""

    id: int
    story: int | None
    source_id: int | None
    baseline: bool
    at: datetime
    """When newsvane found it."""
    url: str
    title: str
    source: str
    new: Found
    old: Found


@dataclass(frozen=True, slots=True)
class Figures:
    mentions: int
    stories: int
    alerts: int
    """After dedupe: one a rule and story, and one a rule for all that stood in a source's feed at the first poll."""
    mentions_a_day: float
    stories_a_day: float
    alerts_a_day: float
    most_alerts: int
    """On one day (UTC)."""


@dataclass(frozen=True, slots=True)
class Period:
    """The last ``days``. ``old``: None where nothing stands yet. ``gained`` and ``lost``: mentions."""

    days: int
    articles: int
    """With anything found in them."""
    new: Figures
    old: Figures | None
    gained: int
    lost: int


@dataclass(frozen=True, slots=True)
class Preview:
    """Samples are the newest first."""

    periods: tuple[Period, ...]
    samples: tuple[dict[str, Any], ...]
    gained: tuple[dict[str, Any], ...]
    lost: tuple[dict[str, Any], ...]


def tally(trials: Iterable[Trial], *, now: datetime, days: Sequence[int], compared: bool) -> Preview:
    """``compared``: whether there is an old definition."""
    found = sorted((t for t in trials if t.new.mentions or t.old.mentions), key=lambda t: -t.id)
    return Preview(
        tuple(_period([t for t in found if t.at >= now - timedelta(days=n)], n, compared=compared) for n in days),
        _samples((t, name, why) for t in found for name, why in t.new.mentions.items()),
        _samples(_beyond(found, "new", "old")) if compared else (),
        _samples(_beyond(found, "old", "new")) if compared else (),
    )


def _period(trials: Sequence[Trial], days: int, *, compared: bool) -> Period:
    return Period(
        days,
        len(trials),
        _figures(trials, "new", days),
        _figures(trials, "old", days) if compared else None,
        len(_beyond(trials, "new", "old")) if compared else 0,
        len(_beyond(trials, "old", "new")) if compared else 0,
    )


def _figures(trials: Sequence[Trial], which: str, days: int) -> Figures:
    mentions, stories = 0, set()
    first: dict[tuple[str, str, int], datetime] = {}
    for trial in reversed(trials):  # in the order in which they came: the first of a story alerts
        found: Found = getattr(trial, which)
        mentions += len(found.mentions)
        if found.mentions:
            stories.add(("story", trial.story) if trial.story is not None else ("article", trial.id))
        for rule in found.rules:
            key = _dedupe_key(trial)
            first.setdefault((rule, *key), trial.at)
    by_day = Counter(at.date() for at in first.values())
    return Figures(
        mentions,
        len(stories),
        len(first),
        round(mentions / days, 2),
        round(len(stories) / days, 2),
        round(len(first) / days, 2),
        max(by_day.values(), default=0),
    )


def _dedupe_key(trial: Trial) -> tuple[str, int]:
    if trial.baseline:
        return "first poll", trial.source_id or 0
    return ("story", trial.story) if trial.story is not None else ("article", trial.id)


def _beyond(trials: Iterable[Trial], one: str, other: str) -> list[tuple[Trial, str, str]]:
    """The mentions that only one definition finds."""
    return [
        (trial, name, why)
        for trial in trials
        for name, why in getattr(trial, one).mentions.items()
        if name not in getattr(trial, other).mentions
    ]


def _samples(found: Iterable[tuple[Trial, str, str]]) -> tuple[dict[str, Any], ...]:
    told = []
    for trial, name, why in found:
        told.append({"entity": name, "title": trial.title, "url": trial.url, "source": trial.source, "why": why})
        if len(told) == _SAMPLES:
            break
    return tuple(told)
