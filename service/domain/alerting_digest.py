"""What waited, as one alert: stories grouped by entity (or source), with counts against the usual. Pure.

mention lines of a batch -> groups_of() -> batch_alert() -> AlertDraft, through the ordinary outbox
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from statistics import median, quantiles
from typing import Any, Final

from service.domain.alerting import AlertDraft, facts_once, rfc3339
from service.domain.alerting_policy import Policy

__all__ = ["Batch", "batch_alert", "kind_of", "usual_count"]

_MOST_GROUPS: Final = 20
_MOST_STORIES: Final = 5
_LEAST_PERIODS: Final = 2
_KINDS: Final = {"digest": "digest", "group": "group", "quiet": "summary", "throttled": "summary", "snoozed": "summary"}
_HELD: Final = {
    "digest": "Digest of rule “{rule}”, {told}",
    "group": "Rule “{rule}” met; gathered by {group}, {told}",
    "quiet": "Rule “{rule}” met in quiet hours; held back, {told}",
    "throttled": "Rule “{rule}” met more often than its throttle lets through; held back, {told}",
    "snoozed": "Rule “{rule}” met again while its alert was snoozed; held back, {told}",
}
_TITLES: Final = {
    "digest": "Digest “{rule}”: {count}",
    "group": "{name}: {count}",
    "quiet": "{rule}: {count} in quiet hours",
    "throttled": "{rule}: {count} over the throttle",
    "snoozed": "{rule}: {count} while snoozed",
}


@dataclass(frozen=True, slots=True)
class Batch:
    """What waited for one rule. ``fires``: a digest's own moment. ``why``: why its items waited, each text once."""

    id: str
    rule: str
    kind: str
    key: str
    opened: datetime
    due: datetime
    fires: datetime | None
    why: tuple[str, ...]


def usual_count(earlier: Sequence[int]) -> float | None:
    """What is usual: the median over earlier periods of the same length; None when there are fewer than two."""
    return float(median(earlier)) if len(earlier) >= _LEAST_PERIODS else None


def kind_of(batch: str, *, one_story: bool) -> str:
    """Of the alert that a batch of this kind becomes."""
    return "mention" if batch == "group" and one_story else _KINDS[batch]


def batch_alert(
    batch: Batch,
    policy: Policy,
    *,
    channels: tuple[str, ...],
    mentions: Sequence[Mapping[str, Any]],
    stories: Mapping[int, Mapping[str, Any]],
    usual: Mapping[str, tuple[int, float | None]],
    now: datetime,
    periods: Sequence[tuple[datetime, int]] = (),
) -> AlertDraft:
    """The one alert for all that waited.

    ``mentions``: lines, in the order in which they were found. ``stories``: id -> id, title, url. ``usual``: entity ->
    how often it was named in the period, and how often it usually is. ``periods``: starts of periods of the digest's
    length, oldest first, its own last, and how many mentions of its entities each had; none where it has no length.
    """
    by = "source" if policy.group_by == "source" else "entity"
    told = list(dict.fromkeys(mention["story"] for mention in mentions))
    entities = tuple(dict.fromkeys(str(mention["entity"]) for mention in mentions))
    alone = stories.get(told[0]) if len(told) == 1 and told[0] is not None else None
    first = mentions[0]
    count = f"{_plural(len(mentions), 'mention')} in {_plural(len(told), 'story')}"
    names = {"rule": batch.rule, "count": count, "name": _name(batch, entities), "told": count}
    one_story = batch.kind == "group" and alone is not None
    title = str(first["title"]) if one_story else _TITLES[batch.kind].format(**names)
    reason = _HELD[batch.kind].format(**names, group=policy.group_by) + "."
    if batch.why:
        reason += f" Waited since {_minute(batch.opened)}: {'; '.join(batch.why)}."
    return AlertDraft(
        rule=batch.rule,
        kind=kind_of(batch.kind, one_story=alone is not None),
        channels=channels,
        dedupe_key=_dedupe_key(batch),
        title=title,
        url=str(first["url"]) if alone else "",
        reason=reason,
        entities=entities,
        story=alone,
        mentions=tuple(mentions),
        facts=tuple(facts_once(fact for mention in mentions for fact in mention.get("facts", ()))),
        how={
            "delivery": batch.kind,
            "group_by": policy.group_by,
            "priority": policy.priority,
            "waited_since": rfc3339(batch.opened),
            "due": rfc3339(batch.due),
            "why": list(batch.why),
        },
        digest={
            "from": rfc3339(batch.opened),
            "to": rfc3339(now),
            "schedule": policy.digest.text if policy.digest and batch.kind == "digest" else None,
            "group_by": by,
            "group_count": len({mention[by] for mention in mentions}),
            "groups": _groups(mentions, stories, usual, by),
            **({"volume": _volume(periods)} if periods else {}),
        },
    )


