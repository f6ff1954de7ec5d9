"""What becomes of an article that was read before: when it is read again, and what is an edit.

entry of a feed -> entry_digest -> changed? -> reread_at -> page -> settle -> is_edit -> hits of the new text only
"""

import hashlib
import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from scrapers.types import FeedEntry
from service.domain.alerting import Hit
from service.domain.reading import Reading, Stored

__all__ = ["FOREIGN", "MOST_REREADS", "entry_digest", "hits_of_edit", "is_edit", "reread_at", "settle"]

MOST_REREADS = 16
"""Of one article, ever; so an article has at most as many revisions. With the waits below they reach over a week."""
FOREIGN = "its address led to a page to which other articles lead, too; it is read again"
"""The note of an article whose text was not its own."""
_LONGEST_WAIT = timedelta(days=1)
_TIDIED = 20_000
"""Characters. Every item of a feed that cannot be cut is looked at in every poll."""
_CUT = 0.5
_FROM_BEFORE = 0.6


def entry_digest(entry: FeedEntry) -> str:
    """Changes when the item's title, text or update time do; spacing does not count, but for what is very long."""
    stated = entry.updated_at.isoformat() if entry.updated_at else ""
    spaced = (
        f"{stated}\n{' '.join(entry.title.split())}\n{' '.join(entry.text[:_TIDIED].split())}{entry.text[_TIDIED:]}"
    )
    return hashlib.blake2b(spaced.encode(), digest_size=16).hexdigest()


def reread_at(*, rereads: int, read_at: datetime, now: datetime) -> datetime | None:
    """When an article whose feed says something new of it is read again; None: no more.

    Each wait is twice the one before: a feed that changes an item at every fetch costs its publisher few requests.
    """
    if rereads >= MOST_REREADS:
        return None
    return max(now, read_at + min(timedelta(minutes=2**rereads), _LONGEST_WAIT))


def settle(stored: Stored, reading: Reading) -> Reading:
    """What stands after a second reading. What was read once is not given up for less: not for the feed's summary when
    the page is gone, and not for the open part of a page that has been closed to readers since. What turned out to be
    another page's text is given up for anything."""
    if stored.note == FOREIGN:
        return reading
    if reading.origin == "feed" and (stored.origin == "page" or not reading.text):
        return _keep_text(stored, reading)
    if reading.origin == stored.origin == "page" and _is_cut(stored.text, reading.text):
        return _keep_text(stored, reading)
    return reading


def is_edit(stored: Stored, reading: Reading) -> bool:
    """Are other words said? Capitals count, for names are told by them; spacing, punctuation and what recurs on
    the host's pages do not."""
    old = replace(reading, text=stored.text, recurring=stored.recurring)
    return _words(stored.title) != _words(reading.title) or _words(old.own_text) != _words(reading.own_text)


def hits_of_edit(before: Iterable[Hit], after: Sequence[Hit]) -> list[Hit]:
    """The hits that an edit brought: rules that the old text did not meet, or not for these entities.

    ``before``: what today's rules and entities find in the old text, so that what is new in the watch list is not taken
    for news.
    """
    known = {hit.rule: set(hit.entities) for hit in before}
    found = []
    for hit in after:
        entities = tuple(entity for entity in hit.entities if entity not in known.get(hit.rule, ()))
        if entities:
            found.append(replace(hit, entities=entities))
    return found


def _keep_text(stored: Stored, reading: Reading) -> Reading:
    return replace(
        reading,
        url=stored.url,
        text=stored.text,
        origin=stored.origin,
        note=stored.note,
        language=stored.language,
        canonical_url=stored.canonical_url,
        image_url=stored.image_url,
        recurring=stored.recurring,
        cut_note=stored.cut_note,
    )


def _is_cut(old: str, new: str) -> bool:
    before, after = _words(old), _words(new)
    if len(after) >= len(before) * _CUT:
        return False
    known = set(before)
    return sum(word in known for word in after) >= len(after) * _FROM_BEFORE


def _words(text: str) -> list[str]:
    return re.findall(r"\w+", text)
