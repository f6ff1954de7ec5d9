"""A copy of an embedded database while it is in use, and the way back.

    database -> SQLite's online backup of one moment, beside readers and writers -> checked -> FILE
    FILE -> checked -> copy beside the database -> the old one moved aside -> the copy takes its place

All functions block, and are to be run in a thread; ``stop`` ends them at the next step.
"""

import contextlib
import os
import sqlite3
import time
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from threading import Event
from typing import Final

from service.store.migrate import head_version

__all__ = ["BackupError", "Stopped", "back_up", "check", "new_file", "restore", "sweep"]

_PAGES: Final = 2000
"""Of a step: 8 MB."""
_INSTRUCTIONS: Final = 1_000_000
"""Of a check, before it looks whether to stop."""
_BUSY_SECONDS: Final = 10
_GIVEN_UP_SECONDS: Final = 24 * 3600
"""Whoever still works on a copy has written to it since."""
_SIDE_FILES: Final = ("-wal", "-shm")
Advance = Callable[[int, int], None]
"""Told after each step: pages that are left, pages in all."""


class BackupError(Exception):
    """One line: what is wrong, and the mend."""


class Stopped(Exception):  # noqa: N818 - reads as what it says
    """It was asked to stop, and left nothing behind."""


def back_up(database: Path, target: Path, advance: Advance, stop: Event) -> None:
    """Copy ``database`` as it is now to ``target``, which must not exist. Raises BackupError and Stopped.

    The copy is readable by its owner only, for the watch list may hold secrets. It appears under its name when it is
    whole, checked and on the disk.
    """
    if not database.is_file():
        raise BackupError(f"there is no database {database} yet: see NEWSVANE_DATABASE_URL")
    with new_file(target) as partial:
        try:
            _copy(database, partial, advance, stop)
            _check(partial, stop)
        except sqlite3.Error as error:
            raise BackupError(f"{database} cannot be copied to {target} ({error})") from error
        _to_disk(partial)


@contextlib.contextmanager
def new_file(target: Path) -> Iterator[Path]:
    """A file to be written, which becomes ``target`` when the block ends well, and is gone otherwise.

    Raises BackupError where there is one already: an older backup is never written over.
    """
    if target.exists():
        raise BackupError(f"{target} is there already: name another file, or remove it first")
    with _partial(target) as partial:
        yield partial
        try:
            os.link(partial, target)  # unlike a rename, never in place of what has come there meanwhile
        except FileExistsError as error:
            raise BackupError(f"{target} has come meanwhile: name another file") from error
        except OSError:  # not every file system knows links
            os.rename(partial, target)


def check(file: Path) -> str:
    """The schema of a backup that can be restored. Raises BackupError."""
    if not file.is_file():
        raise BackupError(f"there is no file {file}")
    try:
        version = _check(file, Event())
    except sqlite3.Error as error:
        raise BackupError(f"{file} is no backup of newsvane, or is damaged ({error})") from error
    if version > head_version():
        raise BackupError(f"{file} has schema {version}, newer than this program's {head_version()}: update newsvane")
    return version


def restore(file: Path, database: Path, advance: Advance, stop: Event, *, now: datetime) -> Path | None:
    """Put a backup in the place of ``database``; where the old one is kept, None if there was none.

    The caller holds ``exclusive``: no daemon runs. Raises BackupError and Stopped; then the old one is in its place.
    """
    check(file)
    if database.exists() and file.samefile(database):
        raise BackupError(f"{file} is the database itself")
    database.parent.mkdir(parents=True, exist_ok=True)
    with _partial(database) as partial:
        try:
            _copy(file, partial, advance, stop)
            _check(partial, stop)
        except sqlite3.Error as error:
            raise BackupError(f"{file} cannot be copied ({error})") from error
        _to_disk(partial)
        kept = _keep_aside(database, now)
        os.replace(partial, database)
    _sync_folder(database.parent)
    return kept


