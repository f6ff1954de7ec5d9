"""Long work that is asked for, left and come back to: a backup, pruning, trying a rescan out.

    begun() -> a row, in the caller's transaction -> carry_out() beside requests -> what came of it, in the row

One of a kind at a time. It ends when it is done, when somebody cancels it, or with the process that works on it; then
it is asked for again.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy.ext.asyncio import AsyncSession

from service.desk.errors import Conflict, Forbidden, Refused, Unknown
from service.domain.access import Scope
from service.store import jobs
from service.store.engine import Database
from service.store.lines import Line

__all__ = ["BACKUP", "PREVIEW", "PRUNE", "Progress", "Work", "begun", "cancel", "carry_out", "scope_of"]

BACKUP, PRUNE, PREVIEW = "backup", "prune", "rescan preview"
_SCOPES: Final = {BACKUP: Scope.ADMIN, PRUNE: Scope.ADMIN, PREVIEW: Scope.WRITE}
_LOOKS_EVERY: Final = 1.0
"""Seconds between two looks whether it was cancelled."""


@dataclass(slots=True)
class Progress:
    """Written by the work, read by whoever watches; in units of the work's own."""

    done: int = 0
    total: int = 0

    def tell(self, done: int, total: int) -> None:
        self.done, self.total = done, total


Work = Callable[[Progress], Awaitable[Mapping[str, Any]]]
"""What is done; gives what came of it. Raises Refused where nothing did. May be cancelled at any moment."""


def scope_of(kind: str) -> Scope:
    """What one needs to ask for work of that kind, and to cancel it."""
    return _SCOPES[kind]


async def begun(session: AsyncSession, kind: str, asked: Mapping[str, Any], *, by: str, now: datetime) -> Line:
    """A job to be carried out by the caller when the transaction has ended. Raises Conflict."""
    busy = await jobs.at_work(session, kind, now=now)
    if busy is not None:
        raise Conflict(f"a {kind} is under way: wait for job {busy}, or cancel it")
    return await jobs.begin(session, kind, asked, by=by, now=now)


async def cancel(session: AsyncSession, job: int, *, scope: Scope, now: datetime) -> None:
    """End an unfinished one, wherever it runs. Raises Unknown, Forbidden and Conflict."""
    line = await jobs.named(session, job, now=now)
    if line is None:
        raise Unknown("job", job)
    if scope < scope_of(line["kind"]):
        needed = scope_of(line["kind"]).word
        raise Forbidden(f"to cancel a {line['kind']} needs the scope {needed}: use another token")
    if not await jobs.cancel(session, job, now=now):
        raise Conflict(f"job {job} is {line['state']}: there is nothing to cancel")


async def carry_out(db: Database, job: int, work: Work, *, now: Callable[[], datetime]) -> None:
    """Do it to its end, unless somebody cancels the job. Cancelled itself, it leaves the job ``stopped``.

    An error that is no ``Refused`` is a bug: the job fails, and the error goes on to the log.
    """
    progress = Progress()
    task = asyncio.ensure_future(work(progress))
    try:
        while not task.done():
            if not await jobs.renew(db, job, done=progress.done, total=progress.total, now=now()):
                return
            await asyncio.wait([task], timeout=_LOOKS_EVERY)
        await _end(db, job, task, progress, now)
    except asyncio.CancelledError:
        await _put_away(task)
        await jobs.leave(db, job, now=now())
        raise
    finally:
        await _put_away(task)


async def _end(
    db: Database, job: int, task: "asyncio.Future[Mapping[str, Any]]", progress: Progress, now: Callable[[], datetime]
) -> None:
    result, problem, bug = {}, "", None
    try:
        result = dict(task.result())
    except Refused as error:
        problem = str(error)
    except Exception as error:  # noqa: BLE001 - raised again
        problem, bug = "this is an error in newsvane; its log says more", error
    await jobs.renew(db, job, done=progress.done, total=progress.total, now=now())
    await jobs.finish(db, job, now=now(), result=result, problem=problem)
    if bug is not None:
        raise bug


async def _put_away(task: "asyncio.Future[Any]") -> None:
    """Wait until it has tidied up."""
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
