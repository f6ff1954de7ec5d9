"""What a page says of its own article in JSON-LD (https://schema.org/Article): texts of ``script`` -> LinkedArticle.

    scripts -> json (refused when too long or too deep) -> its objects, a bounded number -> those that are articles
            -> the one that is this page's -> cleaned -> LinkedArticle

Nothing here is believed because it is stated: the body may be cut, written as HTML or be another article's.
"""

import html
import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import islice
from typing import Any
from urllib.parse import urlsplit

from scrapers.text import absolute_url, clean_line, clean_text, html_to_text

__all__ = ["LinkedArticle", "moment", "read_linked_data"]

_MOST_SCRIPTS = 20
_MOST_CHARS = 1_000_000
"""Of one script; a longer one is not looked at."""
_MOST_OBJECTS = 3000
_MOST_ARTICLES = 50
"""Of one script."""
_MOST_TOGETHER = 5
"""Descriptions of the page's article that are put together."""
_DEEPEST = 12
_MOST_NAMES = 10
_BODY_TYPES = frozenset({"liveblogposting", "socialmediaposting", "blogposting", "report", "techarticle"})
_ELSEWHERE = frozenset(
    (  # noqa: SIM905
        "itemlistelement relatedlink mentions citation ispartof haspart comment review author publisher about "
        "isbasedon subjectof video audio liveblogupdate breadcrumb potentialaction"
    ).split()
)
"""Properties (lower case) whose articles are not the page's own."""
_ESCAPED_TAG = re.compile(r"&lt;/?(?:p|br|div|a|strong|em|h[1-6]|ul|li|span|figure|img)\b", re.IGNORECASE)
_TAG = re.compile(r"</?(?:p|br|div|a|strong|em|b|i|h[1-6]|ul|ol|li|span|figure|img|blockquote)\b[^<>]*>", re.IGNORECASE)
_OPENINGS = ("//", "<!--", "<![CDATA[")
_CLOSINGS = ("-->", "]]>", "//", ";")
_TRUE, _FALSE = frozenset({"true", "1", "yes"}), frozenset({"false", "0", "no"})
_LANGUAGE = re.compile(r"([A-Za-z]{2})(?:[-_]\w{2,8})*")


@dataclass(frozen=True, slots=True)
class LinkedArticle:
    """One article as its page describes it. ``body`` is plain text, may be empty, and may be cut off."""

    body: str = ""
    headline: str = ""
    author: str | None = None
    published_at: datetime | None = None
    modified_at: datetime | None = None
    language: str | None = None
    image_url: str | None = None
    free: bool | None = None
    """``isAccessibleForFree`` of the article, or False when a part of it is stated not to be."""


def read_linked_data(
    scripts: Sequence[str], *, addresses: Iterable[str | None], titles: Iterable[str | None], base: str, max_text: int
) -> LinkedArticle | None:
    """The page's own article. Never raises; time is linear in the length of the scripts.

    ``addresses`` and ``titles``: the page's own, to tell it from other articles that the page lists. Where several
    articles are described and none agrees with them, none is taken.
    """
    found = [node for text in scripts[:_MOST_SCRIPTS] for node in islice(_articles(_parsed(text)), _MOST_ARTICLES)]
    own = {_place(address) for address in addresses if address}
    called = {_said(title) for title in titles if title}
    agreeing = [node for node in found if own & {_place(address) for address in _addresses(node, base)}]
    agreeing = agreeing or [node for node in found if _said(_text(_get(node, "headline", "name"))) in called]
    chosen = agreeing or (found if len(found) == 1 else [])
    return _described(chosen[:_MOST_TOGETHER], base, max_text) if chosen else None


def moment(value: object) -> datetime | None:
    """An ISO 8601 time in UTC; one without a zone is taken as UTC."""
    if not isinstance(value, str):
        return None
    try:
        when = datetime.fromisoformat(value.strip()[:40])
        return when.replace(tzinfo=UTC) if when.tzinfo is None else when.astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def _parsed(text: str) -> Any:  # noqa: ANN401 - whatever the JSON is
    if len(text) > _MOST_CHARS:
        return None
    try:
        return json.loads(_unwrapped(text), strict=False)
    except (ValueError, RecursionError):
        return None


def _unwrapped(text: str) -> str:
    """Without the comment or CDATA marks in which old pages hide scripts."""
    text = text.strip()
    for mark in (*_OPENINGS, *_OPENINGS):
        text = text.removeprefix(mark).lstrip()
    for mark in (*_CLOSINGS, *_CLOSINGS):
        text = text.removesuffix(mark).rstrip()
    return text


def _articles(data: Any) -> Iterator[Mapping[str, Any]]:  # noqa: ANN401 - whatever the JSON is
    """The articles among the objects of ``data``, outermost first, in document order."""
    level: list[Any] = [data]
    seen = 0
    for _ in range(_DEEPEST):
        below: list[Any] = []
        for node in level:
            seen += 1
            if seen > _MOST_OBJECTS:
                return
            if isinstance(node, list):
                below.extend(node[:_MOST_OBJECTS])
            elif isinstance(node, dict):
                if _is_article(node):
                    yield node
                inner = (value for key, value in node.items() if str(key).lower() not in _ELSEWHERE)
                below.extend(value for value in inner if isinstance(value, dict | list))
        level = below[:_MOST_OBJECTS]


