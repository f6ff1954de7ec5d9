"""Bytes -> Feed, by way of feedparser for XML.

    bytes -> decode -> JSON Feed -> without known items ------------------> drafts -> cleaned, de-duplicated -> Feed
                    -> without known items -> (tidied if need be) -> feedparser --^
                                                                  -> ParseError: what it looked like instead

CPU-bound and slow on hostile input in spite of the checks: run it in a worker (workers.py).
"""

import html
from calendar import timegm
from collections.abc import Collection, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from scrapers.documents import Outline, cut_names, declared, decode, outline, tidy_xml
from scrapers.entries import SPARE, Draft, collect
from scrapers.errors import ParseError
from scrapers.interpreter import FEEDPARSER, interpret
from scrapers.jsonfeed import read_json_feed
from scrapers.passing import pass_known_items
from scrapers.skips import read_skips
from scrapers.slicing import Sliced
from scrapers.sniffing import describe, has_feed_tag
from scrapers.text import absolute_url, clean_line, clean_text, html_to_text
from scrapers.types import MAX_TEXT, Feed

__all__ = ["parse_feed"]

# Raise it when items are read in another way: the items that a source knows are then read again.
_READING = f"1 {FEEDPARSER}"
MAX_DEPTH = 1000
MAX_ATTRIBUTES = 500
MAX_TTL = timedelta(days=30)
_ROOTS = frozenset({"rss", "feed", "rdf", "channel"})
_UNASKED_MINUTES = 60
_PERIODS = {"hourly": 1, "daily": 24, "weekly": 168, "monthly": 720, "yearly": 8760}


def parse_feed(
    body: bytes,
    *,
    url: str,
    content_type: str | None,
    known: Collection[bytes] = frozenset(),
    max_entries: int = 500,
    max_text: int = MAX_TEXT,
    now: datetime | None = None,
) -> Feed:
    """Read RSS 0.9x, 1.0 and 2.0, Atom 0.3 and 1.0, and JSON Feed 1.0 and 1.1.

    ``url``: where the body came from; relative addresses are resolved against it. ``content_type``: the HTTP field.
    ``known``: ``item_hashes`` of earlier feeds; items that have one of them are left out. ``max_entries``: items
    kept, the first ones. ``max_text``: characters kept of an item's text. ``now``: aware; dates more than a day
    after it are dropped, which ``date_note`` tells. Raises ParseError ``not-a-feed``.

    An item that repeats the id of a known one is not told from an edit of it: it comes as an entry.
    """
    text = decode(body, content_type).lstrip("\ufeff \t\r\n\x00")
    salt = f"{_READING} {url}".encode()
    if text.startswith("{"):
        return read_json_feed(
            text, url=url, known=known, salt=salt, max_entries=max_entries, max_text=max_text, now=now
        )
    document = declared(text)
    sliced = pass_known_items(document, known=known, salt=salt, max_items=max_entries)
    if sliced is None and (tidy := declared(tidy_xml(text))) != document:  # it was not well-formed; now it may be
        document = tidy
        sliced = pass_known_items(document, known=known, salt=salt, max_items=max_entries)
    seen = _seen(sliced) if sliced else outline(cut_names(document), max_entries)
    parsed = _interpret(seen, text, content_type)
    if sliced and (parsed["bozo"] or len(parsed["entries"]) != sliced.kept):
        # feedparser sees other items than we do.
        sliced = None
        seen = outline(cut_names(document), max_entries)
        parsed = _interpret(seen, text, content_type)
    entries = parsed["entries"][:max_entries]
    head = parsed["feed"]
    # Only Atom says that a text is not HTML and means it.
    literal = str(parsed["version"]).startswith("atom")
    drafts = (_draft(entry, url, max_text + SPARE, literal=literal) for entry in entries)
    collected = collect(drafts, now, max_text)
    skip_hours, skip_days = read_skips(seen.wanted)
    items = sliced.items if sliced else max(seen.items, len(parsed["entries"]))
    left_out = max(items - max_entries, 0)
    notes = list(collected.notes)
    if left_out:
        notes.append(f"{left_out} items beyond the first {max_entries} were left out.")
    if not seen.well_formed:
        notes.append("The document is not well-formed XML; what could be read was read.")
    return Feed(
        title=_title(head, literal=literal),
        site_url=absolute_url(_get(head, "link"), url),
        entries=collected.entries,
        language=clean_line(str(_get(head, "language") or ""), 35) or None,
        ttl=_ttl(head),
        skip_hours=skip_hours,
        skip_days=skip_days,
        hub_url=_link(head, "hub", url),
        self_url=_link(head, "self", url),
        dropped=collected.dropped + left_out,
        notes=tuple(notes),
        known=len(sliced.hashes) - sliced.kept if sliced else 0,
        item_hashes=sliced.hashes if sliced else (),
    )


def _seen(sliced: Sliced) -> Outline:
    """What cutting a document showed of it."""
    wanted = cut_names(sliced.document)
    return Outline(True, sliced.root, sliced.depth, sliced.attributes, sliced.items, wanted)


