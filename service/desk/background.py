"""Rescans that people ask for on a page or over the API: this process works on them beside its other work.

ask -> begin() in the database -> start() -> a task -> done, or given back when the process ends

Nothing hangs on this process: how far a rescan is stands in the database, and whoever asks for it again goes on there.
"""

import asyncio
from collections.abc import Callable
from datetime import datetime

import structlog

from service.desk import rescans
from service.desk.rescans import AskedRescan
from service.pipeline.rescan import Rescan
from service.pipeline.watch import WatchSource
from service.store import rescans as stored
from service.store.engine import Database

__all__ = ["Background"]

log = structlog.get_logger("newsvane.rescan")


class Background:
    """``ask`` and ``go_on`` return at once, with the rescan's number."""

    def __init__(self, db: Database, now: Callable[[], datetime], new_id: Callable[[], str]) -> None:
        self._db, self._now, self._new_id = db, now, new_id
        self._watch = WatchSource(db)
        self._tasks: dict[int, asyncio.Task[None]] = {}

    async def ask(self, asked: AskedRescan) -> int:
        """Begin it, or go on with the unfinished one that was asked for alike. Raises Wrong and AskError."""
        wanted = await rescans.wanted(self._watch, asked, now=self._now())
        async with self._db.write() as session:
            begun = await stored.begin(session, wanted, now=self._now())
        self._start(begun.id)
        return begun.id

    async def go_on(self, rescan: int) -> int:
        """Take an unfinished one up again. With another watch list than it was begun with, it begins anew: then the
        number is another one. Raises Unknown."""
        made_with = await rescans.made_with(self._watch)
        async with self._db.write() as session:
            wanted = await rescans.wanted_once_more(session, rescan, made_with)
            begun = await stored.begin(session, wanted, now=self._now())
        self._start(begun.id)
        return begun.id

    async def stop(self) -> None:
        """Give back what is worked on, and wait until that is written."""
        tasks = list(self._tasks.values())
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def _start(self, rescan: int) -> None:
        if rescan not in self._tasks:
            task = asyncio.create_task(self._work(rescan), name=f"rescan {rescan}")
            self._tasks[rescan] = task
            task.add_done_callback(lambda _: self._tasks.pop(rescan, None))

    async def _work(self, rescan: int) -> None:
        step = Rescan(self._db, self._watch, self._now, self._new_id)
        try:
            ended = await rescans.to_the_end(self._db, step, rescan, now=self._now, new_id=self._new_id)
        except Exception:  # nobody waits for this task: the log is where it is told
            log.exception("a bug stopped a rescan", rescan=rescan)
            return
        log.info("rescan ended", rescan=rescan, state=ended.state, **ended.counts)
