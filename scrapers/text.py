"""Markup and raw text -> the plain Unicode that every other part relies on.

html -> html_to_text -> clean_text (paragraphs)     str -> clean_line (one line)     link -> absolute_url
"""

import html
import re
from collections.abc import Mapping
from urllib.parse import urljoin, urlsplit

from lxml import etree

__all__ = ["absolute_url", "clean_line", "clean_text", "html_to_text", "printable", "strip_tags"]

MAX_URL = 4000

# What would hide in a text, break a terminal or be refused by a database: C0 and C1 controls, lone surrogates,
# noncharacters, soft hyphen, zero-width space and byte order mark, direction marks, overrides and isolates, tag
# characters. The joiners U+200C and U+200D stay: Persian and Indic scripts need them.
_UNWANTED = re.compile(
    "[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\u00ad\u061c\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f"
    "\ud800-\udfff\ufdd0-\ufdef\ufeff\ufff9-\ufffb\ufffe\uffff\U000e0000-\U000e007f]"
)
_LINE_BREAKS = re.compile(r"\r\n?|[\n\x0b\x0c\x1c-\x1e\x85\u2028\u2029]")
_TAG = re.compile(r"<[^<>]*>")

_DROPPED = frozenset(
    "head iframe math noembed noframes noscript object script select style svg template title".split()  # noqa: SIM905
)
_BLOCKS = frozenset(
    (  # noqa: SIM905
        "address article aside blockquote body br caption dd details div dl dt fieldset figcaption figure footer form "
        "h1 h2 h3 h4 h5 h6 header hr li main nav ol option p pre section summary table tbody td tfoot th thead tr ul"
    ).split()
)


def printable(text: str) -> str:
    """The text without control, invisible and direction characters; line breaks become ``\\n``."""
    if text.isprintable():  # neither has a character of its own class, nor is it anything but a space
        return text
    return _UNWANTED.sub("", _LINE_BREAKS.sub("\n", text))


def clean_line(text: str, max_chars: int = 1000) -> str:
    """One line: white space runs become one space."""
    return " ".join(printable(text[: max_chars * 8]).split())[:max_chars].rstrip()


def clean_text(text: str, max_chars: int) -> str:
    """Paragraphs separated by one ``\\n``, none of them empty, at most ``max_chars`` long."""
    lines = (" ".join(line.split()) for line in printable(text).split("\n"))
    return "\n".join(filter(None, lines))[:max_chars].rstrip()


class _TextCollector:
    """Target of lxml's parser: sees tags and data go by, builds no tree (so depth costs nothing)."""

    def __init__(self) -> None:
        self.pieces: list[str] = []
        self._dropped: list[str] = []

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        if tag in _DROPPED:
            self._dropped.append(tag)
        elif tag in _BLOCKS:
            self.pieces.append("\n")

    def end(self, tag: str) -> None:
        if self._dropped and self._dropped[-1] == tag:
            self._dropped.pop()
        elif tag in _BLOCKS:
            self.pieces.append("\n")

    def data(self, data: str) -> None:
        if not self._dropped:
            # A line break in the markup is only a space (HTML 4.01 section 9.1).
            self.pieces.append(data.replace("\n", " "))

    def comment(self, text: str) -> None:
        """Comments are no text."""

    def close(self) -> str:
        return "".join(self.pieces)


def html_to_text(markup: str, max_chars: int) -> str:
    """The text a reader sees, as ``clean_text``: scripts, styles and comments dropped, blocks as paragraphs."""
    if "<" not in markup:
        return clean_text(html.unescape(markup).replace("\n", " "), max_chars)
    parser = etree.HTMLParser(target=_TextCollector(), huge_tree=True)
    try:
        parser.feed(f"<body>{_UNWANTED.sub('', markup)}")
        text = clean_text(str(parser.close()), max_chars)
    except (etree.LxmlError, ValueError):
        text = ""
    # The parser gives up without a word on some hostile markup; text is better than nothing.
    return text or clean_text(strip_tags(markup), max_chars)


def strip_tags(markup: str) -> str:
    """Crude but sure: without tags, character references decoded once."""
    return html.unescape(_TAG.sub(" ", markup))


def absolute_url(value: object, base: str | None = None) -> str | None:
    """``value`` as an absolute http(s) address with a host, resolved against ``base``; None for everything else.

    White space and control characters are removed or escaped as browsers do (WHATWG URL section 4.4).
    """
    if not isinstance(value, str):
        return None
    text = printable(value).strip().replace("\n", "").replace("\t", "").replace(" ", "%20")
    if not text or len(text) > MAX_URL:
        return None
    try:
        url = urljoin(base, text) if base else text
        parts = urlsplit(url)
        valid = parts.scheme in ("http", "https") and bool(parts.hostname) and (parts.port or 1) > 0
    except ValueError:
        return None
    return url if valid and not parts.username and not parts.password else None
