"""``newsvane silences``: what is muted for a time, by whom and why."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated

from cyclopts import App, Parameter

from service.cli import changes
from service.cli.context import database, person
from service.cli.listings import minute
from service.cli.output import Format, Line, show

if TYPE_CHECKING:
    from service.desk import silences

__all__ = ["app"]

app = App(name="silences")


@Parameter(name="*")
@dataclass(frozen=True)
class Matchers:
    """What is muted. All that are given must hold."""

    query: Annotated[str | None, Parameter(help="Mentions that answer this, in the query language.")] = None
    rule: Annotated[str | None, Parameter(help="Alerts of this rule.")] = None
    channel: Annotated[str | None, Parameter(help="On this channel only.")] = None

    def given(self) -> "silences.Matchers":
        from service.desk.silences import Matchers

        return Matchers(self.query, self.rule, self.channel)


@app.default
@app.command(name="list")
async def list_silences(*, format: Format = "table") -> None:  # noqa: A002 - the option's name
    """List the silences, those that are over too: alerts name them."""
    from service.domain.alerting import rfc3339
    from service.opening import now
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
    from service.desk import silences
    from service.opening import new_id, now

    moment = now()
    when = silences.times(start=start, until=until, time=time, now=moment)
    async with database() as db, db.write() as session:
        made = await silences.add(
            session, matchers.given(), when, author=author or person(), comment=comment, now=moment, new_id=new_id
        )
    print(f"added: {made}, from {when.starts:%Y-%m-%d %H:%M} to {when.ends:%Y-%m-%d %H:%M} UTC")


@app.command
async def remove(*silences: str) -> None:
    """End silences now; they stay listed, for alerts name them."""
    from service.desk.silences import end
    from service.opening import now

    changes.at_least_one("silence", silences)
    async with database() as db, db.write() as session:
        await end(session, silences, now=now())
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
    from service.desk.silences import preview as previewed
    from service.opening import now

    async with database() as db:
        muted = await previewed(db, matchers.given(), since=since, limit=limit, now=now())
    show(
        muted,
        format,
        {
            "made": lambda line: minute(line["created_at"]),
            "rule": lambda line: line["rule"],
            "entities": lambda line: line["entities"],
            "title": lambda line: line["title"],
        },
    )


def _state(line: Line, moment: str) -> str:
    if line["ends_at"] <= moment:
        return "over"
    return "to come" if line["starts_at"] > moment else "mutes"


def _mutes(line: Line) -> list[str]:
    return [f"{name}: {line[name]}" for name in ("query", "rule", "channel") if line[name] is not None]
