"""Read one article: fetch its page, match it, and keep text, mentions, story, alerts and deliveries together.

What commits together cannot be torn apart by a crash: either the article is still due, or all of it is there.
"""

import asyncio
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import TypeVar

import structlog
from sqlalchemy.ext.asyncio import AsyncSession

from scrapers.errors import FetchError, ParseError
from scrapers.robots import RobotsCache
from scrapers.types import MAX_TEXT, Unchanged
from scrapers.web import Web
from scrapers.workers import ParserPool
from service.counters import Counters
from service.domain.addresses import address_key, host_of
from service.domain.alerting import Hit, find_hits, summary_alert
from service.domain.facts import Fact, as_object, as_view, extract_facts
from service.domain.identity import is_stopover
from service.domain.model import Document, MatchResult
from service.domain.past import views_of
from service.domain.query import ArticleView
from service.domain.reading import PageFailed, PageRead, Reading, ReadJob, Stored, TryAgain, decide_read
from service.domain.recurrence import Sighting, sight
from service.domain.revisions import hits_of_edit, is_edit, settle
from service.domain.updates import news_of_edit
from service.pipeline.tell import About, News, tell, tell_story, tell_summary
from service.pipeline.watch import Watch, WatchSource
from service.store import addresses, articles, hosts, recurrence, revisions, watchlist
from service.store.engine import Database

__all__ = ["PAGE_TYPES", "Read"]

PAGE_TYPES = "text/html, application/xhtml+xml, */*;q=0.5"
_LONG_TEXT = 2_000
"""Characters. To match more than that on the event loop would hold it up; a thread costs more than to match less."""
_LONGEST_HOST = 253
"""RFC 1035 section 2.3.4. A longer one cannot answer, nor be a key on PostgreSQL."""
T = TypeVar("T")
log = structlog.get_logger("newsvane.read")


@dataclass(frozen=True, slots=True)
class Outcome:
    """For the log line."""

    name: str
    mentions: tuple[str, ...] = ()
    alerts: int = 0
    note: str | None = None
    learned: bool = False
    """Whether an article was stored, whose lines then count for its host."""


