"""``newsvane channels``: where alerts go."""

import sys
from typing import Literal

from cyclopts import App

from service.cli import changes
from service.cli.context import database, settings
from service.cli.errors import CommandFailed
from service.cli.listings import minute
from service.cli.output import Format, show, visible

__all__ = ["app"]

app = App(name="channels")


@app.default
@app.command(name="list")
async def list_channels(*, format: Format = "table") -> None:  # noqa: A002 - the option's name
    """List the channels; secrets are not shown."""
    from service.search import watch_list

    async with database() as db:
        lines = await watch_list(db, "channels")
    columns = {
        "name": lambda line: line["name"],
        "type": lambda line: line["type"],
        "goes to": lambda line: line.get("url") or line.get("to"),
        "enabled": lambda line: line["enabled"],
        "why off": lambda line: line["disabled_reason"],
        "failing since": lambda line: minute(line["failing_since"] or ""),
    }
    show(lines, format, columns)


@app.command
async def add(
    name: str,
    /,
    *,
    type: Literal["webhook", "email", "apprise"],  # noqa: A002 - the option's name
    url: str | None = None,
    to: list[str] | None = None,
    secret_env: str | None = None,
    body: Literal["standard", "slack", "discord", "teams", "mattermost"] | None = None,
) -> None:
    """Add a channel, or change the one of that name.

    Parameters
    ----------
    name:
        What the channel is called; rules name it.
    type:
        What it is.
    url:
        A webhook's address, or Apprise's.
    to:
        An email address (may be repeated).
    secret_env:
        The environment variable that holds a webhook's signing secret (for a secret in the list itself: apply a file).
    body:
        A webhook's body, for a chat service.
    """
    await changes.apply_mapping(
        "channel", {"name": name, "type": type, "url": url, "to": to, "secret_env": secret_env, "format": body}
    )


@app.command
async def test(name: str, /) -> None:
    """Send a real message over a channel, marked as a test, and show the whole conversation, without secrets.

    Parameters
    ----------
    name:
        The channel.
    """
    from service.bootstrap import outside_of
    from service.desk.channels import send_test, too_large
    from service.opening import now, open_database

    loaded = settings()
    async with open_database(loaded) as db:
        tested = await send_test(db, outside_of(loaded), name, now=now(), tell=lambda line: print(visible(line)))
        for copy in tested.copies if len(tested.copies) > 1 else ():
            word = "has it" if copy.outcome == "sent" else "was refused" if copy.status else "did not get it"
            print(visible(f"{copy.address} {word}: {copy.status or ''} {copy.excerpt}"))
        if tested.problem is not None:
            some = "not sent to all" if any(copy.outcome == "sent" for copy in tested.copies) else "not sent"
            raise CommandFailed(f"{some}: {tested.problem}")
        large = await too_large(db, outside_of(loaded), name, now=now())
    status = str(tested.status or "")
    said = tested.said.removeprefix(status).strip()  # a mail server's words begin with its number
    print(visible(f"sent; the receiver answered {status} {said}".rstrip()))
    _warn(large)


@app.command
async def preview(name: str, /, *, alert: str | None = None) -> None:
    """Show what would be sent over a channel; sends nothing.

    Parameters
    ----------
    name:
        The channel.
    alert:
        The id of the alert to show; without it, a test message.
    """
    from service.bootstrap import outside_of
    from service.desk.channels import preview as previewed
    from service.desk.channels import too_large
    from service.opening import now, open_database

    loaded = settings()
    async with open_database(loaded) as db:
        print(visible(await previewed(db, outside_of(loaded), name, alert, now=now())))
        _warn(await too_large(db, outside_of(loaded), name, now=now()))


def _warn(what: str | None) -> None:
    if what is not None:
        print(visible(f"warning: {what}"), file=sys.stderr)


@app.command
async def unsubscribed(name: str, /) -> None:
    """List who unsubscribed from a channel by the link in a mail.

    Parameters
    ----------
    name:
        The channel.
    """
    from service.store import unsubscribed as stored

    async with database() as db, db.read() as session:
        for address, at in await stored.addresses(session, name):
            print(visible(f"{address}  since {at:%Y-%m-%d %H:%M} UTC"))
        for address, rule, at in await stored.rules(session, name):
            print(visible(f"{address}  since {at:%Y-%m-%d %H:%M} UTC, only of rule {rule!r}"))


@app.command
async def resubscribe(name: str, address: str, /) -> None:
    """Send mails of a channel again to an address that had unsubscribed.

    Parameters
    ----------
    name:
        The channel.
    address:
        As ``newsvane channels unsubscribed`` shows it.
    """
    from service.desk.channels import resubscribe as subscribed_again

    async with database() as db, db.write() as session:
        await subscribed_again(session, name, address)
    print(f"subscribed again: {address}")


@app.command
async def remove(*names: str) -> None:
    """Remove channels that no rule names; what was sent stays on record."""
    await changes.remove("channel", names)


@app.command
async def enable(*names: str) -> None:
    """Send over channels again; what was kept back meanwhile is told."""
    from service.desk.channels import kept_back

    await changes.switch("channel", names, enabled=True)
    async with database() as db, db.read() as session:
        kept = {name: await kept_back(session, name) for name in names}
    for name, count in kept.items():
        if count:
            print(f"{count} deliveries were kept back: `newsvane deliveries retry --channel {name}` sends them")


@app.command
async def disable(*names: str) -> None:
    """Send nothing over channels."""
    await changes.switch("channel", names, enabled=False)
