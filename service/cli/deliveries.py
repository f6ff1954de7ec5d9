"""``newsvane deliveries``: what was sent where, and trying again what ended in the dead letter."""

from typing import Literal

from cyclopts import App

from service.cli.context import database
from service.cli.errors import CommandFailed, UsageError
from service.cli.listings import Options, list_page
from service.cli.output import json_text

__all__ = ["app"]

app = App(name="deliveries")
Status = Literal["pending", "sent", "retrying", "dead", "suppressed"]


@app.default
async def list_deliveries(
    query: str | None = None,
    /,
    *,
    status: Status | None = None,
    options: Options = Options(),  # noqa: B008 - frozen
) -> None:
    """List deliveries, newest first.

    Parameters
    ----------
    query:
        In the query language: deliveries of alerts of which an article answers it.
    status:
        Only those in this state; ``dead`` is the dead letter.
    """
    await list_page(
        "deliveries",
        query,
        options,
        {
            "made": lambda line: line["created_at"][:16].replace("T", " "),
            "id": lambda line: line["id"],
            "channel": lambda line: line["channel"],
            "status": lambda line: line["status"],
            "attempts": lambda line: line["attempts"],
            "next": lambda line: (line["next_attempt_at"] or "")[:16].replace("T", " "),
            "error": lambda line: line["last_error"],
        },
        status=status,
    )


@app.command
async def retry(
    delivery: str | None = None,
    /,
    *,
    channel: str | None = None,
    status: Literal["retrying", "dead", "suppressed"] | None = None,
    since: str | None = None,
) -> None:
    """Try again now what was not sent: same message ids, attempts counted from the start.

    Parameters
    ----------
    delivery:
        One delivery's id, as ``newsvane deliveries`` shows it.
    channel:
        All of this channel that ended unsent: in the dead letter, or because it was switched off.
    status:
        With a channel: only those in this state; retrying: those that wait for their next try.
    since:
        With a channel: only those made at or after this: 2h, 7d, or 2026-11-22T08:00:00Z.
    """
    from service.desk import verdicts
    from service.opening import now
    from service.search import moment

    if (delivery is None) == (channel is None):
        raise UsageError("name either a delivery or --channel NAME")
    if channel is None and (status or since):
        raise UsageError("--status and --since go with --channel NAME")
    after = moment(since, now=now())
    async with database() as db, db.write() as session:
        if channel is not None:
            count = await verdicts.retry_channel(session, channel, status, since=after, now=now())
        else:
            await verdicts.retry(session, str(delivery), now=now())
            count = 0
    if channel is not None:
        print(f"{count} due; a running daemon sends within seconds" if count else "there is nothing to try again")
    else:
        print("due; a running daemon sends within seconds")


@app.command
async def show(delivery: str, /) -> None:
    """Show a delivery with every attempt, as JSON.

    Parameters
    ----------
    delivery:
        Its id, as ``newsvane deliveries`` shows it.
    """
    from service.search import one

    async with database() as db:
        line = await one(db, "delivery", delivery)
    if line is None:
        raise CommandFailed(f"there is no delivery {delivery}; `newsvane deliveries` lists them")
    print(json_text(line, indent=2))
