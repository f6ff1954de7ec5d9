"""The lanes: which due work there is, how it is claimed, by what step it is done, and which lane it wakes.

    subscribe    push -> poll -> read -> (compose) -> deliver
                                      measure ------> deliver

Part of the composition root, which hands in everything that a step takes from outside: clock, chance, web, parser.
"""

from collections import Counter
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar

from scrapers.queues import HostQueues
from scrapers.robots import RobotsCache
from scrapers.web import Web
from scrapers.workers import ParserPool
from service.counters import Counters
from service.dispatch import Lane
from service.domain.model import ChannelSpec
from service.domain.reading import ReadJob
from service.domain.schedule import Cadence, Fresh, SourceState
from service.domain.sending import DeliveryJob
from service.domain.websub import Subscription
from service.notify import Channel
from service.pipeline.compose import Compose
from service.pipeline.deliver import Deliver
from service.pipeline.measure import Measure
from service.pipeline.poll import Poll
from service.pipeline.push import Push
from service.pipeline.read import Read
from service.pipeline.recorder import Recorder
from service.pipeline.subscribe import Subscribe
from service.pipeline.watch import WatchSource
from service.settings import Settings
from service.store import articles, deliveries, episodes, pushes, sources, subscriptions, waiting
from service.store.claims import Lease
from service.store.engine import Database
from service.store.episodes import RhythmJob
from service.store.pushes import PushJob
from service.store.waiting import BatchJob

__all__ = [
    "MOST_DELIVERIES",
    "Means",
    "Work",
    "batch_lane",
    "delivery_lane",
    "poll_lane",
    "push_lane",
    "read_lane",
    "rhythm_lane",
    "subscription_lane",
]

_HUB_REQUESTS = 5
MOST_DELIVERIES = 1000
"""At the same time, however many channels have one under way."""
Work = Callable[[Any], Awaitable[Any]]
"""What a lane does with a job."""


JobT = TypeVar("JobT", SourceState, ReadJob)


@dataclass(frozen=True, slots=True)
class Means:
    """What the lanes work with.

    ``token``: one of a kind, for leases; not ``new_id``, for how often lanes look must not move what that gives next.
    ``around``: put around what the lanes that fetch do with a job.
    """

    settings: Settings
    db: Database
    web: Web
    queues: HostQueues
    parser: ParserPool
    now: Callable[[], datetime]
    random: Callable[[], float]
    new_id: Callable[[], str]
    token: Callable[[], str]
    new_secret: Callable[[], str]
    around: Callable[[Work], Work]
    counters: Counters

    def lease(self) -> Lease:
        return Lease(self.token(), self.now() + self.settings.lease)

    @property
    def cadence(self) -> Cadence:
        known = self.settings
        return Cadence(known.poll_interval, known.min_poll_interval, known.max_poll_interval)


def poll_lane(means: Means, reads: Lane[ReadJob]) -> Lane[SourceState]:
    db, settings = means.db, means.settings
    step = Poll(
        db=db,
        web=means.web,
        parser=means.parser,
        cadence=means.cadence,
        now=means.now,
        random=means.random,
        max_entries=settings.max_feed_items,
        new_secret=None if settings.public_url is None else means.new_secret,
        counters=means.counters,
    )

    async def poll(source: SourceState) -> None:
        if isinstance(await step(source), Fresh):
            reads.kick()

    async def claim(room: int) -> Sequence[SourceState]:
        due = await sources.claim_due(db, limit=room, now=means.now(), lease=means.lease())
        now, later = _in_turn(means, due, settings.poll_concurrency)
        if later:
            await sources.put_off(db, later)
            _look_further(lane, due, room)
        return now

    lane: Lane[SourceState] = Lane(
        "poll",
        places=settings.poll_concurrency,
        claim=claim,
        run=means.around(poll),
        give_back=lambda source: sources.release_claim(db, source),
    )
    return lane


def subscription_lane(means: Means, base: str) -> Lane[Subscription]:
    """``base``: what stands before a callback's own path."""
    db, tidied = means.db, subscriptions.Tidied()
    return Lane(
        "subscribe",
        places=_HUB_REQUESTS,
        claim=lambda n: subscriptions.claim_due(
            db, limit=n, now=means.now(), lease=means.lease(), base=base, tidied=tidied
        ),
        run=means.around(Subscribe(db=db, web=means.web, now=means.now, random=means.random)),
        give_back=lambda known: subscriptions.release_claim(db, known),
    )


