"""Poll one source: fetch its feed, keep what is new, say when to come again."""

import hashlib
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import structlog

from scrapers.errors import FetchError, ParseError
from scrapers.types import Unchanged
from scrapers.waiting import parse_fresh_for
from scrapers.web import Web
from scrapers.websub import find_hub
from scrapers.workers import ParserPool
from service.counters import Counters
from service.domain.addresses import without_credentials
from service.domain.faults import weigh
from service.domain.schedule import Cadence, Failed, Fresh, PollDecision, PollResult, Same, SourceState, decide_poll
from service.store import hosts, polls
from service.store.engine import Database

__all__ = ["FEED_TYPES", "Network", "Poll"]

_SILENCE = frozenset({"dns", "connect", "timeout", "proxy"})
_FEW_ITEMS = 10
_QUIET_MINUTES = timedelta(minutes=5)

FEED_TYPES = (
    "application/atom+xml, application/rss+xml, application/feed+json, application/rdf+xml, "
    "application/xml;q=0.9, text/xml;q=0.9, application/json;q=0.8, */*;q=0.5"
)
log = structlog.get_logger("newsvane.poll")


class Network:
    """Whether anything out there answers at all; shared by all polls of a process."""

    def __init__(self) -> None:
        self._answered_at: datetime | None = None

    def answered(self, now: datetime) -> None:
        self._answered_at = now

    def seems_offline(self, error: FetchError, now: datetime) -> bool:
        """No server said a word to this request, nor to any other for some minutes."""
        silent = error.status is None and error.code in _SILENCE
        return silent and (self._answered_at is None or now - self._answered_at > _QUIET_MINUTES)


@dataclass(frozen=True, slots=True)
class Poll:
    """The step with its tools: ``await poll(source)``.

    ``new_secret``: unguessable text for the subscriptions to hubs that feeds name; None where nobody can push to us.
    """

    db: Database
    web: Web
    parser: ParserPool
    cadence: Cadence
    now: Callable[[], datetime]
    random: Callable[[], float]
    max_entries: int
    network: Network = field(default_factory=Network)
    new_secret: Callable[[], str] | None = None
    counters: Counters = field(default_factory=Counters)

    async def __call__(self, source: SourceState) -> PollResult:
        started = time.monotonic()
        result = await self._visit(source)
        now = self.now()
        decision = decide_poll(source, result, self.cadence, now=now, jitter=self.random())
        milliseconds = round((time.monotonic() - started) * 1000)
        new = await self._record(source, result, decision, now, milliseconds)
        outcome = "lost claim" if new is None else decision.status
        if new is not None:
            self._count(result, milliseconds / 1000, new)
        log.info(
            "polled",
            source=without_credentials(source.url),
            outcome=outcome,
            changed=isinstance(result, Fresh),
            new=new or 0,
            error=decision.error,
            next_poll_at=decision.next_poll_at,
            ms=milliseconds,
        )
        return result

    def _count(self, result: PollResult, seconds: float, new: int) -> None:
        match result:
            case Failed(code=code, transient=transient, offline=offline):
                self.counters.polled("failed", seconds=seconds)
                self.counters.poll_failed(weigh(code, transient=transient, offline=offline).name, code)
            case Fresh(size=size):
                self.counters.polled("read", seconds=seconds, size=size, new=new)
            case Same(size=size):
                self.counters.polled("unchanged", seconds=seconds, size=size)

    async def _record(
        self, source: SourceState, result: PollResult, decision: PollDecision, now: datetime, milliseconds: int
    ) -> int | None:
        """How many articles are new; None when the claim was lost. Small outcomes share a transaction with others."""
        refusals = self.web.refusals.take_changes()
        if refusals:
            async with self.db.write() as session:
                await hosts.keep_refusals(session, refusals, now)
        outcome = polls.Outcome(source, result, decision, now, milliseconds, self.new_secret)
        if isinstance(result, Fresh) and len(result.feed.entries) > _FEW_ITEMS:
            async with self.db.write() as session:
                return (await polls.record_polls(session, [outcome]))[0]
        return await self.db.write_together(polls.record_polls, outcome)

    async def _visit(self, source: SourceState) -> PollResult:
        status = None
        try:
            answer = await self.web.fetch(source.url, validators=source.validators, accept=FEED_TYPES, now=self.now())
            self.network.answered(self.now())
            fresh_for = parse_fresh_for(answer.headers, self.now())
            if isinstance(answer, Unchanged):
                return Same(None, 0, answer.permanent_url, fresh_for, redirects=answer.redirects)
            status = answer.status
            body_hash = hashlib.blake2b(answer.body, digest_size=16).hexdigest()
            if body_hash == source.body_hash:
                where = answer.permanent_url
                return Same(answer.validators, len(answer.body), where, fresh_for, answer.status, answer.redirects)
            feed = await self.parser.parse_feed(
                answer.body,
                url=answer.url,
                content_type=answer.content_type,
                known=source.known,
                max_entries=self.max_entries,
                now=self.now(),
            )
            hub = find_hub(answer.headers, answer.url, feed)
            return Fresh(
                feed, answer.validators, body_hash, len(answer.body), answer.permanent_url, fresh_for, hub,
                status=answer.status, redirects=answer.redirects,
            )  # fmt: skip
        except FetchError as error:
            now = self.now()
            if error.status is not None:
                self.network.answered(now)
            offline = self.network.seems_offline(error, now)
            return Failed(str(error), error.code, error.transient, error.status, error.retry_after, offline)
        except ParseError as error:
            return Failed(str(error), error.code, transient=True, status=status, retry_after=None)