def _volume(periods: Sequence[tuple[datetime, int]]) -> dict[str, Any]:
    """What a chart shows: the counts, and the band in which the middle half of the periods before lie."""
    earlier = sorted(count for _, count in periods[:-1])
    enough = len(earlier) >= _LEAST_PERIODS
    low, middle, high = quantiles(earlier, n=4, method="inclusive") if enough else (None, None, None)
    return {
        "periods": [{"from": rfc3339(start), "count": count} for start, count in periods],
        "usual": middle,
        "low": low,
        "high": high,
    }


def _groups(
    mentions: Sequence[Mapping[str, Any]],
    stories: Mapping[int, Mapping[str, Any]],
    usual: Mapping[str, tuple[int, float | None]],
    by: str,
) -> list[dict[str, Any]]:
    """The largest groups first, with their widest stories first."""
    found: dict[str, list[Mapping[str, Any]]] = {}
    for mention in mentions:
        found.setdefault(str(mention[by]), []).append(mention)
    ranked = sorted(found.items(), key=lambda item: -len(item[1]))
    groups = []
    for name, members in ranked[:_MOST_GROUPS]:
        told: dict[Any, list[Mapping[str, Any]]] = {}
        for mention in members:
            told.setdefault(mention["story"], []).append(mention)
        widest = sorted(told.items(), key=lambda item: -len(_sources(item[1])))
        named, normal = usual.get(name, (len(members), None))
        groups.append(
            {
                "name": name,
                "mentions": len(members),
                "named": named,
                "usual": normal,
                "story_count": len(told),
                "stories": [_story(stories.get(story), of) for story, of in widest[:_MOST_STORIES]],
            }
        )
    return groups


def _story(story: Mapping[str, Any] | None, mentions: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    first = mentions[0]
    return {
        "id": story["id"] if story else None,
        "title": story["title"] if story else first["title"],
        "url": story["url"] if story else first["url"],
        "mentions": len(mentions),
        "sources": list(_sources(mentions))[:_MOST_STORIES],
        "source_count": len(_sources(mentions)),
    }


def _sources(mentions: Iterable[Mapping[str, Any]]) -> dict[str, None]:
    return dict.fromkeys(str(mention["source"]) for mention in mentions)


def _dedupe_key(batch: Batch) -> str:
    """A digest is told once a period; what else waited, once a batch."""
    return f"digest:{rfc3339(batch.fires)}" if batch.fires is not None else f"{batch.kind}:{batch.id}"


def _name(batch: Batch, entities: Sequence[str]) -> str:
    name = batch.key.partition(":")[2]
    return ", ".join(entities[:3]) if not name or batch.key.startswith("story:") else name


def _plural(count: int, word: str) -> str:
    more = f"{word[:-1]}ies" if word.endswith("y") else f"{word}s"
    return f"{count} {word if count == 1 else more}"


def _minute(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%d %H:%M UTC")
