"""What becomes of a page that was read, or could not be: the article's text, or another try.

ReadJob + (PageRead | PageFailed) -> TryAgain | Reading
"""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta

from scrapers.types import ArticleText

__all__ = ["PageFailed", "PageRead", "ReadJob", "Reading", "TryAgain", "decide_read", "same_title"]

# A page that answers later is worth a short wait; news is not worth a long one: the feed's own text is at hand.
_PAUSES = (timedelta(seconds=10), timedelta(seconds=30))
_LONGEST_PAUSE = timedelta(seconds=60)


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
    """``page`` or ``feed``."""
    note: str | None
    """Why the feed's own text had to do."""
    author: str | None
    language: str | None
    published_at: datetime | None
    canonical_url: str | None
    image_url: str | None


def decide_read(job: ReadJob, result: PageRead | PageFailed, *, now: datetime) -> TryAgain | Reading:
    """The page's article if there is one; else another try soon; else the feed's own text, which says so."""
    if isinstance(result, PageFailed):
        wait = _pause(job, result, now)
        if wait is not None:
            return TryAgain(now + wait, result.reason)
        return _from_feed(job, result.reason)
    article = result.article
    if _is_stub(article.text, job.feed_text):
        return _from_feed(job, "the page shows less of the article than its feed does", page=result)
    return Reading(
        url=result.url,
        title=job.title or article.title,
        text=article.text,
        origin="page",
        note=None,
        author=job.author or article.author,
        language=article.language or job.language,
        published_at=job.published_at or article.published_at,
        canonical_url=article.canonical_url,
        image_url=article.image_url,
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


def _is_stub(page_text: str, feed_text: str) -> bool:
    return len(page_text) * 2 < len(feed_text)


def _from_feed(job: ReadJob, reason: str, *, page: PageRead | None = None) -> Reading:
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
    )
