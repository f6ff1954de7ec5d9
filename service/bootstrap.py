"""The composition root: from settings to a working application. It alone owns the clock and randomness.

Settings -> open_database() -> Database, migrated
         -> open_app()      -> App: the lanes (service/lanes.py), ready to be kicked
"""

import asyncio
import random
import secrets
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from importlib.metadata import version
from typing import Any

import structlog

from scrapers.guard import AddressGuard
from scrapers.hosts import HostLimits
from scrapers.http import WebClient
from scrapers.overhearing import Hop
from scrapers.proxy import check_proxy
from scrapers.queues import HostQueues
from scrapers.web import Web
from scrapers.workers import ParserPool
from service import lanes, watchlist
from service.counters import Counters
from service.desk.outside import Outside
from service.dispatch import Lane
from service.domain.model import ChannelSpec
from service.domain.reading import ReadJob
from service.domain.schedule import SourceState
from service.domain.sending import DeliveryJob
from service.domain.websub import CALLBACK_PATH, Subscription
from service.lanes import MOST_DELIVERIES, Work
from service.notify import Channel, ChannelError, Links, build_channel, parse_smtp_url
from service.opening import database_url, new_id, now, open_database
from service.pipeline.keep import Keep
from service.settings import Settings, SettingsError, load_settings, read_environment
from service.store import hosts, unsubscribed
from service.store import watchlist as stored_watchlist
from service.store.claims import release_all
from service.store.engine import Database
from service.store.episodes import RhythmJob
from service.store.pushes import PushJob
from service.store.waiting import BatchJob

__all__ = [
    "App",
    "Settings",
    "SettingsError",
    "Surroundings",
    "chance",
    "channel_opener",
    "database_url",
    "delivery_lane",
    "load_settings",
    "new_id",
    "now",
    "open_app",
    "open_database",
    "open_web",
    "outside_of",
    "user_agent",
]

log = structlog.get_logger("newsvane")
_BUNDLED = "bundled_watchlist"
_LOOK_SECONDS = 0.1
OpenChannel = Callable[..., Channel]
chance = random.random
"""A number in [0, 1), for what must not be done by all at the same moment."""


def user_agent(settings: Settings) -> str:
    return f"newsvane/{version('newsvane')} (+{settings.contact})"


@dataclass(frozen=True, slots=True)
class App:
    """Everything that runs. ``lanes`` in the order in which work flows through them; those for hubs are there where
    hubs can reach us."""

    settings: Settings
    db: Database
    polls: Lane[SourceState]
    reads: Lane[ReadJob]
    batches: Lane[BatchJob]
    deliveries: Lane[DeliveryJob]
    queues: HostQueues
    keep: Keep
    """Looks whether anything is wrong with newsvane itself."""
    parser: ParserPool
    counters: Counters
    subscriptions: Lane[Subscription] | None = None
    pushes: Lane[PushJob] | None = None
    rhythms: Lane[RhythmJob] | None = None
    link_key: bytes = field(default=b"", repr=False)

    @property
    def lanes(self) -> tuple[Lane[Any], ...]:
        found = (self.subscriptions, self.pushes, self.polls, self.reads, self.rhythms, self.batches, self.deliveries)
        return tuple(lane for lane in found if lane is not None)

    async def one_pass(self) -> None:
        """Do all work that is due now, and what it leads to at once; also what has to wait for its host's turn."""
        while True:
            some_wait = self.queues.waiting(now())
            done = sum(lane.done for lane in self.lanes)
            for lane in self.lanes:
                lane.kick()
                await lane.idle()
            if done == sum(lane.done for lane in self.lanes):
                if not some_wait:
                    return
                await asyncio.sleep(_LOOK_SECONDS)

    async def drain(self) -> int:
        """Take no more work and let what runs finish; how many jobs were given back undone."""
        seconds = self.settings.drain.total_seconds()
        return sum(await asyncio.gather(*(lane.drain(seconds) for lane in self.lanes)))


