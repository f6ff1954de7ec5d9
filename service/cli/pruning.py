"""``newsvane prune``: old articles that nothing needs are deleted."""

from datetime import timedelta

from service.cli.context import settings
from service.cli.errors import UsageError
from service.cli.progress import progress

__all__ = ["prune"]

_YEAR = timedelta(days=365)


async def prune(*, keep: str | None = None, dry_run: bool = False) -> None:
    """Delete articles older than a year that no alert, mark or living story needs, also beside a running daemon.

    Ctrl-C loses nothing: the same command goes on with what is left.

    Parameters
    ----------
    keep:
        The age from which articles go: 365d, 52w; at least 90d. Without it, NEWSVANE_KEEP, or else 365d.
    dry_run:
        Only tell how much would go.
    """
    from service.bootstrap import now, open_database
    from service.store import pruning

    loaded = settings()
    age = _age(keep) if keep is not None else loaded.keep or _YEAR
    before = now() - age
    async with open_database(loaded) as db:
        with progress("articles", await pruning.count_old(db, before=before)) as advance:
            done = await pruning.prune(db, before=before, dry_run=dry_run, advance=advance)
    told = f"{done.articles} articles with {done.mentions} mentions"
    if dry_run:
        print(f"nothing was deleted; it would be: {told}; {done.kept} old articles stay because they are needed")
        return
    print(f"deleted: {told}, and {done.stories} stories; {done.kept} old articles stay because they are needed")


def _age(keep: str) -> timedelta:
    from service.settings import SHORTEST_KEEP, parse_duration

    try:
        age = parse_duration(keep)
    except (ValueError, OverflowError) as error:
        raise UsageError(f"--keep {keep!r}: write a duration such as 365d or 52w") from error
    if not isinstance(age, timedelta) or age < SHORTEST_KEEP:
        raise UsageError(f"--keep {keep}: is shorter than {SHORTEST_KEEP.days}d; write 90d or more")
    return age
