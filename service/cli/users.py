"""``newsvane users``: people who sign in to the pages with a password."""

import sys

from cyclopts import App

from service.cli import changes
from service.cli.context import database
from service.cli.errors import UsageError
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
    from service.desk import keys
    from service.domain.access import Scope
    from service.opening import now

    if not name.strip():
        raise UsageError("name the user: newsvane users add NAME")
    password = await keys.usable_password(_password())
    async with database() as db, db.write() as session:
        new = await keys.put_user(session, name, password, scope=Scope.named(scope), now=now())
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
    from service.desk import keys

    changes.at_least_one("user", names)
    async with database() as db, db.write() as session:
        await keys.remove_users(session, names)
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
