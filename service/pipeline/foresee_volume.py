"""What a rule on volume would have told over the last days. Reads only.

counts and signs of work of all that time, once -> at every quarter of an hour what measure.py would have seen
                                                -> the episodes that it would have told (domain/forecast_volume.py)
"""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from service.domain.alerting import CompiledRule
from service.domain.alerting_inhibition import Standing
from service.domain.alerting_policy import Volume
from service.domain.alerting_silence import Silence, silence_of_all
from service.domain.alerting_volume import CHECK_EVERY, Finding, check_times, volume_alert, windows_of
from service.domain.forecast import Arrival, Foreseen, Outlook
from service.domain.forecast_inhibition import Standings
from service.domain.forecast_volume import Due, Episodes
from service.domain.preview import Trial
from service.domain.volume import WEEKS, Counts, Window, past_windows
from service.pipeline.measure import MOST_MENTIONS, Past, counts_of, find, views_of_lines
from service.pipeline.recount import Recount
from service.store import at_work, volume
from service.store.engine import Database
from service.store.lines import Line

__all__ = ["forecast_volume"]

_BEFORE: Final = timedelta(days=7)
"""An episode that stands when the time begins began before it; and the longest time that is counted over."""
_WEEK: Final = timedelta(weeks=1)
_AT_ONCE: Final = 96
_HOW: Final = {"quiet": "quiet time"}
"""``quiet`` is what quiet hours held back."""
_UNKNOWN: Final = "Nothing is known to be usual: that takes three weeks in which newsvane was at work."
_Seen = Mapping[str, Finding | None]


