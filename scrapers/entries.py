"""Items of a feed, whatever its format: identified, de-duplicated, their dates and names checked."""

import hashlib
import html
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from scrapers.text import clean_line
from scrapers.types import FeedEntry

__all__ = ["SPARE", "Collected", "Draft", "collect"]

EARLIEST = datetime(1990, 1, 1, tzinfo=UTC)
MAX_AHEAD = timedelta(days=1)
SPARE = 2
"""Clean text never ends in two white spaces, so that this many more characters always show that there is more."""
_MAX_GUID = 1000
_MAX_TAGS = 30


@dataclass(slots=True)
class Draft:
    """An item whose texts are clean, but which is not yet identified."""

    guid: str
    url: str | None
    title: str
    text: str
    authors: Iterable[str]
    published_at: datetime | None
    updated_at: datetime | None
    tags: Iterable[str]


@dataclass(frozen=True, slots=True)
class Collected:
    entries: tuple[FeedEntry, ...]
    dropped: int
    notes: tuple[str, ...]


def collect(drafts: Iterable[Draft], now: datetime | None, max_text: int) -> Collected:
    """Identify the items; of those with the same id the first is kept, empty ones are left out.

    ``max_text``: characters kept of a text. Drafts come with up to ``SPARE`` more, so that a cut is seen and told.
    """
    entries: dict[str, FeedEntry] = {}
    repeated = empty = cut = 0
    for draft in drafts:
        guid = clean_line(draft.guid, _MAX_GUID * 8)
        if not (guid or draft.url or draft.title or draft.text):
            empty += 1
            continue
        if len(guid) > _MAX_GUID:
            guid = _digest(guid)
        guid = guid or draft.url or _digest(f"{draft.title}\n{draft.text}")
        if guid in entries:
            repeated += 1
            continue
        cut += len(draft.text) > max_text
        entries[guid] = FeedEntry(
            guid=guid,
            url=draft.url,
            title=draft.title,
            text=draft.text[:max_text].rstrip(),
            author=clean_line(", ".join(_unique(draft.authors, 5)), 200) or None,
            published_at=_sane(draft.published_at, now),
            updated_at=_sane(draft.updated_at, now),
            tags=tuple(_unique(draft.tags, _MAX_TAGS)),
            date_note=_date_note(draft.published_at or draft.updated_at, now),
        )
    notes = []
    if repeated:
        notes.append(f"{repeated} items repeat the id of an earlier one and were left out.")
    if empty:
        notes.append(f"{empty} items are empty and were left out.")
    if cut:
        notes.append(f"{cut} items have a text of more than {max_text:,} characters, which was cut.")
    return Collected(tuple(entries.values()), repeated + empty, tuple(notes))


def _digest(text: str) -> str:
    return "sha256:" + hashlib.sha256(text.encode()).hexdigest()


def _sane(when: datetime | None, now: datetime | None) -> datetime | None:
    if when is None or when < EARLIEST or (now is not None and when > now + MAX_AHEAD):
        return None
    return when


def _date_note(stated: datetime | None, now: datetime | None) -> str | None:
    if stated is None or _sane(stated, now) is not None:
        return None
    return f"its feed dates it {stated:%Y-%m-%d}, which cannot be; first seen counts"


def _unique(texts: Iterable[str], limit: int) -> list[str]:
    cleaned = (clean_line(html.unescape(text[:1000]), 100) for text in texts)
    return list(dict.fromkeys(text for text in cleaned if text))[:limit]
