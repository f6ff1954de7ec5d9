"""What a document that is no feed looked like, in words for the person who gave its address."""

import re

from scrapers.text import clean_line, strip_tags

__all__ = ["describe", "html_title"]

_TITLE = re.compile(r"<title\b[^<>]{0,300}>([^<]{0,500})", re.IGNORECASE)
_MAGIC = (("%PDF-", "a PDF file"), ("\x89PNG", "an image"), ("GIF8", "an image"), ("PK\x03\x04", "a ZIP archive"))


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
