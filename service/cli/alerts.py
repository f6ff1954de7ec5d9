"""``newsvane alerts``: what was raised, sending it again, and what people say of it."""

from collections.abc import Mapping
from typing import Annotated, Any

from cyclopts import App, Parameter

from service.cli.context import database, person
from service.cli.errors import CommandFailed
from service.cli.listings import Options, list_page, minute
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
            "state": _state,
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
    from service.desk import verdicts
    from service.opening import new_id, now

    async with database() as db, db.write() as session:
        again = await verdicts.resend(session, alert, now=now(), new_id=new_id)
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


@app.command
async def ack(alert: str, /, *, by: str = "") -> None:
    """Say that somebody has seen to an alert.

    Parameters
    ----------
    alert:
        Its id, as ``newsvane alerts`` shows it.
    by:
        Who; your login name if left out.
    """
    from service.desk import verdicts
    from service.opening import now

    async with database() as db, db.write() as session:
        await verdicts.acknowledge(session, alert, by=by or person(), now=now())
    print(f"acknowledged: {alert}")


@app.command
async def snooze(alert: str, /, *, time: Annotated[str, Parameter(name="--for")] = "1h") -> None:
    """Put off what the alert's rule would tell again of its story; it comes afterwards, in one.

    Parameters
    ----------
    alert:
        Its id.
    time:
        For how long: 30m, 4h, 2d.
    """
    from service.desk import verdicts
    from service.opening import now

    async with database() as db, db.write() as session:
        until = await verdicts.snooze(session, alert, time, now=now())
    print(f"snoozed: {alert} until {until:%Y-%m-%d %H:%M} UTC")


@app.command
async def resolve(alert: str, /) -> None:
    """Say that an alert is done with: its rule tells nothing more of its story.

    Parameters
    ----------
    alert:
        Its id.
    """
    from service.desk import verdicts
    from service.opening import now

    async with database() as db, db.write() as session:
        await verdicts.resolve(session, alert, now=now())
    print(f"resolved: {alert}")


def _state(line: Mapping[str, Any]) -> str:
    if line["silenced_by"]:
        return f"muted by {line['silenced_by']}"
    if line["inhibited_by"]:
        return f"held back by {line['inhibited_by']}"
    if line["state"] == "snoozed":
        return f"snoozed until {minute(line['snoozed_until'])}"
    if line["state"] == "acknowledged":
        return f"seen by {line['acknowledged_by'] or 'someone'}"
    return str(line["state"])
