"""Count what a rule on volume watches, and tell a spike or unusual quiet once.

job -> counts now and in the weeks before -> judge() -> episodes and their alerts in one transaction
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

import structlog
from sqlalchemy.ext.asyncio import AsyncSession

from service.domain.alerting import CompiledRule
from service.domain.alerting_policy import Volume
from service.domain.alerting_route import hold
from service.domain.alerting_silence import Silence, muted_channels, silence_of_all
from service.domain.alerting_volume import Finding, check_times, judge, look, volume_alert, windows_of
from service.domain.past import view_of
from service.domain.query import ArticleView
from service.domain.volume import Counts, Window, past_windows
from service.pipeline.inhibit import held_entities, inhibited_draft
from service.pipeline.watch import Watch, WatchSource
from service.store import alerts, at_work, episodes, past, volume, waiting
from service.store.engine import Database
from service.store.episodes import RhythmJob, Untold
from service.store.facts import facts_of
from service.store.lines import Line
from service.store.volume import Asked, Tally

__all__ = ["MOST_MENTIONS", "Measure", "Past", "counts_of", "find", "views_of_lines"]

MOST_MENTIONS = 200
"""Of which an alert is made; the count tells of all."""
log = structlog.get_logger("newsvane.measure")
Past = Sequence[tuple[Window, ...]]


@dataclass(frozen=True, slots=True)
class Measure:
    """The step with its tools: ``await measure(job)``."""

    db: Database
    watch: WatchSource
    now: Callable[[], datetime]
    new_id: Callable[[], str]

    async def __call__(self, job: RhythmJob) -> None:
        watch = await self.watch.current()
        compiled, now = watch.rule(job.rule), self.now()
        end, due = check_times(now)
        wanted = compiled.policy.volume if compiled is not None and compiled.rule.enabled else None
        if compiled is None or wanted is None:
            async with self.db.write() as session:
                if await episodes.held(session, job, due):
                    forget = compiled is None or compiled.policy.volume is None
                    await episodes.end_all(session, job.rule, now=now, forget=forget)
            return
        async with self.db.read() as session:
            asked = await volume.asked_of(session, compiled.query, each=compiled.policy.group_by == "entity")
            seen = await _seen(session, asked, wanted, compiled.policy.timezone, end)
        async with self.db.write() as session:
            if not await episodes.held(session, job, due):
                return
            await waiting.lock_rule(session, job.rule)
            await episodes.settle(session, job.rule, wanted, seen, now=end, new_id=self.new_id)
            raised = await self._tell(session, watch, compiled, asked, now)
        log.info("counted", rule=job.rule, subjects=len(seen), alerts=raised)

    async def _tell(
        self, session: AsyncSession, watch: Watch, compiled: CompiledRule, asked: Asked, now: datetime
    ) -> int:
        """Each episode of which nothing was told, unless quiet hours or the throttle hold it back: then later."""
        raised, policy = 0, compiled.policy
        for one in await episodes.untold(session, compiled.rule.name):
            if hold(policy, await waiting.past(session, compiled.rule.name, policy, now), now) is not None:
                break
            alert = None
            if policy.active is None or policy.active.holds(now):
                alert = await self._raise(session, watch, compiled, asked, one, now)
                raised += 1
            await episodes.told(session, one.episode.id, alert, now=now)
        return raised

    async def _raise(
        self, session: AsyncSession, watch: Watch, compiled: CompiledRule, asked: Asked, one: Untold, now: datetime
    ) -> str | None:
        lines = await volume.mentions_in(session, asked, one.subject, one.found.window, most=MOST_MENTIONS)
        rule = compiled.rule
        draft = volume_alert(
            rule, compiled.policy, one.subject, one.found, one.episode, mentions=lines, ended=one.ended
        )
        muted = muted_channels(watch.silences, rule.name, now)
        silence = silence_of_all(watch.silences, rule.name, await views_of_lines(session, watch.silences, lines), now)
        if silence is not None:
            muted = dict.fromkeys(rule.channels, silence.words)
            reason = f"{draft.reason} Muted by {silence.words}."
            draft = replace(draft, reason=reason, how={**draft.how, "delivery": "silenced"}, silenced_by=silence.id)
        held = await held_entities(
            session,
            watch.inhibitions,
            rule.name,
            compiled.policy.priority,
            [one.subject] if one.subject else draft.entities,
            story=None,
            now=now,
            kind=draft.kind,
        )
        if silence is None and held and set(held) >= set(draft.entities):
            alert, words = next(iter(held.values()))
            draft, muted = inhibited_draft(draft, alert, words), dict.fromkeys(rule.channels, words)
        elif silence is None and muted:
            draft = replace(draft, how={**draft.how, "muted": [f"{name}: {why}" for name, why in muted.items()]})
        ids = [line["id"] for line in lines]
        return await alerts.raise_alert(session, draft, ids, now=now, new_id=self.new_id, muted=muted)


async def views_of_lines(
    session: AsyncSession, silences: Sequence[Silence], lines: Sequence[Line]
) -> list[tuple[str, ArticleView]]:
    """The mentions as silences see them, where there are any silences."""
    if not silences:
        return []
    ids = {line["article"] for line in lines}
    facts = await facts_of(session, ids)
    views = {one.id: view_of(one, None, facts.get(one.id, ())) for one in await past.by_ids(session, ids)}
    return [(line["entity"], views[line["article"]]) for line in lines if line["article"] in views]


async def _seen(
    session: AsyncSession, asked: Asked, wanted: Volume, timezone: str, end: datetime
) -> Mapping[str, Finding | None]:
    """What is unusual at this moment, by subject: all of them, or none where nothing can be known."""
    windows = windows_of(wanted, end)
    if wanted.kind == "quiet":  # while newsvane was down it heard nothing, and that is no silence
        seen = await at_work.watched(session, windows)
        windows = [window for window, was in zip(windows, seen, strict=True) if was]
    weeks_of = [await _watched_weeks(session, window, timezone) for window in windows]
    if not any(weeks_of):
        return {}
    counted = await volume.tallies(
        session, asked, [*windows, *(one for weeks in weeks_of for week in weeks for one in week)]
    )
    counted_of = counts_of(asked, counted)
    sources = {tally.source for tally in counted if tally.source is not None} if wanted.kind == "quiet" else set()
    half = end - (windows[0][1] - windows[0][0]) / 2
    failing = await at_work.failing_sources(session, sources, silent_since=half)
    return find(wanted, asked, counted_of, list(zip(windows, weeks_of, strict=True)), failing)


def counts_of(asked: Asked, tallies: Iterable[Tally]) -> dict[str, dict[int | None, Counts]]:
    """By subject and source. What is tracked no more is left out."""
    found: dict[str, dict[int | None, list[tuple[datetime, int]]]] = {
        subject: {} for subject in (asked.tracked if asked.each else [""])
    }
    for tally in tallies:
        if tally.entity in found:
            found[tally.entity].setdefault(tally.source, []).append((tally.at, tally.count))
    return {subject: {source: Counts(moments) for source, moments in of.items()} for subject, of in found.items()}


def find(
    wanted: Volume,
    asked: Asked,
    counts: Mapping[str, Mapping[int | None, Counts]],
    windows: Sequence[tuple[Window, Past]],
    failing: Mapping[int, str],
) -> dict[str, Finding | None]:
    """What is unusual, by subject. ``windows``: each with its past windows of the weeks that were watched."""
    found: dict[str, Finding | None] = {}
    for subject, by_source in counts.items():
        since = asked.since(subject)
        looks = [
            look(window, [week for week in weeks if since is None or week[0][0] >= since], by_source, failing)
            for window, weeks in windows
        ]
        found[subject] = judge(wanted, looks)
    return found


async def _watched_weeks(session: AsyncSession, window: Window, timezone: str) -> Past:
    """The past windows of the weeks in which newsvane was at work."""
    weeks = past_windows(window[1], window[1] - window[0], timezone)
    same = [week[len(week) // 2] for week in weeks]
    seen = await at_work.watched(session, same)
    return [week for week, was in zip(weeks, seen, strict=True) if was]
