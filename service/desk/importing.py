"""A list of sources, some hundred a transaction, so that nobody else waits for all of it.

    begun() -> a job with a part for each transaction -> carry_on() -> what is left of them is done

What was added stays when it is interrupted, and stands with the job: whoever goes on begins behind it.
"""

from collections.abc import Callable, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from service.desk import jobs
from service.desk.jobs import IMPORT, Progress, Work
from service.desk.sources import batches_of, spread_of
from service.domain.schedule import first_poll
from service.store import jobs as stored_jobs
from service.store import watchlist as stored
from service.store.engine import Database, lock
from service.store.lines import Line
from service.store.watchlist import Changes, SourceSpec

__all__ = ["SHORT", "begun", "carry_on"]

SHORT = 500
"""Sources that are added within a second or two, in one transaction: whoever asks may wait for them."""


async def begun(session: AsyncSession, specs: Sequence[SourceSpec], *, by: str, now: datetime) -> Line:
    """The job. Raises Conflict while another import is under way."""
    parts = [[asdict(spec) for spec in batch] for batch in batches_of(specs)]
    return await jobs.begun(session, IMPORT, {"sources": len(specs)}, by=by, now=now, parts=parts)


async def carry_on(
    db: Database,
    job: int,
    *,
    now: Callable[[], datetime],
    random: Callable[[], float],
    heard: Callable[[int], None] = lambda done: None,
) -> Changes:
    """Add what is left of it. A source that is there keeps what its user decided. ``heard``: how many more are done.

    What this call did; the job's result counts all. Cancelled, it leaves the job ``stopped``.
    """
    changes = Changes()
    work = _work(db, job, changes, now, random, heard)
    await jobs.carry_out(db, job, work, now=now, progress=Progress(in_parts=True))
    return changes


def _work(
    db: Database,
    job: int,
    changes: Changes,
    now: Callable[[], datetime],
    random: Callable[[], float],
    heard: Callable[[int], None],
) -> Work:
    async def work(_progress: Progress) -> dict[str, Any]:
        counts: dict[str, int] = {"added": 0, "changed": 0}
        while True:
            async with db.write() as session:
                await lock(session, "watch list")
                part = await stored_jobs.next_part(session, job)
                if part is None:
                    line = await stored_jobs.named(session, job, now=now())
                    return {**counts, **(line["result"] if line else {})}
                counts = await _add(session, part, changes, now(), random)
                await stored_jobs.part_done(session, job, part, counts=counts, now=now())
            heard(len(part.content))

    return work


async def _add(
    session: AsyncSession, part: stored_jobs.Part, changes: Changes, now: datetime, random: Callable[[], float]
) -> dict[str, int]:
    """What came of it and of those before it."""
    specs = [SourceSpec(**{**one, "tags": tuple(one["tags"])}) for one in part.content]
    made, spread = Changes(), spread_of(part.of)
    due = [first_poll(now, random(), spread) for _ in specs]
    await stored.add_sources(session, list(zip(specs, due, strict=True)), made, now=now)
    if made:
        await stored.touch(session)
    changes.added += made.added
    changes.changed += made.changed
    return {
        "added": part.counts.get("added", 0) + len(made.added),
        "changed": part.counts.get("changed", 0) + len(made.changed),
    }
