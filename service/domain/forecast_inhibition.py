"""What stands at a moment of a forecast, and what that holds back: ``store.inhibitions`` without a database. Pure.

known (of rules that are not foreseen, from the ledger) + made (foreseen, as time goes on) -> held()
"""

from bisect import bisect_right, insort
from collections.abc import Iterable, Sequence
from datetime import datetime

from service.domain.alerting_inhibition import Inhibition, Standing, held_back

__all__ = ["Standings"]


class Standings:
    """Of each alert that may hold back others, from when on and until when it stood."""

    def __init__(self, inhibitions: Sequence[Inhibition] = (), known: Iterable[Standing] = ()) -> None:
        self._inhibitions = tuple(inhibitions)
        self._known: list[Standing] = []
        self._made: list[Standing] = []
        for alert in known:
            self._keep(self._known, alert)

    def __bool__(self) -> bool:
        """Can anything be held back at all?"""
        return bool(self._inhibitions)

    def anew(self, also: Iterable[Standing] = ()) -> "Standings":
        """The same without what was foreseen, and with these as known."""
        return Standings(self._inhibitions, [*self._known, *also])

    def made(self, alert: Standing) -> None:
        """An alert was foreseen."""
        self._keep(self._made, alert)

    def order(self, rule: str) -> tuple[bool, str]:
        """What holds back others is told before them, as ``pipeline.tell`` has it."""
        return any(one.may_hold(rule) for one in self._inhibitions), rule

    def held(
        self, *, rule: str, kind: str, priority: str, entities: Sequence[str], story: int | None, now: datetime
    ) -> dict[str, tuple[str, str]]:
        """``held_back`` with what stood at ``now``, of an alert that would be made then."""
        asked = [one for one in self._inhibitions if one.may_hold(rule)]
        if not asked:
            return {}
        since = now - max(one.lasts for one in asked)
        known = [one for one in _between(self._known, since, now) if one.at < now or self._was_first(one, rule)]
        standing = [one for one in known + _between(self._made, since, now) if one.until is None or one.until > now]
        standing.sort(key=_at, reverse=True)
        return held_back(
            asked, standing, rule=rule, kind=kind, priority=priority, entities=entities, story=story, now=now
        )

    def _was_first(self, alert: Standing, rule: str) -> bool:
        return self.order(alert.rule) < self.order(rule)

    def _keep(self, where: list[Standing], alert: Standing) -> None:
        known = {"rule": alert.rule, "kind": alert.kind, "priority": alert.priority}
        if any(one.source.fit(entities=alert.entities, **known) for one in self._inhibitions):
            insort(where, alert, key=_at)


def _at(alert: Standing) -> datetime:
    return alert.at


def _between(alerts: list[Standing], since: datetime, until: datetime) -> list[Standing]:
    return alerts[bisect_right(alerts, since, key=_at) : bisect_right(alerts, until, key=_at)]
