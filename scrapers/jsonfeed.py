"""JSON Feed 1.0 and 1.1 (https://www.jsonfeed.org/version/1.1/) -> Feed.

As in slicing.py items that are known are left out: here after json has read the document, which is cheap, and before
their texts are cleaned, which is not.
"""

import json
from collections.abc import Collection, Iterable, Mapping
from datetime import UTC, datetime
from hashlib import blake2b
from typing import Any

from scrapers.entries import SPARE, Draft, collect
from scrapers.errors import ParseError
from scrapers.text import absolute_url, clean_line, clean_text, html_to_text
from scrapers.types import HASH_BYTES, Feed

__all__ = ["read_json_feed"]


def read_json_feed(
    text: str,
    *,
    url: str,
    known: Collection[bytes],
    salt: bytes,
    max_entries: int,
    max_text: int,
    now: datetime | None,
) -> Feed:
    """Arguments and errors as those of ``feed.parse_feed``. ``salt``: whatever else decides how an item is read."""
    value = _load(text)
    items = [item for item in value.get("items", []) if isinstance(item, dict)][:max_entries]
    hashes = tuple(_hash(item, salt) for item in items)
    new = [item for item, digest in zip(items, hashes, strict=True) if digest not in known]
    collected = collect((_json_draft(item, url, max_text + SPARE) for item in new), now, max_text)
    left_out = len(value.get("items", [])) - len(items)
    hubs = [hub for hub in _list(value.get("hubs")) if isinstance(hub, dict)]
    notes = collected.notes if not left_out else (*collected.notes, f"{left_out} items were left out.")
    return Feed(
        title=clean_line(_text(value.get("title"))),
        site_url=absolute_url(value.get("home_page_url"), url),
        entries=collected.entries,
        language=clean_line(_text(value.get("language")), 35) or None,
        hub_url=next((found for hub in hubs if (found := absolute_url(hub.get("url"), url))), None),
        self_url=absolute_url(value.get("feed_url"), url),
        dropped=collected.dropped + left_out,
        notes=notes,
        known=len(items) - len(new),
        item_hashes=hashes,
    )


def _hash(item: Mapping[str, Any], salt: bytes) -> bytes:
    """Of what an item says; the order of its fields and the writing of its characters do not count."""
    try:
        said = json.dumps(item, sort_keys=True).encode()
    except RecursionError as error:
        raise ParseError("It is a JSON Feed that nests its values too deep.", code="not-a-feed") from error
    return blake2b(said, key=blake2b(salt).digest(), digest_size=HASH_BYTES).digest()


def _json_draft(item: Mapping[str, Any], base: str, max_text: int) -> Draft:
    markup = _text(item.get("content_html"))
    plain = _text(item.get("content_text")) or _text(item.get("summary"))
    return Draft(
        guid=_text(item.get("id")),
        url=absolute_url(item.get("url"), base) or absolute_url(item.get("external_url"), base),
        title=clean_line(_text(item.get("title"))),
        text=(html_to_text(markup, max_text) if markup else "") or clean_text(plain, max_text),
        authors=_authors(item),
        published_at=_date(item.get("date_published")),
        updated_at=_date(item.get("date_modified")),
        tags=(_text(tag) for tag in _list(item.get("tags"))),
    )


def _text(value: object) -> str:
    """A JSON value as text: ids are numbers in some feeds, which the specification asks readers to accept."""
    return str(value) if isinstance(value, str | int | float) and not isinstance(value, bool) else ""


def _list(value: object) -> list[Any]:
    return value if isinstance(value, list) else []


def _load(text: str) -> Mapping[str, Any]:
    """The feed object, checked to be one. Raises ParseError ``not-a-feed``."""
    try:
        value = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise ParseError("It looked like JSON, but is not valid JSON.", code="not-a-feed") from error
    if not isinstance(value, dict) or "jsonfeed.org/version/1" not in str(value.get("version", ""))[:200]:
        raise ParseError("It is JSON, but not a JSON Feed.", code="not-a-feed")
    if not isinstance(value.get("items", []), list):
        raise ParseError("It is a JSON Feed whose items are no list.", code="not-a-feed")
    return value


def _authors(item: Mapping[str, Any]) -> Iterable[str]:
    """Names of ``authors`` (1.1), else of ``author`` (1.0)."""
    people = item.get("authors") or [item.get("author")]
    for person in people if isinstance(people, list) else []:
        if isinstance(person, dict) and isinstance(person.get("name"), str):
            yield person["name"]


def _date(value: object) -> datetime | None:
    """An RFC 3339 time as aware UTC; one without an offset is taken as UTC."""
    if not isinstance(value, str) or len(value) > 64:
        return None
    try:
        when = datetime.fromisoformat(value.strip())
        return when.replace(tzinfo=UTC) if when.tzinfo is None else when.astimezone(UTC)
    except (ValueError, OverflowError):
        return None
