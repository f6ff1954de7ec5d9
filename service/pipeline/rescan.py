"""Apply today's watch list to stored articles: load a batch, match it, write what differs with how far it is.

It runs beside the daemon, in the process of who asked for it: it takes no claim on articles, passes over those that are
being read, and leaves the database to others between its short writes. Nothing alerts but one summary a rule, if asked.
"""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from time import monotonic

from service.domain.alerting import find_hits
from service.domain.facts import Fact, extract_facts
from service.domain.model import MatchResult
from service.domain.past import PastArticle, rematch, view_of, views_of
from service.pipeline.tell import About, tell_summary
from service.pipeline.watch import Watch, WatchSource
from service.store import past, rescans
from service.store.claims import Lease
from service.store.engine import Database
from service.store.facts import facts_of
from service.store.past import Period
from service.store.rescans import Finding, RescanJob

__all__ = ["LEASE", "Rescan", "Sample", "Tally"]

LEASE = timedelta(seconds=30)
_TRIES = 50
_PAUSE = 0.1
_LONGEST_REST = 1.0
_SAMPLES = 20


@dataclass(frozen=True, slots=True)
class Sample:
    """``what``: ``added``, ``restored`` or ``withdrawn``; ``why``: the evidence, or the reason."""

    what: str
    entity: str
    url: str
    title: str
    why: str


@dataclass(slots=True)
class Tally:
    """What a dry run found."""

    counts: dict[str, int] = field(default_factory=dict)
    samples: list[Sample] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Rescan:
    """The step with its tools: ``await rescan(job, heard)``; ``heard`` is told of each batch's articles."""

    db: Database
    watch: WatchSource
    now: Callable[[], datetime]
    new_id: Callable[[], str]
    batch: int = 100
    """Articles that are loaded together, and written in one transaction."""

    async def __call__(self, job: RescanJob, heard: Callable[[int], None]) -> bool:
        """To the end. False: it was cancelled, or taken over by somebody else."""
        position = job.position
        while True:
            async with self.db.read() as session:
                articles = await past.batch(session, job.period, below=position, limit=self.batch)
            if not articles:
                break
            position = articles[-1].id
            if not await self._batch(job, articles, position):
                return False
            heard(len(articles))
        return await self._finish(job)

    async def dry_run(self, entity: str | None, period: Period, heard: Callable[[int], None]) -> Tally:
        """What would be done. Writes nothing."""
        tally = Tally()
        async with self.db.read() as session:
            position = await past.first_position(session)
        while True:
            async with self.db.read() as session:
                articles = await past.batch(session, period, below=position, limit=self.batch)
            if not articles:
                return tally
            position = articles[-1].id
            watch = await self.watch.current()
            for finding, _ in await asyncio.to_thread(_rematch, watch, articles, entity):
                _count(tally, finding)
            tally.counts["articles"] = tally.counts.get("articles", 0) + len(articles)
            heard(len(articles))

    async def _finish(self, job: RescanJob) -> bool:
        """Tell the summaries, each as its rule tells a new source's past, and end it."""
        watch, now = await self.watch.current(), self.now()
        async with self.db.write() as session:
            if not await rescans.is_held(session, job):
                return False
            raised = 0
            for compiled in watch.rules if job.summary else ():
                found = await rescans.untold(session, job, compiled.rule) if compiled.rule.enabled else None
                if found is not None:
                    draft, ids = found
                    about = About(ids, "found in stored articles", watch.silences)
                    raised += await tell_summary(session, compiled, draft, about, now=now, new_id=self.new_id)
            await rescans.finish(session, job, alerts=raised, now=now)
            return True

    async def _batch(self, job: RescanJob, articles: list[PastArticle], position: int) -> bool:
        """All of a batch, however often others write its articles meanwhile. False: cancelled or taken over."""
        whole = len(articles)
        for _ in range(_TRIES):
            findings = await self._findings(job, articles)
            begun = monotonic()
            async with self.db.write() as session:
                left = await rescans.save(
                    session,
                    job,
                    findings,
                    position=position,
                    articles=whole,
                    now=self.now(),
                    lease=Lease(job.token, self.now() + LEASE),
                )
            if left is None:
                return False
            if not left:
                await asyncio.sleep(min(monotonic() - begun, _LONGEST_REST) if findings else 0)
                return True
            await asyncio.sleep(_PAUSE)
            async with self.db.read() as session:
                articles = await past.by_ids(session, left)
        raise TimeoutError(f"articles {[article.id for article in articles]} are being written without end")

    async def _findings(self, job: RescanJob, articles: list[PastArticle]) -> list[Finding]:
        """Those articles of which something is to be written."""
        watch = await self.watch.current()
        matched = await asyncio.to_thread(_rematch, watch, articles, job.entity)
        asked = [
            finding.article.id
            for finding, result in matched
            if finding.rematch or result.mentions or (job.summary and finding.article.mentions)
        ]
        async with self.db.read() as session:
            stored = await facts_of(session, asked)
            told = await past.told_before(session, articles) if job.summary else set()
        found = []
        for finding, result in matched:
            article, facts = finding.article, stored.get(finding.article.id, [])
            if finding.rematch or (result.mentions and not facts):
                # Whose match is as before has the facts that it had; some were read before there were any.
                new = list(extract_facts(article.document, result))
                finding, facts = (finding, facts) if new == facts else (replace(finding, facts=new), new)
            if job.summary:
                finding = replace(finding, told=_untold(watch, finding, result, facts, told, job.entity))
            if finding.rematch or finding.facts is not None or finding.told:
                found.append(finding)
        return found


