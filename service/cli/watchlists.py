"""``newsvane apply`` and ``newsvane export``: the whole watch list as one YAML file."""

from service.cli.context import database
from service.cli.files import File, read_text

__all__ = ["apply", "export"]


async def apply(file: File, /, *, dry_run: bool = False, prune: bool = False) -> None:
    """Make the watch list say what a YAML file says. Applying twice changes nothing; one error changes nothing.

    Parameters
    ----------
    file:
        The file, or - for standard input.
    dry_run:
        Only say what would change.
    prune:
        Remove what the file leaves out.
    """
    import asyncio
    import random
    from datetime import timedelta

    from service import watchlist
    from service.opening import now

    wanted = watchlist.parse_watchlist(await asyncio.to_thread(read_text, file), str(file))
    async with database() as db:
        changes = await watchlist.apply(
            db, wanted, now=now(), random=random.random, spread=timedelta(), prune=prune, dry_run=dry_run
        )
    for word, names in (("added", changes.added), ("changed", changes.changed), ("removed", changes.removed)):
        for name in names:
            print(f"{'would be ' if dry_run else ''}{word}: {name}")
    if not changes:
        print("nothing to change")


async def export() -> None:
    """Print the whole watch list as YAML, secrets included: guard the file."""
    from service import watchlist

    async with database() as db:
        print(await watchlist.export(db), end="")
