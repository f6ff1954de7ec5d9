"""``newsvane token``: keys to the API and the pages, for programs. Each is shown once, when it is made."""

from typing import Annotated, Literal

from cyclopts import App, Parameter

from service.cli import changes
from service.cli.context import database
from service.cli.listings import minute
from service.cli.output import Format, show

__all__ = ["ScopeName", "app"]

app = App(name="token")
ScopeName = Literal["read", "write", "admin"]


@app.command
async def create(
    name: str,
    *,
    scope: ScopeName = "read",
    expires: Annotated[str | None, Parameter(help="After this time it opens nothing: 90d; never if left out.")] = None,
) -> None:
    """Make a token and print it, this once. From the first one on, everything over HTTP needs a token or a sign-in.

    Parameters
    ----------
    name:
        What or whom it is for.
    scope:
        read looks; write also changes what is watched and marked; admin also decides who may.
    """
    from service.desk import keys
    from service.domain.access import Scope
    from service.opening import now

    async with database() as db, db.write() as session:
        token = await keys.make_token(session, name, scope=Scope.named(scope), expires=expires, now=now())
    print(token)


@app.default
@app.command(name="list")
async def list_tokens(*, format: Format = "table") -> None:  # noqa: A002 - the option's name
    """List the tokens, revoked ones too; never the secrets."""
    from service.store import access

    async with database() as db, db.read() as session:
        lines = await access.tokens(session)
    show(
        lines,
        format,
        {
            "name": lambda line: line["name"],
            "begins": lambda line: line["begins"] + "...",
            "scope": lambda line: line["scope"],
            "made": lambda line: minute(line["created_at"]),
            "last used": lambda line: minute(line["last_used_at"]) if line["last_used_at"] else "never",
            "expires": lambda line: minute(line["expires_at"]) if line["expires_at"] else "never",
            "revoked": lambda line: minute(line["revoked_at"]) if line["revoked_at"] else "",
        },
    )


@app.command
async def revoke(*names: str) -> None:
    """Make tokens open nothing any more, by name; sessions that they opened end."""
    from service.desk import keys
    from service.opening import now

    changes.at_least_one("token", names)
    async with database() as db, db.write() as session:
        await keys.revoke_tokens(session, names, now=now())
    for name in names:
        print(f"revoked: {name}")