@asynccontextmanager
async def open_web(settings: Settings, *, overheard_in: list[Hop] | None = None) -> AsyncIterator[WebClient]:
    """The client for feeds and pages. ``overheard_in``: takes a note of every hop. Raises SettingsError when the
    proxy's address cannot be used."""
    try:
        proxy = check_proxy(settings.proxy.get_secret_value()) if settings.proxy else None
    except ValueError as error:
        raise SettingsError(f"NEWSVANE_PROXY: {error}") from error
    async with WebClient(
        user_agent=user_agent(settings),
        guard=AddressGuard(settings.allowed_networks, allowed_by="NEWSVANE_ALLOWED_NETWORKS"),
        hosts=HostLimits(spacing=settings.host_spacing, concurrency=settings.host_concurrency),
        max_bytes=settings.max_fetch_bytes,
        deadline=settings.fetch_timeout.total_seconds(),
        proxy=proxy,
        overheard_in=overheard_in,
    ) as web:
        yield web


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What the application takes from outside itself. Without a word: this machine's clock, chance and network.

    ``around``: put around what the lanes that fetch do with a job.
    """

    now: Callable[[], datetime] = now
    random: Callable[[], float] = random.random
    new_id: Callable[[], str] = new_id
    open_web: Callable[[Settings], AbstractAsyncContextManager[Web]] = open_web
    around: Callable[[Work], Work] = lambda work: work


@asynccontextmanager
async def channel_opener(settings: Settings, *, link_key: bytes | None = None) -> AsyncIterator[OpenChannel]:
    """A function from a channel's specification to the channel. Webhooks have an address guard of their own.

    ``link_key``: signs the links in mails; they also need a public address.
    """
    links = None
    if settings.public_url is not None and link_key is not None:
        links = Links(settings.public_url, link_key)
    smtp, environment = None, read_environment()
    if settings.smtp_url is not None:
        try:
            smtp = parse_smtp_url(settings.smtp_url.get_secret_value())
        except ValueError as error:
            raise SettingsError(f"NEWSVANE_SMTP_URL: {error}") from error
    async with WebClient(
        user_agent=user_agent(settings),
        guard=AddressGuard(settings.allowed_alert_networks, allowed_by="NEWSVANE_ALLOWED_ALERT_NETWORKS"),
        hosts=HostLimits(spacing=0, concurrency=MOST_DELIVERIES),
    ) as poster:

        def open_channel(spec: ChannelSpec, tell: Callable[[str], None] | None = None) -> Channel:
            return build_channel(
                spec,
                poster=poster,
                smtp=smtp,
                email_from=settings.email_from,
                environment=environment,
                links=links,
                tell=tell,
            )

        yield open_channel


def outside_of(settings: Settings) -> Outside:
    """What people's acts need of the outside: clients and processes of their own, opened for each."""
    return Outside(
        new_id=new_id,
        random=chance,
        open_web=lambda hops: open_web(settings, overheard_in=hops),
        new_parser=lambda: ParserPool(1, seconds=settings.worker_seconds, memory_mb=settings.worker_memory_mb),
        open_channels=lambda link_key: channel_opener(settings, link_key=link_key),
        max_feed_items=settings.max_feed_items,
        first_poll_summary=settings.first_poll_summary,
        keep=settings.keep,
        backups=settings.backups,
    )


