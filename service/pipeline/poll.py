"""Poll one source: fetch its feed, keep what is new, say when to come again."""

import hashlib
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

import structlog

from scrapers.errors import FetchError, ParseError
from scrapers.http import WebClient
from scrapers.types import Unchanged
from scrapers.workers import ParserPool
from service.domain.schedule import Cadence, Failed, Fresh, PollResult, Same, SourceState, decide_poll
from service.store import sources
from service.store.engine import Database

__all__ = ["FEED_TYPES", "Poll"]

FEED_TYPES = (
    "application/atom+xml, application/rss+xml, application/feed+json, application/rdf+xml, "
    "application/xml;q=0.9, text/xml;q=0.9, application/json;q=0.8, */*;q=0.5"
)
log = structlog.get_logger("newsvane.poll")


@dataclass(frozen=True, slots=True)
class Poll:
    """The step with its tools: ``await poll(source)``."""

    db: Database
    web: WebClient
    parser: ParserPool
    cadence: Cadence
    now: Callable[[], datetime]
    random: Callable[[], float]
    max_entries: int

    async def __call__(self, source: SourceState) -> PollResult:
        started = time.monotonic()
        result = await self._visit(source)
        now = self.now()
        decision = decide_poll(source, result, self.cadence, now=now, jitter=self.random())
        milliseconds = round((time.monotonic() - started) * 1000)
        async with self.db.write() as session:
            new = await sources.record_poll(session, source, result, decision, now=now, milliseconds=milliseconds)
        outcome = "lost claim" if new is None else decision.status
        log.info(
            "polled",
            source=source.url,
            outcome=outcome,
            changed=isinstance(result, Fresh),
            new=new or 0,
            error=decision.error,
            next_poll_at=decision.next_poll_at,
            ms=milliseconds,
        )
        return result

    async def _visit(self, source: SourceState) -> PollResult:
        try:
            answer = await self.web.fetch(source.url, validators=source.validators, accept=FEED_TYPES, now=self.now())
            if isinstance(answer, Unchanged):
                return Same(None, 0, answer.permanent_url)
            body_hash = hashlib.blake2b(answer.body, digest_size=16).hexdigest()
            if body_hash == source.body_hash:
                return Same(answer.validators, len(answer.body), answer.permanent_url)
            feed = await self.parser.parse_feed(
                answer.body,
                url=answer.url,
                content_type=answer.content_type,
                max_entries=self.max_entries,
                now=self.now(),
            )
            return Fresh(feed, answer.validators, body_hash, len(answer.body), answer.permanent_url)
        except FetchError as error:
            return Failed(str(error), error.code, error.transient, error.status, error.retry_after)
        except ParseError as error:
            return Failed(str(error), error.code, transient=True, status=None, retry_after=None)
