"""What every listing has: its options, one page, a time in a table."""

import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated

from cyclopts import Parameter

from service.cli.context import database
from service.cli.errors import UsageError
from service.cli.output import Format, Line, show

if TYPE_CHECKING:
    from service.store.engine import Database

__all__ = ["Options", "list_page", "minute"]


@Parameter(name="*")
@dataclass(frozen=True)
class Options:
    """Options of a listing."""

    entity: Annotated[str | None, Parameter(help="Only about this entity.")] = None
    since: Annotated[str | None, Parameter(help="Found at or after this: 2h, 7d, or 2026-11-22T08:00:00Z.")] = None
    until: Annotated[str | None, Parameter(help="Found before this.")] = None
    source: Annotated[str | None, Parameter(help="Only from this source (its title or address).")] = None
    limit: Annotated[int, Parameter(help="How many at most.")] = 50
    cursor: Annotated[str | None, Parameter(help="Go on behind the page that printed this cursor.")] = None
    format: Annotated[Format, Parameter(help="table, json, jsonl, csv (mentions, articles, stories: also atom).")] = (
        "table"
    )


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
    from service.bootstrap import now
    from service.cli.atom import atom_feed
    from service.search import Ask, page

    ask = Ask(
        query=query,
        entity=options.entity,
        source=options.source,
        since=options.since,
        until=options.until,
        rule=rule,
        status=status,
        withdrawn=withdrawn,
        limit=options.limit,
        cursor=options.cursor,
    )
    async with database() as db:
        found = await page(db, noun, ask, now=now())
        if not found.lines:
            await _check_names(db, options, rule)
    atom = (lambda lines: atom_feed(noun, lines, now=now())) if noun in {"mentions", "articles", "stories"} else None
    show(found.lines, options.format, columns, atom=atom)
    if found.next_cursor:
        print(f"more: --cursor {found.next_cursor}", file=sys.stderr)


async def _check_names(db: "Database", options: Options, rule: str | None) -> None:
    """Nothing was found: say so if that is because a name on the command line is nobody's."""
    from difflib import get_close_matches

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
            close = get_close_matches(asked, names, n=1)
            meant = f"did you mean {close[0]!r}? " if close else ""
            raise UsageError(f"--{option} {asked!r}: there is none of that name; {meant}`newsvane {kind}` lists them")


def minute(time: str) -> str:
    return time[:16].replace("T", " ")