@contextlib.contextmanager
def _partial(target: Path) -> Iterator[Path]:
    """A file of our own beside ``target``, gone when the block ends unless it was moved."""
    partial = target.with_name(f".{target.name}.{os.getpid()}.partial")
    sweep(target.parent, target.name)
    try:
        with contextlib.suppress(FileNotFoundError):
            partial.unlink()
        os.close(os.open(partial, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
    except OSError as error:
        raise BackupError(f"nothing can be written to {target.parent} ({error.strerror})") from error
    try:
        yield partial
    finally:
        for name in (partial.name, *(partial.name + end for end in (*_SIDE_FILES, "-journal"))):
            with contextlib.suppress(FileNotFoundError):
                partial.with_name(name).unlink()


def sweep(folder: Path, names: str) -> None:
    """Remove what was left in a folder by those who were killed while they wrote to a file of such a name (a pattern):
    as large as the database each time, and under a name that nobody looks for."""
    for left in folder.glob(f".{names}.*.partial*"):
        with contextlib.suppress(OSError):
            if time.time() - left.stat().st_mtime > _GIVEN_UP_SECONDS:
                left.unlink()


def _copy(source: Path, target: Path, advance: Advance, stop: Event) -> None:
    """One moment of ``source``: while its transaction is open, what others commit neither shows nor begins it anew."""

    def progress(_status: int, remaining: int, total: int) -> None:
        advance(remaining, total)
        if stop.is_set():
            raise Stopped

    with _open(source) as old, _open(target, write=True) as new:
        old.execute("BEGIN")
        old.execute("SELECT count(*) FROM sqlite_master").fetchone()
        old.backup(new, pages=_PAGES, progress=progress)
        new.execute("PRAGMA journal_mode=DELETE")  # one file, with nothing beside it


def _check(file: Path, stop: Event) -> str:
    """The schema's version. Raises sqlite3.DatabaseError for what is no whole database of ours."""
    with _open(file) as opened:
        opened.set_progress_handler(stop.is_set, _INSTRUCTIONS)
        try:
            answer = opened.execute("PRAGMA integrity_check(1)").fetchone()[0]
        except sqlite3.OperationalError:
            if stop.is_set():
                raise Stopped from None
            raise
        if answer != "ok":
            raise sqlite3.DatabaseError(answer)
        row = opened.execute("SELECT version_num FROM alembic_version").fetchone()
        if row is None:
            raise sqlite3.DatabaseError("it has no schema")
        return str(row[0])


@contextlib.contextmanager
def _open(file: Path, *, write: bool = False) -> Iterator[sqlite3.Connection]:
    mode = "rw" if write else "ro"
    opened = sqlite3.connect(
        f"{file.absolute().as_uri()}?mode={mode}", uri=True, timeout=_BUSY_SECONDS, isolation_level=None
    )
    with contextlib.closing(opened):
        yield opened


def _keep_aside(database: Path, now: datetime) -> Path | None:
    """Give the old one another name beside its own: whoever is killed now leaves a database where one belongs. Were
    there none, the next daemon would begin with an empty one."""
    if not database.exists():
        return None
    kept = database.with_name(f"{database.name}.before-{now:%Y%m%dT%H%M%SZ}")
    if kept.exists():
        raise BackupError(f"{kept} is there already: try again in a second")
    _write_log_back(database)
    for end in _SIDE_FILES:  # a log that could not be written back is a part of it
        beside = database.with_name(database.name + end)
        if beside.exists():
            os.replace(beside, kept.with_name(kept.name + end))
    try:
        os.link(database, kept)
    except OSError:  # not every file system knows links
        os.replace(database, kept)
    return kept


def _write_log_back(database: Path) -> None:
    """So that the file alone is the whole database, if it is a sound one that nobody reads."""
    with contextlib.suppress(sqlite3.Error), _open(database, write=True) as opened:
        opened.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()


def _to_disk(file: Path) -> None:
    handle = os.open(file, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _sync_folder(folder: Path) -> None:
    _to_disk(folder)
