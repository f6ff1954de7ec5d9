"""Which episodes a rule on volume would have told, and when: the ledger of ``store.episodes`` without a database. Pure.

(moment, what was unusual) -> settle() -> next(): an episode to be told now -> told()
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from service.domain.alerting_policy import Policy, Volume
from service.domain.alerting_route import Past, hold
from service.domain.alerting_volume import Episode, Finding, step

__all__ = ["Due", "Episodes"]


@dataclass(frozen=True, slots=True)
class Due:
    """An episode of which nothing was told yet. ``ended``: it was over before."""

    subject: str
    episode: Episode
    found: Finding
    ended: datetime | None = None


@dataclass(slots=True)
class Episodes:
    """Of one rule, whose policy and volume these are. Moments only grow."""

    policy: Policy
    volume: Volume
    _standing: dict[str, Episode] = field(default_factory=dict)
    _untold: list[Due] = field(default_factory=list)
    _made: list[datetime] = field(default_factory=list)
    ended: dict[str, datetime] = field(default_factory=dict)
    """By the episode's id, when it was over: then its alert stands no longer."""

    def settle(self, now: datetime, seen: Mapping[str, Finding | None]) -> None:
        """What ``episodes.settle`` does with what was seen, by subject; nothing where nothing could be seen."""
        for subject in [name for name in self._standing if seen and name not in seen]:
            self._end(subject, now)
        for subject, found in seen.items():
            open_ = self._standing.get(subject)
            if open_ is not None and step(open_, found, self.volume, now) == "lasts":
                self._standing[subject] = open_ if found is None else replace(open_, seen=now)
                continue
            self._end(subject, now)
            if found is not None:
                begun = Episode(f"{subject} {now.isoformat()}", found.kind, now, now)
                self._standing[subject] = begun
                self._untold.append(Due(subject, begun, found))
        self._untold.sort(key=lambda due: (due.episode.opened, due.subject))

    def next(self, now: datetime) -> Due | None:
        """What is to be told now, unless quiet hours or the throttle hold it back. On days on which the rule does not
        work it is passed over for good."""
        while self._untold:
            newest = sorted(self._made[-self.policy.throttle.most :], reverse=True) if self.policy.throttle else ()
            if hold(self.policy, Past(made=tuple(newest)), now) is not None:
                return None
            due = self._untold.pop(0)
            if self.policy.active is None or self.policy.active.holds(now):
                return due
        return None

    def told(self, now: datetime) -> None:
        """An alert went out; it counts for the throttle."""
        self._made.append(now)

    def _end(self, subject: str, now: datetime) -> None:
        gone = self._standing.pop(subject, None)
        if gone is not None:
            self.ended[gone.id] = now
            self._untold = [replace(due, ended=now) if due.episode.id == gone.id else due for due in self._untold]
