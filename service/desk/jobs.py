"""Long work that is asked for, left and come back to: a backup, pruning, trying a rescan out, importing sources.

    begun() -> a row, in the caller's transaction -> carry_out() beside requests -> what came of it, in the row

One of a kind at a time. It ends when it is done, when somebody cancels it, or with the process that works on it. What
has parts is then gone on with, by itself (service/desk/going_on.py) or with resumed(); any other is asked for again.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy.ext.asyncio import AsyncSession

from service.desk.errors import Conflict, Forbidden, Refused, Unknown, an
from service.domain.access import Scope
from service.store import jobs
from service.store.engine import Database
from service.store.lines import Line

__all__ = [
    "BACKUP",
    "IMPORT",
    "PREVIEW",
    "PRUNE",
    "Progress",
    "Work",
    "begun",
    "cancel",
    "carry_out",
    "resumed",
    "scope_of",
]

BACKUP, PRUNE, PREVIEW, IMPORT = "backup", "prune", "rescan preview", "import"
_SCOPES: Final = {BACKUP: Scope.ADMIN, PRUNE: Scope.ADMIN, PREVIEW: Scope.WRITE, IMPORT: Scope.WRITE}
_LOOKS_EVERY: Final = 1.0
"""Seconds between two looks whether it was cancelled."""


@dataclass(slots=True)
class Progress:
    """Written by the work, read by whoever watches; in units of the work's own. ``in_parts``: how far it is stands
    with its parts, and need not be written down besides."""

    done: int = 0
    total: int = 0
    in_parts: bool = False

    @property
    def far(self) -> dict[str, int]:
        return {} if self.in_parts else {"done": self.done, "total": self.total}

    def tell(self, done: int, total: int) -> None:
        self.done, self.total = done, total


Work = Callable[[Progress], Awaitable[Mapping[str, Any]]]
"""What is done; gives what came of it. Raises Refused where nothing did. May be cancelled at any moment."""


def scope_of(kind: str) -> Scope:
    """What one needs to ask for work of that kind, and to cancel it."""
    return _SCOPES[kind]


async def begun(
    session: AsyncSession,
    kind: str,
    asked: Mapping[str, Any],
    *,
    by: str,
    now: datetime,
    parts: Sequence[Sequence[Any]] = (),
) -> Line:
    """A job to be carried out by the caller when the transaction has ended. ``parts``: see service.store.jobs.

    Raises Conflict.
    """
    await _alone(session, kind, now)
    return await jobs.begin(session, kind, asked, by=by, now=now, parts=parts)


async def resumed(session: AsyncSession, job: int, *, scope: Scope, now: datetime) -> Line:
    """One that stopped, to be carried out by the caller when the transaction has ended.

    Raises Unknown, Forbidden, and Conflict where there is nothing to go on with.
    """
    line = await _for_change(session, job, "go on with", scope, now)
    await _alone(session, line["kind"], now)
    if not await jobs.go_on(session, job, now=now):
        mend = "ask for it anew" if line["state"] == "stopped" else "there is nothing to go on with"
        raise Conflict(f"job {job}, {an(line['kind'])}, is {line['state']}: {mend}")
    return {**line, "state": "working"}


async def _alone(session: AsyncSession, kind: str, now: datetime) -> None:
    busy = await jobs.at_work(session, kind, now=now)
    if busy is not None:
        raise Conflict(f"{an(kind)} is under way: wait for job {busy}, or cancel it")


async def _for_change(session: AsyncSession, job: int, what: str, scope: Scope, now: datetime) -> Line:
    line = await jobs.named(session, job, now=now)
    if line is None:
        raise Unknown("job", job)
    if scope < scope_of(line["kind"]):
        needed = scope_of(line["kind"]).word
        raise Forbidden(f"to {what} {an(line['kind'])} needs the scope {needed}: use another token")
    return line


async def cancel(session: AsyncSession, job: int, *, scope: Scope, now: datetime) -> None:
    """End an unfinished one, wherever it runs. Raises Unknown, Forbidden and Conflict."""
    line = await _for_change(session, job, "cancel", scope, now)
    if not await jobs.cancel(session, job, now=now):
        raise Conflict(f"job {job} is {line['state']}: there is nothing to cancel")


async def carry_out(
    db: Database, job: int, work: Work, *, now: Callable[[], datetime], progress: Progress | None = None
) -> None:
    """Do it to its end, unless somebody cancels the job. Cancelled itself, it leaves the job ``stopped``.

    An error that is no ``Refused`` is a bug: the job fails, and the error goes on to the log.
    """
    progress = progress or Progress()
    task = asyncio.ensure_future(work(progress))
    try:
        while not task.done():
            if not await jobs.renew(db, job, **progress.far, now=now()):
                return
            await asyncio.wait([task], timeout=_LOOKS_EVERY)
        await _end(db, job, task, progress, now)
    except asyncio.CancelledError:
        await _put_away(task)
        await jobs.leave(db, job, **progress.far, now=now())
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
    await jobs.renew(db, job, **progress.far, now=now())
    await jobs.finish(db, job, now=now(), result=result, problem=problem)
    if bug is not None:
        raise bug


async def _put_away(task: "asyncio.Future[Any]") -> None:
    """Wait until it has tidied up."""
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
