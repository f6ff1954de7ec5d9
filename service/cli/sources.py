"""``newsvane sources``: the feeds that are polled."""

import sys
from typing import Literal

from cyclopts import App

from service.cli import changes
from service.cli.context import database, person, settings
from service.cli.errors import CommandFailed
from service.cli.files import File, read_bytes
from service.cli.jobs import tell_end
from service.cli.output import Format, json_text, show, visible
from service.cli.progress import progress

__all__ = ["app"]

app = App(name="sources")


@app.default
@app.command(name="list")
async def list_sources(*, tag: str | None = None, trouble: bool = False, format: Format = "table") -> None:  # noqa: A002
    """List the sources.

    Parameters
    ----------
    tag:
        Only those with this tag.
    trouble:
        Only those whose last poll failed.
    """
    from service.search import watch_list

    async with database() as db:
        lines = await watch_list(db, "sources")
    lines = [line for line in lines if tag is None or tag in line["tags"]]
    lines = [line for line in lines if not trouble or line["failures"]]
    columns = {
        "id": lambda line: line["id"],
        "title": lambda line: line["title"],
        "tags": lambda line: line["tags"],
        "state": lambda line: line["status"] if line["enabled"] else "off",
        "next try": lambda line: (line["next_poll_at"] or "")[:16].replace("T", " "),
        "error": lambda line: line["last_error"],
        "address": lambda line: line["url"],
    }
    show(lines, format, columns)


@app.command(name="show")
async def show_source(source: str, /, *, format: Literal["table", "json"] = "table") -> None:  # noqa: A002
    """Show how a source stands, when it is tried next and why then, and its last polls.

    Parameters
    ----------
    source:
        Its address or number.
    """
    from service.cli.source_page import HISTORY, standing
    from service.search import one

    async with database() as db:
        line = await one(db, "source", source)
    if line is None:
        raise CommandFailed(f"there is no source {source}; `newsvane sources` lists them")
    if format == "json":
        print(json_text(line, indent=2))
        return
    for told in standing(line):
        print(visible(told))
    print()
    if line["polls"]:
        show(line["polls"], "table", HISTORY)
    else:
        print("no poll yet")


@app.command
async def add(
    url: str, /, *, title: str | None = None, tag: list[str] | None = None, interval: str | None = None
) -> None:
    """Add a feed, or change the one with that address.

    Parameters
    ----------
    url:
        The feed's address; for a site's address try `newsvane sources discover`.
    title:
        What it is called; else the feed says.
    tag:
        A tag (may be repeated).
    interval:
        Time between polls: 90s, 5m, 1h; else the settings and the feed decide.
    """
    await changes.apply_mapping("source", {"url": url, "title": title, "tags": tag, "interval": interval})


@app.command
async def remove(*urls: str) -> None:
    """Remove sources by address; their articles stay."""
    await changes.remove("source", urls)


@app.command
async def enable(*urls: str) -> None:
    """Poll sources again."""
    await changes.switch("source", urls, enabled=True)


@app.command
async def disable(*urls: str) -> None:
    """Stop polling sources."""
    await changes.switch("source", urls, enabled=False)


@app.command
async def check(url: str, /) -> None:
    """Fetch and read a feed now, store nothing, and tell the whole conversation: each hop with what its answer says,
    validators, wishes, robots.txt, items, and what would be new; or how far it came, and what went wrong.

    Parameters
    ----------
    url:
        The feed's address.
    """
    from service.bootstrap import outside_of
    from service.cli.source_page import discovering
    from service.desk.sources import check as checked
    from service.opening import now, open_database

    loaded = settings()
    async with open_database(loaded) as db:
        found = await checked(db, outside_of(loaded), url, now=now(), tell=_tell)
    if found.problem is not None:
        raise CommandFailed(found.problem + discovering(found.problem, url))
    if found.known:
        print(f"stored: {found.new_items} of its {found.items} items would be new")
    else:
        print("stored: this is no source yet")
    for title in found.new:
        print(f"- {visible(title)}")


def _tell(line: str) -> None:
    print(visible(line))


@app.command
async def discover(url: str, /) -> None:
    """Find the feeds of a site from one of its pages, or see that an address is a feed itself.

    Parameters
    ----------
    url:
        A page of the site, or a feed.
    """
    from scrapers.errors import ScraperError
    from service.bootstrap import outside_of
    from service.desk.sources import discover as discovered
    from service.domain.addresses import without_credentials
    from service.opening import now

    shown = without_credentials(url)
    try:
        found = await discovered(outside_of(settings()), url, now=now())
    except ScraperError as error:
        raise CommandFailed(f"{shown}: {error}") from error
    if not found:
        raise CommandFailed(f"{shown}: this page names no feed, and there is none in the usual places")
    for feed in found:
        print(f"{feed.url}  {feed.title}".rstrip())


@app.command(name="import")
async def import_opml(file: File, /) -> None:
    """Add the feeds of an OPML file; its folders become tags, and what is there keeps its settings.

    Parameters
    ----------
    file:
        The file, or - for standard input.
    """
    import asyncio
    import random

    from scrapers.errors import ScraperError
    from scrapers.opml import read_opml
    from service.desk import importing
    from service.desk.sources import specs_of
    from service.opening import now
    from service.store import jobs

    try:
        items = read_opml(await asyncio.to_thread(read_bytes, file))
    except ScraperError as error:
        raise CommandFailed(f"{file}: {error}") from error
    specs = specs_of(items, str(file))
    async with database() as db:
        async with db.write() as session:
            job = (await importing.begun(session, specs, by=person(), now=now()))["id"]
        with progress("Adding sources", len(specs)) as advance:
            try:
                await importing.carry_on(db, job, now=now, random=random.random, heard=advance)
            except asyncio.CancelledError:
                async with db.write() as session:  # else a daemon would go on with it
                    await jobs.cancel(session, job, now=now())
                print("\nstopped; what was added stays, and the same command adds the rest", file=sys.stderr)
                raise
        await tell_end(db, job)


@app.command(name="export")
async def export_opml() -> None:
    """Print the sources as OPML."""
    from service.desk.sources import exported

    async with database() as db:
        sys.stdout.buffer.write(await exported(db))
