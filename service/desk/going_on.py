"""What a daemon goes on with by itself: imports whose process ended, and rescans that a daemon was asked for."""

from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import suppress
from datetime import datetime
from typing import Any

from service.desk import importing, rescans
from service.desk.errors import Unknown
from service.desk.jobs import IMPORT
from service.desk.outside import Outside
from service.pipeline.rescan import Rescan
from service.pipeline.watch import WatchSource
from service.store import jobs as stored_jobs
from service.store import rescans as stored_rescans
from service.store.engine import Database

__all__ = ["left_over"]

Left = Coroutine[Any, Any, object]


async def left_over(
    db: Database, outside: Outside, *, now: Callable[[], datetime], at_start: bool
) -> AsyncIterator[tuple[str, Left]]:
    """Work with its name, to be begun by the caller before it takes the next: rescans, and the oldest import, of which
    one is worked on at a time. ``at_start``: also rescans whose daemon ended in order; later, somebody may be about to
    take one up.
    """
    async with db.read() as session:
        left = await stored_rescans.left(session, now=now(), at_start=at_start)
    for rescan in left:
        with suppress(Unknown):  # somebody ended it meanwhile
            yield await _rescan(db, outside, rescan, now)
    async with db.write() as session:
        busy = await stored_jobs.at_work(session, IMPORT, now=now())
        job = None if busy is not None else await stored_jobs.first_left(session, IMPORT, now=now())
        if job is not None:
            await stored_jobs.go_on(session, job, now=now())
    if job is not None:
        yield f"job {job}", importing.carry_on(db, job, now=now, random=outside.random)


async def _rescan(db: Database, outside: Outside, rescan: int, now: Callable[[], datetime]) -> tuple[str, Left]:
    """As somebody would go on with it who asks: anew, where the watch list or the program is another one meanwhile."""
    watch = WatchSource(db)
    made_with = await rescans.made_with(watch)
    async with db.write() as session:
        wanted = await rescans.wanted_once_more(session, rescan, made_with)
        begun = await stored_rescans.begin(session, wanted, now=now(), in_daemon=True)
    step = Rescan(db, watch, now, outside.new_id)
    return f"rescan {begun.id}", rescans.to_the_end(db, step, begun.id, now=now, new_id=outside.new_id)
