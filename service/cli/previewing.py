"""``rules preview`` and ``entities preview``: what would have been found, before it is saved."""

from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from service.cli.context import database
from service.cli.errors import CommandFailed, UsageError
from service.cli.files import read_text
from service.cli.output import json_text, show, visible
from service.cli.progress import progress

if TYPE_CHECKING:
    from service.domain.model import Entity
    from service.domain.preview import Figures, Preview

__all__ = ["Shape", "entity_preview", "rule_preview"]

Shape = Literal["table", "json"]


async def rule_preview(name: str | None, query: str | None, shape: Shape) -> None:
    from service.bootstrap import now
    from service.domain.query import QueryError, parse
    from service.pipeline.preview import articles_of, preview_rule
    from service.search import watch_list

    if name is None and query is None:
        raise UsageError("name a rule, or give a --query, or both to compare them")
    async with database() as db:
        rules = await watch_list(db, "rules")
        known = {line["name"]: line["query"] for line in rules}
        if any(line["name"] == name and line["watch"] for line in rules):
            raise UsageError(f"rule {name!r} watches newsvane itself: no article meets it")
        if name is not None and name not in known and query is None:
            raise CommandFailed(f"there is no rule {name!r}; `newsvane rules` lists them")
        stands = known.get(name) if name is not None and query is not None else None
        try:
            new = parse(query if query is not None else known[str(name)])
        except QueryError as error:
            raise UsageError(f"query: {error}") from error
        old = parse(stands) if stands else None
        moment = now()
        with progress("articles", await articles_of(db, now=moment)) as heard:
            found = await preview_rule(db, new, old, name=name or "new", now=moment, heard=heard)
    _show(f"rule {name or '(new)'}", found, shape)


async def entity_preview(name: str | None, file: Path | None, shape: Shape) -> None:
    import asyncio

    from service.bootstrap import now
    from service.pipeline.preview import articles_of, preview_entity
    from service.pipeline.watch import WatchSource

    if (name is None) == (file is None):
        raise UsageError("name an entity, or give a --file with its definition")
    async with database() as db:
        watch = WatchSource(db)
        known = {entity.name: entity for entity in (await watch.current()).matcher.entities}
        if file is not None:
            new = _defined(await asyncio.to_thread(read_text, file), str(file))
        else:
            new = known.get(str(name)) or _derived(str(name))
        old = known.get(new.name) if file is not None else None
        moment = now()
        with progress("articles", await articles_of(db, now=moment)) as heard:
            found = await preview_entity(db, watch, new, old, now=moment, heard=heard)
    _show(f"entity {new.name}", found, shape)


def _derived(name: str) -> "Entity":
    """The definition that ``entities add NAME`` would save."""
    from service.domain.matching import derive_entity

    return derive_entity(name)[0]


def _defined(text: str, where: str) -> "Entity":
    """A definition as ``entities show`` prints it. Raises UsageError."""
    import yaml

    from service.domain.matching import entity_from_mapping
    from service.watchlist import parse_watchlist

    try:
        item = yaml.safe_load(text)
    except yaml.YAMLError as error:
        raise UsageError(f"{where}: is no YAML ({' '.join(str(error).split())})") from error
    if not isinstance(item, dict):
        raise UsageError(f"{where}: must hold one entity, as `newsvane entities show NAME` prints it")
    checked = parse_watchlist(yaml.safe_dump({"entities": [{**item, "enabled": True}]}), where)
    return entity_from_mapping(checked.entities[0])


def _show(what: str, found: "Preview", shape: Shape) -> None:
    if shape == "json":
        print(json_text({"of": what, **asdict(found)}, indent=2))
        return
    lines = list(_lines(found))
    columns = ("days", "definition", "mentions", "stories", "alerts", "a day", "most alerts a day", "gained", "lost")
    show(lines, "table", {name: lambda line, name=name: line[name] for name in columns})  # type: ignore[misc]
    for title, samples in (("for instance", found.samples), ("gained", found.gained), ("lost", found.lost)):
        if samples:
            print(f"\n{title}:")
        for one in samples:
            print(
                visible(f"  {one['entity']} in “{one['title']}” ({one['source']})\n    {one['url']}\n    {one['why']}")
            )


def _lines(found: "Preview") -> Iterator[dict[str, Any]]:
    for period in found.periods:
        change = (
            {"gained": f"+{period.gained}", "lost": f"-{period.lost}"} if period.old else {"gained": "", "lost": ""}
        )
        yield {"days": period.days, "definition": "new" if period.old else "", **_row(period.new), **change}
        if period.old:
            yield {"days": period.days, "definition": "old", **_row(period.old), "gained": "", "lost": ""}


def _row(figures: "Figures") -> dict[str, Any]:
    return {
        "mentions": figures.mentions,
        "stories": figures.stories,
        "alerts": figures.alerts,
        "a day": f"{figures.mentions_a_day:g} / {figures.stories_a_day:g} / {figures.alerts_a_day:g}",
        "most alerts a day": figures.most_alerts,
    }
