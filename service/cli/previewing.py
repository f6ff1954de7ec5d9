"""``rules preview`` and ``entities preview``: what would have been found, before it is saved."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from service.cli.context import database, settings
from service.cli.errors import UsageError
from service.cli.files import read_text
from service.cli.output import json_text, show, visible
from service.cli.progress import progress

if TYPE_CHECKING:
    from service.domain.model import Entity
    from service.domain.preview import Figures, Preview

__all__ = ["Shape", "entity_preview", "rule_preview"]

Shape = Literal["table", "json"]


async def rule_preview(name: str | None, query: str | None, how: Mapping[str, object], shape: Shape) -> None:
    """``how``: the watch list's keys for how it tells; those that are None stay as the rule has them."""
    from functools import partial

    from service.desk.previews import of_rule
    from service.opening import now

    moment, heard = now(), partial(progress, "articles")
    async with database() as db:
        told = settings().first_poll_summary
        found = await of_rule(db, name, query, how, now=moment, first_poll_summary=told, heard=heard)
    _show(f"rule {name or '(new)'}", found, shape)


async def entity_preview(name: str | None, file: Path | None, shape: Shape) -> None:
    import asyncio
    from functools import partial

    from service.desk.previews import of_entity
    from service.opening import now

    if (name is None) == (file is None):
        raise UsageError("name an entity, or give a --file with its definition")
    wanted = _defined(await asyncio.to_thread(read_text, file), str(file)) if file is not None else str(name)
    async with database() as db:
        told, heard = settings().first_poll_summary, partial(progress, "articles")
        found = await of_entity(db, wanted, now=now(), first_poll_summary=told, heard=heard)
    _show(f"entity {wanted if isinstance(wanted, str) else wanted.name}", found, shape)


def _defined(text: str, where: str) -> "Entity":
    """A definition as ``entities show`` prints it. Raises UsageError."""
    import yaml

    from service.desk.previews import defined

    try:
        item = yaml.safe_load(text)
    except yaml.YAMLError as error:
        raise UsageError(f"{where}: is no YAML ({' '.join(str(error).split())})") from error
    if not isinstance(item, dict):
        raise UsageError(f"{where}: must hold one entity, as `newsvane entities show NAME` prints it")
    return defined(item, where)


def _show(what: str, found: "Preview", shape: Shape) -> None:
    if shape == "json":
        print(json_text({"of": what, **asdict(found)}, indent=2))
        return
    columns = ("days", "definition", "mentions", "stories", "alerts", "a day", "most alerts a day", "gained", "lost")
    show(list(_lines(found)), "table", {name: lambda line, name=name: line[name] for name in columns})  # type: ignore[misc]
    for line in filter(None, [*_words(found), found.note]):
        print(line)
    for title, samples in (("for instance", found.samples), ("gained", found.gained), ("lost", found.lost)):
        if samples:
            print(f"\n{title}:")
        for one in samples:
            print(
                visible(f"  {one['entity']} in “{one['title']}” ({one['source']})\n    {one['url']}\n    {one['why']}")
            )
    _show_alerts("alerts, the newest", found.alerts)
    _show_alerts("alerts that only the new definition raises", found.alerts_gained)
    _show_alerts("alerts that there would be no more", found.alerts_lost)


def _show_alerts(title: str, samples: Iterable[Mapping[str, Any]]) -> None:
    for number, one in enumerate(samples):
        if not number:
            print(f"\n{title}:")
        more = f", {one['mentions']} mentions in {one['stories']} stories" if one["mentions"] > 1 else ""
        head = f"  {one['at'][:16].replace('T', ' ')} {one['rule']}, {one['how']}: {', '.join(one['entities'])}{more}"
        print(visible(f"{head}\n    “{one['title']}”, {one['url']}"))


def _words(found: "Preview") -> Iterator[str]:
    """How the alerts of each period come to be, and what comes of the rest."""
    for period in found.periods:
        told = [f"{number} {how}" for how, number in sorted(period.new.how.items(), key=lambda item: -item[1])]
        told += [f"{period.new.silenced} silenced besides"] if period.new.silenced else []
        told += [f"{period.new.inhibited} held back by other alerts besides"] if period.new.inhibited else []
        told += [f"{period.new.not_told_again} articles of stories told before"] if period.new.not_told_again else []
        more = f"{period.more_alerts:+d} alerts of all rules" if period.old or period.more_alerts else ""
        words = "; ".join(filter(None, [", ".join(told), more]))
        if words:
            yield f"{period.days} days: {words}"
    if found.waiting:
        yield f"{found.waiting} mentions would still wait to be told"


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
