"""Small changes to the watch list from the command line: they go the same way as ``newsvane apply``."""

from collections.abc import Sequence

from service.cli.context import database
from service.cli.errors import CommandFailed, UsageError

__all__ = ["apply_mapping", "remove", "switch"]


async def apply_mapping(section: str, item: dict[str, object], *, as_it_is: bool = False) -> None:
    """Add or change one thing, checked as a watch list file is. What is empty is left out, unless ``as_it_is``."""
    import random
    from datetime import timedelta

    import yaml

    from service import watchlist
    from service.bootstrap import now

    if not as_it_is:
        item = {key: value for key, value in item.items() if value not in (None, [], ())}
    wanted = watchlist.parse_watchlist(yaml.safe_dump({section: [item]}), "command line")
    async with database() as db:
        changes = await watchlist.apply(db, wanted, now=now(), random=random.random, spread=timedelta())
    for word, names in (("added", changes.added), ("changed", changes.changed)):
        for name in names:
            print(f"{word}: {name}")
    if not changes:
        print("nothing to change")


async def remove(kind: str, names: Sequence[str]) -> None:
    from service.store import watchlist

    _at_least_one(kind, names)
    async with database() as db, db.write() as session:
        removed = await watchlist.remove(session, kind, names)
        await watchlist.touch(session)
        missing = [name for name in names if name not in removed]
        if missing:  # raised inside the transaction: then nothing is removed
            raise CommandFailed(f"there is no {kind} {missing[0]!r}; nothing was removed")
    for name in removed:
        print(f"removed: {kind} {name} (what it brought stays)")


async def switch(kind: str, names: Sequence[str], *, enabled: bool) -> None:
    from service.store import watchlist

    _at_least_one(kind, names)
    async with database() as db, db.write() as session:
        for name in names:
            if not await watchlist.set_enabled(session, kind, name, enabled=enabled):
                raise CommandFailed(f"there is no {kind} {name!r}; nothing was changed")
        await watchlist.touch(session)
    for name in names:
        print(f"{'enabled' if enabled else 'disabled'}: {kind} {name}")


def _at_least_one(kind: str, names: Sequence[str]) -> None:
    if not names:
        raise UsageError(f"name at least one {kind}")
