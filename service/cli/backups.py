"""``newsvane backup`` and ``restore``."""

import asyncio
import sys
from pathlib import Path

from service.cli.context import settings
from service.cli.errors import CommandFailed
from service.cli.progress import progress

__all__ = ["backup", "restore"]


async def backup(file: Path) -> None:
    """Copy the whole database to a file, also beside a running daemon. Ctrl-C leaves nothing behind.

    Parameters
    ----------
    file:
        Where to; it must not exist. It holds the secrets of the watch list and is readable by you only.
    """
    from service.desk.backups import make
    from service.opening import database_url
    from service.store.backup import BackupError
    from service.store.engine import Database

    database = Database(database_url(settings()))
    try:
        with progress("pages", 0) as heard:
            size = await make(database, file, heard)
    except BackupError as error:
        raise CommandFailed(str(error)) from error
    finally:
        await database.close()
    print(f"{file}: {size // 1024} kB, checked")


async def restore(file: Path) -> None:
    """Put a backup in the database's place; no daemon may run. The old database is kept beside it.

    On PostgreSQL the database must be empty: create a new one and name it in NEWSVANE_DATABASE_URL.

    Parameters
    ----------
    file:
        What `newsvane backup` wrote, of this version or an older one.
    """
    from service.desk.backups import in_steps
    from service.opening import database_url, now
    from service.store import backup as backups
    from service.store import events
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
                with progress("pages", 0) as heard:
                    kept = await in_steps(
                        lambda advance, stop: backups.restore(file, target, advance, stop, now=now()), heard
                    )
            before, head = await asyncio.to_thread(migrate, database.url)
            await events.begin_anew(database, now=now())
    except (backups.BackupError, DatabaseInUse, SchemaTooNew) as error:
        raise CommandFailed(str(error)) from error
    finally:
        await database.close()
    print(f"restored, schema {head}" + ("" if before == head else f" (was {before})"))
    if kept is not None:
        print(f"the database that was here is now {kept}; remove it when all is well", file=sys.stderr)
