"""Long work that is asked for on a page, left, and come back to: importing sources, taking a backup.

    begin (a row) -> the work, which writes how far it is with each step -> end

A step and its progress are one transaction, so what a page shows as done is done. Work that is interrupted, because the
daemon ends, leaves what it wrote: the same file imported again adds the rest, a backup is taken anew.
"""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from datetime import datetime
from pathlib import Path
from threading import Event
from typing import Final

from service.desk.errors import Conflict
from service.desk.sources import batches_of, spread_of
from service.domain.schedule import first_poll
from service.store import backup as backups
from service.store import jobs
from service.store import watchlist as stored
from service.store.backup import BackupError, Stopped
from service.store.engine import Database, lock
from service.store.watchlist import Changes, SourceSpec

__all__ = ["back_up", "backup_file", "import_sources"]

_EVERY: Final = 0.5
"""Seconds between two looks at how far a backup is."""


async def import_sources(
    db: Database, job: int, specs: Sequence[SourceSpec], *, now: Callable[[], datetime], random: Callable[[], float]
) -> None:
    """Add what is new, some hundred sources a transaction; one that is there keeps what its user decided."""
    done, changes, spread = 0, Changes(), spread_of(specs)
    async with _ending(db, job, now):
        for batch in batches_of(specs):
            async with db.write() as session:
                await lock(session, "watch list")
                due = [first_poll(now(), random(), spread) for _ in batch]
                await stored.add_sources(session, list(zip(batch, due, strict=True)), changes, now=now())
                if changes:
                    await stored.touch(session)
                done += len(batch)
                counts = {"added": len(changes.added), "changed": len(changes.changed)}
                await jobs.advance(session, job, done, total=len(specs), counts=counts, now=now())


def backup_file(db: Database, now: datetime) -> Path:
    """Where a backup of an embedded database goes: the folder ``backups`` beside it. Raises Conflict for another."""
    return _embedded(db).parent / "backups" / f"newsvane-{now:%Y%m%dT%H%M%SZ}.db"


async def back_up(db: Database, job: int, target: Path, *, now: Callable[[], datetime]) -> None:
    """Copy the database to ``target`` beside whoever uses it, and check the copy."""
    seen, stop, file = [0, 0], Event(), _embedded(db)

    def tell(left: int, total: int) -> None:
        seen[:] = [total - left, total]

    def copy() -> None:
        target.parent.mkdir(mode=0o700, exist_ok=True)
        backups.back_up(file, target, tell, stop)

    async with _ending(db, job, now):
        work = asyncio.create_task(asyncio.to_thread(copy))
        try:
            while not (await asyncio.wait({work}, timeout=_EVERY))[0]:
                await _tell(db, job, seen, now())
        finally:
            stop.set()
            await asyncio.wait({work})  # where it was not over, it ends at the next step
        await work
        await _tell(db, job, seen, now())


def _embedded(db: Database) -> Path:
    if db.file is None:
        raise Conflict("this database is on a server: take its backup with newsvane backup FILE, or with pg_dump")
    return db.file


async def _tell(db: Database, job: int, seen: Sequence[int], now: datetime) -> None:
    async with db.write() as session:
        await jobs.advance(session, job, seen[0], total=seen[1], counts={"pages": seen[1]}, now=now)


@asynccontextmanager
async def _ending(db: Database, job: int, now: Callable[[], datetime]) -> AsyncIterator[None]:
    """Writes down how the block ended; given back where the daemon ends first."""
    try:
        yield
    except (BackupError, OSError) as error:
        async with db.write() as session:
            await jobs.end(session, job, now=now(), problem=str(error))
    except (asyncio.CancelledError, Stopped):
        async with db.write() as session:
            await jobs.give_back(session, job)
        raise
    except Exception:
        async with db.write() as session:
            await jobs.end(session, job, now=now(), problem="newsvane did not expect this error: its log tells more")
        raise
    else:
        async with db.write() as session:
            await jobs.end(session, job, now=now())
