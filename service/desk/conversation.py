"""One conversation with a feed's server in words: the work behind checking a source. Stores nothing."""

import hashlib
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, timedelta
from http import HTTPStatus

from scrapers.errors import FetchError, ScraperError
from scrapers.http import WebClient
from scrapers.overhearing import Hop
from scrapers.robots import RobotsCache
from scrapers.types import Feed, Fetched, Unchanged, Validators
from scrapers.waiting import parse_fresh_for
from scrapers.websub import find_hub
from scrapers.workers import ParserPool
from service.desk.outside import first_answer
from service.domain.faults import weigh
from service.domain.reasons import in_words
from service.pipeline.poll import FEED_TYPES

__all__ = ["conversation"]


async def conversation(
    url: str,
    web: WebClient,
    parser: ParserPool,
    tell: Callable[[str], None],
    hops: list[Hop],
    *,
    now: datetime,
    max_entries: int,
) -> Feed:
    """Tells line by line what is said, and returns the feed. ``hops``: where ``web`` notes what it overhears.

    Raises FetchError and ParseError, told as the poll would tell them, after the lines that led to them.
    """
    try:
        answer = await _first_answer(url, web, tell, hops, now)
        tell(f"body: {len(answer.body):,} bytes, unpacked")
        feed = await parser.parse_feed(
            answer.body, url=answer.url, content_type=answer.content_type, max_entries=max_entries, now=now
        )
    except ScraperError as error:
        for line in _consequences(error) if hops else ():  # else nothing was asked: no conversation
            tell(line)
        raise
    dated = sum(entry.published_at is not None for entry in feed.entries)
    tell(f"feed: {feed.title or '(no title)'}, {len(feed.entries)} items, {dated} of them dated")
    if answer.permanent_url:
        tell(f"note: it has moved for good to {answer.permanent_url}")
    for line in [
        *await _validators(url, answer, web, now),
        *_wishes(feed, parse_fresh_for(answer.headers, now)),
        *_hub(feed, answer),
        *[f"note: {note}" for note in feed.notes],
        await _robots(feed, web, now),
    ]:
        tell(line)
    return feed


async def _first_answer(
    url: str, web: WebClient, tell: Callable[[str], None], hops: Sequence[Hop], now: datetime
) -> Fetched:
    try:
        return await first_answer(web, url, accept=FEED_TYPES, now=now)
    finally:
        for line in _way(hops):
            tell(line)


def _way(hops: Sequence[Hop]) -> Iterator[str]:
    """Every request of the first fetch and the head of its answer."""
    for hop in hops:
        yield f"asked: {hop.url}"
        if hop.status is None:
            yield "answer: none"
            continue
        yield f"answer: {hop.status} {_phrase(hop.status)}".rstrip()
        for name, value in hop.fields.items():
            yield f"  {name}: {value}"


def _phrase(status: int) -> str:
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return ""


def _consequences(error: ScraperError) -> Iterator[str]:
    """What the same failure would mean for a source that is polled."""
    weight = weigh(error.code, transient=not isinstance(error, FetchError) or error.transient)
    longest = in_words(weight.longest)
    yield f'as a source: a failure of the kind "{weight.name}", polled again ever later, up to {longest}'
    if isinstance(error, FetchError) and error.retry_after is not None:
        yield f"asks for: no request before {error.retry_after:%Y-%m-%d %H:%M} UTC (Retry-After)"


async def _validators(url: str, answer: Fetched, web: WebClient, now: datetime) -> list[str]:
    """Whether a second, conditional request is answered as it should be (RFC 9110 section 13)."""
    if answer.validators == Validators():
        return ["validators: none, so each poll transfers the whole feed"]
    try:
        again = await web.fetch(url, validators=answer.validators, accept=FEED_TYPES, now=now)
    except FetchError as error:
        return [f"validators: sent back, and refused: {error}"]
    if isinstance(again, Unchanged):
        return ["validators: sent back, answered 304 (unchanged) as they should be"]
    same = hashlib.sha256(again.body).digest() == hashlib.sha256(answer.body).digest()
    said = "the same bytes" if same else "a changed feed"
    return [f"validators: sent back, answered with {said} instead of 304"]


def _wishes(feed: Feed, fresh_for: timedelta) -> Iterator[str]:
    if feed.ttl:
        yield f"asks for: {feed.ttl.total_seconds() / 60:g} minutes between polls"
    if fresh_for:
        yield f"asks for: {fresh_for.total_seconds() / 60:g} minutes, by its Cache-Control or Expires"
    if feed.skip_hours:
        yield f"asks for: no polls in the hours {', '.join(map(str, sorted(feed.skip_hours)))} (UTC)"


def _hub(feed: Feed, answer: Fetched) -> Iterator[str]:
    hub = find_hub(answer.headers, answer.url, feed)
    if hub is not None:
        yield f"hub: {hub.url} can push it; docs/polling.md tells how"


async def _robots(feed: Feed, web: WebClient, now: datetime) -> str:
    """The first article stands for all: feeds themselves are meant for robots."""
    page = next((entry.url for entry in feed.entries if entry.url), None)
    if page is None:
        return "robots.txt: not asked, for no item has an address"
    allowed = await RobotsCache(web).allowed(page, now)
    if isinstance(allowed, datetime):
        return f"robots.txt: cannot be had; pages wait until {allowed:%Y-%m-%d %H:%M} UTC"
    return f"robots.txt: {'lets' if allowed else 'does not let'} us read {page}"
