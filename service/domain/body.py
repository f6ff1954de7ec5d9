"""Which text is the article: the one read off its page, the one its page states (JSON-LD), or its feed's.

    ArticleText + the feed's text + what is known of the host -> Body, with the reason

docs/reading.md has the rule in words. Lengths are letters, white space not counted.
"""

import re
from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from scrapers.types import ArticleText
from service.domain.recurrence import Memory, recurring, stands_elsewhere

__all__ = ["Body", "choose_body", "choose_title", "speaks_of"]

_LEAST_STATED = 200
_CJK = "\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af"
_TOKEN = re.compile(rf"[{_CJK}]|[^\W_{_CJK}]+")
_MOST_READ = 25_000
"""Characters that are compared: eight pages. It is done on the event loop."""
_RUN = 4
Run = tuple[str, ...]
_TAIL = 20
_SPEAKS = 0.4
_RECURS = 0.8
_CUT = re.compile(r"(?:\.{3,}|…|\[…\]|\[\.\.\.\])\s*$")
_SENTENCE_END = re.compile(r"[.!?。！？][\"'”’»«)\]」』]*$")


@dataclass(frozen=True, slots=True)
class Body:
    """``origin``: ``page``, ``linked-data`` or ``feed``. ``note``: why, unless the page's text was simply taken."""

    text: str
    origin: str
    note: str | None = None


def choose_body(article: ArticleText, feed_text: str, *, title: str, memory: Memory | None = None) -> Body:
    """``title``: the feed's, which tells whether the page is about the article at all; may be empty. ``memory``: of
    the page's host. The text is empty only when nothing of the article is to be had."""
    asks = _no_article(article, feed_text, title, memory or Memory())
    read = "" if asks else article.text
    stated = article.stated_text if _is_usable(article, read, title) else ""
    page = _of_page(read, stated)
    if asks and not page.text:
        return Body(feed_text, "feed", asks)
    return _with_feed(page, feed_text, free=article.free)


def choose_title(feed_title: str, page: ArticleText) -> str:
    """The feed's title, which is the news as the publisher announces it; the page's where the feed has none, cuts it
    off ("... ser…"), or puts the site's name behind it, as aggregators do."""
    start = feed_title.rstrip(" .…").casefold()
    own = page.title.casefold()
    if not own or (start and own == start):
        return feed_title or page.title
    cut = feed_title.endswith(("...", "…")) and len(own) > len(start) and own.startswith(start)
    name = (page.site_name or "").casefold()
    named = bool(name) and re.fullmatch(rf"{re.escape(own)}\s+[|\-–—·:»]\s+{re.escape(name)}", start) is not None
    return page.title if not start or cut or named else feed_title


def speaks_of(title: str, text: str) -> bool:
    """Whether two fifths of the title's words (weighed by their length; of scripts without spaces: pairs of
    characters) stand in ``text``. True of a title without words, which cannot tell."""
    words = set(_words(title))
    if not words:
        return True
    there = words & set(_words(text))
    return sum(map(len, there)) >= _SPEAKS * sum(map(len, words))


def _no_article(article: ArticleText, feed_text: str, title: str, memory: Memory) -> str | None:
    """Why the text read off the page is no article's, if it is not. Told by its structure and by where else it stands,
    never by its phrases; a text that speaks of the feed's title is believed."""
    text = article.text
    speaks = bool(title) and speaks_of(title, text)
    if article.only_asks and (not speaks or _letters(text) < 3 * _letters(feed_text)):
        return "the page is a dialog or form that asks the visitor for something"
    if not text or speaks:
        return None
    if stands_elsewhere(memory, title, text):
        return "the page shows the same text as other addresses of its site"
    stretches = recurring(memory, text)
    if _RECURS * _letters(text) <= sum(_letters(text[start:end]) for start, end in stretches):
        return "the page shows only lines that recur on this host's pages"
    return None


