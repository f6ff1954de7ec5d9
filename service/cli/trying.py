"""``newsvane match`` and ``newsvane extract``: what would happen, with nothing stored."""

import asyncio
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from service.cli.context import database, settings
from service.cli.errors import CommandFailed
from service.cli.files import File, json_lines, read_bytes, read_text
from service.cli.output import json_text

if TYPE_CHECKING:
    from service.desk.matching import Text

__all__ = ["definitions", "extract", "match"]


async def match(file: File = Path("-"), /, *, watchlist: Path | None = None) -> None:
    """Show what would be matched in texts, and why, as JSON Lines. Stores nothing.

    Parameters
    ----------
    file:
        JSON Lines of {"id", "title", "text", "url"?, "language"?}, or a plain text; - for standard input.
    watchlist:
        Match with the entities of this file, not those of the database.
    """
    from service.desk.matching import matched, matcher_of

    texts = list(_texts(await asyncio.to_thread(read_text, file), str(file)))  # all are checked first
    for line in matched(matcher_of(await definitions(watchlist)), texts):
        print(json_text(line))


async def extract(what: str, /, *, text: bool = False) -> None:
    """Show the article that would be stored for a file or an address, and why that text, as JSON. Stores nothing.

    Parameters
    ----------
    what:
        A file with HTML, or an http(s) address.
    text:
        Print only the article's text.
    """
    from scrapers.errors import ScraperError
    from service.bootstrap import outside_of
    from service.desk.extracting import from_bytes, from_web
    from service.opening import now

    outside = outside_of(settings())
    try:
        if what.startswith(("http://", "https://")):
            article = await from_web(outside, what, now=now())
        else:
            article = await from_bytes(outside, await asyncio.to_thread(read_bytes, Path(what)))
    except ScraperError as error:
        raise CommandFailed(f"{what}: {error}") from error
    print(article["text"] if text else json_text(article, indent=2))


async def definitions(file: Path | None) -> list[dict[str, Any]]:
    """The entities of a file; else of the database; else, when it has none yet, of the bundled watch list."""
    from service import watchlist as lists
    from service.desk.matching import definitions as stored

    if file is not None:
        text = await asyncio.to_thread(read_text, file)
        return list(lists.parse_watchlist(text, str(file)).entities)
    async with database() as db:
        return await stored(db)


def _texts(text: str, where: str) -> Iterator["Text"]:
    from service.desk.matching import text_of
    from service.domain.model import Document

    if not text.lstrip().startswith("{"):
        yield where, Document("", text)
        return
    for line, place in json_lines(text, where):
        yield text_of(line, place)
