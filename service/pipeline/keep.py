"""Keep watch over newsvane itself: look, decide, and write what is told together with what was seen.

rules with ``watch`` -> what they look at (reads, disk) -> findings -> one short transaction a rule
"""

import asyncio
import shutil
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final, TypeVar

import structlog
from sqlalchemy.ext.asyncio import AsyncSession

from service.domain.alerting_policy import Policy, PolicyError
from service.domain.alerting_silence import Silence, muted_channels
from service.domain.keeping import Finding, Keeping, Settled, alerts_of, keeping_of, settle
from service.domain.keeping.bodies import collapse
from service.domain.keeping.silence import silent
from service.domain.keeping.sources import NETWORK, failing
from service.domain.keeping.spec import policy_for
from service.domain.keeping.telling import mute_all, silence_of
from service.domain.keeping.work import Disk, Reading, channel_fails, disk_low, growing
from service.domain.model import Rule
from service.store import alerts, sightings, silences, troubles, waiting, watchlist
from service.store.engine import Database

__all__ = ["Keep"]

log = structlog.get_logger("newsvane.keep")
SeenT = TypeVar("SeenT")
_SLOW: Final = timedelta(hours=1)
"""Silence and lost bodies show over hours, and looking for them reads more."""
_READ_EVERY: Final = timedelta(minutes=5)
_SLOW_KINDS: Final = frozenset({"source-silent", "body-collapse"})


@dataclass(frozen=True, slots=True)
class _Watching:
    rule: Rule
    keeping: Keeping
    policy: Policy


@dataclass(slots=True)
class Keep:
    """The step with its tools: ``await keep()`` looks once; how many alerts it raised. Meant for once a minute."""

    db: Database
    now: Callable[[], datetime]
    new_id: Callable[[], str]
    _slow_at: datetime | None = field(default=None, init=False)
    _read_at: datetime | None = field(default=None, init=False)

    async def __call__(self) -> int:
        now = self.now()
        async with self.db.read() as session:
            watching = _watching(await watchlist.rules(session))
            muting = await silences.standing(session)
            opened = await troubles.open_subjects(session)
        names = [one.rule.name for one in watching]
        if opened.keys() - set(names):
            async with self.db.write() as session:
                await troubles.forget_others(session, names)
        slow = self._slow_at is None or now - self._slow_at >= _SLOW
        self._slow_at = now if slow else self._slow_at
        raised = 0
        for one in watching:
            if one.policy.active is not None and not one.policy.active.holds(now):
                continue
            subjects = opened.get(one.rule.name, set())
            findings = None
            if slow or one.keeping.kind not in _SLOW_KINDS:
                findings = await self._look(one.keeping, subjects, now)
            if findings or subjects:
                raised += await self._settle(one, findings, muting, now)
        return raised

    async def _look(self, keeping: Keeping, opened: set[str], now: datetime) -> list[Finding]:
        found: list[Finding | None] = []
        if keeping.kind == "disk-low":
            disk = await asyncio.to_thread(_disk, self.db.file)
            return _filled([disk_low(keeping, disk, now=now, was_open="disk" in opened)]) if disk else []
        async with self.db.read() as session:
            match keeping.kind:
                case "source-failing":
                    sources, answered = await sightings.failing_sources(session, now)
                    found += failing(keeping, sources, answered, now=now, outage_open=NETWORK in opened)
                case "source-silent":
                    publishing = await sightings.publishing_sources(session, now)
                    found += await asyncio.to_thread(_each, silent, keeping, publishing)
                case "body-collapse":
                    read = await sightings.article_bodies(session, now)
                    found += await asyncio.to_thread(_each, collapse, keeping, read)
                case "channel-failing":
                    channels = await sightings.failing_channels(session)
                    found += [channel_fails(keeping, one, now=now) for one in channels]
                case _:
                    work = await sightings.work_now(session, now)
                    found += [
                        growing(keeping, readings, was_open=f"backlog:{name}" in opened)
                        for name, readings in work.items()
                    ]
        if keeping.kind == "backlog-growing":
            await self._note(work, now)
        return _filled(found)

    async def _note(self, work: Mapping[str, Sequence[Reading]], now: datetime) -> None:
        if self._read_at is not None and now - self._read_at < _READ_EVERY:
            return
        self._read_at = now
        async with self.db.write() as session:
            await sightings.write_readings(session, [readings[-1] for readings in work.values()], now=now)

    async def _settle(
        self, one: _Watching, findings: Sequence[Finding] | None, muting: Sequence[Silence], now: datetime
    ) -> int:
        name = one.rule.name
        async with self.db.write() as session:
            await waiting.lock_rule(session, name)
            silence = silence_of(muting, name, now)
            kept = await troubles.kept(session, name)
            if silence is None:  # it may have been ended before its time
                kept = [replace(trouble, due=now) if trouble.is_muted else trouble for trouble in kept]
            past = await waiting.past(session, name, one.policy, now)
            settled = settle(one.keeping, one.policy, findings, kept, past, now=now)
            spare = [channel.name for channel in await watchlist.channels(session) if channel.enabled]
            drafts = alerts_of(one.rule, one.keeping, one.policy, settled, now=now, spare=spare)
            raised = {}
            for draft in drafts:
                refused = muted_channels(muting, name, now)
                if silence is not None:
                    draft = mute_all(draft, silence)
                    refused = dict.fromkeys(draft.channels, silence.words)
                made = await alerts.raise_alert(session, draft, [], now=now, new_id=self.new_id, muted=refused)
                if made is not None and draft.watch is not None:
                    raised[str(draft.watch["state"])] = made
            await self._write(session, name, settled, raised.get("open"), silence, now)
        if raised:
            log.info("watch", rule=name, told=len(settled.tell), over=len(settled.over), muted=silence is not None)
        return len(raised)

    async def _write(
        self,
        session: AsyncSession,
        rule: str,
        settled: Settled,
        alert: str | None,
        silence: Silence | None,
        now: datetime,
    ) -> None:
        keep = settled.keep
        told = {trouble.finding.subject: alert for trouble in settled.tell} if alert is not None else {}
        if silence is not None:
            keep = settled.unmuted_at(silence.ends, silence.words)
            told = {}
        await troubles.keep(session, rule, keep, settled.forget, told)
        ended = [trouble.alert for trouble in settled.over if trouble.alert is not None]
        if ended:
            await troubles.over(session, ended, now)


def _watching(rules: Sequence[Rule]) -> list[_Watching]:
    found = []
    for rule in rules:
        if rule.watch and rule.enabled:
            try:
                found.append(_Watching(rule, keeping_of(rule.watch), policy_for(rule.options)))
            except PolicyError as error:
                log.error("a rule cannot be used", rule=rule.name, error=str(error))
    return found


def _each(
    find: Callable[[Keeping, SeenT], Finding | None], keeping: Keeping, seen: Sequence[SeenT]
) -> list[Finding | None]:
    """In a thread: for thousands of sources it takes part of a second."""
    return [find(keeping, one) for one in seen]


def _disk(file: Path | None) -> Disk | None:
    """None where the database is elsewhere, or the system does not say."""
    if file is None:
        return None
    try:
        usage = shutil.disk_usage(file.parent)
    except OSError as error:
        log.warning("the disk cannot be looked at", folder=str(file.parent), error=error.strerror)
        return None
    return Disk(str(file.parent), usage.free, usage.total)


def _filled(found: Sequence[Finding | None]) -> list[Finding]:
    return [finding for finding in found if finding is not None]