def push_lane(means: Means, polls: Lane[SourceState], reads: Lane[ReadJob]) -> Lane[PushJob]:
    db, settings = means.db, means.settings
    step = Push(
        db=db,
        parser=means.parser,
        cadence=means.cadence,
        now=means.now,
        random=means.random,
        max_entries=settings.max_feed_items,
        counters=means.counters,
    )

    async def push(job: PushJob) -> None:
        if await step(job):
            polls.kick()
        reads.kick()

    return Lane(
        "push",
        places=settings.workers * 2,
        claim=lambda n: pushes.claim_due(db, limit=n, now=means.now(), lease=means.lease()),
        run=push,
        give_back=lambda job: pushes.release_claim(db, job),
    )


def read_lane(means: Means, sending: Lane[DeliveryJob]) -> Lane[ReadJob]:
    db, settings = means.db, means.settings
    step = Read(
        db=db,
        web=means.web,
        robots=RobotsCache(means.web),
        parser=means.parser,
        watch=WatchSource(db),
        now=means.now,
        new_id=means.new_id,
        summarise_first_poll=settings.first_poll_summary,
        counters=means.counters,
    )

    async def claim(room: int) -> Sequence[ReadJob]:
        due = await articles.claim_due(db, limit=room, now=means.now(), lease=means.lease())
        now, later = _in_turn(means, due, settings.read_concurrency)
        if later:
            await articles.put_off(db, later)
            _look_further(lane, due, room)
        return now

    lane: Lane[ReadJob] = Lane(
        "read",
        places=settings.read_concurrency,
        claim=claim,
        run=means.around(step),
        give_back=lambda job: articles.release_claim(db, job),
        after=sending.kick,
    )
    return lane


def _in_turn(means: Means, due: Sequence[JobT], places: int) -> tuple[list[JobT], list[tuple[JobT, datetime]]]:
    """Those whose hosts take them now, and the others with their turns. A quarter of all places may wait for a host."""
    turns = means.queues.turns([job.url or "" for job in due], means.now(), most=max(places // 4, 1))
    now = [job for job, at in zip(due, turns, strict=True) if at is None]
    return now, [(job, at) for job, at in zip(due, turns, strict=True) if at is not None]


def _look_further(lane: Lane[JobT], due: Sequence[JobT], room: int) -> None:
    """There may be more that is due, of other hosts, when the claim was full and a part of it was put off."""
    if len(due) == room:
        lane.kick()


def batch_lane(means: Means, sending: Lane[DeliveryJob]) -> Lane[BatchJob]:
    db = means.db
    return Lane(
        "compose",
        places=1,
        claim=lambda n: waiting.claim_due(db, limit=n, now=means.now(), lease=means.lease()),
        run=Compose(db=db, watch=WatchSource(db), now=means.now, new_id=means.new_id),
        give_back=lambda job: waiting.release_claim(db, job),
        after=sending.kick,
    )


def rhythm_lane(means: Means, sending: Lane[DeliveryJob]) -> Lane[RhythmJob]:
    return Lane(
        "measure",
        places=1,
        claim=lambda n: episodes.claim_due(means.db, limit=n, now=means.now(), lease=means.lease()),
        run=Measure(db=means.db, watch=WatchSource(means.db), now=means.now, new_id=means.new_id),
        give_back=lambda job: episodes.release_claim(means.db, job),
        after=sending.kick,
    )


def delivery_lane(
    settings: Settings,
    db: Database,
    open_channel: Callable[[ChannelSpec], Channel],
    *,
    now: Callable[[], datetime],
    random: Callable[[], float],
    new_id: Callable[[], str],
    counters: Counters,
) -> Lane[DeliveryJob]:
    """Each channel has places of its own, and may take more while others leave them free."""

    async def claim(room: int) -> Sequence[DeliveryJob]:
        running = Counter(job.channel_name for job in lane.jobs)
        limit = min(room, max(0, settings.delivery_concurrency - running.total()))
        return await deliveries.claim_due(
            db,
            limit=limit,
            now=now(),
            lease=Lease(new_id(), now() + settings.lease),
            each=settings.channel_concurrency,
            running=running,
            ours={job.id for job in lane.jobs},
        )

    lane: Lane[DeliveryJob] = Lane(
        "deliver",
        places=MOST_DELIVERIES,
        claim=claim,
        run=Deliver(
            recorder=Recorder(db, new_id), open_channel=open_channel, now=now, random=random, counters=counters
        ),
        give_back=lambda job: deliveries.release_claim(db, job),
    )
    return lane