@dataclass(frozen=True, slots=True)
class Read:
    """The step with its tools: ``await read(job)``."""

    db: Database
    web: Web
    robots: RobotsCache
    parser: ParserPool
    watch: WatchSource
    now: Callable[[], datetime]
    new_id: Callable[[], str]
    summarise_first_poll: bool
    _one_long: asyncio.Lock = field(default_factory=asyncio.Lock)
    """Threads take turns with the event loop: were there several, it would wait for each of them."""
    counters: Counters = field(default_factory=Counters)

    async def __call__(self, job: ReadJob) -> None:
        page = await self._page(job)
        sender = _host(job, page)
        async with self.db.read() as session:
            memory = await recurrence.recall_host(session, sender)
            watched = await watchlist.version(session)
        now = self.now()
        decision = await self._beside(_length(page), lambda: decide_read(job, page, now=now, memory=memory))
        if isinstance(decision, Reading) and isinstance(page, PageRead):
            decision = replace(decision, amp_url=page.article.amp_url, page_title=page.article.title)
        if isinstance(decision, TryAgain):
            async with self.db.write() as session:
                await self._keep_refusals(session)
                if job.stored is None:
                    held = await articles.try_again(session, job, decision)
                else:
                    held = await revisions.put_off(session, job, self.now())
            outcome = Outcome("retrying" if held else "lost claim", note=decision.reason)
        elif job.stored is not None:
            outcome = await self._again(job, job.stored, decision)
        else:
            watch = await self.watch.current(watched)
            result, facts, hits = await self._match(watch, job, decision)
            reading = decision
            seen = await self._beside(len(reading.text), lambda: _sighting(sender, job, page, reading))
            async with self.db.write() as session:
                await self._keep_refusals(session)
                outcome = await self._store(session, job, decision, result, facts, watch, hits)
                if outcome.learned:
                    await recurrence.learn_host(session, seen, job.id, self.now())
        self.counters.was_read(outcome.name, entities=outcome.mentions if outcome.learned else ())
        log.info(
            "read",
            article=job.url or job.title,
            outcome=outcome.name,
            mentions=list(outcome.mentions),
            alerts=outcome.alerts,
            note=outcome.note,
        )

    async def _keep_refusals(self, session: AsyncSession) -> None:
        await hosts.keep_refusals(session, self.web.refusals.take_changes(), self.now())

    async def _page(self, job: ReadJob) -> PageRead | PageFailed:
        if not job.url:
            return PageFailed("the item has no page of its own", transient=False)
        try:
            refusal = await self._refusal(job.url)
            if refusal is not None:
                return refusal
            answer = await self.web.fetch(job.url, accept=PAGE_TYPES, now=self.now())
            if isinstance(answer, Unchanged):  # cannot be: no validators were sent
                return PageFailed("the server answered 304 to an unconditional request", transient=True)
            if await self._leads_elsewhere(job.url, answer.url):
                return PageFailed("its address leads to a page that is not this article's", transient=False)
            article = await self.parser.extract_article(
                answer.body, url=answer.url, content_type=answer.content_type, max_text=MAX_TEXT
            )
            return PageRead(answer.url, article)
        except FetchError as error:
            return PageFailed(str(error), error.transient, error.retry_after)
        except ParseError as error:
            return PageFailed(str(error), transient=False)

    async def _refusal(self, url: str) -> PageFailed | None:
        """What the site's robots.txt says against reading this page (RFC 9309)."""
        allowed = await self.robots.allowed(url, self.now())
        if allowed is True:
            return None
        if allowed is False:
            return PageFailed("the site's robots.txt asks not to read this page", transient=False)
        return PageFailed("the site's robots.txt cannot be had now", transient=True, retry_after=allowed)

    async def _leads_elsewhere(self, asked: str, final: str) -> bool:
        """Did the way end at a consent wall, a log-in page or a front page?"""
        if address_key(asked) == address_key(final):
            return False
        return is_stopover(asked, final) or await addresses.is_shared(self.db, final)

    async def _again(self, job: ReadJob, stored: Stored, found: Reading) -> Outcome:
        """Keep what a second reading found: nothing, or an edit with the mentions and alerts that it brings."""
        reading = settle(stored, found)
        if not is_edit(stored, reading):
            async with self.db.write() as session:
                await self._keep_refusals(session)
                held = await revisions.keep_as_it_was(session, job, reading, self.now())
            return Outcome("says the same" if held else "lost claim", note=found.note)
        watch = await self.watch.current()
        old = replace(
            reading,
            title=stored.title,
            text=stored.text,
            url=stored.url,
            language=stored.language,
            recurring=stored.recurring,
        )
        was, told, hits_before = await self._match(watch, job, old)
        result, facts, hits_now = await self._match(watch, job, reading)
        hits = hits_of_edit(hits_before, hits_now)
        before = {mention.entity for mention in was.mentions}
        news = news_of_edit(before, [mention.entity for mention in result.mentions], told, facts)
        async with self.db.write() as session:
            await self._keep_refusals(session)
            saved = await revisions.save_edit(
                session, job, reading, result, before, facts=facts, news=news, now=self.now()
            )
            if saved is None:
                return Outcome("lost claim")
            view = _view(job, reading, result, facts)
            # What tells another news is told like an article that has just come.
            due, known = (hits_now, set()) if saved.moved else (hits, before)
            raised = await self._alert(session, job, reading, saved, facts, due, watch, view, known=known)
        return Outcome("edited", tuple(mention.entity for mention in result.mentions), raised, reading.note)

    async def _beside(self, length: int, work: Callable[[], T]) -> T:
        """What ``work`` returns on a text of this length; beside the event loop when it is long."""
        if length <= _LONG_TEXT:
            return work()
        async with self._one_long:
            return await asyncio.to_thread(work)

    async def _match(
        self, watch: Watch, job: ReadJob, reading: Reading
    ) -> tuple[MatchResult, tuple[Fact, ...], Sequence[Hit]]:
        return await self._beside(len(reading.text), lambda: _match(watch, job, reading))

    async def _alert(
        self,
        session: AsyncSession,
        job: ReadJob,
        reading: Reading,
        saved: articles.Saved,
        facts: Sequence[Fact],
        hits: Sequence[Hit],
        watch: Watch,
        view: ArticleView,
        *,
        known: Collection[str] | None = None,
    ) -> int:
        """Tell each hit, as its rule, its story and silences allow; how many alerts were raised. ``known``: of an edit,
        who was named before."""
        told = [as_object(fact) for fact in facts]
        news = News(view, saved.story, reading.title, reading.url, job.source, saved.mentions, told, known is not None)
        raised = await tell(session, watch, hits, news, now=self.now(), new_id=self.new_id)
        new = [mention for mention in view.mentions if mention.entity not in (known or ())]
        if new and any(compiled.policy.within_story for compiled in watch.rules):
            raised += await tell_story(session, watch, news, now=self.now(), new_id=self.new_id)
        return raised

    async def _store(
        self,
        session: AsyncSession,
        job: ReadJob,
        reading: Reading,
        result: MatchResult,
        facts: Sequence[Fact],
        watch: Watch,
        hits: Sequence[Hit],
    ) -> Outcome:
        now = self.now()
        saved = await articles.save_reading(session, job, reading, result, facts=facts, now=now)
        if saved is None:
            return Outcome("lost claim")
        if isinstance(saved, articles.Duplicate):
            raised = await self._after_first_poll(session, job, watch, now)
            return Outcome("duplicate", alerts=raised, note=f"the same page as article {saved.of}")
        if job.baseline:
            await articles.hold(session, job, hits)
            raised = await self._after_first_poll(session, job, watch, now)
        else:
            view = _view(job, reading, result, facts)
            raised = await self._alert(session, job, reading, saved, facts, hits, watch, view)
        named = tuple(mention.entity for mention in result.mentions)
        return Outcome(f"read from {reading.origin}", named, raised, reading.note, learned=True)

    async def _after_first_poll(self, session: AsyncSession, job: ReadJob, watch: Watch, now: datetime) -> int:
        """The one summary a rule and source, made with the last article that stood in the source's first answer."""
        if not (job.baseline and self.summarise_first_poll and job.source_id is not None):
            return 0
        by_rule = await articles.held_mentions(session, job.source_id)
        raised = 0
        for compiled in watch.rules:
            mentions = (by_rule or {}).get(compiled.rule.name)
            if mentions:
                draft = summary_alert(
                    compiled.rule,
                    source_id=job.source_id,
                    source=job.source,
                    source_url=job.source_url,
                    mentions=mentions,
                )
                ids = [mention["id"] for mention in mentions]
                about = About(ids, "stood in a new source's feed", watch.silences)
                raised += await tell_summary(session, compiled, draft, about, now=now, new_id=self.new_id)
        return raised


