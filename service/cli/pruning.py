"""``newsvane prune``: old articles that nothing needs are deleted."""

from service.cli.context import settings
from service.cli.errors import UsageError
from service.cli.progress import progress

__all__ = ["prune"]


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
    from service.desk import pruning
    from service.desk.errors import Wrong
    from service.opening import now, open_database

    loaded = settings()
    try:
        age = pruning.age_of(keep, loaded.keep)
    except Wrong as error:
        raise UsageError(f"--keep: {error.problem}") from error
    async with open_database(loaded) as db:
        with progress("articles", 0) as heard:
            done = await pruning.prune(db, age, now=now(), dry_run=dry_run, heard=heard)
    told = f"{done.articles} articles with {done.mentions} mentions"
    if dry_run:
        print(f"nothing was deleted; it would be: {told}; {done.kept} old articles stay because they are needed")
        return
    print(f"deleted: {told}, and {done.stories} stories; {done.kept} old articles stay because they are needed")
