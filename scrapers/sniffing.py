"""Whether a document may be a feed, and what one that is none looked like, in words for who gave its address."""

import re

from scrapers.documents import decode
from scrapers.text import clean_line, strip_tags

__all__ = ["describe", "has_feed_tag", "html_title", "may_be_feed"]

_TITLE = re.compile(r"<title\b[^<>]{0,300}>([^<]{0,500})", re.IGNORECASE)
_FEED_TAG = re.compile(r"<(?:\w+:)?(?:rss|feed|rdf)\b", re.IGNORECASE)
_START = 5000
_MAGIC = (("%PDF-", "a PDF file"), ("\x89PNG", "an image"), ("GIF8", "an image"), ("PK\x03\x04", "a ZIP archive"))


def has_feed_tag(text: str) -> bool:
    """Whether a feed's outermost tag stands near the start."""
    return _FEED_TAG.search(text[:_START]) is not None


def may_be_feed(body: bytes, content_type: str | None) -> bool:
    """Whether it is worth reading as a feed, whatever its type is said to be."""
    text = decode(body[: 4 * _START], content_type).lstrip("\ufeff \t\r\n\x00")
    return text.startswith("{") or has_feed_tag(text)


def html_title(text: str) -> str:
    """The page's title as one plain line; empty when it has none."""
    match = _TITLE.search(text[:200_000])
    return clean_line(strip_tags(match[1]), 200) if match else ""


def describe(text: str, content_type: str | None) -> str:
    """A noun phrase: ``an HTML page titled "News"``, ``an empty answer``, ``a PDF file``."""
    start = text[:5000].lstrip().lower()
    kind = clean_line((content_type or "").partition(";")[0], 80).lower()
    if not start:
        return "an empty answer"
    for magic, name in _MAGIC:
        if text[:10].startswith(magic) or (kind == "application/pdf" and magic == "%PDF-"):
            return name
    if kind.startswith(("image/", "audio/", "video/")):
        return f"{kind.partition('/')[0]} data ({kind})"
    if "<html" in start or start.startswith("<!doctype html") or "<body" in start or "<head" in start:
        title = html_title(text)
        return f'an HTML page titled "{title}"' if title else "an HTML page without a title"
    if root := re.search(r"<([A-Za-z_][\w.:-]{0,60})", start):
        return f"XML with the root element <{root[1]}>"
    return f"text of the type {kind}" if kind else "plain text"