@asynccontextmanager
async def open_app(
    settings: Settings, *, first_poll_spread: timedelta | None = None, outside: Surroundings | None = None
) -> AsyncIterator[App]:
    """The application over a migrated database, with its watch list applied.

    The caller holds ``exclusive`` on an embedded database: claims of dead processes are given back here.
    """
    spread = settings.first_poll_spread if first_poll_spread is None else first_poll_spread
    outside = outside or Surroundings()
    async with AsyncExitStack() as stack:
        db = await stack.enter_async_context(open_database(settings))
        if db.is_sqlite:
            async with db.write() as session:
                await release_all(session)
        await _apply_watchlist(db, settings, spread, outside)
        web = await stack.enter_async_context(outside.open_web(settings))
        async with db.read() as session:
            web.refusals.restore(await hosts.running_refusals(session, outside.now()))
        link_key = await _link_key(db)
        open_channel = await stack.enter_async_context(channel_opener(settings, link_key=link_key))
        await _look_at_channels(db, open_channel)
        parser = ParserPool(settings.workers, seconds=settings.worker_seconds, memory_mb=settings.worker_memory_mb)
        stack.push_async_callback(parser.close)
        means = _means(settings, outside, db, web, parser)
        sending = delivery_lane(settings, db, open_channel, outside.now, means.counters)
        batches = lanes.batch_lane(means, sending)
        rhythms = lanes.rhythm_lane(means, sending)
        reads = lanes.read_lane(means, sending)
        polls = lanes.poll_lane(means, reads)
        keep = Keep(db, outside.now, outside.new_id)
        hubs = pushed = None
        if settings.public_url is not None:
            hubs = lanes.subscription_lane(means, settings.public_url + CALLBACK_PATH)
            pushed = lanes.push_lane(means, polls, reads)
        yield App(
            settings, db, polls, reads, batches, sending, means.queues, keep, parser, means.counters,
            subscriptions=hubs, pushes=pushed, rhythms=rhythms, link_key=link_key,
        )  # fmt: skip


def _means(settings: Settings, outside: Surroundings, db: Database, web: Web, parser: ParserPool) -> lanes.Means:
    return lanes.Means(
        settings=settings,
        db=db,
        web=web,
        queues=HostQueues(web.hosts),
        parser=parser,
        now=outside.now,
        random=outside.random,
        new_id=outside.new_id,
        token=new_id,
        new_secret=lambda: secrets.token_urlsafe(32),
        around=outside.around,
        counters=Counters(),
    )


def delivery_lane(
    settings: Settings,
    db: Database,
    open_channel: OpenChannel,
    clock: Callable[[], datetime] = now,
    counters: Counters | None = None,
) -> Lane[DeliveryJob]:
    """The lane that sends, on its own: for what sends without an application around it."""
    counters = counters or Counters()
    return lanes.delivery_lane(
        settings, db, open_channel, now=clock, random=random.random, new_id=new_id, counters=counters
    )


async def _look_at_channels(db: Database, open_channel: OpenChannel) -> None:
    """Say at the start, and not with the first alert, which channels lack what they need to send."""
    async with db.read() as session:
        specs = await stored_watchlist.channels(session)
    for spec in specs:
        try:
            if spec.enabled:
                open_channel(spec)
        except ChannelError as error:
            log.warning("channel cannot send", why=str(error))


async def _link_key(db: Database) -> bytes:
    """What links in mails are signed with: made once, kept with the data, so that old mails' links go on working."""
    async with db.write() as session:
        return await unsubscribed.made_link_key(session, secrets.token_bytes(32))


async def _apply_watchlist(db: Database, settings: Settings, spread: timedelta, outside: Surroundings) -> None:
    """The operator's own file at every start; the bundled list once, on the first start without one."""
    if settings.watchlist is not None:
        try:
            text = await asyncio.to_thread(settings.watchlist.read_text, encoding="utf-8")
        except OSError as error:
            raise SettingsError(
                f"NEWSVANE_WATCHLIST: {settings.watchlist} cannot be read ({error.strerror})"
            ) from error
        where = str(settings.watchlist)
        wanted = watchlist.parse_watchlist(text, where)
    else:
        async with db.read() as session:
            if await stored_watchlist.get_meta(session, _BUNDLED):
                return
            where = "the bundled watch list"
            wanted = await watchlist.to_begin_with(session)
    changes = await watchlist.apply(db, wanted, now=outside.now(), random=outside.random, spread=spread)
    async with db.write() as session:
        await stored_watchlist.set_meta(session, _BUNDLED, "applied")
    if changes:
        log.info("watch list applied", file=where, added=len(changes.added), changed=len(changes.changed))
