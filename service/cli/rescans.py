"""``newsvane rescans``: rescans that work, stopped or are over; taking one up again, ending one."""

import sys

from cyclopts import App

from service.cli.context import database
from service.cli.errors import CommandFailed
from service.cli.listings import minute
from service.cli.output import Format, Line, show
from service.cli.rescanning import Shape, new_step, tell, to_the_end

__all__ = ["app"]

app = App(name="rescans")


@app.default
@app.command(name="list")
async def list_rescans(*, limit: int = 20, format: Format = "table") -> None:  # noqa: A002 - the option's name
    """List rescans, the newest first: how far each is, at what rate, and what it found.

    Parameters
    ----------
    limit:
        How many at most.
    format:
        table, json, jsonl or csv.
    """
    from service.opening import now
    from service.search import rescans

    async with database() as db:
        lines = await rescans(db, now=now(), limit=limit)
    columns = {
        "id": lambda line: line["id"],
        "state": _state,
        "articles": lambda line: f"{line['done']} of {line['total']}",
        "a second": lambda line: "" if line["rate"] is None else f"{line['rate']:g}",
        "added": lambda line: line["added"],
        "restored": lambda line: line["restored"],
        "withdrawn": lambda line: line["withdrawn"],
        "about": lambda line: line["entity"] or "every entity",
        "found since": lambda line: minute(line["since"] or ""),
        "found until": lambda line: minute(line["until"] or ""),
        "begun": lambda line: minute(line["created_at"]),
    }
    show(lines, format, columns)


@app.command
async def resume(rescan: int, /, *, format: Shape = "text") -> None:  # noqa: A002
    """Go on with one that stopped, or watch one that works, to its end.

    Parameters
    ----------
    rescan:
        Its number, as ``newsvane rescans`` shows it.
    format:
        How the result is told.
    """
    from service.desk import rescans

    async with database() as db:
        step, watch = new_step(db)
        async with db.read() as session:
            wanted = await rescans.wanted_once_more(session, rescan, await rescans.made_with(watch))
        done = await to_the_end(db, step, wanted)
    tell(done, format)


@app.command
async def cancel(*rescan: int) -> None:
    """End unfinished rescans, wherever they run; what they wrote stays.

    Parameters
    ----------
    rescan:
        Their numbers.
    """
    from service.cli.errors import UsageError
    from service.store import rescans

    if not rescan:
        raise UsageError("name a rescan by its number; `newsvane rescans` lists them")
    async with database() as db, db.write() as session:
        gone = await rescans.cancel(session, *rescan)
    for number in sorted(gone):
        print(f"rescan {number} cancelled; what it wrote stays")
    left = sorted(set(rescan) - set(gone))
    if left:
        told = ", ".join(map(str, left))
        raise CommandFailed(f"{told}: no unfinished rescan has this number; `newsvane rescans` lists them")
    sys.stdout.flush()


def _state(line: Line) -> str:
    left = line["seconds_left"]
    return str(line["state"]) if left is None else f"{line['state']}, {left} s left"
