"""``newsvane silences``: what is muted for a time, by whom and why."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated

from cyclopts import App, Parameter

from service.cli.context import database, person
from service.cli.errors import CommandFailed, UsageError
from service.cli.listings import minute
from service.cli.output import Format, Line, show

if TYPE_CHECKING:
    from datetime import datetime

    from service.store.engine import Database

__all__ = ["app"]

app = App(name="silences")


@Parameter(name="*")
@dataclass(frozen=True)
class Matchers:
    """What is muted. All that are given must hold."""

    query: Annotated[str | None, Parameter(help="Mentions that answer this, in the query language.")] = None
    rule: Annotated[str | None, Parameter(help="Alerts of this rule.")] = None
    channel: Annotated[str | None, Parameter(help="On this channel only.")] = None


@app.default
@app.command(name="list")
async def list_silences(*, format: Format = "table") -> None:  # noqa: A002 - the option's name
    """List the silences, those that are over too: alerts name them."""
    from service.bootstrap import now
    from service.domain.alerting import rfc3339
    from service.search import watch_list

    async with database() as db:
        lines = await watch_list(db, "silences")
    moment = rfc3339(now())
    show(
        [{**line, "state": _state(line, moment)} for line in lines],
        format,
        {
            "id": lambda line: line["id"],
            "state": lambda line: line["state"],
            "from": lambda line: minute(line["starts_at"]),
            "until": lambda line: minute(line["ends_at"]),
            "mutes": _mutes,
            "by": lambda line: line["author"],
            "comment": lambda line: line["comment"],
        },
    )


@app.command
async def add(
    *,
    matchers: Matchers = Matchers(),  # noqa: B008 - frozen
    time: Annotated[str | None, Parameter(name="--for")] = None,
    until: str | None = None,
    start: Annotated[str | None, Parameter(name="--from")] = None,
    author: str | None = None,
    comment: str = "",
) -> None:
    """Mute what matches, for a time. It is kept as a suppressed alert that names the silence.

    Parameters
    ----------
    time:
        For how long: 30m, 4h, 2d.
    until:
        Instead: up to this time, such as 2026-11-22T18:00:00Z.
    start:
        From when on; now if left out.
    author:
        Who mutes it; your login name if left out.
    comment:
        Why.
    """
    from service.bootstrap import new_id, now
    from service.domain.query import QueryError
    from service.store import silences, watchlist

    _some(matchers)
    starts, ends = _times(start, until, time, now())
    async with database() as db:
        await _check_names(db, matchers)
        try:
            async with db.write() as session:
                made = await silences.add(
                    session,
                    query=matchers.query,
                    rule=matchers.rule,
                    channel=matchers.channel,
                    starts=starts,
                    ends=ends,
                    author=author or person(),
                    comment=comment,
                    now=now(),
                    new_id=new_id,
                )
                await watchlist.touch(session)
        except QueryError as error:
            raise UsageError(f"--query: {error}") from error
    print(f"added: {made}, from {starts:%Y-%m-%d %H:%M} to {ends:%Y-%m-%d %H:%M} UTC")


@app.command
async def remove(*silences: str) -> None:
    """End silences now; they stay listed, for alerts name them."""
    from service.bootstrap import now
    from service.store import silences as stored
    from service.store import watchlist

    if not silences:
        raise UsageError("name at least one silence")
    async with database() as db, db.write() as session:
        for silence in silences:
            if not await stored.end(session, silence, now()):
                raise CommandFailed(f"there is no silence {silence!r} that is not over; nothing was changed")
        await watchlist.touch(session)
    for silence in silences:
        print(f"ended: {silence}")


@app.command
async def preview(
    *,
    matchers: Matchers = Matchers(),  # noqa: B008 - frozen
    since: str = "7d",
    limit: int = 50,
    format: Format = "table",  # noqa: A002 - the option's name
) -> None:
    """Show the alerts of the last days that such a silence would have muted; changes nothing.

    Parameters
    ----------
    since:
        From when on: 2h, 7d, or 2026-11-22T08:00:00Z.
    limit:
        How many alerts at most are looked at.
    """
    from service.bootstrap import now
    from service.search import Ask, page

    _some(matchers)
    async with database() as db:
        await _check_names(db, matchers)
        ask = Ask(query=matchers.query, rule=matchers.rule, since=since, limit=limit)
        found = (await page(db, "alerts", ask, now=now())).lines
    wanted = matchers.channel
    show(
        [line for line in found if wanted is None or any(sent["channel"] == wanted for sent in line["deliveries"])],
        format,
        {
            "made": lambda line: minute(line["created_at"]),
            "rule": lambda line: line["rule"],
            "entities": lambda line: line["entities"],
            "title": lambda line: line["title"],
        },
    )


def _some(matchers: Matchers) -> None:
    if matchers == Matchers():
        raise UsageError("say what to mute: --query, --rule or --channel (everything: --query 'entity:*')")


def _times(start: str | None, until: str | None, time: str | None, now: "datetime") -> "tuple[datetime, datetime]":
    from datetime import timedelta

    from service.search import moment
    from service.watchlist import seconds_of

    if (until is None) == (time is None):
        raise UsageError("say how long: either --for 4h or --until 2026-11-22T18:00:00Z")
    starts = moment(start, now=now, name="--from") or now
    ends = moment(until, now=now, name="--until")
    if time is not None:
        ends = starts + timedelta(seconds=seconds_of(time, "--for"))
    if ends is None or ends <= max(starts, now):
        raise UsageError("the silence would be over before it begins; write a later --until")
    return starts, ends


async def _check_names(db: "Database", matchers: Matchers) -> None:
    from service.search import watch_list

    for kind, name in (("rules", matchers.rule), ("channels", matchers.channel)):
        known = [line["name"] for line in await watch_list(db, kind)] if name is not None else []
        if name is not None and name not in known:
            raise CommandFailed(f"there is no {kind[:-1]} {name!r}; `newsvane {kind}` lists them")


def _state(line: Line, moment: str) -> str:
    if line["ends_at"] <= moment:
        return "over"
    return "to come" if line["starts_at"] > moment else "mutes"


def _mutes(line: Line) -> list[str]:
    return [f"{name}: {line[name]}" for name in ("query", "rule", "channel") if line[name] is not None]
