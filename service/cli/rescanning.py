"""``newsvane rescan``: today's entities and rules over stored articles."""

import asyncio
import json
import sys
from typing import TYPE_CHECKING, Any, Literal

from service.cli.context import database
from service.cli.errors import CommandFailed, UsageError
from service.cli.output import json_text, visible
from service.cli.progress import progress

if TYPE_CHECKING:
    from service.pipeline.rescan import Rescan, Tally
    from service.pipeline.watch import WatchSource
    from service.store.engine import Database
    from service.store.past import Period
    from service.store.rescans import RescanJob, Standing

__all__ = ["Shape", "made_with", "new_step", "rescan", "tell", "to_the_end"]

Shape = Literal["text", "json"]
_WATCH_SECONDS = 0.5
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
    from service.bootstrap import now
    from service.search import moment
    from service.store import rescans
    from service.store.past import Period

    async with database() as db:
        if cancel:
            async with db.write() as session:
                gone = await rescans.cancel(session)
            print(f"{len(gone)} rescans cancelled; what they wrote stays")
            return
        step, watch = new_step(db)
        period = Period(moment(since, now=now()), moment(until, now=now(), name="until"))
        if entity is not None:
            _check_entity(entity, [one.name for one in (await watch.current()).matcher.entities])
        if dry_run:
            _tell_dry_run(await _dry_run(db, step, entity, period), format)
            return
        wanted = rescans.Wanted(
            scope=json.dumps([entity, since, until, summary]),
            entity=entity,
            period=period,
            summary=summary,
            made_with=await made_with(watch),
        )
        done = await to_the_end(db, step, wanted)
        if await made_with(watch) != wanted.made_with:
            print("the watch list changed meanwhile: rescan again", file=sys.stderr)
    tell(done, format)


def new_step(db: "Database") -> tuple["Rescan", "WatchSource"]:
    """The step over a database, and the watch list that it applies."""
    from service.bootstrap import new_id, now
    from service.pipeline.rescan import Rescan
    from service.pipeline.watch import WatchSource

    watch = WatchSource(db)
    return Rescan(db, watch, now, new_id), watch


async def to_the_end(db: "Database", step: "Rescan", wanted: Any) -> "Standing":  # noqa: ANN401 - Wanted
    """Work on it, or watch whoever does, until it is done."""
    from service.bootstrap import new_id, now
    from service.pipeline.rescan import LEASE
    from service.store import rescans
    from service.store.claims import Lease

    async with db.write() as session:
        begun = await rescans.begin(session, wanted, now=now())
    if begun.resumed:
        print("going on where it stopped", file=sys.stderr)
    with progress("articles", begun.total) as advance:
        seen = 0
        while True:
            current = await rescans.standing(db, begun.id)
            advance(current.counts.get("articles", 0) - seen)
            seen = current.counts.get("articles", 0)
            if current.state == "done":
                return current
            if current.state == "cancelled":
                raise CommandFailed("the rescan was cancelled; what it wrote stays")
            job = await rescans.claim(db, begun.id, now=now(), lease=Lease(new_id(), now() + LEASE))
            if job is not None:
                await _work(db, step, job, advance)
                seen = (await rescans.standing(db, begun.id)).counts.get("articles", 0)
            else:  # another process works on it, or died less than a lease ago
                await asyncio.sleep(_WATCH_SECONDS)


async def _work(db: "Database", step: "Rescan", job: "RescanJob", advance: Any) -> None:  # noqa: ANN401
    from service.store import rescans

    try:
        await step(job, advance)
    except asyncio.CancelledError:
        again = f"`newsvane rescans resume {job.id}`, goes on from here"
        print(f"\nstopped; the same command, or {again}", file=sys.stderr)
        raise
    finally:
        await rescans.give_back(db, job)


async def _dry_run(db: "Database", step: "Rescan", entity: str | None, period: "Period") -> "Tally":
    from service.store import past

    async with db.read() as session:
        total = await past.count(session, period, below=await past.first_position(session))
    with progress("articles", total) as advance:
        return await step.dry_run(entity, period, advance)


async def made_with(watch: "WatchSource") -> str:
    """By which an unfinished rescan is known to be of today's watch list and program."""
    from importlib.metadata import version

    return f"watch list {(await watch.current()).version}, newsvane {version('newsvane')}"


def _check_entity(entity: str, names: list[str]) -> None:
    from difflib import get_close_matches

    if entity not in names:
        close = get_close_matches(entity, names, n=1)
        meant = f"did you mean {close[0]!r}? " if close else ""
        raise UsageError(f"--entity {entity!r}: none of that name is looked for; {meant}`newsvane entities` lists them")


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