def _host(job: ReadJob, page: PageRead | PageFailed) -> str:
    """Whose pages this one is to be compared with: those of the host that answered."""
    host = host_of(page.url if isinstance(page, PageRead) else job.url or job.source_url)
    return host if len(host) <= _LONGEST_HOST else ""


def _length(page: PageRead | PageFailed) -> int:
    return len(page.article.text) if isinstance(page, PageRead) else 0


def _sighting(host: str, job: ReadJob, page: PageRead | PageFailed, reading: Reading) -> Sighting:
    shown = page.article.text if isinstance(page, PageRead) else ""
    return sight(host, job.title, (shown, reading.text))


def _match(watch: Watch, job: ReadJob, reading: Reading) -> tuple[MatchResult, tuple[Fact, ...], Sequence[Hit]]:
    result, facts = _found(watch, reading)
    return result, facts, find_hits(watch.rules, _view(job, reading, result, facts))


def _found(watch: Watch, reading: Reading) -> tuple[MatchResult, tuple[Fact, ...]]:
    document = _document(reading)
    result = watch.matcher.match(document)
    return result, extract_facts(document, result)


def _document(reading: Reading) -> Document:
    return Document(reading.title, reading.text, reading.url, reading.language, reading.recurring)


def _view(job: ReadJob, reading: Reading, result: MatchResult, facts: Sequence[Fact]) -> ArticleView:
    return ArticleView(
        title=reading.title,
        text=reading.own_text,
        url=reading.url,
        source_title=job.source,
        source_url=job.source_url,
        tags=job.tags,
        language=reading.language,
        published_at=reading.published_at,
        mentions=views_of(result.mentions, _document(reading)),
        facts=tuple(as_view(fact) for fact in facts),
    )
