"""The steps over one database, at a time that the test sets."""

import asyncio
from collections.abc import Callable
from datetime import datetime, timedelta

from scrapers.http import WebClient
from scrapers.robots import RobotsCache
from scrapers.workers import ParserPool
from service.domain.model import ChannelSpec
from service.domain.reading import ReadJob
from service.domain.schedule import PollResult
from service.notify import Channel, SmtpSettings, build_channel
from service.pipeline.compose import Compose
from service.pipeline.deliver import Deliver
from service.pipeline.measure import Measure
from service.pipeline.poll import Poll
from service.pipeline.read import Read
from service.pipeline.recorder import Recorder
from service.pipeline.watch import WatchSource
from service.store import deliveries, episodes, sources, waiting
from service.store.engine import Database
from tests.store.steps import CADENCE, NOW, claim_articles, counted_ids, lease

MOST_POLLS = 100


class Tools:
    """``now`` is the clock of every step."""

    def __init__(self, db: Database, web: WebClient, parser: ParserPool) -> None:
        self.db, self.web, self.parser = db, web, parser
        self.now = NOW
        self.new_id = counted_ids()
        self.summarise = True
        self.environment: dict[str, str] = {}
        self.smtp: SmtpSettings | None = None
        self.watch = WatchSource(db)
        self.robots = RobotsCache(web)

    def clock(self) -> datetime:
        return self.now

    def later(self, **time: float) -> None:
        self.now += timedelta(**time)

    def poll_step(self, new_secret: Callable[[], str] | None = None) -> Poll:
        return Poll(
            self.db, self.web, self.parser, CADENCE, self.clock, lambda: 0.0, max_entries=50, new_secret=new_secret
        )

    def read_step(self) -> Read:
        return Read(
            self.db, self.web, self.robots, self.parser, self.watch, self.clock, lambda: self.new_id(), self.summarise
        )

    async def poll(self, step: Poll | None = None) -> list[PollResult]:
        """Poll what is due. A step remembers who answered; without one, nobody has."""
        due = await sources.claim_due(self.db, limit=MOST_POLLS, now=self.now, lease=lease(self.now))
        step = step or self.poll_step()
        return [await step(source) for source in due]

    async def read(self, *, together: bool = False) -> int:
        """Read what is due, one after the other or all at once; how many."""
        jobs = await claim_articles(self.db, now=self.now)
        await self.read_jobs(jobs, together=together)
        return len(jobs)

    async def read_jobs(self, jobs: list[ReadJob], *, together: bool = False) -> None:
        step = self.read_step()
        if together:
            await asyncio.gather(*(step(job) for job in jobs))
            return
        for job in jobs:
            await step(job)

    async def compose(self) -> int:
        """Make alerts of the batches that are due; how many batches."""
        due = await waiting.claim_due(self.db, limit=100, now=self.now, lease=lease(self.now))
        step = Compose(self.db, self.watch, self.clock, lambda: self.new_id())
        for job in due:
            await step(job)
        return len(due)

    async def measure(self) -> int:
        """Let the rules on volume that are due count; how many."""
        due = await episodes.claim_due(self.db, limit=100, now=self.now, lease=lease(self.now))
        step = Measure(self.db, self.watch, self.clock, lambda: self.new_id())
        for job in due:
            await step(job)
        return len(due)

    def open_channel(self, spec: ChannelSpec) -> Channel:
        return build_channel(
            spec, poster=self.web, smtp=self.smtp, email_from="vane@example.org", environment=self.environment
        )

    async def deliver(self) -> int:
        """Send what is due; how many."""
        jobs = await deliveries.claim_due(self.db, limit=100, now=self.now, lease=lease(self.now))
        step = Deliver(Recorder(self.db, lambda: self.new_id()), self.open_channel, self.clock, lambda: 0.0)
        for job in jobs:
            await step(job)
        return len(jobs)