def _interpret(seen: Outline, text: str, content_type: str | None) -> Mapping[str, Any]:
    """feedparser's reading of a document, if that is harmless."""
    _refuse_if_no_feed(seen, text, content_type)
    parsed = interpret(seen.wanted)
    if not parsed["version"] and not parsed["entries"]:
        raise ParseError(f"This is not a feed: {describe(text, content_type)}.", code="not-a-feed")
    return parsed


def _refuse_if_no_feed(seen: Outline, text: str, content_type: str | None) -> None:
    if seen.root not in _ROOTS and (seen.well_formed or not has_feed_tag(text)):
        raise ParseError(f"This is not a feed: {describe(text, content_type)}.", code="not-a-feed")
    if seen.depth > MAX_DEPTH:
        raise ParseError(f"The feed nests its elements more than {MAX_DEPTH} deep.", code="not-a-feed")
    if seen.attributes > MAX_ATTRIBUTES:
        raise ParseError(f"The feed has more than {MAX_ATTRIBUTES} attributes on an element.", code="not-a-feed")


def _get(mapping: Any, key: str) -> Any:  # noqa: ANN401
    """A plain look-up: feedparser's own answers for other keys when one is missing."""
    return dict.get(mapping, key)


def _draft(entry: Any, base: str, max_text: int, *, literal: bool) -> Draft:  # noqa: ANN401
    guid = str(_get(entry, "id") or "")
    link = _get(entry, "link")
    # An RSS guid is a link unless it says otherwise, but many are mere numbers: those are not resolved.
    link = absolute_url(link, None if link == guid else base)
    return Draft(
        guid=guid,
        url=absolute_url(_get(entry, "feedburner_origlink"), base) or link or _alternate(entry, guid, base),
        title=_title(entry, literal=literal),
        text=_entry_text(entry, max_text, literal=literal),
        authors=_authors(entry),
        published_at=_date(_get(entry, "published_parsed")),
        updated_at=_date(_get(entry, "updated_parsed")),
        tags=(str(tag.get("label") or tag.get("term") or "") for tag in _get(entry, "tags") or ()),
    )


def _title(mapping: Any, *, literal: bool) -> str:  # noqa: ANN401
    """A title as one plain line.

    Atom says whether it is text, taken as it is (``literal``), or HTML (RFC 4287 section 3.1). RSS does not say, and
    publishers escape it once more than they should: character references left in it are decoded once.
    """
    detail = _get(mapping, "title_detail") or {}
    value = str(_get(mapping, "title") or "")
    if "html" in str(detail.get("type")):
        return clean_line(html_to_text(value, 4000))
    return clean_line(value if literal else html.unescape(value))


def _entry_text(entry: Any, max_text: int, *, literal: bool) -> str:  # noqa: ANN401
    """The longest of the full contents, else the summary, as plain text."""
    parts = [(part.get("value") or "", part.get("type") or "") for part in _get(entry, "content") or ()]
    texts = [_plain(value, kind, max_text, literal=literal) for value, kind in parts[:5]]
    best = max(texts, key=len, default="")
    if best:
        return best
    detail = _get(entry, "summary_detail") or {}
    kind = str(detail.get("type") or "text/html")
    return _plain(str(_get(entry, "summary") or ""), kind, max_text, literal=literal)


def _plain(value: str, kind: str, max_text: int, *, literal: bool) -> str:
    if "html" in kind or "xml" in kind:
        return html_to_text(value, max_text)
    return clean_text(value if literal else html.unescape(value), max_text)


def _authors(entry: Any) -> Iterator[str]:  # noqa: ANN401
    named = [str(person.get("name") or "") for person in _get(entry, "authors") or ()]
    if any(named):
        yield from named
    else:
        yield str(_get(entry, "author") or "")


def _link(mapping: Any, rel: str, base: str) -> str | None:  # noqa: ANN401
    links = _get(mapping, "links") or ()
    return next(
        (found for link in links if link.get("rel") == rel and (found := absolute_url(link.get("href"), base))), None
    )


def _alternate(entry: Any, guid: str, base: str) -> str | None:  # noqa: ANN401
    found = _link(entry, "alternate", base)
    return None if found == absolute_url(guid, base) and absolute_url(guid) is None else found


def _date(value: Any) -> datetime | None:  # noqa: ANN401
    try:
        return datetime.fromtimestamp(timegm(value), UTC) if value else None
    except (ValueError, OverflowError, OSError, TypeError):
        return None


def _ttl(head: Any) -> timedelta | None:  # noqa: ANN401
    """``ttl`` in minutes (RSS 2.0), else sy:updatePeriod over sy:updateFrequency; at most thirty days.

    "Hourly, once" is what the most widespread blog software writes into every feed unasked: it says nothing of a
    publisher's wish, and would make news an hour old.
    """
    minutes = _positive(_get(head, "ttl"))
    if minutes is None:
        hours = _PERIODS.get(str(_get(head, "sy_updateperiod") or "").strip().lower())
        minutes = hours * 60 / (_positive(_get(head, "sy_updatefrequency")) or 1) if hours else None
        minutes = None if minutes == _UNASKED_MINUTES else minutes
    return min(timedelta(minutes=minutes), MAX_TTL) if minutes else None


def _positive(value: object) -> float | None:
    text = str(value or "").strip()
    return float(min(int(text[:9]), 10_000_000)) or None if text.isascii() and text.isdecimal() else None
