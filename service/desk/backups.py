"""Copies of the whole database: to a file that somebody names at the command line, or into the folder for backups.

Over HTTP nobody names a path: newsvane gives the file its name, in the folder of NEWSVANE_BACKUPS.
"""

import asyncio
import re
import shutil
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from threading import Event
from typing import Final, TypeVar

from service.desk.errors import Conflict, Unknown
from service.desk.jobs import Progress, Work
from service.desk.outside import Outside
from service.domain.alerting import rfc3339
from service.store.backup import Advance, BackupError, back_up, sweep
from service.store.dump import dump
from service.store.engine import Database
from service.store.lines import Line

__all__ = ["NAME", "Heard", "file_of", "folder_of", "in_steps", "into", "listed", "make", "remove"]

T = TypeVar("T")
Heard = Callable[[int, int], None]
"""Told how much is done, and how much there is to do, in steps of the work; from a thread."""
NAME: Final = r"newsvane-\d{8}T\d{6}Z-\d{1,19}\.(?:db|dump)"
"""Of a file in the folder."""
_LEFT_FREE: Final = 200 * 1024 * 1024
"""Beside the database, which must go on growing."""


async def make(db: Database, target: Path, heard: Heard = lambda done, total: None) -> int:
    """Copy the database to ``target``, which must not exist; its size in bytes. Raises BackupError.

    Cancelled, it leaves nothing behind.
    """
    source = db.file
    if source is None:
        await dump(db.url, target)
    else:
        await in_steps(lambda advance, stop: back_up(source, target, advance, stop), heard)
    return await asyncio.to_thread(lambda: target.stat().st_size)


async def in_steps(work: Callable[[Advance, Event], T], heard: Heard) -> T:
    """``work`` in a thread. Cancelled, it waits until that has tidied up."""
    stop = Event()

    def advance(left: int, total: int) -> None:
        heard(total - left, total)

    task = asyncio.create_task(asyncio.to_thread(work, advance, stop))
    try:
        return await asyncio.shield(task)
    except asyncio.CancelledError:
        stop.set()
        await asyncio.wait([task])
        task.exception()
        raise


def folder_of(db: Database, outside: Outside) -> Path:
    """Where backups go. Raises Conflict where nobody said so, and the database is no file beside which it could be."""
    if outside.backups is not None:
        return outside.backups
    if db.file is None:
        raise Conflict("nobody said where backups go: name a folder in NEWSVANE_BACKUPS, and restart")
    return db.file.parent / "backups"


def into(db: Database, folder: Path, job: int, *, now: datetime) -> Work:
    """The work of a job: a backup in the folder, which gives its ``name`` and ``bytes``."""

    async def work(progress: Progress) -> dict[str, object]:
        try:
            target = await asyncio.to_thread(_new_file, db, folder, f"newsvane-{now:%Y%m%dT%H%M%SZ}-{job}")
            size = await make(db, target, progress.tell)
        except BackupError as error:
            raise Conflict(str(error)) from error
        return {"name": target.name, "bytes": size}

    return work


async def listed(folder: Path) -> list[Line]:
    """The backups in the folder, the newest first."""

    def look() -> list[Line]:
        found = [file for file in folder.iterdir() if re.fullmatch(NAME, file.name)] if folder.is_dir() else []
        return [_line(file) for file in sorted(found, reverse=True)]

    return await asyncio.to_thread(look)


async def file_of(folder: Path, name: str) -> Path:
    """Raises Unknown, also for what is no name of a backup."""
    file = folder / name
    if not re.fullmatch(NAME, name) or not await asyncio.to_thread(file.is_file):
        raise Unknown("backup", name)
    return file


async def remove(folder: Path, name: str) -> None:
    """Raises Unknown."""
    file = await file_of(folder, name)
    await asyncio.to_thread(lambda: file.unlink(missing_ok=True))


def _new_file(db: Database, folder: Path, name: str) -> Path:
    """In a folder that is made where it is missing, and has room. Raises BackupError."""
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        sweep(folder, "newsvane-*")
        free = shutil.disk_usage(folder).free
    except OSError as error:
        raise BackupError(f"nothing can be written to the folder of NEWSVANE_BACKUPS ({error.strerror})") from error
    size = db.file.stat().st_size if db.file is not None and db.file.is_file() else 0
    if free < size + _LEFT_FREE:
        megabytes = (size + _LEFT_FREE - free) // 1024**2 + 1
        raise BackupError(f"there is too little room for a backup: free {megabytes} MB more, or remove an older one")
    return folder / f"{name}.{'db' if db.is_sqlite else 'dump'}"


def _line(file: Path) -> Line:
    stated = file.stat()
    return {"name": file.name, "bytes": stated.st_size, "created_at": rfc3339(_time(file.name))}


def _time(name: str) -> datetime:
    return datetime.strptime(name.split("-")[1] + "+0000", "%Y%m%dT%H%M%SZ%z")
