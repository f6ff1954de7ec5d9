"""Subscription lists in and out: the work behind ``newsvane sources import`` and ``export``."""

import sys
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from scrapers.opml import OpmlItem, write_opml
from service.domain.schedule import first_poll
from service.search import watch_list
from service.store import watchlist as stored
from service.store.engine import Database, lock
from service.store.watchlist import Changes
from service.watchlist import sources_from

__all__ = ["add_all", "exported"]

_BATCH = 500
_SECONDS_A_SOURCE = 0.1
_LONGEST_SPREAD = 3600.0


async def add_all(
    db: Database, items: Sequence[OpmlItem], where: str, *, now: datetime, random: Callable[[], float]
) -> Changes:
    """Add what is new, in one transaction: all or nothing. A source that is there keeps what its user decided
    (title, interval, on or off) and gains the folders as tags. Raises WatchListError."""
    from rich.console import Console
    from rich.progress import track

    specs = sources_from([{"url": item.url, "title": item.title, "tags": list(item.tags)} for item in items], where)
    spread = timedelta(seconds=min(_LONGEST_SPREAD, len(specs) * _SECONDS_A_SOURCE))
    changes = Changes()
    batches = [specs[start : start + _BATCH] for start in range(0, len(specs), _BATCH)]
    errors = Console(file=sys.stderr)
    async with db.write() as session:
        await lock(session, "watch list")
        for batch in track(batches, "Adding sources", console=errors, transient=True, disable=not errors.is_terminal):
            due = [first_poll(now, random(), spread) for _ in batch]
            await stored.add_sources(session, list(zip(batch, due, strict=True)), changes, now=now)
        if changes:
            await stored.touch(session)
    return changes


async def exported(db: Database) -> bytes:
    lines = await watch_list(db, "sources")
    return write_opml(OpmlItem(line["url"], line["title"], tuple(line["tags"])) for line in lines)
