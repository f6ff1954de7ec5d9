"""``newsvane rules``: which mentions raise an alert, and where it goes."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any

from cyclopts import App, Parameter

from service.cli import changes, previewing
from service.cli.context import database
from service.cli.errors import UsageError
from service.cli.output import Format, show

__all__ = ["app"]

app = App(name="rules")


@Parameter(name="*")
@dataclass(frozen=True)
class How:
    """How a rule tells what it finds (docs/rules.md)."""

    digest: Annotated[str | None, Parameter(help="hourly, 'daily 08:00', 'weekly mon 08:00', 'cron 0 8 * * 1-5'.")] = (
        None
    )
    timezone: Annotated[str | None, Parameter(help="Where those times hold: Europe/Berlin; UTC if left out.")] = None
    group_by: Annotated[str | None, Parameter(help="story (as it is), entity, source or rule.")] = None
    group_wait: Annotated[str | None, Parameter(help="Gather a group for this long before it is told: 30s, 5m.")] = None
    repeat: Annotated[str | None, Parameter(help="never (as it is), or material: a story again when it changed.")] = (
        None
    )
    throttle: Annotated[str | None, Parameter(help="10/hour: at most that many; the rest in one summary.")] = None
    quiet: Annotated[str | None, Parameter(help="22:00-07:00: what comes then is told at its end, in one.")] = None
    quiet_days: Annotated[list[str] | None, Parameter(help="The days on which that begins: sat (repeat).")] = None
    quiet_except_high: Annotated[bool, Parameter(help="A rule of high priority is told all the same.")] = False
    active_from: Annotated[str | None, Parameter(help="The first day on which the rule works: 2026-11-22.")] = None
    active_to: Annotated[str | None, Parameter(help="The last one.")] = None
    priority: Annotated[str | None, Parameter(help="low, normal or high.")] = None
    volume: Annotated[
        str | None, Parameter(help="spike or quiet: tell when it is named far more, or less, than usual.")
    ] = None
    over: Annotated[str | None, Parameter(help="The time in which is counted: 1h, 6h, 2d.")] = None
    minimum: Annotated[int | None, Parameter(help="Fewest articles of a spike.")] = None
    within: Annotated[str | None, Parameter(help="article (as it is), or story: asked of all that a story names.")] = (
        None
    )

    def keys(self) -> dict[str, object]:
        """As the watch list writes them. Raises UsageError."""
        quiet: dict[str, object] | None = None
        if self.quiet is not None:
            start, dash, end = self.quiet.partition("-")
            if not dash:
                raise UsageError(f"--quiet {self.quiet}: write it as 22:00-07:00")
            quiet = {"from": start, "to": end} | ({"days": self.quiet_days} if self.quiet_days else {})
            quiet |= {"except_high": True} if self.quiet_except_high else {}
        elif self.quiet_days or self.quiet_except_high:
            raise UsageError("--quiet-days and --quiet-except-high need --quiet, such as --quiet 22:00-07:00")
        active = {"from": self.active_from, "to": self.active_to} if self.active_from or self.active_to else None
        return {
            "digest": self.digest,
            "timezone": self.timezone,
            "group_by": self.group_by,
            "group_wait": self.group_wait,
            "repeat": self.repeat,
            "throttle": self.throttle,
            "quiet_hours": quiet,
            "active": active,
            "priority": self.priority,
            "volume": self._volume(),
            "within": self.within,
        }

    def _volume(self) -> dict[str, object] | str | None:
        more = {"over": self.over, "minimum": self.minimum}
        if self.volume is None and (self.over, self.minimum) != (None, None):
            raise UsageError("--over and --minimum need --volume, such as --volume spike")
        given = {key: value for key, value in more.items() if value is not None}
        return {"kind": self.volume, **given} if given and self.volume else self.volume


@app.default
@app.command(name="list")
async def list_rules(*, format: Format = "table") -> None:  # noqa: A002 - the option's name
    """List the rules."""
    from service.search import watch_list

    async with database() as db:
        lines = await watch_list(db, "rules")
    columns = ("name", "query", "channels", "enabled")
    cells = {name: lambda line, name=name: line[name] for name in columns}
    show(lines, format, {**cells, "query": _what, "how": _how})


@app.command
async def add(
    name: str,
    /,
    *,
    query: str | None = None,
    entity: list[str] | None = None,
    watch: str | None = None,
    channel: list[str] | None = None,
    how: How = How(),  # noqa: B008 - frozen
) -> None:
    """Add a rule, or put this one in the place of the one of that name.

    Parameters
    ----------
    name:
        What the rule is called.
    query:
        Which mentions, in the query language: 'entity:HPE AND salience:main'.
    entity:
        Instead of a query: mentions of this entity (may be repeated).
    watch:
        Instead of a query: what of newsvane itself to watch, such as disk-low (docs/rules.md lists all).
    channel:
        Where its alerts go (may be repeated).
    """
    rule = {"name": name, "query": query, "entities": entity, "watch": watch, "channels": channel or []}
    await changes.apply_mapping("rule", rule | how.keys())


@app.command
async def preview(
    name: str | None = None,
    /,
    *,
    query: str | None = None,
    how: How = How(),  # noqa: B008 - frozen
    format: previewing.Shape = "table",  # noqa: A002 - the option's name
) -> None:
    """Tell what a rule would have found and alerted over the last 30 and 90 days, in stored articles. Saves nothing.

    Parameters
    ----------
    name:
        A rule that there is.
    query:
        A query to try; with a name also how it differs from that rule's.
    format:
        table or json.
    """
    await previewing.rule_preview(name, query, how.keys(), format)


@app.command
async def remove(*names: str) -> None:
    """Remove rules; the alerts they raised stay."""
    await changes.remove("rule", names)


@app.command
async def enable(*names: str) -> None:
    """Switch rules on."""
    await changes.switch("rule", names, enabled=True)


@app.command
async def disable(*names: str) -> None:
    """Switch rules off."""
    await changes.switch("rule", names, enabled=False)


def _what(line: Mapping[str, Any]) -> str:
    """The query, or ``watch: disk-low free 2GB``."""
    watch = line["watch"]
    if not watch:
        return str(line["query"])
    rest = (f"{key} {value}" for key, value in watch.items() if key != "kind")
    return " ".join([f"watch: {watch['kind']}", *rest])


def _how(line: Mapping[str, Any]) -> list[str]:
    """``digest daily 08:00``, ``quiet_hours from 22:00 to 07:00``."""
    return [
        f"{key} {' '.join(f'{name} {part}' for name, part in value.items()) if isinstance(value, dict) else value}"
        for key, value in line["how"].items()
    ]
