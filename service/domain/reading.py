"""What becomes of a page that was read, or could not be: the article's text, or another try.

ReadJob + (PageRead | PageFailed) + what is known of the host -> TryAgain | Reading

Which text is the article is decided in body.py.
"""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta

from scrapers.types import MAX_TEXT, ArticleText
from service.domain.body import Body, choose_body, choose_title
from service.domain.recurrence import Memory, recurring, without

__all__ = [
    "PageFailed",
    "PageRead",
    "ReadJob",
    "Reading",
    "Stored",
    "TryAgain",
    "decide_read",
    "same_title",
]

# A page that answers later is worth a short wait; news is not worth a long one: the feed's own text is at hand.
_PAUSES = (timedelta(seconds=10), timedelta(seconds=30))
_LONGEST_PAUSE = timedelta(seconds=60)
_CUT = f"only the first {MAX_TEXT:,} characters are kept and matched; what follows was left out"


@dataclass(frozen=True, slots=True)
class Stored:
    """An article as it was read before. ``due``: when it was to be read again."""

    url: str
    title: str
    text: str
    origin: str
    note: str | None
    language: str | None
    canonical_url: str | None
    image_url: str | None
    due: datetime
    recurring: tuple[tuple[int, int], ...] = ()
    cut_note: str | None = None


@dataclass(frozen=True, slots=True)
class ReadJob:
    """An article whose page is to be read, with what its feed said of it."""

    id: int
    url: str
    """Empty for an item that has no page of its own."""
    title: str
    feed_text: str
    author: str | None
    language: str | None
    published_at: datetime | None
    discovered_at: datetime
    source_id: int | None
    source: str
    source_url: str
    tags: tuple[str, ...]
    baseline: bool
    attempts: int
    lease_token: str
    stored: Stored | None = None
    """What an earlier reading left, when the page is read again."""


@dataclass(frozen=True, slots=True)
class PageRead:
    url: str
    """After redirects."""
    article: ArticleText


@dataclass(frozen=True, slots=True)
class PageFailed:
    """``reason`` is a sentence for a person."""

    reason: str
    transient: bool
    retry_after: datetime | None = None


@dataclass(frozen=True, slots=True)
class TryAgain:
    at: datetime
    reason: str


@dataclass(frozen=True, slots=True)
class Reading:
    """The article as it will be stored and matched."""

    url: str
    title: str
    text: str
    origin: str
    """Whose text it is: ``page``, ``linked-data`` (what the page states in JSON-LD) or ``feed``."""
    note: str | None
    """Why, unless the page's text was simply taken."""
    author: str | None
    language: str | None
    published_at: datetime | None
    canonical_url: str | None
    image_url: str | None
    amp_url: str | None = None
    """Where the page says that its AMP form is."""
    page_title: str = ""
    """What the page itself has for a title."""
    recurring: tuple[tuple[int, int], ...] = ()
    """Stretches of ``text`` that recur on the host's pages: kept, but not matched."""
    cut_note: str | None = None
    """What was left out of a text that is too long."""

    @property
    def own_text(self) -> str:
        """The text without what recurs on the host's pages."""
        return without(self.text, self.recurring)


def decide_read(
    job: ReadJob, result: PageRead | PageFailed, *, now: datetime, memory: Memory | None = None
) -> TryAgain | Reading:
    """The page's article if there is one; else another try soon; else the feed's own text, which says so.

    ``memory``: what is known of the host that answered.
    """
    memory = memory or Memory()
    if isinstance(result, PageFailed):
        wait = _pause(job, result, now)
        if wait is not None:
            return TryAgain(now + wait, result.reason)
        return _from_feed(job, result.reason, memory)
    article = result.article
    body = choose_body(article, job.feed_text, title=job.title, memory=memory)
    if body.origin == "feed":
        return _from_feed(job, body.note, memory, page=result)
    return _from_page(job, result, body, memory)


def _from_page(job: ReadJob, page: PageRead, body: Body, memory: Memory) -> Reading:
    article = page.article
    return Reading(
        url=page.url,
        title=choose_title(job.title, article),
        text=body.text,
        origin=body.origin,
        note=body.note,
        author=job.author or article.author,
        language=article.language or job.language,
        published_at=job.published_at or article.published_at,
        canonical_url=article.canonical_url,
        image_url=article.image_url,
        recurring=recurring(memory, body.text),
        cut_note=_CUT if (article.stated_cut if body.origin == "linked-data" else article.text_cut) else None,
    )


def same_title(one: str, other: str) -> bool:
    """Do two titles say the same, but for case, spacing and punctuation?"""
    return _words(one) == _words(other)


def _words(text: str) -> list[str]:
    return re.findall(r"\w+", text.casefold())


def _pause(job: ReadJob, result: PageFailed, now: datetime) -> timedelta | None:
    if not result.transient or job.attempts >= len(_PAUSES):
        return None
    wished = result.retry_after - now if result.retry_after else timedelta()
    if wished > _LONGEST_PAUSE:
        return None
    return max(_PAUSES[job.attempts], wished)


def _from_feed(job: ReadJob, reason: str | None, memory: Memory, *, page: PageRead | None = None) -> Reading:
    article = page.article if page else None
    return Reading(
        url=page.url if page else job.url,
        title=job.title or (article.title if article else ""),
        text=job.feed_text,
        origin="feed",
        note=reason,
        author=job.author,
        language=job.language or (article.language if article else None),
        published_at=job.published_at or (article.published_at if article else None),
        canonical_url=article.canonical_url if article else None,
        image_url=article.image_url if article else None,
        recurring=recurring(memory, job.feed_text),
        cut_note=_CUT if len(job.feed_text) >= MAX_TEXT - 1 else None,  # a cut does not leave white space at the end
    )
