"""``newsvane backup`` and ``restore``."""

import asyncio
import os
import sys
from collections.abc import Callable
from pathlib import Path
from threading import Event
from typing import TYPE_CHECKING, TypeVar

from service.cli.context import settings
from service.cli.errors import CommandFailed
from service.cli.progress import progress

if TYPE_CHECKING:
    from service.store.backup import Advance

__all__ = ["backup", "restore"]

T = TypeVar("T")


async def backup(file: Path) -> None:
    """Copy the whole database to a file, also beside a running daemon. Ctrl-C leaves nothing behind.

    Parameters
    ----------
    file:
        Where to; it must not exist. It holds the secrets of the watch list and is readable by you only.
    """
    from service.bootstrap import database_url
    from service.store.backup import BackupError, back_up
    from service.store.dump import dump
    from service.store.engine import Database

    database = Database(database_url(settings()))
    try:
        if database.file is None:
            await dump(database.url, file)
        else:
            source = database.file
            await _with_progress(lambda advance, stop: back_up(source, file, advance, stop))
    except BackupError as error:
        raise CommandFailed(str(error)) from error
    finally:
        await database.close()
    print(f"{file}: {os.path.getsize(file) // 1024} kB, checked")  # noqa: ASYNC240 - once, at the end


async def restore(file: Path) -> None:
    """Put a backup in the database's place; no daemon may run. The old database is kept beside it.

    On PostgreSQL the database must be empty: create a new one and name it in NEWSVANE_DATABASE_URL.

    Parameters
    ----------
    file:
        What `newsvane backup` wrote, of this version or an older one.
    """
    from service.bootstrap import database_url, now
    from service.store import backup as backups
    from service.store.dump import restore_dump
    from service.store.engine import Database
    from service.store.exclusive import DatabaseInUse, exclusive
    from service.store.migrate import SchemaTooNew, migrate

    database = Database(database_url(settings()))
    kept = None
    try:
        with exclusive(database.file):
            if database.file is None:
                await restore_dump(database.url, file)
            else:
                target = database.file
                kept = await _with_progress(
                    lambda advance, stop: backups.restore(file, target, advance, stop, now=now())
                )
            before, head = await asyncio.to_thread(migrate, database.url)
    except (backups.BackupError, DatabaseInUse, SchemaTooNew) as error:
        raise CommandFailed(str(error)) from error
    finally:
        await database.close()
    print(f"restored, schema {head}" + ("" if before == head else f" (was {before})"))
    if kept is not None:
        print(f"the database that was here is now {kept}; remove it when all is well", file=sys.stderr)


async def _with_progress(work: "Callable[[Advance, Event], T]") -> T:
    """``work`` in a thread, with a bar; an interruption waits until it has tidied up."""
    stop = Event()
    with progress("pages", 0) as tell:
        done = 0

        def advance(remaining: int, total: int) -> None:
            nonlocal done
            tell(total - remaining - done, total)
            done = total - remaining

        task = asyncio.create_task(asyncio.to_thread(work, advance, stop))
        try:
            return await asyncio.shield(task)
        except asyncio.CancelledError:
            stop.set()
            await asyncio.wait([task])
            task.exception()
            raise