def _is_article(node: Mapping[str, Any]) -> bool:
    kinds = node.get("@type") or node.get("type") or ()
    names = (kinds,) if isinstance(kinds, str) else kinds if isinstance(kinds, list) else ()
    plain = [name.rpartition("/")[2].lower() for name in names[:_MOST_NAMES] if isinstance(name, str)]
    return any(name.endswith("article") or name in _BODY_TYPES for name in plain)


def _described(nodes: Sequence[Mapping[str, Any]], base: str, max_text: int) -> LinkedArticle:
    """What the nodes say together: a page may describe its article in two scripts; the first to say a thing counts."""

    def first(*names: str) -> Any:  # noqa: ANN401 - whatever the JSON is
        return next((value for node in nodes if (value := _get(node, *names)) not in (None, "", [], {})), None)

    language = _LANGUAGE.fullmatch(_text(first("inLanguage")).strip()[:40])
    free = [value for node in nodes for value in _free(node)]
    return LinkedArticle(
        body=max((_body(_get(node, "articleBody", "text"), max_text) for node in nodes), key=len),
        headline=clean_line(html.unescape(_text(first("headline", "name")))),
        author=clean_line(", ".join(dict.fromkeys(_names(first("author", "creator")))), 200) or None,
        published_at=moment(first("datePublished", "dateCreated")),
        modified_at=moment(first("dateModified")),
        language=language[1].lower() if language else None,
        image_url=next(
            (found for url in _urls(first("image", "thumbnailUrl")) if (found := absolute_url(url, base))), None
        ),
        free=None if not free else all(free),
    )


def _get(node: Mapping[str, Any], *names: str) -> Any:  # noqa: ANN401 - whatever the JSON is
    return next((node[name] for name in names if node.get(name) not in (None, "", [], {})), None)


def _text(value: Any) -> str:  # noqa: ANN401 - whatever the JSON is
    """A text, also where it is written as a list of one or as {"@value": ...} or {"name": ...}."""
    for _ in range(3):
        if isinstance(value, list):
            value = value[0] if value else ""
        elif isinstance(value, dict):
            value = _get(value, "@value", "name", "alternateName") or ""
    return value if isinstance(value, str) else ""


def _body(value: Any, max_text: int) -> str:  # noqa: ANN401 - whatever the JSON is
    if isinstance(value, list):
        value = "\n".join(part for part in value[:_MOST_OBJECTS] if isinstance(part, str))
    if not isinstance(value, str):
        return ""
    value = value[: max_text * 4]
    if _ESCAPED_TAG.search(value):
        value = html.unescape(value)
    if _TAG.search(value):
        return html_to_text(value, max_text)
    return clean_text(html.unescape(value), max_text)


def _names(value: Any) -> Iterator[str]:  # noqa: ANN401 - whatever the JSON is
    for one in (value if isinstance(value, list) else [value])[:_MOST_NAMES]:
        name = clean_line(html.unescape(_text(one)), 100)
        if name and "://" not in name:
            yield name


def _urls(value: Any) -> Iterator[Any]:  # noqa: ANN401 - whatever the JSON is
    for one in (value if isinstance(value, list) else [value])[:_MOST_NAMES]:
        yield _get(one, "url", "contentUrl", "@id") if isinstance(one, dict) else one


def _free(node: Mapping[str, Any]) -> Iterator[bool]:
    """What is said of free access, of the article and of its parts (``hasPart`` with a ``cssSelector``)."""
    parts = node.get("hasPart")
    for one in [node, *(parts if isinstance(parts, list) else [parts])[:_MOST_NAMES]]:
        if not isinstance(one, dict) or (one is not node and "cssSelector" not in one):
            continue
        stated = str(_text(value) or value).rpartition("/")[2].lower() if (value := _get_flag(one)) is not None else ""
        if stated in _TRUE | _FALSE:
            yield stated in _TRUE


def _get_flag(node: Mapping[str, Any]) -> Any:  # noqa: ANN401 - whatever the JSON is
    return node.get("isAccessibleForFree", node.get("isAccessibleForfree"))


def _addresses(node: Mapping[str, Any], base: str) -> Iterator[str]:
    for name in ("url", "mainEntityOfPage", "@id"):
        for one in _urls(node.get(name)):
            if url := absolute_url(one, base):
                yield url


def _place(url: str) -> str:
    """An address without what does not tell pages of one site apart here; never that of a front page."""
    parts = urlsplit(url)
    path = parts.path.rstrip("/")
    return f"{(parts.hostname or '').removeprefix('www.')}{path}" if path or parts.query else url


def _said(title: str) -> str:
    return " ".join(re.findall(r"\w+", html.unescape(title).casefold()))
