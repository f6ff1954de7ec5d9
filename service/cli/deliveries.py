"""``newsvane deliveries``: what was sent where, and trying again what ended in the dead letter."""

from typing import Literal

from cyclopts import App

from service.cli.context import database
from service.cli.errors import CommandFailed
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
async def retry(delivery: str, /) -> None:
    """Try a delivery again now: same message id, its attempts counted from the start.

    Parameters
    ----------
    delivery:
        Its id, as ``newsvane deliveries`` shows it.
    """
    from service.bootstrap import now
    from service.store import outbox

    async with database() as db, db.write() as session:
        found = await outbox.retry(session, delivery, now=now())
    if not found:
        raise CommandFailed(f"there is no unsent delivery {delivery}; `newsvane deliveries` lists them")
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
