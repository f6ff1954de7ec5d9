"""Today's entities and rules over stored articles: asking for it, doing it, ending it.

A rescan is work that is left and returned to: whoever asks for the same goes on where it stopped.
"""

import asyncio
import json
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import datetime
from importlib.metadata import version
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from service.desk.errors import Unknown, Wrong, did_you_mean
from service.desk.jobs import Progress, Work
from service.pipeline.rescan import LEASE, Rescan
from service.pipeline.watch import WatchSource
from service.search import moment
from service.store import past, rescans
from service.store.claims import Lease
from service.store.engine import Database
from service.store.past import Period
from service.store.rescan_lines import wanted_again
from service.store.rescans import Standing, Wanted

__all__ = ["AskedRescan", "cancel", "made_with", "period_of", "previewed", "to_the_end", "wanted", "wanted_once_more"]

_WATCH_SECONDS = 0.5


@dataclass(frozen=True, slots=True)
class AskedRescan:
    """As a person writes it. ``since``, ``until``: ``7d``, or a time. ``summary``: one alert a rule about all that it
    would have told of, and never did."""

    entity: str | None = None
    since: str | None = None
    until: str | None = None
    summary: bool = False


def period_of(asked: AskedRescan, now: datetime) -> Period:
    """Raises AskError."""
    return Period(moment(asked.since, now=now), moment(asked.until, now=now, name="until"))


async def wanted(watch: WatchSource, asked: AskedRescan, *, now: datetime) -> Wanted:
    """Checked against what is looked for. Raises Wrong and AskError."""
    if asked.entity is not None:
        names = [one.name for one in (await watch.current()).matcher.entities]
        if asked.entity not in names:
            meant = did_you_mean(asked.entity, names)
            raise Wrong("entity", f"{asked.entity!r}: none of that name is looked for{meant}")
    return Wanted(
        scope=json.dumps([asked.entity, asked.since, asked.until, asked.summary]),
        entity=asked.entity,
        period=period_of(asked, now),
        summary=asked.summary,
        made_with=await made_with(watch),
    )


async def wanted_once_more(session: AsyncSession, rescan: int, watch_made_with: str) -> Wanted:
    """What an unfinished rescan was asked for. Raises Unknown."""
    found = await wanted_again(session, rescan, made_with=watch_made_with)
    if found is None:
        raise Unknown("rescan", rescan, f"there is no unfinished rescan {rescan}")
    return found


async def made_with(watch: WatchSource) -> str:
    """By which an unfinished rescan is known to be of today's watch list and program."""
    return f"watch list {(await watch.current()).version}, newsvane {version('newsvane')}"


async def to_the_end(
    db: Database,
    step: Rescan,
    rescan: int,
    *,
    now: Callable[[], datetime],
    new_id: Callable[[], str],
    heard: Callable[[int], None] = lambda articles: None,
) -> Standing:
    """Work on it, or watch whoever does, until it is ``done`` or ``cancelled``. Cancelled itself, it gives the rescan
    back, so that anybody can go on with it at once."""
    seen = 0
    while True:
        current = await rescans.standing(db, rescan)
        heard(current.counts.get("articles", 0) - seen)
        seen = current.counts.get("articles", 0)
        if current.state != "open":
            return current
        job = await rescans.claim(db, rescan, now=now(), lease=Lease(new_id(), now() + LEASE))
        if job is None:  # another process works on it, or died less than a lease ago
            await asyncio.sleep(_WATCH_SECONDS)
            continue
        try:
            await step(job, heard)
        finally:
            await rescans.give_back(db, job)
        seen = (await rescans.standing(db, rescan)).counts.get("articles", 0)


async def cancel(session: AsyncSession, rescan: int) -> None:
    """End an unfinished one, wherever it runs; what it wrote stays. Raises Unknown."""
    if not await rescans.cancel(session, rescan):
        raise Unknown("rescan", rescan, f"there is no unfinished rescan {rescan}")


def previewed(db: Database, step: Rescan, entity: str | None, period: Period) -> Work:
    """The work of a job: what a rescan would do. Gives counts by what is done, and ``samples``."""

    async def work(progress: Progress) -> dict[str, Any]:
        async with db.read() as session:
            progress.total = await past.count(session, period, below=await past.first_position(session))

        def heard(articles: int) -> None:
            progress.done += articles

        tally = await step.dry_run(entity, period, heard)
        return {**tally.counts, "samples": [asdict(sample) for sample in tally.samples]}

    return work
