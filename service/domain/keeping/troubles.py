"""What is open, what is new, what is over: the state of a rule's findings between two looks. Pure.

    findings of this look + Trouble (what was kept) -> settle() -> Settled

A trouble is told once: when its waiting time is over (gathered with others, a digest's moment, the end of quiet hours,
room under the throttle) and it is still there. It is told again after ``again``, or with ``repeat: material`` when it
got worse, unless somebody acknowledged, snoozed or resolved its alert. It is over when it was not seen for CALM. What
came and went while it was held back is told all the same, as past; what went before it was gathered is not.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from service.domain.alerting_policy import Policy
from service.domain.alerting_route import Past, hold, next_period
from service.domain.keeping.finding import Finding
from service.domain.keeping.sources import NETWORK
from service.domain.keeping.spec import CALM, Keeping

__all__ = ["Settled", "Trouble", "settle"]

_CALM_NETWORK: Final = timedelta(minutes=30)
"""Until each source has been tried again after an outage."""


@dataclass(frozen=True, slots=True)
class Trouble:
    """A finding over time. ``due``: when it may be told; ``why``: what holds it back longer than it is gathered.

    ``cleared``: since when it is not seen any more. ``told``: when last; ``told_level``, ``times``: how bad it was
    then, and how often it was told. ``alert``: the last alert about it, with what people said of that.
    """

    finding: Finding
    opened: datetime
    due: datetime
    why: str = ""
    cleared: datetime | None = None
    told: datetime | None = None
    told_level: int = 0
    times: int = 0
    alert: str | None = None
    acknowledged: bool = False
    snoozed_until: datetime | None = None

    @property
    def is_muted(self) -> bool:
        """A silence holds it back (Silence.words)."""
        return self.why.startswith("silence ")


@dataclass(frozen=True, slots=True)
class Settled:
    """``tell``: in one alert now; ``over``: told before, and gone; ``keep``: the troubles that stay kept, those that
    are told included; ``forget``: subjects of those that are over."""

    tell: tuple[Trouble, ...]
    over: tuple[Trouble, ...]
    keep: tuple[Trouble, ...]
    forget: tuple[str, ...]

    def unmuted_at(self, moment: datetime, why: str) -> tuple[Trouble, ...]:
        """What stays kept where a silence mutes what is told now: it waits for the silence's end."""
        muted = {trouble.finding.subject: trouble for trouble in self.tell}
        return tuple(
            replace(before, due=moment, why=why) if (before := muted.get(kept.finding.subject)) else kept
            for kept in self.keep
        )


def settle(
    keeping: Keeping,
    policy: Policy,
    findings: Sequence[Finding] | None,
    kept: Sequence[Trouble],
    past: Past,
    *,
    now: datetime,
) -> Settled:
    """``findings``: None where this look did not look for them: what was open is so still."""
    troubles = _merged(policy, findings, kept, now)
    tell: list[Trouble] = []
    over: list[Trouble] = []
    keep: list[Trouble] = []
    forget: list[str] = []
    held = hold(policy, past, now)
    for trouble in troubles:
        gone = trouble.cleared is not None and now - trouble.cleared >= _calm(trouble)
        if gone and trouble.told is not None:
            if keeping.resolved and held is not None:
                keep.append(trouble)
                continue
            over.append(trouble)
            forget.append(trouble.finding.subject)
        elif gone and (not trouble.why or trouble.is_muted):
            forget.append(trouble.finding.subject)
        elif not _is_due(trouble, keeping, policy, now) or (trouble.cleared is not None and not gone):
            keep.append(trouble)
        elif held is not None:
            keep.append(replace(trouble, due=held.due, why=held.why) if trouble.told is None else trouble)
        else:
            tell.append(trouble)
            if gone:
                forget.append(trouble.finding.subject)
            else:
                keep.append(
                    replace(trouble, told=now, told_level=trouble.finding.level, times=trouble.times + 1, why="")
                )
    return Settled(tuple(tell), tuple(over), tuple(keep), tuple(forget))


def _merged(
    policy: Policy, findings: Sequence[Finding] | None, kept: Sequence[Trouble], now: datetime
) -> list[Trouble]:
    if findings is None:
        return list(kept)
    seen: Mapping[str, Finding] = {finding.subject: finding for finding in findings}
    merged = []
    for trouble in kept:
        finding = seen.get(trouble.finding.subject)
        if finding is None:
            merged.append(replace(trouble, cleared=trouble.cleared or now))
        else:
            since = min(finding.since, trouble.finding.since)
            merged.append(replace(trouble, finding=replace(finding, since=since), cleared=None))
    known = {trouble.finding.subject for trouble in kept}
    wait = next_period(policy, now)
    due, why = (wait.due, wait.why) if wait is not None else (now + policy.group_wait, "")
    merged += [Trouble(finding, now, due, why) for subject, finding in seen.items() if subject not in known]
    return merged


def _is_due(trouble: Trouble, keeping: Keeping, policy: Policy, now: datetime) -> bool:
    if trouble.told is None:
        return trouble.due <= now
    if trouble.acknowledged or (trouble.snoozed_until is not None and trouble.snoozed_until > now):
        return False
    lasts_on = keeping.again is not None and now - trouble.told >= keeping.again
    worse = policy.repeat_material and trouble.finding.level > trouble.told_level
    moment = policy.next_digest(trouble.told)
    return (lasts_on or worse) and (moment is None or moment <= now)


def _calm(trouble: Trouble) -> timedelta:
    return _CALM_NETWORK if trouble.finding.subject == NETWORK else CALM
