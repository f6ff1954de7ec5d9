"""A long list of sources, some hundred a transaction, so that nobody else waits for all of it.

What was added stays when it is interrupted; the same list imported again adds the rest.
"""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from service.desk.jobs import Progress, Work
from service.desk.sources import batches_of, spread_of
from service.domain.schedule import first_poll
from service.store import watchlist as stored
from service.store.engine import Database, lock
from service.store.watchlist import Changes, SourceSpec

__all__ = ["of_sources"]


def of_sources(
    db: Database, specs: Sequence[SourceSpec], *, now: Callable[[], datetime], random: Callable[[], float]
) -> Work:
    """The work of a job, which gives how many were ``added`` and ``changed``. A source that is there keeps what its
    user decided."""

    async def work(progress: Progress) -> dict[str, Any]:
        done, changes, spread = 0, Changes(), spread_of(specs)
        progress.tell(0, len(specs))
        for batch in batches_of(specs):
            async with db.write() as session:
                await lock(session, "watch list")
                due = [first_poll(now(), random(), spread) for _ in batch]
                await stored.add_sources(session, list(zip(batch, due, strict=True)), changes, now=now())
                if changes:
                    await stored.touch(session)
            done += len(batch)
            progress.tell(done, len(specs))
        return {"added": len(changes.added), "changed": len(changes.changed)}

    return work
