"""Small changes to the watch list from the command line: they go the same way as ``newsvane apply``."""

import sys
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from service.cli.context import database
from service.cli.errors import UsageError
from service.cli.output import visible

if TYPE_CHECKING:
    from service.store.watchlist import Changes

__all__ = ["apply_mapping", "at_least_one", "remove", "switch", "tell"]


async def apply_mapping(kind: str, item: Mapping[str, object], *, as_it_is: bool = False) -> None:
    """Add or change one thing, checked as a watch list file is. What is empty is left out, unless ``as_it_is``."""
    import random

    from service.desk import watch
    from service.opening import now

    given = item if as_it_is else watch.without_empty(item)
    async with database() as db, db.write() as session:
        changes = await watch.put(session, kind, given, now=now(), random=random.random, where="command line")
    tell(changes)


def tell(changes: "Changes", *, dry_run: bool = False) -> None:
    for word, names in (("added", changes.added), ("changed", changes.changed), ("removed", changes.removed)):
        for name in names:
            print(f"{'would be ' if dry_run else ''}{word}: {name}")
    if not changes:
        print("nothing to change")
    for doubt in changes.doubts:
        print(f"newsvane: {visible(doubt)}", file=sys.stderr)


async def remove(kind: str, names: Sequence[str]) -> None:
    from service.desk import watch
    from service.store.watchlist import as_told

    at_least_one(kind, names)
    async with database() as db, db.write() as session:
        names = await watch.addressed(session, kind, names)
        await watch.remove(session, kind, names)
    for name in names:
        print(f"removed: {as_told(kind, name)} (what it brought stays)")


async def switch(kind: str, names: Sequence[str], *, enabled: bool) -> None:
    from service.desk import watch
    from service.store.watchlist import as_told

    at_least_one(kind, names)
    async with database() as db, db.write() as session:
        names = await watch.addressed(session, kind, names)
        await watch.switch(session, kind, names, enabled=enabled)
    for name in names:
        print(f"{'enabled' if enabled else 'disabled'}: {as_told(kind, name)}")


def at_least_one(kind: str, names: Sequence[str]) -> None:
    """Raises UsageError."""
    if not names:
        raise UsageError(f"name at least one {kind}")