@dataclass(frozen=True, slots=True)
class _Known:
    """``counts``: by subject and source; ``whole``: by subject alone. ``signs``: of newsvane being at work."""

    wanted: Volume
    timezone: str
    asked: volume.Asked
    counts: Mapping[str, Mapping[int | None, Counts]]
    whole: Mapping[str, Mapping[int | None, Counts]]
    signs: Counts
    recount: Recount | None = None

    def watched(self, window: Window) -> bool:
        return all(self.signs.within(part) for part in at_work.slices_of(window))

    def windows(self, now: datetime) -> list[Window]:
        windows = windows_of(self.wanted, now)
        return [one for one in windows if self.watched(one)] if self.wanted.kind == "quiet" else windows

    def weeks(self, window: Window) -> Past:
        weeks = past_windows(window[1], window[1] - window[0], self.timezone)
        return [week for week in weeks if self.watched(week[len(week) // 2])]

    def seen(self, now: datetime, failing: Mapping[int, str] | None = None) -> _Seen:
        """What ``pipeline.measure`` would have seen. ``failing``: None where all sources are thought to be well."""
        windows = [(window, self.weeks(window)) for window in self.windows(now)]
        if not any(weeks for _, weeks in windows):
            return {}
        counts = self.counts if failing else self.whole
        return find(self.wanted, self.asked, counts, windows, failing or {})


async def forecast_volume(
    db: Database,
    compiled: CompiledRule,
    silences: Sequence[Silence],
    standings: Standings,
    *,
    now: datetime,
    days: int,
    recount: Recount | None = None,
) -> tuple[list[Trial], Outlook]:
    """The articles that its alerts would have told of, and the alerts. ``compiled`` has a policy on volume;
    ``standings``: of all other rules. ``recount``: what it counts where an entity is defined otherwise."""
    wanted = compiled.policy.volume
    if wanted is None:
        raise ValueError(f"rule {compiled.rule.name!r} counts nothing")
    until, _ = check_times(now)
    moment = until - timedelta(days=days) - _BEFORE
    known = await _load(db, compiled, wanted, moment, until, recount)
    episodes, outlook, told = Episodes(compiled.policy, wanted), Outlook(note=_UNKNOWN), dict[int, Trial]()
    standing: list[tuple[str, Standing]] = []
    while moment <= until:
        batch = [moment + number * CHECK_EVERY for number in range(_AT_ONCE)]
        batch = [at for at in batch if at <= until]
        for at, seen in zip(batch, await asyncio.to_thread(_look, known, batch), strict=True):
            if any(found is not None and found.kind == "quiet" for found in seen.values()):
                seen = known.seen(at, await _failing(db, known, at))
            outlook.note = "" if seen else outlook.note
            episodes.settle(at, seen)
            while (due := episodes.next(at)) is not None:
                alert, lines, stands = await _told(db, known, compiled, due, silences, standings, at)
                outlook.alerts.append(alert)
                standing += [(due.episode.id, stands)] if alert.how != "inhibited" else []
                told |= _trials(lines, due, told)
                if alert.sent:
                    episodes.told(at)
        moment = batch[-1] + CHECK_EVERY
    outlook.standing = [replace(one, until=one.until or episodes.ended.get(episode)) for episode, one in standing]
    return list(told.values()), outlook


def _look(known: _Known, moments: Sequence[datetime]) -> list[_Seen]:
    """CPU-bound."""
    return [known.seen(at) for at in moments]


async def _load(
    db: Database,
    compiled: CompiledRule,
    wanted: Volume,
    since: datetime,
    until: datetime,
    recount: Recount | None,
) -> _Known:
    begin = since - (WEEKS + 1) * _WEEK - _BEFORE
    tallies = []
    async with db.read() as session:
        if recount is None:
            asked, stored = await volume.asked_of(session, compiled.query, each=_by_entity(compiled)), until
        else:
            asked, stored = await recount.asked(session), min(recount.since, until)
            tallies += recount.tallies()
        start = begin
        while start < stored:
            end = min(start + _WEEK, stored)
            tallies += await volume.tallies(session, asked, [(start, end)])
            start = end
        signs = await at_work.signs(session, (begin, until))
    tallies = [one for one in tallies if one.at < until]
    counts = counts_of(asked, tallies)
    whole = counts_of(asked, [volume.Tally(one.at, one.entity, None, one.count) for one in tallies])
    return _Known(wanted, compiled.policy.timezone, asked, counts, whole, Counts((at, 1) for at in signs), recount)


def _by_entity(compiled: CompiledRule) -> bool:
    return compiled.policy.group_by == "entity"


async def _failing(db: Database, known: _Known, now: datetime) -> Mapping[int, str]:
    first = known.windows(now)[0]
    sources = {source for by_source in known.counts.values() for source in by_source if source is not None}
    async with db.read() as session:
        return await at_work.failed_at(session, sources, now, silent_since=now - (first[1] - first[0]) / 2)


async def _told(
    db: Database,
    known: _Known,
    compiled: CompiledRule,
    due: Due,
    silences: Sequence[Silence],
    standings: Standings,
    now: datetime,
) -> tuple[Foreseen, list[Line], Standing]:
    rule, policy = compiled.rule, compiled.policy
    window, recount = due.found.window, known.recount
    if recount is None:
        async with db.read() as session:
            lines = await volume.mentions_in(session, known.asked, due.subject, window, most=MOST_MENTIONS)
            views = await views_of_lines(session, silences, lines)
    else:
        lines = recount.lines(due.subject, window, most=MOST_MENTIONS)
        views = recount.views(lines)
    silenced = silence_of_all(silences, rule.name, views, now) is not None
    draft = volume_alert(rule, policy, due.subject, due.found, due.episode, mentions=lines, ended=due.ended)
    held = standings.held(
        rule=rule.name, kind=draft.kind, priority=policy.priority, entities=draft.entities, story=None, now=now
    )
    inhibited = bool(held) and set(held) >= set(draft.entities)
    how = "silenced" if silenced else "inhibited" if inhibited else _HOW.get(due.found.kind, due.found.kind)
    named = tuple((_arrival(line), str(line["entity"])) for line in lines)
    stands = Standing(due.episode.id, rule.name, draft.kind, policy.priority, draft.entities, None, now, due.ended)
    return Foreseen(rule.name, now, how, named, draft.title, draft.entities), lines, stands


def _arrival(line: Line) -> Arrival:
    article = int(line["article"])
    return Arrival(
        article=article,
        at=datetime.fromisoformat(line["discovered_at"]),
        story=line["story"] if line["story"] is not None else -article,
        source_id=None,
        source=line["source"],
        baseline=False,
        title=line["title"],
        url=line["url"],
    )


def _trials(lines: Sequence[Line], due: Due, known: Mapping[int, Trial]) -> dict[int, Trial]:
    """The articles that made a count, each with the entities that it was counted for."""
    found: dict[int, Trial] = {}
    for line in lines:
        article = int(line["article"])
        before = found.get(article) or known.get(article)
        why = {line["entity"]: f"counted: {due.found.count} from {due.found.window[0]:%Y-%m-%d %H:%M} UTC on"}
        found[article] = Trial(
            id=article,
            story=line["story"],
            at=datetime.fromisoformat(line["discovered_at"]),
            url=line["url"],
            title=line["title"],
            source=line["source"],
            new={**(before.new if before else {}), **why},
            old={},
        )
    return found