def _rematch(watch: Watch, articles: Sequence[PastArticle], entity: str | None) -> list[tuple[Finding, MatchResult]]:
    """CPU-bound: run it beside the event loop. All entities are matched, for one may swallow another's name."""
    looked_for = {entity} if entity else {one.name for one in watch.matcher.entities}
    results = [(article, watch.matcher.match(article.document)) for article in articles]
    return [(Finding(article, rematch(article, result, looked_for)), result) for article, result in results]


def _untold(
    watch: Watch,
    finding: Finding,
    result: MatchResult,
    facts: Sequence[Fact],
    told: set[tuple[str, str, int]],
    entity: str | None,
) -> dict[str, list[str]]:
    """Entities by rule that the article names and of which the rule has never told."""
    article = finding.article
    ids = {mention.entity: mention.id for mention in article.mentions}
    standing = {mention.entity for mention in article.mentions if not mention.withdrawn}
    named = [m for m in result.mentions if entity is None or m.entity == entity or m.entity in standing]
    untold: dict[str, list[str]] = {}
    for hit in find_hits(watch.rules, view_of(article, views_of(named, article.document), facts)):
        if (hit.rule, "story", article.story) in told:
            continue
        names = [name for name in hit.entities if (hit.rule, "mention", ids.get(name, 0)) not in told]
        if names:
            untold[hit.rule] = names
    return untold


def _count(tally: Tally, finding: Finding) -> None:
    found = finding.rematch
    names = {mention.id: mention.entity for mention in finding.article.mentions}
    told = [("added", mention.entity, mention.evidence[0] if mention.evidence else "") for mention in found.added]
    told += [("restored", m.entity, m.evidence[0] if m.evidence else "") for _, m in found.restored]
    told += [("withdrawn", names[identity], reason) for identity, reason in found.withdrawn]
    for what in ("added", "restored", "withdrawn", "changed"):
        tally.counts[what] = tally.counts.get(what, 0) + len(getattr(found, what))
    document = finding.article.document
    room = _SAMPLES - len(tally.samples)
    tally.samples += [
        Sample(what, entity, document.url or "", document.title, why) for what, entity, why in told[:room]
    ]
