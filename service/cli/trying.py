"""``newsvane match`` and ``newsvane extract``: what would happen, with nothing stored."""

import asyncio
import json
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from service.cli.context import database, settings
from service.cli.errors import CommandFailed, UsageError
from service.cli.files import File, read_bytes, read_text
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
    from dataclasses import asdict

    from scrapers.errors import ScraperError
    from scrapers.types import Unchanged
    from scrapers.workers import ParserPool
    from service.bootstrap import now, open_web
    from service.domain.body import choose_body
    from service.pipeline.read import PAGE_TYPES

    loaded = settings()
    parser = ParserPool(1, seconds=loaded.worker_seconds, memory_mb=loaded.worker_memory_mb)
    try:
        if what.startswith(("http://", "https://")):
            async with open_web(loaded) as web:
                answer = await web.fetch(what, accept=PAGE_TYPES, now=now())
            if isinstance(answer, Unchanged):
                raise CommandFailed(f"{what}: the server says that nothing changed, to a first request")
            body, url, content_type = answer.body, answer.url, answer.content_type
        else:
            body, url, content_type = await asyncio.to_thread(read_bytes, Path(what)), "https://localhost/", None
        article = await parser.extract_article(body, url=url, content_type=content_type)
    except ScraperError as error:
        raise CommandFailed(f"{what}: {error}") from error
    finally:
        await parser.close()
    chosen = choose_body(article, "", title="")
    line = {**asdict(article), "text": chosen.text, "origin": chosen.origin, "note": chosen.note}
    print(chosen.text if text else json_text(line, indent=2))


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
    for number, raw in enumerate(text.split("\n"), 1):  # not splitlines: a JSON text may hold U+2028 or U+0085
        if not raw.strip():
            continue
        try:
            line = json.loads(raw)
        except ValueError as error:
            raise UsageError(f"{where}, line {number}: is no JSON ({error})") from error
        yield text_of(line, f"{where}, line {number}")
