"""``newsvane jobs``: imports, backups and the like that were asked for; taking an import up again, ending one."""

import asyncio
import sys
from typing import TYPE_CHECKING

from cyclopts import App

from service.cli.context import database
from service.cli.errors import CommandFailed
from service.cli.listings import minute
from service.cli.output import Format, show
from service.cli.progress import progress

if TYPE_CHECKING:
    from service.store.engine import Database

__all__ = ["app", "tell_end"]

app = App(name="jobs")


@app.default
@app.command(name="list")
async def list_jobs(*, limit: int = 20, format: Format = "table") -> None:  # noqa: A002 - the option's name
    """List imports, and what was asked for over HTTP (backups, pruning, previews of rescans), the newest first.

    Parameters
    ----------
    limit:
        How many at most.
    format:
        table, json, jsonl or csv.
    """
    from service.opening import now
    from service.store import jobs

    async with database() as db, db.read() as session:
        lines = await jobs.listed(session, now=now(), limit=limit)
    columns = {
        "id": lambda line: line["id"],
        "what": lambda line: line["kind"],
        "state": lambda line: line["state"],
        "how far": lambda line: f"{line['done']} of {line['total']}" if line["total"] else "",
        "asked by": lambda line: line["asked_by"],
        "begun": lambda line: minute(line["created_at"]),
        "problem": lambda line: line["problem"],
    }
    show(lines, format, columns)


@app.command
async def resume(job: int, /) -> None:
    """Go on with an import that stopped, behind what is done; a running daemon does so by itself.

    Parameters
    ----------
    job:
        Its number, as ``newsvane jobs`` shows it.
    """
    import random

    from service.desk import importing, jobs
    from service.domain.access import Scope
    from service.opening import now

    async with database() as db:
        async with db.write() as session:
            line = await jobs.resumed(session, job, scope=Scope.ADMIN, now=now())
        with progress("Adding sources", line["total"]) as advance:
            advance(line["done"])
            try:
                await importing.carry_on(db, job, now=now, random=random.random, heard=advance)
            except asyncio.CancelledError:
                print(f"\nstopped; `newsvane jobs resume {job}` goes on from here", file=sys.stderr)
                raise
        await tell_end(db, job)


@app.command
async def cancel(job: int, /) -> None:
    """End one that is not over, wherever it runs; what it wrote stays.

    Parameters
    ----------
    job:
        Its number.
    """
    from service.desk import jobs
    from service.domain.access import Scope
    from service.opening import now

    async with database() as db, db.write() as session:
        await jobs.cancel(session, job, scope=Scope.ADMIN, now=now())
    print(f"job {job} cancelled; what it wrote stays")


async def tell_end(db: "Database", job: int) -> None:
    """What came of an import. Raises CommandFailed where somebody ended it."""
    from service.opening import now
    from service.store import jobs

    async with db.read() as session:
        line = await jobs.named(session, job, now=now())
    if line is None or line["state"] != "done":
        state = "gone" if line is None else line["state"]
        raise CommandFailed(f"the import is {state}; what was added stays, and the same file adds the rest")
    print(f"{line['result']['added']} added, {line['result']['changed']} changed, of {line['total']}")
