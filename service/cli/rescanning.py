"""``newsvane rescan``: today's entities and rules over stored articles."""

import asyncio
import sys
from typing import TYPE_CHECKING, Literal

from service.cli.context import database
from service.cli.errors import CommandFailed
from service.cli.output import json_text, visible
from service.cli.progress import progress

if TYPE_CHECKING:
    from service.pipeline.rescan import Rescan, Tally
    from service.pipeline.watch import WatchSource
    from service.store.engine import Database
    from service.store.past import Period
    from service.store.rescans import Standing, Wanted

__all__ = ["Shape", "new_step", "rescan", "tell", "to_the_end"]

Shape = Literal["text", "json"]
_COUNTS = ("added", "restored", "withdrawn", "changed")


async def rescan(
    *,
    entity: str | None = None,
    since: str | None = None,
    until: str | None = None,
    summary: bool = False,
    dry_run: bool = False,
    cancel: bool = False,
    format: Shape = "text",  # noqa: A002 - the option's name
) -> None:
    """Apply today's entities and rules to stored articles, the newest first, beside a running daemon.

    What is found comes backfilled and raises no alert; what holds no longer is withdrawn, with the reason. Ctrl-C, or
    the end of the process, loses nothing: the same command goes on where it stopped.

    Parameters
    ----------
    entity:
        Only this entity's mentions.
    since:
        Only articles found at or after this: 2h, 7d, or 2026-11-22T08:00:00Z.
    until:
        Only articles found before this.
    summary:
        Raise one alert a rule about all that it would have told of, and never did.
    dry_run:
        Only tell what would be done.
    cancel:
        End every unfinished rescan instead, also one that runs elsewhere.
    format:
        How the result is told.
    """
    from service.desk import rescans as desk
    from service.opening import now
    from service.store import rescans

    async with database() as db:
        if cancel:
            async with db.write() as session:
                gone = await rescans.cancel(session)
            print(f"{len(gone)} rescans cancelled; what they wrote stays")
            return
        step, watch = new_step(db)
        wanted = await desk.wanted(watch, desk.AskedRescan(entity, since, until, summary), now=now())
        if dry_run:
            _tell_dry_run(await _dry_run(db, step, entity, wanted.period), format)
            return
        done = await to_the_end(db, step, wanted)
        if await desk.made_with(watch) != wanted.made_with:
            print("the watch list changed meanwhile: rescan again", file=sys.stderr)
    tell(done, format)


def new_step(db: "Database") -> tuple["Rescan", "WatchSource"]:
    """The step over a database, and the watch list that it applies."""
    from service.opening import new_id, now
    from service.pipeline.rescan import Rescan
    from service.pipeline.watch import WatchSource

    watch = WatchSource(db)
    return Rescan(db, watch, now, new_id), watch


async def to_the_end(db: "Database", step: "Rescan", wanted: "Wanted") -> "Standing":
    """Work on it, or watch whoever does, until it is done."""
    from service.desk import rescans as desk
    from service.opening import new_id, now
    from service.store import rescans

    async with db.write() as session:
        begun = await rescans.begin(session, wanted, now=now())
    if begun.resumed:
        print("going on where it stopped", file=sys.stderr)
    try:
        with progress("articles", begun.total) as advance:
            done = await desk.to_the_end(db, step, begun.id, now=now, new_id=new_id, heard=advance)
    except asyncio.CancelledError:
        again = f"`newsvane rescans resume {begun.id}`, goes on from here"
        print(f"\nstopped; the same command, or {again}", file=sys.stderr)
        raise
    if done.state == "cancelled":
        raise CommandFailed("the rescan was cancelled; what it wrote stays")
    return done


async def _dry_run(db: "Database", step: "Rescan", entity: str | None, period: "Period") -> "Tally":
    from service.store import past

    async with db.read() as session:
        total = await past.count(session, period, below=await past.first_position(session))
    with progress("articles", total) as advance:
        return await step.dry_run(entity, period, advance)


def tell(done: "Standing", shape: Shape) -> None:
    """What it did."""
    counts = {"articles": 0, **dict.fromkeys(_COUNTS, 0), "alerts": 0, **done.counts}
    print(json_text(counts) if shape == "json" else _sentence(counts) + f"; {counts['alerts']} summary alerts")


def _tell_dry_run(tally: "Tally", shape: str) -> None:
    from dataclasses import asdict

    counts = {"articles": 0, **dict.fromkeys(_COUNTS, 0), **tally.counts}
    if shape == "json":
        print(json_text({**counts, "samples": [asdict(sample) for sample in tally.samples]}, indent=2))
        return
    print(f"nothing was written; it would be: {_sentence(counts)}")
    for sample in tally.samples:
        print(visible(f"  {sample.what}: {sample.entity} in “{sample.title}”, {sample.url}\n    {sample.why}"))


def _sentence(counts: dict[str, int]) -> str:
    told = ", ".join(f"{counts[name]} {name}" for name in _COUNTS)
    return f"{counts['articles']} articles; mentions: {told}"
