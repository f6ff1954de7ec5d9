"""Backups of a database on a server, by PostgreSQL's own programs.

To restore needs an empty database: what stands there stays, and a daemon that runs on it is not disturbed.
"""

import asyncio
import contextlib
import os
import shutil
from pathlib import Path
from typing import Final

from sqlalchemy.engine import URL

from service.store.backup import BackupError, new_file
from service.store.migrate import current_version

__all__ = ["dump", "restore_dump"]

_LONGEST_WORDS: Final = 300
_MAGIC: Final = b"PGDMP"
"""What pg_dump's own format begins with."""


async def dump(url: URL, target: Path) -> None:
    """Write the database to ``target``, in pg_dump's own format. Raises BackupError."""
    program = _find("pg_dump")
    with new_file(target) as partial:
        await _run(program, "--format=custom", "--no-owner", "--no-privileges", f"--file={partial}", url=url)


async def restore_dump(url: URL, file: Path) -> None:
    """Fill the empty database at ``url``; all of it or nothing. Raises BackupError."""
    program = _find("pg_restore")
    try:
        with file.open("rb") as opened:
            begins = opened.read(len(_MAGIC))
    except OSError as error:
        raise BackupError(f"{file} cannot be read ({error.strerror})") from error
    if begins != _MAGIC:
        raise BackupError(f"{file} is no backup of a PostgreSQL database")
    if await asyncio.to_thread(current_version, url) is not None:
        raise BackupError(
            "the database is not empty: create another one, name it in NEWSVANE_DATABASE_URL, and restore there"
        )
    await _run(
        program,
        "--single-transaction",
        "--exit-on-error",
        "--no-owner",
        "--no-privileges",
        "--",
        str(file),
        url=url,
    )


def _find(program: str) -> str:
    found = shutil.which(program)
    if found is None:
        raise BackupError(
            f"{program} is not installed here: install PostgreSQL's client programs, "
            "or take the backup where the server runs"
        )
    return found


async def _run(program: str, *arguments: str, url: URL) -> None:
    """With the password in the environment, where other users cannot read it."""
    plain = url.set(drivername="postgresql", password=None).render_as_string(hide_password=False)
    environment = os.environ | ({"PGPASSWORD": str(url.password)} if url.password is not None else {})
    process = await asyncio.create_subprocess_exec(
        program,
        f"--dbname={plain}",
        *arguments,
        env=environment,
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.PIPE,
    )
    try:
        _, said = await process.communicate()
    except asyncio.CancelledError:
        with contextlib.suppress(ProcessLookupError):
            process.terminate()
        await process.wait()
        raise
    if process.returncode:
        words = " ".join(said.decode(errors="replace").split())
        raise BackupError(f"{Path(program).name} failed: {words[-_LONGEST_WORDS:]}")
