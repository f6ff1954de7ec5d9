"""``newsvane inhibitions``: which alerts hold back which others, as long as they stand."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any

from cyclopts import App, Parameter

from service.cli import changes
from service.cli.context import database
from service.cli.output import Format, show

__all__ = ["app"]

app = App(name="inhibitions")


@Parameter(name="*")
@dataclass(frozen=True)
class Sides:
    """Which alerts, on either side; all that are given must hold (docs/rules.md)."""

    source_rule: Annotated[list[str] | None, Parameter(help="Alerts of this rule hold back (repeat).")] = None
    source_entity: Annotated[list[str] | None, Parameter(help="Those on this entity (repeat).")] = None
    source_kind: Annotated[list[str] | None, Parameter(help="Those of this kind: spike (repeat).")] = None
    source_priority: Annotated[list[str] | None, Parameter(help="Those of this priority (repeat).")] = None
    target_rule: Annotated[list[str] | None, Parameter(help="Alerts of this rule are held back (repeat).")] = None
    target_entity: Annotated[list[str] | None, Parameter(help="Those on this entity (repeat).")] = None
    target_kind: Annotated[list[str] | None, Parameter(help="Those of this kind (repeat).")] = None
    target_priority: Annotated[list[str] | None, Parameter(help="Those of this priority (repeat).")] = None

    def side(self, name: str) -> dict[str, list[str]]:
        """As the watch list writes it."""
        given = ((key, getattr(self, f"{name}_{key}")) for key in ("rule", "entity", "kind", "priority"))
        return {key: value for key, value in given if value}


@app.default
@app.command(name="list")
async def list_inhibitions(*, format: Format = "table") -> None:  # noqa: A002 - the option's name
    """List the inhibitions."""
    from service.search import watch_list

    async with database() as db:
        lines = await watch_list(db, "inhibitions")
    show(
        lines,
        format,
        {
            "name": lambda line: line["name"],
            "while": lambda line: _matchers(line["source"]),
            "hold back": lambda line: _matchers(line["target"]),
            "equal": lambda line: line.get("equal", ["story"]),
            "for": lambda line: line.get("for", "1d"),
            "enabled": lambda line: line["enabled"],
        },
    )


@app.command
async def add(
    name: str,
    /,
    *,
    sides: Sides = Sides(),  # noqa: B008 - frozen
    equal: list[str] | None = None,
    any_story: bool = False,
    time: Annotated[str | None, Parameter(name="--for")] = None,
) -> None:
    """While alerts of one kind stand, hold back others; or put this inhibition in the place of the one of that name.

    Parameters
    ----------
    name:
        What the inhibition is called.
    equal:
        What both alerts have in common: story (as it is), entity, or both (repeat).
    any_story:
        They need have nothing in common.
    time:
        How long an alert stands that nobody resolves: 30m, 4h, 2d; a day if left out.
    """
    common: list[str] | None = [] if any_story else equal
    item: dict[str, object] = {"name": name, "source": sides.side("source"), "target": sides.side("target")}
    if common is not None:
        item["equal"] = common
    await changes.apply_mapping("inhibition", item | ({"for": time} if time else {}), as_it_is=True)


@app.command
async def remove(*names: str) -> None:
    """Remove inhibitions; what they held back stays held back."""
    await changes.remove("inhibition", names)


@app.command
async def enable(*names: str) -> None:
    """Switch inhibitions on."""
    await changes.switch("inhibition", names, enabled=True)


@app.command
async def disable(*names: str) -> None:
    """Switch inhibitions off."""
    await changes.switch("inhibition", names, enabled=False)


def _matchers(side: Mapping[str, Any]) -> list[str]:
    return [f"{key} {value if isinstance(value, str) else ', '.join(value)}" for key, value in side.items()]
