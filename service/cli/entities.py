"""``newsvane entities``: what is tracked."""

from pathlib import Path
from typing import Any

from cyclopts import App

from service.cli import changes, previewing
from service.cli.context import database
from service.cli.errors import CommandFailed, UsageError
from service.cli.files import read_text
from service.cli.output import Format, show

__all__ = ["app"]

app = App(name="entities")


@app.default
@app.command(name="list")
async def list_entities(*, format: Format = "table") -> None:  # noqa: A002 - the option's name
    """List the entities."""
    from service.search import watch_list

    async with database() as db:
        lines = await watch_list(db, "entities")
    columns = {
        "name": lambda line: line["name"],
        "kind": lambda line: line.get("kind", "company"),
        "aliases": lambda line: [a if isinstance(a, str) else a["text"] for a in line.get("aliases", [])],
        "enabled": lambda line: line["enabled"],
    }
    show(lines, format, columns)


@app.command(name="show")
async def show_entity(name: str, /) -> None:
    """Show an entity's definition, as the watch list writes it.

    Parameters
    ----------
    name:
        The entity.
    """
    import yaml

    from service.desk.errors import Unknown
    from service.search import watch_list

    async with database() as db:
        lines = await watch_list(db, "entities")
    for line in lines:
        if line["name"] == name:
            print(yaml.safe_dump(line, sort_keys=False, allow_unicode=True), end="")
            await _print_lessons(name)
            return
    raise Unknown("entity", name, known=[line["name"] for line in lines])


async def _print_lessons(name: str) -> None:
    """What people's marks say of this entity's aliases, as YAML comments: the output stays a definition."""
    from service.domain.learning import alias_precision, suggest_against
    from service.store import marks

    async with database() as db, db.read() as session:
        marked = await marks.marks_of(session, name)
    if not marked:
        print("# no mention was marked yet: `newsvane mentions mark ID right|wrong`")
    for alias in alias_precision(marked):
        print(f"# alias {alias.alias}: {alias.precision:.2f} right ({alias.right} right, {alias.wrong} wrong)")
    for word in suggest_against(marked):
        near = f"near {word.near_wrong} wrong and {word.near_right} right mentions"
        print(f"# perhaps add to against: {word.word} ({near}, log-odds {word.log_odds:+.1f})")


@app.command
async def add(
    name: str,
    /,
    *,
    alias: list[str] | None = None,
    weak: list[str] | None = None,
    context: list[str] | None = None,
    against: list[str] | None = None,
    mask: list[str] | None = None,
    ticker: list[str] | None = None,
    domain: list[str] | None = None,
) -> None:
    """Track an entity. A name alone is enough; what looks ambiguous in it is said. Each option may be repeated.

    Parameters
    ----------
    name:
        Its name, as it is written: capitals count.
    alias:
        Another name that is enough alone.
    weak:
        A name that needs evidence: a context word, or another name in the article.
    context:
        A word that proves a weak name.
    against:
        A word that proves that something else is meant.
    mask:
        A longer name that swallows this one: "Oracle Park".
    ticker:
        A stock symbol: NYSE:HPE.
    domain:
        A domain of its own: oracle.com.
    """
    import random

    from service.desk import watch
    from service.opening import now

    aliases: list[Any] = [*(alias or []), *({"text": text, "strength": "weak"} for text in weak or [])]
    more = {"for": context, "against": against, "masks": mask, "tickers": ticker, "domains": domain}
    given = {key: values for key, values in more.items() if values}
    definition, notes = watch.entity_named(name, {"aliases": aliases, **given})
    async with database() as db, db.write() as session:
        changes.tell(await watch.add_entity(session, definition, now=now(), random=random.random))
    for note in notes:
        print(f"note: {note}")


@app.command
async def edit(name: str, /) -> None:
    """Edit an entity's definition in $EDITOR; a mistake changes nothing.

    Parameters
    ----------
    name:
        The entity.
    """
    import asyncio
    import os
    import shlex
    import subprocess
    import tempfile
    from pathlib import Path

    import yaml

    from service.desk.errors import Unknown
    from service.search import watch_list

    async with database() as db:
        lines = await watch_list(db, "entities")
    found = [line for line in lines if line["name"] == name]
    if not found:
        raise Unknown("entity", name, known=[line["name"] for line in lines])
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "entity.yaml"
        file.write_text(yaml.safe_dump(found[0], sort_keys=False, allow_unicode=True), encoding="utf-8")
        editor = shlex.split(os.environ.get("VISUAL") or os.environ.get("EDITOR") or "vi")
        done = await asyncio.to_thread(subprocess.run, [*editor, str(file)], check=False)
        if done.returncode:
            raise CommandFailed(f"{editor[0]} ended with status {done.returncode}; nothing was changed")
        text = await asyncio.to_thread(read_text, file)
    try:
        edited = yaml.safe_load(text)
    except yaml.YAMLError as error:
        raise UsageError(
            f"the definition is no YAML any more ({' '.join(str(error).split())}); nothing was changed"
        ) from error
    if not isinstance(edited, dict) or edited.get("name") != name:
        raise CommandFailed("the definition must keep its name; to rename, add a new entity and remove this one")
    await changes.apply_mapping("entity", edited)


@app.command
async def preview(
    name: str | None = None,
    /,
    *,
    file: Path | None = None,
    format: previewing.Shape = "table",  # noqa: A002 - the option's name
) -> None:
    """Tell what an entity would have found over the last 30 and 90 days, in stored articles. Saves nothing.

    Parameters
    ----------
    name:
        An entity that there is, or a name to try as `entities add` would define it.
    file:
        A definition to try, as `entities show` prints it; also how it differs from the one that stands.
    format:
        table or json.
    """
    await previewing.entity_preview(name, file, format)


@app.command
async def remove(*names: str) -> None:
    """Stop tracking entities; their mentions stay."""
    await changes.remove("entity", names)


@app.command
async def enable(*names: str) -> None:
    """Track entities again."""
    await changes.switch("entity", names, enabled=True)


@app.command
async def disable(*names: str) -> None:
    """Keep entities, but do not look for them."""
    await changes.switch("entity", names, enabled=False)
