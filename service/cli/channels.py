"""``newsvane channels``: where alerts go."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Literal

from cyclopts import App

from service.cli import changes
from service.cli.context import database, settings
from service.cli.errors import CommandFailed
from service.cli.listings import minute
from service.cli.output import Format, show, visible

if TYPE_CHECKING:
    from datetime import datetime

    from service.domain.model import ChannelSpec

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
        "channels", {"name": name, "type": type, "url": url, "to": to, "secret_env": secret_env, "format": body}
    )


@app.command
async def test(name: str, /) -> None:
    """Send a real message over a channel, marked as a test, and show the whole conversation, without secrets.

    Parameters
    ----------
    name:
        The channel.
    """
    from service.bootstrap import channel_opener, new_id, now
    from service.notify import ChannelError, DeliveryError, Outgoing

    channel, moment = await _find(name), now()
    message = Outgoing(f"msg_{new_id()}", _test_alert(name, new_id(), moment), moment)
    async with channel_opener(settings()) as open_channel:
        try:
            receipt = await open_channel(channel, lambda line: print(visible(line))).send(message, now=moment)
        except (ChannelError, DeliveryError) as error:
            raise CommandFailed(f"not sent: {error} {getattr(error, 'excerpt', '')}".rstrip()) from error
    print(visible(f"sent; the receiver answered {receipt.status or ''} {receipt.excerpt}".rstrip()))


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
    from service.bootstrap import channel_opener, new_id, now
    from service.notify import ChannelError, DeliveryError, Outgoing
    from service.store import alerts

    channel, moment = await _find(name), now()
    content: Mapping[str, Any] = _test_alert(name, new_id(), moment)
    if alert is not None:
        async with database() as db, db.read() as session:
            stored = await alerts.stored_alert(session, alert)
        if stored is None:
            raise CommandFailed(f"there is no alert {alert}; `newsvane alerts` lists them")
        content, moment = stored
    async with channel_opener(settings()) as open_channel:
        try:
            print(visible(open_channel(channel).preview(Outgoing(f"msg_{new_id()}", content, moment))))
        except (ChannelError, DeliveryError) as error:
            raise CommandFailed(str(error)) from error


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
    from service.store import unsubscribed as stored

    async with database() as db, db.write() as session:
        if not await stored.come_back(session, name, address):
            raise CommandFailed(f"{address} has not unsubscribed from channel {name!r}")
    print(f"subscribed again: {address}")


async def _find(name: str) -> "ChannelSpec":
    from service.store import watchlist

    async with database() as db, db.read() as session:
        for channel in await watchlist.channels(session):
            if channel.name == name:
                return channel
    raise CommandFailed(f"there is no channel {name!r}; `newsvane channels` lists them")


def _test_alert(name: str, identity: str, moment: "datetime") -> dict[str, Any]:
    from service.domain.alerting import rfc3339

    return {
        "id": f"alt_{identity}",
        "rule": "test",
        "kind": "notice",
        "title": f"Test of channel “{name}”",
        "url": "",
        "reason": "Somebody asked newsvane to test this channel. Nothing happened in the news.",
        "created_at": rfc3339(moment),
        "story": None,
        "entities": [],
        "mentions": [],
        "mention_count": 0,
        "facts": [],
    }


@app.command
async def remove(*names: str) -> None:
    """Remove channels that no rule names; what was sent stays on record."""
    from service.search import watch_list

    async with database() as db:
        for rule in await watch_list(db, "rules"):
            used = set(rule["channels"]) & set(names)
            if used:
                raise CommandFailed(f"rule {rule['name']!r} sends to {used.pop()!r}; change the rule first")
    await changes.remove("channel", names)


@app.command
async def enable(*names: str) -> None:
    """Send over channels again; what was kept back meanwhile is told."""
    from service.store import outbox

    await changes.switch("channel", names, enabled=True)
    async with database() as db, db.read() as session:
        kept = {name: await outbox.kept_back(session, name) for name in names}
    for name, count in kept.items():
        if count:
            print(f"{count} deliveries were kept back: `newsvane deliveries retry --channel {name}` sends them")


@app.command
async def disable(*names: str) -> None:
    """Send nothing over channels."""
    await changes.switch("channel", names, enabled=False)
