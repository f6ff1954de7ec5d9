"""``newsvane run``, ``demo``, ``doctor``, ``migrate``."""

import sys

from service.cli.context import settings
from service.cli.errors import CommandFailed

__all__ = ["demo", "doctor", "migrate", "run"]


def run(*, once: bool = False) -> None:
    """Run the daemon until it is told to stop.

    Parameters
    ----------
    once:
        One full pass over all due work, a summary, and the end.
    """
    from service import daemon, loop

    loaded = settings(logs=True)
    if not once:
        loop.run(daemon.run(loaded))
        return
    done = loop.run(daemon.run_once(loaded))
    print(f"{done.polled} sources polled, {done.read} articles read, {done.sent} deliveries tried")


async def demo(*, seconds: int | None = None) -> None:
    """Show the main job offline: a bundled sample world, the daemon's own code, real receivers.

    Parameters
    ----------
    seconds:
        Keep serving the pages for this long afterwards (on a terminal: until Ctrl-C).
    """
    from service.demo.show import show
    from service.logs import configure

    configure("auto", "error")
    stay = seconds if seconds is not None else (3600 if sys.stdout.isatty() else 0)
    if not await show(stay=stay):
        raise CommandFailed("the demo did not find what its sample world holds")


async def doctor(*, quick: bool = False) -> None:
    """Check settings, database, watch list and channels; exit status 1 when something is wrong.

    Parameters
    ----------
    quick:
        Only whether the database answers and the daemon ticks, for a health check.
    """
    from service.doctor import examine

    findings = [finding async for finding in examine(settings(), quick=quick)]
    for finding in findings:
        print(f"{'ok  ' if finding.ok else 'FAIL'}  {finding.what}: {finding.detail}")
    if not all(finding.ok for finding in findings):
        raise CommandFailed("something is wrong, see above")


async def migrate() -> None:
    """Bring the database to this version's schema."""
    import asyncio

    from service.opening import database_url
    from service.store.engine import Database
    from service.store.migrate import migrate as bring_up

    db = Database(database_url(settings()))  # makes the folder of an embedded database
    try:
        before, head = await asyncio.to_thread(bring_up, db.url)
    finally:
        await db.close()
    print(f"schema {head}" + ("" if before == head else f", was {before or 'empty'}"))
