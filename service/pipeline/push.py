"""Read what a hub pushed, as a poll reads a feed; what is no feed is a hint to poll.

kept body -> worker: parse, without the items that are known -> decide -> articles that are due to be read
          -> not a feed, or empty -> the source is due to be polled
"""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

import structlog

from scrapers.errors import ParseError
from scrapers.types import Feed
from scrapers.workers import ParserPool
from service.counters import Counters
from service.domain.schedule import Cadence, SourceState
from service.domain.websub import decide_push
from service.store import pushes
from service.store.engine import Database
from service.store.pushes import PushJob

__all__ = ["Push"]

log = structlog.get_logger("newsvane.push")


@dataclass(frozen=True, slots=True)
class Push:
    """The step with its tools: ``await push(job)``."""

    db: Database
    parser: ParserPool
    cadence: Cadence
    now: Callable[[], datetime]
    random: Callable[[], float]
    max_entries: int
    counters: Counters = field(default_factory=Counters)

    async def __call__(self, job: PushJob) -> bool:
        """Whether the source is to be polled for what the hub only hinted at."""
        started, hinted = time.monotonic(), False
        new = None
        if job.source is None:
            async with self.db.write() as session:
                await pushes.drop(session, job)
            outcome = "not watched any more"
        elif (feed := await self._read(job, job.source)) is None:
            async with self.db.write() as session:
                at = await pushes.record_hint(session, job, job.source, now=self.now())
            hinted = at is not None
            outcome = "a hint to poll" if at else "a hint, but the source is in trouble"
        else:
            now = self.now()
            decision = decide_push(job.source, feed, job.good_until, self.cadence, now=now, jitter=self.random())
            ms = round((time.monotonic() - started) * 1000)
            async with self.db.write() as session:
                new = await pushes.record(session, job, job.source, feed, decision, now=now, ms=ms)
            outcome = "read"
        self.counters.found(new or 0)
        log.info(
            "pushed",
            source=job.source.url if job.source else None,
            outcome=outcome,
            bytes=len(job.body),
            new=new or 0,
            ms=round((time.monotonic() - started) * 1000),
        )
        return hinted

    async def _read(self, job: PushJob, source: SourceState) -> Feed | None:
        """The pushed feed; None when there is none to be read."""
        if not job.body.strip():
            return None
        try:
            return await self.parser.parse_feed(
                job.body,
                url=job.topic,
                content_type=job.content_type,
                known=source.known,
                max_entries=self.max_entries,
                now=self.now(),
            )
        except ParseError:
            return None
