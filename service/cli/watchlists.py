"""``newsvane apply`` and ``newsvane export``: the whole watch list as one YAML file."""

from service.cli.changes import tell
from service.cli.context import database
from service.cli.errors import UsageError
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
    if prune and wanted == watchlist.WatchList():  # what is left of an export that failed
        raise UsageError(f"{file} is empty: with --prune that would remove the whole watch list")
    async with database() as db:
        changes = await watchlist.apply(
            db, wanted, now=now(), random=random.random, spread=timedelta(), prune=prune, dry_run=dry_run
        )
    tell(changes, dry_run=dry_run)


async def export() -> None:
    """Print the whole watch list as YAML, secrets included: guard the file."""
    from service import watchlist

    async with database() as db:
        print(await watchlist.export(db), end="")
