"""``newsvane rules``: which mentions raise an alert, and where it goes."""

from cyclopts import App

from service.cli import changes, previewing
from service.cli.context import database
from service.cli.output import Format, show

__all__ = ["app"]

app = App(name="rules")


@app.default
@app.command(name="list")
async def list_rules(*, format: Format = "table") -> None:  # noqa: A002 - the option's name
    """List the rules."""
    from service.search import watch_list

    async with database() as db:
        lines = await watch_list(db, "rules")
    columns = ("name", "query", "channels", "enabled")
    show(lines, format, {name: lambda line, name=name: line[name] for name in columns})  # type: ignore[misc]


@app.command
async def add(
    name: str, /, *, query: str | None = None, entity: list[str] | None = None, channel: list[str] | None = None
) -> None:
    """Add a rule, or change the one of that name.

    Parameters
    ----------
    name:
        What the rule is called.
    query:
        Which mentions, in the query language: 'entity:HPE AND salience:main'.
    entity:
        Instead of a query: mentions of this entity (may be repeated).
    channel:
        Where its alerts go (may be repeated).
    """
    await changes.apply_mapping("rules", {"name": name, "query": query, "entities": entity, "channels": channel or []})


@app.command
async def preview(name: str | None = None, /, *, query: str | None = None, format: previewing.Shape = "table") -> None:  # noqa: A002
    """Tell what a rule would have found over the last 30 and 90 days, in stored articles. Saves nothing.

    Parameters
    ----------
    name:
        A rule that there is.
    query:
        A query to try; with a name also how it differs from that rule's.
    format:
        table or json.
    """
    await previewing.rule_preview(name, query, format)


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
