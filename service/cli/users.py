"""``newsvane users``: people who sign in to the pages with a password."""

import sys

from cyclopts import App

from service.cli.context import database
from service.cli.errors import CommandFailed, UsageError
from service.cli.listings import minute
from service.cli.output import Format, show
from service.cli.tokens import ScopeName

__all__ = ["app"]

app = App(name="users")


@app.command
async def add(name: str, *, scope: ScopeName = "read") -> None:
    """Let somebody sign in, or give a known user a new password and scope. Asks for the password, or reads a line.

    Parameters
    ----------
    scope:
        read looks; write also changes what is watched and marked; admin also decides who may.
    """
    import asyncio

    from service.bootstrap import now
    from service.domain.access import Scope
    from service.passwords import SHORTEST, hash_password
    from service.store import access

    if not name.strip():
        raise UsageError("name the user: newsvane users add NAME")
    password = _password()
    if len(password) < SHORTEST:
        raise UsageError(f"the password has {len(password)} characters; take at least {SHORTEST}, such as four words")
    hashed = await asyncio.to_thread(hash_password, password)
    async with database() as db, db.write() as session:
        new = await access.put_user(session, name=name.strip(), password=hashed, scope=Scope.named(scope), now=now())
    print(f"{'added' if new else 'changed'}: {name.strip()}, who may {scope}")


@app.default
@app.command(name="list")
async def list_users(*, format: Format = "table") -> None:  # noqa: A002 - the option's name
    """List who may sign in with a password."""
    from service.store import access

    async with database() as db, db.read() as session:
        lines = await access.users(session)
    show(
        lines,
        format,
        {
            "name": lambda line: line["name"],
            "may": lambda line: line["scope"],
            "since": lambda line: minute(line["created_at"]),
        },
    )


@app.command
async def remove(*names: str) -> None:
    """Let somebody sign in no more; open sessions end."""
    from service.store import access

    if not names:
        raise UsageError("name at least one user")
    async with database() as db, db.write() as session:
        for name in names:
            if not await access.remove_user(session, name):
                raise CommandFailed(f"there is no user {name!r}; nothing was changed")
    for name in names:
        print(f"removed: {name}")


def _password() -> str:
    """Typed twice at a terminal; else the first line of the input."""
    from getpass import getpass

    if not sys.stdin.isatty():
        return sys.stdin.readline().rstrip("\r\n")
    first = getpass("Password: ")
    if getpass("Again: ") != first:
        raise UsageError("the two are not the same; nothing was changed")
    return first
