"""feedparser, set up to be quick on what it is given here. The only user of it.

It neither cleans nor resolves: feed.py does both for what is kept. The rest of its cost was looked at with a profiler,
and what is changed below changes no result; ``tests/scrapers/test_interpreter.py`` compares it with feedparser as it
comes.
"""

import io
import xml.sax
from collections.abc import Mapping
from typing import Any
from xml.sax.expatreader import ExpatParser

import feedparser

from scrapers.errors import ParseError
from scrapers.scan import may_hold_base, may_hold_relative_base

__all__ = ["FEEDPARSER", "create_parser", "interpret"]

FEEDPARSER = f"feedparser {feedparser.__version__}"
_HEADERS = {"content-type": "application/xml; charset=utf-8"}
# An address that changes none that is resolved against it, nor takes up a relative base. Where a document has none,
# feedparser does not end an element's own base with the element, but goes on with it.
_WITH_BASE = _HEADERS | {"content-location": "none:"}
# What feedparser was seen to raise on documents that are not what they say.
_PARSER_FAULTS = (
    ArithmeticError, AssertionError, AttributeError, LookupError, RecursionError, TypeError, ValueError,
    xml.sax.SAXException,
)  # fmt: skip


def interpret(document: bytes) -> Mapping[str, Any]:
    """feedparser's reading of XML in UTF-8 that has been found harmless. Raises ParseError ``not-a-feed``."""
    only_absolute_bases = may_hold_base(document) and not may_hold_relative_base(document)
    try:
        parsed: Mapping[str, Any] = feedparser.parse(
            io.BytesIO(document),  # a plain string may be taken for a path
            response_headers=_WITH_BASE if only_absolute_bases else _HEADERS,
            sanitize_html=False,
            resolve_relative_uris=False,
        )
    except _PARSER_FAULTS as error:
        raise ParseError("The feed is broken in a way that nothing can be read of it.", code="not-a-feed") from error
    return parsed


class _WholeTexts(ExpatParser):
    """Python's own reader, but each text comes as one: expat cuts it at every line and reference."""

    def reset(self) -> None:
        super().reset()
        self._parser.buffer_text = True  # type: ignore[attr-defined]


def create_parser() -> ExpatParser:
    """``xml.sax`` calls it by this name."""
    return _WholeTexts()


# feedparser looks for libxml2's driver at every document, all over the disk: this module's is the one it shall use.
feedparser.api.PREFERRED_XML_PARSERS[:] = [__name__]

_OTHER_NAMES = frozenset(feedparser.FeedParserDict.keymap) | {
    "category", "enclosures", "license", "updated", "updated_parsed",
}  # fmt: skip
_slow_get = feedparser.FeedParserDict.get


def _get(found: Any, key: str, default: Any = None) -> Any:  # noqa: ANN401
    """Most keys go by no other name; feedparser asks for one at each piece of text, and looks through all names."""
    return _slow_get(found, key, default) if key in _OTHER_NAMES else dict.get(found, key, default)


def _copy(found: Any, _memo: object) -> Any:  # noqa: ANN401
    """feedparser makes a deep copy of what it knows of a text, which is flat, and of what it then clears."""
    return feedparser.FeedParserDict(found)


feedparser.FeedParserDict.get = _get
feedparser.FeedParserDict.__deepcopy__ = _copy
