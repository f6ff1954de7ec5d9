"""``newsvane match`` and ``newsvane extract``: what would happen, with nothing stored."""

import asyncio
import json
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from service.cli.context import database, settings
from service.cli.errors import CommandFailed, UsageError
from service.cli.files import File, read_bytes, read_text
from service.cli.output import json_text

if TYPE_CHECKING:
    from service.domain.facts import Fact
    from service.domain.model import Document, MatchResult

__all__ = ["definitions", "extract", "match"]

_TEXTS = ("title", "text", "url", "language")
_LONE_SURROGATE = re.compile("[\ud800-\udfff]")


async def match(file: File = Path("-"), /, *, watchlist: Path | None = None) -> None:
    """Show what would be matched in texts, and why, as JSON Lines. Stores nothing.

    Parameters
    ----------
    file:
        JSON Lines of {"id", "title", "text", "url"?, "language"?}, or a plain text; - for standard input.
    watchlist:
        Match with the entities of this file, not those of the database.
    """
    from service.domain.facts import extract_facts
    from service.domain.matching import Matcher, entity_from_mapping

    documents = list(_documents(await asyncio.to_thread(read_text, file), str(file)))  # all are checked first
    matcher = Matcher([entity_from_mapping(definition) for definition in await definitions(watchlist)])
    for name, document in documents:
        result = matcher.match(document)
        print(json_text(_match_line(name, result, extract_facts(document, result))))


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
    from service.store import watchlist as stored

    if file is not None:
        text = await asyncio.to_thread(read_text, file)
        return list(lists.parse_watchlist(text, str(file)).entities)
    async with database() as db, db.read() as session:
        found = await stored.entity_definitions(session)
    return found or list(lists.parse_watchlist(lists.bundled(), "the bundled watch list").entities)


def _documents(text: str, where: str) -> Iterator[tuple[str, "Document"]]:
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
        wrong = _problem(line)
        if wrong:
            raise UsageError(f'{where}, line {number}: {wrong}; write {{"id": ..., "title": "...", "text": "..."}}')
        title, body = (_LONE_SURROGATE.sub("\N{REPLACEMENT CHARACTER}", line.get(key) or "") for key in _TEXTS[:2])
        yield str(line["id"]), Document(title, body, line.get("url"), line.get("language"))


def _problem(line: object) -> str | None:
    if not isinstance(line, dict):
        return "is no object"
    missing = [key for key in ("id", "text") if key not in line]
    if missing:
        return f"{missing[0]!r} is missing"
    return next((f"{key!r} must be text" for key in _TEXTS if not isinstance(line.get(key), str | None)), None)


def _match_line(name: str, result: "MatchResult", facts: "Sequence[Fact]") -> dict[str, Any]:
    from service.domain.facts import as_object

    return {
        "id": name,
        "entities": [mention.entity for mention in result.mentions],
        "mentions": [
            {
                "entity": mention.entity,
                "confidence": mention.confidence,
                "salience": mention.salience.value,
                "count": mention.count,
                "spans": [
                    {"field": s.field.value, "start": s.start, "end": s.end, "text": s.text, "alias": s.alias}
                    for s in mention.spans
                ],
                "evidence": list(mention.evidence),
            }
            for mention in result.mentions
        ],
        "rejected": [
            {"entity": rejected.entity, "text": rejected.span.text, "reason": rejected.reason}
            for rejected in result.rejected
        ],
        "facts": [as_object(fact) for fact in facts],
    }
