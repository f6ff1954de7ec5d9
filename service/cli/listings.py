"""What every listing has: its options, one page, a time in a table."""

import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Annotated, Literal

from cyclopts import Parameter

from service.cli.context import database
from service.cli.errors import UsageError
from service.cli.output import Format, Line, json_text, show, show_all

if TYPE_CHECKING:
    from service.search import Ask
    from service.store.engine import Database
    from service.store.triage import Triage, View

__all__ = ["Options", "list_page", "minute"]


@Parameter(name="*")
@dataclass(frozen=True)
class Options:
    """Options of a listing."""

    entity: Annotated[str | None, Parameter(help="Only about this entity.")] = None
    since: Annotated[str | None, Parameter(help="Found at or after this: 2h, 7d, or 2026-11-22T08:00:00Z.")] = None
    until: Annotated[str | None, Parameter(help="Found before this.")] = None
    source: Annotated[str | None, Parameter(help="Only from this source (its title or address).")] = None
    search: Annotated[str | None, Parameter(help="What this saved search finds; QUERY narrows it down.")] = None
    limit: Annotated[
        int | Literal["all"], Parameter(help="How many at most; all (jsonl, csv): everything, as it is read.")
    ] = 50
    cursor: Annotated[str | None, Parameter(help="Go on behind the page that printed this cursor.")] = None
    format: Annotated[Format, Parameter(help="table, json, jsonl, csv (mentions, articles, stories: also atom).")] = (
        "table"
    )
    order: Annotated[
        Literal["newest", "relevance"],
        Parameter(help="relevance (mentions, articles): the best of the newest."),
    ] = "newest"
    highlights: Annotated[
        bool, Parameter(help="mentions, articles: say where the query's words stand, in json.", negative="")
    ] = False
    triage: Annotated[
        Literal["open", "unread", "starred", "done"] | None,
        Parameter(help="mentions, articles, stories: only what a reader is not done with, has starred ..."),
    ] = None
    reader: Annotated[str | None, Parameter(help="Whose triage: a user's or a token's name.")] = None
    facets: Annotated[
        bool, Parameter(help="Instead of the lines: how many have which entity, source, day ...", negative="")
    ] = False


async def list_page(
    noun: str,
    query: str | None,
    options: Options,
    columns: Mapping[str, Callable[[Line], object]],
    *,
    rule: str | None = None,
    status: str | None = None,
    withdrawn: bool = False,
) -> None:
    """Print one page of a noun of ``service.search``."""
    from service.opening import now
    from service.search import Ask, page, stream
    from service.syndication import FEED_NOUNS

    if options.reader is not None and options.triage is None:
        raise UsageError("--reader says whose --triage counts: write that, too, or leave it out")
    ask = Ask(
        query=query,
        search=options.search,
        entity=options.entity,
        source=options.source,
        since=options.since,
        until=options.until,
        rule=rule,
        status=status,
        withdrawn=withdrawn,
        limit=50 if options.limit == "all" else options.limit,
        cursor=options.cursor,
        order=options.order,
        highlights=options.highlights,
    )
    async with database() as db:
        if options.triage is not None:
            ask = replace(ask, triage=await _triage(db, options.triage, options.reader))
        if options.facets:
            await _show_facets(db, noun, ask, options.format)
            return
        if options.limit == "all":
            await show_all(stream(db, noun, ask, now=now()), options.format)
            return
        found = await page(db, noun, ask, now=now())
        if not found.lines:
            await _check_names(db, options, rule)
        atom = await _atom(db, noun, query, options) if options.format == "atom" and noun in FEED_NOUNS else None
    show(found.lines, options.format, columns, atom=atom)
    if found.next_cursor:
        print(f"more: --cursor {found.next_cursor}", file=sys.stderr)


async def _triage(db: "Database", view: "View", reader: str | None) -> "Triage":
    from service.desk.triage import reader_of
    from service.store.triage import Triage

    async with db.read() as session:
        return Triage(await reader_of(session, reader), view)


async def _atom(db: "Database", noun: str, query: str | None, options: Options) -> Callable[[Sequence[Line]], str]:
    """The same feed as the pages serve for this question (service/api/feeds.py)."""
    from uuid import uuid4

    from service.store.searches import installation
    from service.syndication import Heading, atom_feed, feed_name

    known = feed_name(options.search, query, options.entity, options.source, options.since, options.until)
    heading = Heading(noun, known, await installation(db, uuid4))
    return lambda lines: atom_feed(lines, heading)


async def _show_facets(db: "Database", noun: str, ask: "Ask", format: Format) -> None:  # noqa: A002 - the option's name
    from service.figures import as_object, facets
    from service.opening import now

    found = await facets(db, noun, ask, now=now())
    if format == "json":
        print(json_text(as_object(found), indent=2))
    else:
        lines = [
            {"field": field, "value": one.value, "count": one.count}
            for field, values in found.fields.items()
            for one in values
        ]
        names = ("field", "value", "count")
        show(lines, format, {name: lambda line, name=name: line[name] for name in names})  # type: ignore[misc]
    if not found.basis.exact and found.basis.reaches:
        print(f"counted: the newest {found.counted}, back to {found.basis.reaches:%Y-%m-%d %H:%M}", file=sys.stderr)


async def _check_names(db: "Database", options: Options, rule: str | None) -> None:
    """Nothing was found: say so if that is because a name on the command line is nobody's."""
    from service.desk.errors import did_you_mean
    from service.search import watch_list

    for option, asked, kind in (
        ("entity", options.entity, "entities"),
        ("source", options.source, "sources"),
        ("rule", rule, "rules"),
    ):
        if asked is None:
            continue
        lines = await watch_list(db, kind)
        names = [line["name"] for line in lines] if kind != "sources" else []
        names += [name for line in lines if kind == "sources" for name in (line["title"], line["url"])]
        if asked not in names:
            meant = did_you_mean(asked, names)
            none = f"there is none of that name{meant}{'' if meant else ';'}"
            raise UsageError(f"--{option} {asked!r}: {none} `newsvane {kind}` lists them")


def minute(time: str) -> str:
    return time[:16].replace("T", " ")
