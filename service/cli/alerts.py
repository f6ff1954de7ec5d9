"""``newsvane alerts``: what was raised, and sending it again."""

from cyclopts import App

from service.cli.context import database
from service.cli.errors import CommandFailed
from service.cli.listings import Options, list_page
from service.cli.output import json_text

__all__ = ["app"]

app = App(name="alerts")


@app.default
async def list_alerts(
    query: str | None = None,
    /,
    *,
    rule: str | None = None,
    options: Options = Options(),  # noqa: B008 - frozen
) -> None:
    """List alerts, newest first.

    Parameters
    ----------
    query:
        In the query language: alerts of which an article answers it.
    rule:
        Only those of this rule.
    """
    await list_page(
        "alerts",
        query,
        options,
        {
            "made": lambda line: line["created_at"][:16].replace("T", " "),
            "id": lambda line: line["id"],
            "rule": lambda line: line["rule"],
            "entities": lambda line: line["entities"],
            "title": lambda line: line["title"],
            "deliveries": lambda line: [f"{sent['channel']}: {sent['status']}" for sent in line["deliveries"]],
        },
        rule=rule,
    )


@app.command
async def resend(alert: str, /) -> None:
    """Send an alert again to all its channels, as new messages.

    Parameters
    ----------
    alert:
        Its id, as ``newsvane alerts`` shows it.
    """
    from service.bootstrap import new_id, now
    from service.store import outbox

    async with database() as db, db.write() as session:
        again = await outbox.resend(session, alert, now=now(), new_id=new_id)
    if again is None:
        raise CommandFailed(f"there is no alert {alert} with a delivery; `newsvane alerts` lists them")
    left = f"; {again.under_way} are being sent right now and were left alone" if again.under_way else ""
    print(f"{again.due} deliver{'y' if again.due == 1 else 'ies'} due{left}; a running daemon sends within seconds")


@app.command
async def show(alert: str, /) -> None:
    """Show all of an alert as JSON: why it was made, of which mentions, and each delivery with every attempt.

    Parameters
    ----------
    alert:
        Its id, as ``newsvane alerts`` shows it.
    """
    from service.search import one

    async with database() as db:
        line = await one(db, "alert", alert)
    if line is None:
        raise CommandFailed(f"there is no alert {alert}; `newsvane alerts` lists them")
    print(json_text(line, indent=2))
