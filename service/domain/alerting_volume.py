"""When a rule on volume speaks: spikes and unusual quiet as episodes, one alert each. Pure.

Look (a window and its past, in counts) ... -> judge() -> Finding | None
Finding + the open episode -> step() -> begins | goes on | ends
Finding + mentions -> volume_alert() -> AlertDraft, through the ordinary outbox
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final, Literal

from service.domain.alerting import AlertDraft, rfc3339
from service.domain.alerting_policy import Policy, Volume
from service.domain.model import Rule
from service.domain.volume import Counts, Window, is_quiet, is_spike, usual_band

__all__ = [
    "CHECK_EVERY",
    "Episode",
    "Finding",
    "Look",
    "check_times",
    "judge",
    "look",
    "step",
    "volume_alert",
    "windows_of",
]

CHECK_EVERY: Final = timedelta(minutes=15)
_QUIET_OVER: Final = tuple(timedelta(hours=hours) for hours in (6, 24, 48, 96))
"""The shortest of these in which silence can be told from chance is the one that counts."""
_CALM: Final = timedelta(hours=1)
_MOST_STORIES: Final = 5
_MOST_SOURCES: Final = 20
_TITLES: Final = {
    "spike": "{subject}: {count} in {span}, usually {usual}",
    "quiet": "{subject}: {count} in {span}, usually {usual}",
    "blind": "{subject}: cannot tell whether it is quiet, its sources fail",
}
_REASONS: Final = {
    "spike": "{seen}; {band} are usual at this hour of the week.",
    "quiet": "{seen}; {band} are usual at this hour of the week.",
    "blind": "{seen}; {band} are usual at this hour of the week, but the sources that bring them fail: {failing}.",
}


@dataclass(frozen=True, slots=True)
class Look:
    """A window of time and the same hours of the weeks that were watched, in articles.

    ``alive``: the past without the sources that fail now; ``failing``: their names.
    """

    window: Window
    count: int
    past: tuple[tuple[int, ...], ...]
    alive: tuple[tuple[int, ...], ...] = ()
    failing: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Finding:
    """``kind``: ``spike``, ``quiet``, or ``blind``: it would be quiet, were its sources not failing."""

    kind: str
    window: Window
    count: int
    expected: float
    low: int
    high: int
    weeks: int
    failing: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Episode:
    """What lasts: one alert. ``seen``: when it was last so. ``alert``: None while the alert is held back."""

    id: str
    kind: str
    opened: datetime
    seen: datetime
    alert: str | None = None


def check_times(now: datetime) -> tuple[datetime, datetime]:
    """The full quarter of an hour up to which is counted now, and when to count next."""
    now = now.astimezone(UTC)
    end = now.replace(minute=now.minute - now.minute % 15, second=0, microsecond=0)
    return end, end + CHECK_EVERY


def windows_of(volume: Volume, end: datetime) -> list[Window]:
    """What is to be counted at this moment; the first that tells something counts."""
    spans = (volume.over,) if volume.over is not None else _QUIET_OVER
    return [(end - span, end) for span in spans]


def look(
    window: Window,
    weeks: Sequence[Sequence[Window]],
    by_source: Mapping[int | None, Counts],
    failing: Mapping[int, str],
) -> Look:
    """``weeks``: the past windows of each week that was watched; ``failing``: the names of the sources that fail."""
    dead = {source: failing[source] for source in by_source if source is not None and source in failing}
    alive = [counts for source, counts in by_source.items() if source not in dead]

    def past(of: Sequence[Counts]) -> tuple[tuple[int, ...], ...]:
        return tuple(tuple(sum(counts.within(one) for counts in of) for one in week) for week in weeks)

    return Look(
        window,
        sum(counts.within(window) for counts in by_source.values()),
        past([*by_source.values()]),
        past(alive) if dead else (),
        tuple(dict.fromkeys(dead.values())),
    )


def judge(volume: Volume, looks: Sequence[Look]) -> Finding | None:
    """What is unusual now. Where fewer than three weeks were watched nothing is known, and so nothing is said."""
    for one in looks:
        band = usual_band(one.past)
        if band is None:
            continue
        known = (one.window, one.count, band.expected, band.low, band.high, band.weeks)
        if volume.kind == "spike" and is_spike(one.count, band, volume.minimum):
            return Finding("spike", *known)
        if volume.kind == "quiet" and is_quiet(one.count, band):
            left = usual_band(one.alive) if one.failing else band
            blind = left is None or not is_quiet(one.count, left)
            return Finding("blind" if blind else "quiet", *known, one.failing)
    return None


def step(open_: Episode | None, found: Finding | None, volume: Volume, now: datetime) -> Literal["begins", "lasts", ""]:
    """What becomes of an episode: it ``begins`` (the one before is over), ``lasts``, or is over (empty).

    A spike is over when it was not seen for as long as is counted over: one that pauses for a moment is one.
    """
    if found is not None:
        return "lasts" if open_ is not None and open_.kind == found.kind else "begins"
    calm = volume.over if volume.over is not None and open_ is not None and open_.kind == "spike" else _CALM
    return "lasts" if open_ is not None and now - open_.seen < calm else ""


def volume_alert(
    rule: Rule,
    policy: Policy,
    subject: str,
    found: Finding,
    episode: Episode,
    *,
    mentions: Sequence[Mapping[str, Any]],
    ended: datetime | None = None,
) -> AlertDraft:
    """``subject``: the entity, or empty for all that answers the rule's query. ``mentions``: lines of what was counted,
    the newest first. ``ended``: when it was over, where the alert was held back until then."""
    name = subject or rule.name
    words = {
        "subject": name,
        "count": _articles(found.count),
        "span": _span(found.window),
        "usual": f"{found.expected:g} ({found.low} to {found.high})",
        "band": f"{found.low} to {found.high} (median {found.expected:g} of {found.weeks} weeks)",
        "failing": ", ".join(found.failing[:_MOST_STORIES]) or "they are gone",
        "seen": f"{name} was in {_articles(found.count)} from {_minute(found.window[0])} to {_minute(found.window[1])}",
    }
    stories = list(_stories(mentions))
    late = f" It was over at {_minute(ended)}." if ended is not None else ""
    return AlertDraft(
        rule=rule.name,
        kind=found.kind,
        channels=rule.channels,
        dedupe_key=f"{found.kind}:{subject}:{rfc3339(episode.opened)}",
        title=_TITLES[found.kind].format(**words),
        url=str(stories[0]["url"]) if stories else "",
        reason=f"Rule “{rule.name}” met: {_REASONS[found.kind].format(**words)}{late}",
        entities=(subject,) if subject else tuple(dict.fromkeys(str(mention["entity"]) for mention in mentions)),
        story=None,
        mentions=tuple(mentions),
        how={"delivery": "at once", "group_by": policy.group_by, "priority": policy.priority},
        volume={
            "subject": name,
            "from": rfc3339(found.window[0]),
            "to": rfc3339(found.window[1]),
            "count": found.count,
            "expected": found.expected,
            "low": found.low,
            "high": found.high,
            "weeks": found.weeks,
            "failing_sources": list(found.failing[:_MOST_SOURCES]),
            "stories": stories[:_MOST_STORIES],
        },
    )


def _stories(mentions: Iterable[Mapping[str, Any]]) -> Iterable[dict[str, Any]]:
    """What makes the count: the stories that most articles tell."""
    told: dict[Any, list[Mapping[str, Any]]] = {}
    for mention in mentions:
        told.setdefault(mention["story"], []).append(mention)
    for story, members in sorted(told.items(), key=lambda item: -len({m["article"] for m in item[1]})):
        first = members[-1]
        yield {
            "id": story,
            "title": first["title"],
            "url": first["url"],
            "articles": len({member["article"] for member in members}),
            "source_count": len({member["source"] for member in members}),
        }


def _articles(count: int) -> str:
    return f"{count} article{'' if count == 1 else 's'}"


def _span(window: Window) -> str:
    hours = int((window[1] - window[0]) / timedelta(hours=1))
    return f"{hours} h" if hours < 48 else f"{hours // 24} days"


def _minute(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%d %H:%M UTC")
