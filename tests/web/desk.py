"""A news desk: fills a real database through the store's own functions, as the daemon does."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from scrapers.types import Feed, FeedEntry, Validators
from service.domain.alerting import AlertDraft
from service.domain.facts import Fact
from service.domain.model import ChannelSpec, Field, MatchResult, Mention, Rejection, Rule, Salience, Span
from service.domain.reading import Reading
from service.domain.schedule import Cadence, Failed, Fresh, PollResult, decide_poll
from service.domain.sending import Attempt
from service.store import alerts, articles, deliveries, polls, revisions, sources, watchlist
from service.store.articles import Saved
from service.store.claims import Lease
from service.store.engine import Database
from service.store.tables import ArticleRow
from service.store.watchlist import Changes, SourceSpec

START = datetime(2026, 11, 22, 8, 0, tzinfo=UTC)
WIRE = "https://wire.example.org/feed"
CADENCE = Cadence(timedelta(minutes=15), timedelta(minutes=5), timedelta(hours=1))


@dataclass
class Desk:
    """``time`` moves by a minute with everything that happens."""

    db: Database
    time: datetime = START
    known: set[str] = field(default_factory=set)

    def now(self) -> datetime:
        return self.time

    async def track(self, name: str, *, enabled: bool = True) -> None:
        async with self.db.write() as session:
            definition = {"name": name, "enabled": enabled, "aliases": [name]}
            await watchlist.put_entity(session, definition, Changes(), now=self.time)

    async def subscribe(self, title: str = "The Wire", url: str = WIRE, *, enabled: bool = True) -> None:
        async with self.db.write() as session:
            spec = SourceSpec(url, title, enabled=enabled)
            await watchlist.put_source(session, spec, Changes(), now=self.time, first_poll_at=self.time)
        self.known.add(url)

    async def add_rule(self, name: str, query: str, *channels: str) -> None:
        async with self.db.write() as session:
            await watchlist.put_rule(session, Rule(name, query, channels), Changes(), now=self.time)

    async def add_channel(self, name: str, **config: object) -> None:
        async with self.db.write() as session:
            await watchlist.put_channel(session, ChannelSpec(name, "webhook", config), Changes(), now=self.time)

    async def poll(self, url: str, *entries: FeedEntry) -> None:
        """The source answers with these items."""
        feed = Feed("", None, entries)
        await self._record_poll(url, Fresh(feed, Validators(), uuid.uuid4().hex, 1000, None))

    async def poll_fails(self, url: str, reason: str, *, transient: bool = True) -> None:
        await self._record_poll(url, Failed(reason, "connect", transient, None, None))

    async def publish(
        self,
        title: str = "HPE wins a deal",
        text: str = "HPE has won a server deal.",
        *,
        names: Mapping[str, Sequence[str]] | None = None,
        rejected: Sequence[tuple[str, str, str]] = (),
        url: str | None = None,
        source: str = WIRE,
        snippet: str | None = None,
        facts: Sequence[Fact] = (),
        **reading: str | None,
    ) -> Saved:
        """An article appears in a source and is read. ``names``: entity -> the words that stand for it.

        ``rejected``: entity, words, reason. The text is stored as given: no cleaning stands between it and the page.
        """
        if source not in self.known:
            await self.subscribe(url=source)
        guid = uuid.uuid4().hex
        await self.poll(source, FeedEntry(guid, f"https://wire.example.org/{guid}", "item", "text"))
        (job,) = await articles.claim_due(self.db, limit=1, now=self.time, lease=self._lease())
        mentions = [_mention(entity, words, title, text, snippet) for entity, words in (names or {}).items()]
        looks = [Rejection(entity, _spans(words, title, text)[0], reason) for entity, words, reason in rejected]
        found = Reading(
            url=job.url if url is None else url,
            title=title,
            text=text,
            origin=reading.get("origin") or "page",
            note=reading.get("note"),
            author=reading.get("author"),
            language="en",
            published_at=self.time - timedelta(minutes=20),
            canonical_url=None,
            image_url=None,
        )
        async with self.db.write() as session:
            saved = await articles.save_reading(
                session, job, found, MatchResult(tuple(mentions), tuple(looks)), facts=facts, now=self.time
            )
        assert isinstance(saved, Saved)
        return saved

    async def edit(self, saved: Saved, title: str, text: str) -> None:
        """The article's page says this from now on, and names nobody any more."""
        article = int(saved.mentions[0]["article"])
        async with self.db.write() as session:
            row = await session.get_one(ArticleRow, article)
            row.reread_at = self.time
        self.time += timedelta(minutes=1)
        (job,) = await articles.claim_due(self.db, limit=1, now=self.time, lease=self._lease())
        found = Reading(job.url, title, text, "page", None, None, "en", None, canonical_url=None, image_url=None)
        before = [mention["entity"] for mention in saved.mentions]
        async with self.db.write() as session:
            assert await revisions.save_edit(session, job, found, MatchResult(), before, now=self.time)

    async def alert(self, rule: str, saved: Saved, *channels: str, title: str = "HPE wins a deal") -> None:
        """A rule raises an alert for all mentions of an article."""
        draft = AlertDraft(
            rule=rule,
            kind="mention",
            channels=channels,
            dedupe_key=f"story:{saved.story['id']}",
            title=title,
            url=str(saved.story["url"]),
            reason=f"Rule “{rule}” met.",
            entities=tuple(mention["entity"] for mention in saved.mentions),
            story=saved.story,
            mentions=saved.mentions,
        )
        ids = [mention["id"] for mention in saved.mentions]
        async with self.db.write() as session:
            assert await alerts.raise_alert(session, draft, ids, now=self.time, new_id=lambda: uuid.uuid4().hex)

    async def attempt(self, outcome: str, excerpt: str, *, again_in: timedelta | None = None) -> None:
        """The delivery that is due is tried."""
        (job,) = await deliveries.claim_due(self.db, limit=1, now=self.time, lease=self._lease())
        again = self.time + again_in if again_in else None
        attempt = Attempt(outcome, self.time, None, excerpt, 12, next_attempt_at=again)
        async with self.db.write() as session:
            assert await deliveries.record_attempts(session, [(job, attempt)], new_id=lambda: uuid.uuid4().hex) == [
                True
            ]

    async def _record_poll(self, url: str, result: PollResult) -> None:
        self.time += timedelta(minutes=1)
        async with self.db.write() as session:
            await sources.make_due(session, self.time, [url])
        claimed = await sources.claim_due(self.db, limit=100, now=self.time, lease=self._lease())
        for state in claimed:
            if state.url != url:
                await sources.release_claim(self.db, state)
                continue
            decision = decide_poll(state, result, CADENCE, now=self.time, jitter=0)
            async with self.db.write() as session:
                (new,) = await polls.record_polls(session, [polls.Outcome(state, result, decision, self.time, 5)])
            assert new is not None

    def _lease(self) -> Lease:
        return Lease(uuid.uuid4().hex, self.time + timedelta(minutes=5))


def _mention(entity: str, words: Sequence[str], title: str, text: str, snippet: str | None) -> Mention:
    spans = tuple(span for word in words for span in _spans(word, title, text))
    shown = text[:200] if snippet is None else snippet
    return Mention(entity, 0.93, Salience.MAIN, spans, (f"“{words[0]}” is a name that proves itself",), shown)


def _spans(words: str, title: str, text: str) -> list[Span]:
    found = []
    for place, content in ((Field.TITLE, title), (Field.TEXT, text)):
        at = content.find(words)
        if at >= 0:
            found.append(Span(place, at, at + len(words), words, words))
    assert found, f"{words!r} stands nowhere"
    return found
