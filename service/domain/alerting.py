"""Which alerts an article's mentions raise, and what an alert says. Decides only.

mentions + rules -> Hit (rule, its mentions)      for an article that is news
                 -> held on the article           for one that stood in a feed at its first poll
Hit -> AlertDraft -> alert object (docs/formats.md)
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from service.domain.addresses import without_credentials
from service.domain.alerting_policy import Policy
from service.domain.model import Rule
from service.domain.query import ArticleView, Query, matching_mentions

__all__ = [
    "AlertDraft",
    "CompiledRule",
    "Hit",
    "alert_object",
    "facts_once",
    "find_hits",
    "find_story_hits",
    "mention_alert",
    "rfc3339",
    "summary_alert",
]

_SUMMARY_MENTIONS = 20
_MOST_FACTS = 20


@dataclass(frozen=True, slots=True)
class CompiledRule:
    """A rule with its query parsed and its way of telling."""

    rule: Rule
    query: Query
    policy: Policy = field(default_factory=Policy)


@dataclass(frozen=True, slots=True)
class Hit:
    """A rule that some of an article's mentions meet."""

    rule: str
    channels: tuple[str, ...]
    entities: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class AlertDraft:
    """An alert before it has an identity. One ``dedupe_key`` raises one alert a rule, ever."""

    rule: str
    kind: str
    channels: tuple[str, ...]
    dedupe_key: str
    title: str
    url: str
    reason: str
    entities: tuple[str, ...]
    story: Mapping[str, Any] | None
    mentions: tuple[Mapping[str, Any], ...]
    facts: tuple[Mapping[str, Any], ...] = ()
    """The article's; a summary's are those of its mentions."""
    how: Mapping[str, Any] = field(default_factory=lambda: {"delivery": "at once"})
    """How it came to be told now: what it was grouped with, what held it back, what was muted."""
    digest: Mapping[str, Any] | None = None
    """What waited, grouped (docs/formats.md)."""
    silenced_by: str | None = None
    """The silence that mutes it on every channel."""
    inhibited_by: str | None = None
    """The alert that holds it back on every channel."""
    volume: Mapping[str, Any] | None = None
    """What was counted (docs/formats.md)."""
    watch: Mapping[str, Any] | None = None
    """What is wrong with newsvane itself (docs/formats.md)."""


def find_hits(rules: Iterable[CompiledRule], article: ArticleView) -> list[Hit]:
    """The enabled rules that the article meets, each with the entities for which it does.

    Rules on volume and within a story are decided elsewhere.
    """
    hits: list[Hit] = []
    for compiled in rules:
        if compiled.policy.volume is None and not compiled.policy.within_story:
            hits += _hit(compiled, article)
    return hits


def find_story_hits(rules: Iterable[CompiledRule], story: ArticleView) -> list[Hit]:
    """The same for rules within a story. ``story``: an article with the mentions and facts of its whole story."""
    return [hit for compiled in rules if compiled.policy.within_story for hit in _hit(compiled, story)]


def _hit(compiled: CompiledRule, article: ArticleView) -> Iterator[Hit]:
    met = matching_mentions(compiled.query, article)
    if met and compiled.rule.enabled:
        entities = tuple(dict.fromkeys(mention.entity for mention in met))
        yield Hit(compiled.rule.name, compiled.rule.channels, entities)


def mention_alert(
    hit: Hit,
    *,
    story: Mapping[str, Any],
    title: str,
    url: str,
    source: str,
    mentions: Sequence[Mapping[str, Any]],
    facts: Sequence[Mapping[str, Any]] = (),
    edited: bool = False,
    within_story: bool = False,
) -> AlertDraft:
    """One alert a rule and story: the same news from the next outlet, or from an edit, raises no other.

    ``facts``: the article's; those in which the hit's entities take part come first.
    """
    chosen = tuple(mention for mention in mentions if mention["entity"] in hit.entities)
    names = ", ".join(hit.entities)
    how = f"named in one story, last by {source}" if within_story else f"named by {source}"
    return AlertDraft(
        rule=hit.rule,
        kind="mention",
        channels=hit.channels,
        dedupe_key=f"story:{story['id']}",
        title=title,
        url=url,
        reason=f"Rule “{hit.rule}” met: {names} {how}{' since an edit' if edited else ''}.",
        entities=hit.entities,
        story=story,
        mentions=chosen,
        facts=tuple(sorted(facts, key=lambda fact: not set(hit.entities) & set(fact["parties"]))),
    )


def summary_alert(
    rule: Rule, *, source_id: int, source: str, source_url: str, mentions: Sequence[Mapping[str, Any]]
) -> AlertDraft:
    """The one alert for what already stood in a new source's feed."""
    entities = tuple(dict.fromkeys(str(mention["entity"]) for mention in mentions))
    count = len(mentions)
    plural, met = ("", "meets") if count == 1 else ("s", "meet")
    return AlertDraft(
        rule=rule.name,
        kind="summary",
        channels=rule.channels,
        dedupe_key=f"first:{source_id}",
        title=f"{source}: {count} mention{plural} already in its feed",
        url=without_credentials(source_url),
        reason=f"“{source}” is a new source; its feed held {count} mention{plural} that {met} rule “{rule.name}”.",
        entities=entities,
        story=None,
        mentions=tuple(mentions),
        facts=tuple(facts_once(fact for mention in mentions for fact in mention.get("facts", ()))),
    )


def facts_once(facts: Iterable[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """Each fact once, however many of its parties are mentioned; at most as many as an alert has."""
    found: list[Mapping[str, Any]] = []
    for fact in facts:
        if len(found) < _MOST_FACTS and fact not in found:
            found.append(fact)
    return found


def alert_object(draft: AlertDraft, *, alert_id: str, created_at: datetime) -> dict[str, Any]:
    """What every receiver gets and the ledger keeps: made once, never changed."""
    return {
        "id": alert_id,
        "rule": draft.rule,
        "kind": draft.kind,
        "title": draft.title,
        "url": draft.url,
        "reason": draft.reason,
        "created_at": rfc3339(created_at),
        "story": dict(draft.story) if draft.story else None,
        "entities": list(draft.entities),
        "mentions": [_without_facts(mention) for mention in draft.mentions[:_SUMMARY_MENTIONS]],
        "mention_count": len(draft.mentions),
        "facts": [dict(fact) for fact in draft.facts[:_MOST_FACTS]],
        "how": dict(draft.how),
        **({"digest": dict(draft.digest)} if draft.digest is not None else {}),
        **({"volume": dict(draft.volume)} if draft.volume is not None else {}),
        **({"watch": dict(draft.watch)} if draft.watch is not None else {}),
    }


def _without_facts(mention: Mapping[str, Any]) -> dict[str, Any]:
    """The alert says them once, for all its mentions."""
    return {key: value for key, value in mention.items() if key != "facts"}


def rfc3339(moment: datetime) -> str:
    """RFC 3339 in UTC with a ``Z``, to the millisecond."""
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
