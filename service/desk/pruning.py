"""Deleting old articles that nothing needs, because somebody asks for it."""

from collections.abc import Callable
from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Any, Final

from service.desk.errors import Wrong
from service.desk.jobs import Progress, Work
from service.domain.durations import SHORTEST_KEEP, seconds_in
from service.store import pruning
from service.store.engine import Database
from service.store.pruning import Pruned

__all__ = ["age_of", "of_age", "prune"]

_YEAR: Final = timedelta(days=365)


def age_of(keep: str | None, usual: timedelta | None) -> timedelta:
    """The age from which articles go; without a word the ``usual`` one, or else a year. Raises Wrong."""
    if keep is None:
        return usual or _YEAR
    seconds = seconds_in(keep)
    if seconds is None:
        raise Wrong("keep", f"{keep!r:.60} is no duration; write 365d or 52w")
    age = timedelta(seconds=seconds)
    if age < SHORTEST_KEEP:
        raise Wrong("keep", f"{keep} is shorter than {SHORTEST_KEEP.days}d; write 90d or more")
    return age


async def prune(
    db: Database,
    age: timedelta,
    *,
    now: datetime,
    dry_run: bool,
    heard: Callable[[int, int], None] = lambda done, total: None,
) -> Pruned:
    """``heard``: told how many articles were looked at, of how many. To cancel it loses nothing."""
    try:
        before = now - age
    except OverflowError as error:
        raise Wrong("keep", "is longer than all time; write 365d or 52w") from error
    total, done = await pruning.count_old(db, before=before), 0
    heard(0, total)

    def advance(articles: int) -> None:
        nonlocal done
        done += articles
        heard(done, total)

    return await pruning.prune(db, before=before, dry_run=dry_run, advance=advance)


def of_age(db: Database, age: timedelta, *, now: datetime, dry_run: bool) -> Work:
    """The work of a job, which gives how much went: ``articles``, ``mentions``, ``stories``, and what was ``kept``."""

    async def work(progress: Progress) -> dict[str, Any]:
        return asdict(await prune(db, age, now=now, dry_run=dry_run, heard=progress.tell))

    return work
