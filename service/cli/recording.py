"""``newsvane record`` and ``newsvane replay``."""

import asyncio
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from cyclopts import Parameter

from service.cli.context import settings
from service.cli.errors import CommandFailed, UsageError
from service.cli.files import read_text
from service.cli.output import visible

if TYPE_CHECKING:
    from service.recording import Difference, Replayed

__all__ = ["record", "replay"]

_MOST_SHOWN = 5
Names = Annotated[tuple[str, ...], Parameter(consume_multiple=True, negative="")]


async def record(
    folder: Path,
    /,
    *,
    minutes: float | None = None,
    until_idle: bool = False,
    sources: Names = (),
    database: str | None = None,
    max_mb: int = 1000,
) -> None:
    """Poll and read as the daemon does, send nothing, and keep what the web answers in a folder.

    Parameters
    ----------
    folder:
        Where to; it must hold no recording yet.
    minutes:
        End after this time; without it on Ctrl-C.
    until_idle:
        End when every source was polled and every page that it brought was read.
    sources:
        Poll only those with these addresses, titles or tags.
    database:
        An empty database to work on and keep; without it a temporary one.
    max_mb:
        End when the folder holds this much.
    """
    from service.recording import record as run
    from service.recording import stop_signals

    if minutes is not None and not 0 < minutes <= 60 * 24 * 365:
        raise UsageError("--minutes: write a number above 0, and at most a year")
    if max_mb < 1:
        raise UsageError("--max-mb: write a number above 0")
    with _told(), stop_signals() as stop:
        done = await run(
            settings(logs=True),
            folder,
            limit=None if minutes is None else timedelta(minutes=minutes),
            until_idle=until_idle,
            only=sources,
            database=database,
            most_bytes=max_mb * 1_000_000,
            stop=stop,
        )
    print(f"{done.fetches} fetches recorded: {done.articles} articles, {done.mentions} mentions")
    if done.unread:
        print(f"{done.unread} pages were still to be read", file=sys.stderr)
    if done.full:
        print(f"the folder is full: --max-mb allows {max_mb} MB", file=sys.stderr)


async def replay(
    folder: Path,
    /,
    *,
    database: str | None = None,
    watchlist: Path | None = None,
    speed: float | None = None,
    partial: bool = False,
) -> None:
    """Do a recorded run again, offline, at its recorded times; alerts go to out.jsonl in the folder and nowhere else.

    Parameters
    ----------
    folder:
        What `newsvane record` made.
    database:
        An empty database to work on and keep; without it a temporary one.
    watchlist:
        Take entities and rules from this file, and print what they change.
    speed:
        Recorded seconds a second; without it as fast as can be.
    partial:
        Replay what there is of a recording that was cut off.
    """
    from service.recording import compare
    from service.recording import replay as run

    if speed is not None and not 0 < speed <= 1_000_000:
        raise UsageError("--speed: write a number above 0, such as 60 for an hour a minute")
    rules = (await asyncio.to_thread(read_text, watchlist), str(watchlist)) if watchlist is not None else None
    loaded = settings()
    with _told():
        before = await run(loaded, folder, partial=partial) if rules is not None else None
        done = await run(loaded, folder, rules=rules, database=database, speed=speed, partial=partial)
    _summary(done)
    if before is not None:
        for noun, difference in compare(before.outcome, done.outcome).items():
            _show(noun, difference)


@contextmanager
def _told() -> Iterator[None]:
    """The errors of recordings, in one line."""
    from scrapers.recording import RecordingError
    from service.recording import NotEmpty

    try:
        yield
    except (RecordingError, NotEmpty) as error:
        raise CommandFailed(str(error)) from error


def _summary(done: "Replayed") -> None:
    outcome = done.outcome
    print(
        f"{done.fetches} fetches replayed: {len(outcome.articles)} articles, {len(outcome.mentions)} mentions, "
        f"{outcome.stories.total()} stories, {len(outcome.alerts)} alerts"
    )
    if done.unasked:
        print(f"{done.unasked} recorded fetches were not asked for", file=sys.stderr)
    if done.missing:
        print(f"{len(done.missing)} addresses are not in the recording:", file=sys.stderr)
        for url in done.missing[:_MOST_SHOWN]:
            print(f"  {visible(url)}", file=sys.stderr)


def _show(noun: str, difference: "Difference") -> None:
    print(f"{noun}: {len(difference.gained)} more, {len(difference.lost)} fewer")
    for sign, lines in (("+", difference.gained), ("-", difference.lost)):
        for line in lines:
            print(f"  {sign} {visible(line)}")
