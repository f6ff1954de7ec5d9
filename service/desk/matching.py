"""What would be matched in texts, and why. Stores nothing."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from service import watchlist as lists
from service.desk.errors import Wrong
from service.domain.facts import Fact, as_object, extract_facts
from service.domain.matching import Matcher, entity_from_mapping
from service.domain.model import Document, MatchResult
from service.store import watchlist as stored
from service.store.engine import Database

__all__ = ["Text", "characters", "definitions", "matched", "matcher_of", "text_of"]

_TEXTS = ("title", "text", "url", "language")
_LONE_SURROGATE = re.compile("[\ud800-\udfff]")
Text = tuple[str, Document]
"""A text with the name that its answer goes by."""


async def definitions(db: Database) -> list[dict[str, Any]]:
    """The entities of the database; while it has none, those of the bundled watch list."""
    async with db.read() as session:
        found = await stored.entity_definitions(session)
    return found or list(lists.parse_watchlist(lists.bundled(), "the bundled watch list").entities)


def matcher_of(definitions: Iterable[Mapping[str, Any]]) -> Matcher:
    """CPU-bound for thousands."""
    return Matcher([entity_from_mapping(definition) for definition in definitions])


def text_of(line: object, where: str) -> Text:
    """``{"id", "title"?, "text", "url"?, "language"?}`` as it came. Raises Wrong with ``where``."""
    wrong = _problem(line)
    if wrong is not None or not isinstance(line, dict):
        raise Wrong(where, f'{wrong}; write {{"id": ..., "title": "...", "text": "..."}}')
    title, body = (characters(line.get(key) or "") for key in _TEXTS[:2])
    return str(line["id"]), Document(title, body, line.get("url"), line.get("language"))


def characters(text: str) -> str:
    """The text with what is no character, half a pair of UTF-16, replaced."""
    return _LONE_SURROGATE.sub("\N{REPLACEMENT CHARACTER}", text)


def matched(matcher: Matcher, texts: Iterable[Text]) -> Iterator[dict[str, Any]]:
    """A line for each (docs/formats.md). CPU-bound."""
    for name, document in texts:
        result = matcher.match(document)
        yield _line(name, result, extract_facts(document, result))


def _problem(line: object) -> str | None:
    if not isinstance(line, dict):
        return "is no object"
    missing = [key for key in ("id", "text") if key not in line]
    if missing:
        return f"{missing[0]!r} is missing"
    return next((f"{key!r} must be text" for key in _TEXTS if not isinstance(line.get(key), str | None)), None)


def _line(name: str, result: MatchResult, facts: Sequence[Fact]) -> dict[str, Any]:
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