def _is_usable(article: ArticleText, read: str, title: str) -> bool:
    """A stated body that is long enough to be one, and about this article."""
    stated = article.stated_text
    if _letters(stated) < _LEAST_STATED:
        return False
    return (bool(read) and _covers(stated, read) >= _SPEAKS) or speaks_of(title or article.title, stated)


def _of_page(read: str, stated: str) -> Body:
    if not stated:
        return Body(read, "page")
    if not read:
        return Body(stated, "linked-data", "only the page's own data (JSON-LD) has the article's text")
    if _letters(stated) > 1.5 * _letters(read):
        return Body(stated, "linked-data", "the page's own data (JSON-LD) has more of the article than the page shows")
    tail = stated[-_TAIL:]
    whole = _SENTENCE_END.search(tail) is not None and _CUT.search(tail) is None
    if (
        whole
        and len(read) <= _MOST_READ
        and _letters(stated) >= 0.5 * _letters(read)
        and _covers(stated, read) >= _RECURS
    ):
        kept = _within(read, stated)
        if kept != read:
            return Body(kept, "page", "without the lines around the body that the page's own data (JSON-LD) states")
    return Body(read, "page")


def _with_feed(page: Body, feed_text: str, *, free: bool | None) -> Body:
    here, there = _letters(page.text), _letters(feed_text)
    if free is False and here < there:
        return Body(
            feed_text, "feed", "the page says that it is not free to read, and its feed has more of the article"
        )
    if here * 2 < there:
        return Body(feed_text, "feed", "the page shows less of the article than its feed does")
    if here * 1.2 < there and _covers(page.text, feed_text) >= _RECURS:
        return Body(feed_text, "feed", "the feed has all of the page's text and more")
    if free is False and page.note is None:
        return Body(page.text, page.origin, "the page says that it is not free to read: this may be a part of it")
    return page


def _within(read: str, stated: str) -> str:
    """``read`` without what follows the last line of the stated body, and without what precedes its first but is no
    sentence (a byline, a share bar): an introduction is often not stated."""
    lines = read.split("\n")
    known = _runs(stated)
    inside = [n for n, line in enumerate(lines) if (own := _runs_of_line(line)) and _share(own, known) >= _RECURS]
    if not inside:
        return read
    last = inside[-1]
    said = " ".join(_tokens(stated))
    while last + 1 < len(lines) and len(few := _tokens(lines[last + 1])) < _RUN and " ".join(few) in said:
        last += 1  # too short to be told by its runs: "No word yet."
    before = [line for line in lines[: inside[0]] if _SENTENCE_END.search(line[-_TAIL:])]
    return "\n".join([*before, *lines[inside[0] : last + 1]])


def _covers(part: str, whole: str) -> float:
    """The share of the runs of four words of ``part`` that stand in ``whole``."""
    return _share(_runs(part), _runs(whole))


def _share(part: AbstractSet[Run], whole: AbstractSet[Run]) -> float:
    return len(part & whole) / len(part) if part else 0.0


@lru_cache(maxsize=4)
def _runs(text: str) -> AbstractSet[Run]:
    """Of a whole text; one choice asks for those of the same three texts again and again."""
    return _runs_of_line(text)


def _runs_of_line(text: str) -> AbstractSet[Run]:
    tokens = _tokens(text)
    return frozenset(zip(*(tokens[n:] for n in range(_RUN)), strict=False))


def _words(text: str) -> list[str]:
    tokens = _tokens(text)
    pairs = [one + other for one, other in pairwise(tokens) if _is_cjk(one) and _is_cjk(other)]
    return pairs + [token for token in tokens if len(token) > 1]


def _is_cjk(token: str) -> bool:
    return len(token) == 1 and "\u3040" <= token <= "\ud7af"


def _tokens(text: str) -> Sequence[str]:
    return _TOKEN.findall(text[:_MOST_READ].casefold())


def _letters(text: str) -> int:
    return len(text) - text.count(" ") - text.count("\n")
