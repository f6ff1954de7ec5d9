"""Make a due batch one alert: what waited, the alert and its deliveries change places in one transaction."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime

import structlog
from sqlalchemy.ext.asyncio import AsyncSession

from service.domain.alerting import CompiledRule
from service.domain.alerting_digest import Batch, batch_alert
from service.domain.alerting_policy import Policy
from service.domain.alerting_route import hold, next_period
from service.domain.alerting_silence import muted_channels
from service.pipeline.inhibit import held_entities, inhibited_draft
from service.pipeline.watch import Watch, WatchSource
from service.store import alerts, periods, waiting
from service.store.engine import Database
from service.store.lines import Line
from service.store.waiting import BatchJob

__all__ = ["Compose"]

log = structlog.get_logger("newsvane.compose")
_Stories = dict[int, Line]


@dataclass(frozen=True, slots=True)
class Compose:
    """The step with its tools: ``await compose(job)``."""

    db: Database
    watch: WatchSource
    now: Callable[[], datetime]
    new_id: Callable[[], str]

    async def __call__(self, job: BatchJob) -> None:
        watch = await self.watch.current()
        async with self.db.write() as session:
            await waiting.lock_rule(session, job.rule)
            found = await waiting.contents(session, job)
            if found is None:
                outcome = "lost claim"
            else:
                outcome = await self._settle(session, watch, *found)
        log.info("batch", batch=job.id, rule=job.rule, outcome=outcome)

    async def _settle(
        self, session: AsyncSession, watch: Watch, batch: Batch, items: list[tuple[Line, str]], stories: _Stories
    ) -> str:
        now, compiled = self.now(), watch.rule(batch.rule)
        if not items:
            await waiting.close(session, batch.id)
            return "nothing left: edits took its mentions out"
        policy = compiled.policy if compiled is not None else Policy()
        if batch.kind == "group":
            held = hold(policy, await waiting.past(session, batch.rule, policy, now), now)
            if held is not None:
                moved = [(line["id"], f"{why}; {held.why}" if why else held.why) for line, why in items]
                await waiting.close(session, batch.id)
                await waiting.wait(session, batch.rule, held, moved, now=now, new_id=self.new_id)
                return f"waits on: {held.why}"
            items = await self._inhibit(session, watch, compiled, batch, items, stories)
            if not items:
                await waiting.close(session, batch.id)
                return "held back by an alert that stands"
        return await self._tell(session, watch, compiled, batch, [line for line, _ in items], stories)

    async def _inhibit(
        self,
        session: AsyncSession,
        watch: Watch,
        compiled: CompiledRule | None,
        batch: Batch,
        items: list[tuple[Line, str]],
        stories: _Stories,
    ) -> list[tuple[Line, str]]:
        """What is left of a group: an alert that was made while it was gathered may hold back part of it."""
        if compiled is None or not watch.inhibitions:
            return items
        now, policy = self.now(), compiled.policy
        held: dict[tuple[str, str], list[Line]] = {}
        left = []
        for line, why in items:
            of_line = await held_entities(
                session, watch.inhibitions, batch.rule, policy.priority, [line["entity"]], story=line["story"], now=now
            )
            if of_line:
                held.setdefault(of_line[line["entity"]], []).append(line)
            else:
                left.append((line, why))
        for (alert, words), lines in held.items():
            channels = compiled.rule.channels
            draft = batch_alert(batch, policy, channels=channels, mentions=lines, stories=stories, usual={}, now=now)
            draft, ids = inhibited_draft(draft, alert, words), [line["id"] for line in lines]
            muted = dict.fromkeys(channels, words)
            await alerts.raise_alert(session, draft, ids, now=now, new_id=self.new_id, muted=muted)
        return left

    async def _tell(
        self,
        session: AsyncSession,
        watch: Watch,
        compiled: CompiledRule | None,
        batch: Batch,
        mentions: list[Line],
        stories: _Stories,
    ) -> str:
        now = self.now()
        policy = compiled.policy if compiled is not None else Policy()
        draft = batch_alert(
            batch,
            policy,
            channels=compiled.rule.channels if compiled is not None and compiled.rule.enabled else (),
            mentions=mentions,
            stories=stories,
            usual=await _usual(session, policy, batch, mentions),
            now=now,
            periods=await _periods(session, policy, batch, mentions),
        )
        if compiled is None or not compiled.rule.enabled:
            draft = replace(draft, reason=f"{draft.reason} The rule was removed or switched off meanwhile.")
        ids = [mention["id"] for mention in mentions]
        muted = muted_channels(watch.silences, batch.rule, now)
        if muted:
            draft = replace(draft, how={**draft.how, "muted": [f"{name}: {why}" for name, why in muted.items()]})
        made = await alerts.raise_alert(session, draft, ids, now=now, new_id=self.new_id, muted=muted)
        if made is None:  # a mention that was stored while its digest was made: it comes with the next one
            later = next_period(policy, now)
            if later is not None:
                await waiting.put_off(session, batch.id, later)
                return "its digest is made already: waits for the next"
            draft = replace(draft, dedupe_key=f"{draft.dedupe_key}:{batch.id}")
            await alerts.raise_alert(session, draft, ids, now=now, new_id=self.new_id, muted=muted)
        await waiting.close(session, batch.id)
        return f"told as {draft.kind}: {len(mentions)} mentions"


async def _periods(
    session: AsyncSession, policy: Policy, batch: Batch, mentions: list[Line]
) -> list[tuple[datetime, int]]:
    """The volume of a digest's period beside those before it, for its chart."""
    following = policy.next_digest(batch.fires) if batch.fires is not None else None
    if batch.fires is None or following is None:
        return []
    entities = list(dict.fromkeys(mention["entity"] for mention in mentions))
    return await periods.mentions_by_period(session, entities, end=batch.fires, length=following - batch.fires)


async def _usual(
    session: AsyncSession, policy: Policy, batch: Batch, mentions: list[Line]
) -> dict[str, tuple[int, float | None]]:
    """Counts against the usual, for a digest by entity: its period has a length."""
    if batch.fires is None or policy.group_by == "source":
        return {}
    following = policy.next_digest(batch.fires)
    if following is None:
        return {}
    entities = list(dict.fromkeys(mention["entity"] for mention in mentions))
    return dict(await waiting.usual_counts(session, entities, batch.fires, following - batch.fires))
