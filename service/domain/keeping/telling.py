"""Findings as an alert: one for all that is told at a time, with the proof and the mend of each. Pure.

Settled -> alerts_of() -> AlertDraft of kind ``watch``: what is wrong, and what is over where the rule says so
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any, Final

from service.domain.alerting import AlertDraft, rfc3339
from service.domain.alerting_policy import Policy
from service.domain.alerting_silence import Silence
from service.domain.keeping.finding import minute
from service.domain.keeping.spec import Keeping
from service.domain.keeping.troubles import Settled, Trouble
from service.domain.model import Rule
from service.domain.reasons import in_words

__all__ = ["alerts_of", "mute_all", "silence_of"]

MOST_TOLD: Final = 20
_MANY: Final = {
    "source-failing": "{count} sources fail",
    "source-silent": "{count} sources are silent",
    "body-collapse": "Articles of {count} sources have lost their text",
    "channel-failing": "{count} channels do not get through",
    "backlog-growing": "{count} kinds of work come late",
    "disk-low": "{count} disks are nearly full",
}


def alerts_of(
    rule: Rule, keeping: Keeping, policy: Policy, settled: Settled, *, now: datetime, spare: Sequence[str] = ()
) -> list[AlertDraft]:
    """At most two: what is wrong, and what is over. ``spare``: channels to use where the rule's own are those that the
    alert is about; an alert never goes over a channel that it says is dead."""
    drafts = []
    if settled.tell:
        drafts.append(_draft(rule, keeping, policy, settled.tell, "open", now, spare))
    if settled.over and keeping.resolved:
        drafts.append(_draft(rule, keeping, policy, settled.over, "resolved", now, spare))
    return drafts


def silence_of(silences: Sequence[Silence], rule: str, now: datetime) -> Silence | None:
    """The one that mutes a watch-keeping rule everywhere. One with a query never does: there is no article."""
    return next((s for s in silences if s.channel is None and s.query is None and s.holds(now, rule)), None)


def mute_all(draft: AlertDraft, silence: Silence) -> AlertDraft:
    """For the ledger alone; when the silence is over, what is still wrong is told."""
    return replace(
        draft,
        dedupe_key=f"{draft.dedupe_key}:silenced:{silence.id}",
        reason=f"{draft.reason} Muted by {silence.words}.",
        how={**draft.how, "delivery": "silenced"},
        silenced_by=silence.id,
    )


def _draft(
    rule: Rule,
    keeping: Keeping,
    policy: Policy,
    troubles: Sequence[Trouble],
    state: str,
    now: datetime,
    spare: Sequence[str],
) -> AlertDraft:
    ordered = sorted(troubles, key=lambda trouble: (trouble.finding.since, trouble.finding.subject))
    first, count = ordered[0], len(ordered)
    title = first.finding.what if count == 1 else _MANY[keeping.kind].format(count=count)
    over = state == "resolved"
    dead = {t.finding.subject.partition(":")[2] for t in ordered if t.finding.subject.startswith("channel:")}
    channels = tuple(name for name in rule.channels if name not in dead)
    if rule.channels and not channels and not over:
        channels = tuple(name for name in spare if name not in dead)
    why = list(dict.fromkeys(trouble.why for trouble in ordered if trouble.why))
    return AlertDraft(
        rule=rule.name,
        kind="watch",
        channels=rule.channels if over else channels,
        dedupe_key=f"{state}:{first.finding.subject}:{rfc3339(first.opened)}:{first.times}",
        title=f"Over: {title}" if over else title,
        url="",
        reason=_reason(rule, first, count, over=over, why=why, now=now),
        entities=(),
        story=None,
        mentions=(),
        how={
            "delivery": "held back" if why else "at once",
            "group_by": "rule",
            "priority": policy.priority,
            "why": why,
            "again": max(trouble.times for trouble in ordered),
        },
        watch={
            "kind": keeping.kind,
            "state": state,
            "count": count,
            "items": [_item(trouble, over=over, now=now) for trouble in ordered[:MOST_TOLD]],
        },
    )


def _item(trouble: Trouble, *, over: bool, now: datetime) -> Mapping[str, Any]:
    finding = trouble.finding
    ended = trouble.cleared or (now if over else None)
    return {
        "subject": finding.subject,
        "what": finding.what,
        "since": rfc3339(finding.since),
        "until": rfc3339(ended) if ended else None,
        "proof": finding.proof,
        "mend": "" if ended else finding.mend,
        "url": finding.url,
    }


def _reason(rule: Rule, first: Trouble, count: int, *, over: bool, why: list[str], now: datetime) -> str:
    finding = first.finding
    if over:
        ended = first.cleared or now
        said = f"It lasted from {minute(finding.since)} to {minute(ended)}, {in_words(ended - finding.since)}."
    elif first.cleared is not None:
        said = f"It lasted from {minute(finding.since)} to {minute(first.cleared)}, and is over. {finding.proof}"
    else:
        said = f"Since {minute(finding.since)}. {finding.proof}"
    more = f" This is the first of {count}." if count > 1 else ""
    again = f" Told again, for time {first.times + 1}: it still holds." if first.times and not over else ""
    held = f" Held back: {'; '.join(why)}." if why else ""
    return f"Watch rule “{rule.name}”: {said.rstrip('.')}.{more}{again}{held}"
