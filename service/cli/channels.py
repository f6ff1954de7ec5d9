"""``newsvane channels``: where alerts go."""

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
    type: Literal["webhook", "email"],  # noqa: A002 - the option's name
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
        A webhook's address.
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
    """Send a real message over a channel, marked as a test, and say how it went.

    Parameters
    ----------
    name:
        The channel.
    """
    from service.bootstrap import channel_opener, new_id, now
    from service.domain.alerting import rfc3339
    from service.notify import ChannelError, DeliveryError, Outgoing
    from service.store import watchlist

    async with database() as db, db.read() as session:
        found = [channel for channel in await watchlist.channels(session) if channel.name == name]
    if not found:
        raise CommandFailed(f"there is no channel {name!r}; `newsvane channels` lists them")
    moment = now()
    alert: dict[str, object] = {
        "id": f"alt_{new_id()}",
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
    async with channel_opener(settings()) as open_channel:
        try:
            receipt = await open_channel(found[0]).send(Outgoing(f"msg_{new_id()}", alert, moment), now=moment)
        except (ChannelError, DeliveryError) as error:
            raise CommandFailed(f"not sent: {error} {getattr(error, 'excerpt', '')}".rstrip()) from error
    print(visible(f"sent; the receiver answered {receipt.status or ''} {receipt.excerpt}".rstrip()))


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
