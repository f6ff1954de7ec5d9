"""The daemon: ticks that look for due work, the pages, and an orderly stop. The only user of APScheduler.

The scheduler knows no job of ours: due times are columns, and a tick only makes each lane look (docs/adr/0001). Its own
executor would cancel running coroutines at a stop; the lanes' tasks are not its children, so that they can be drained.
"""

import asyncio
import contextlib
import os
import signal
import socket
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

import structlog
from apscheduler.schedulers.asyncio import AsyncIOScheduler

from service.bootstrap import App, Settings, SettingsError, chance, database_url, now, open_app, outside_of
from service.dispatch import Pulse, Works, gusts
from service.set_back import SetBack, keep_ticking
from service.store import access, articles, events, housekeeping, jobs, once, overtaken, pruning, pushes, sources, turns
from service.store.exclusive import exclusive
from service.systemd import Manager

__all__ = ["Pass", "bring_forward", "listen", "run", "run_once", "serving", "ticking"]

_TICK_SECONDS = 1
_MOST_AHEAD = 1000
_CATCH_UP_SECONDS = 60
_NEWEST = timedelta(seconds=90)
"""Longer than the time between two full catch-ups."""
_KEEP_WATCH_SECONDS = 60
_HOUSEKEEPING_MINUTES = 60
_PRUNE_HOURS = 24
_BEFORE_PRUNING = timedelta(minutes=10)
"""A start has better to do."""
_GO_ON_SECONDS = 20
_TELL_TROUBLE_TICKS = 60
_POLL_HISTORY = _JOB_HISTORY = timedelta(days=30)
_STORIES_STAY_OPEN = timedelta(days=60)
"""How long a story still takes in copies."""
log = structlog.get_logger("newsvane.daemon")


@dataclass(frozen=True, slots=True)
class Pass:
    """What one full pass did."""

    polled: int
    read: int
    sent: int


async def run_once(settings: Settings) -> Pass:
    """One full pass over all due work. Raises DatabaseInUse and SettingsError.

    Without hubs: nobody would be there to hear what they push, or even their verification.
    """
    settings = settings.model_copy(update={"public_url": None})
    with exclusive(_file(settings)):
        async with open_app(settings, first_poll_spread=timedelta()) as app:
            await app.one_pass()
            if await app.keep():
                await app.one_pass()
            return Pass(app.polls.done, app.reads.done, app.deliveries.done)


async def run(settings: Settings) -> None:
    """Until SIGTERM or SIGINT. Raises DatabaseInUse and SettingsError."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    manager = Manager(os.environ, time.monotonic)
    with exclusive(_file(settings)), listen(settings.listen) as server_socket:
        async with open_app(settings) as app:
            await _check_lock(app)
            pulse = Pulse(app.lanes, time.monotonic)
            works = Works(app.lanes, pulse, app.parser, app.counters, manager.watches)
            async with ticking(app, pulse, manager), serving(app, server_socket, works):
                log.info("running", page=_page(server_socket), database=_shown(settings))
                manager.ready()
                await stop.wait()
                manager.stopping()
                log.info("stopping", running=sum(lane.running for lane in app.lanes))
            given_back = await app.drain()
        log.info("stopped", given_back=given_back)


async def _check_lock(app: App) -> None:
    """Raises SettingsError where everybody could reach what nobody has locked."""
    from service.web.guard import is_loopback

    address = app.settings.listen
    if is_loopback(address):
        return
    async with app.db.read() as session:
        locked = await access.locked(session)
    if not locked:
        raise SettingsError(
            f"NEWSVANE_LISTEN: {address} can be reached by others, and no token exists: make one first with "
            "`newsvane token create NAME --scope admin`, or listen on 127.0.0.1"
        )


@contextlib.contextmanager
def listen(address: str) -> Iterator[socket.socket]:
    """Bind the page's port before anything starts, so that a port in use is one line and not half a start."""
    host, _, port = address.rpartition(":")
    try:
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        bound = socket.create_server((host.strip("[]"), int(port)), family=family)
    except OSError as error:
        raise SettingsError(f"NEWSVANE_LISTEN: cannot listen on {address} ({_reason(error)})") from error
    with bound:
        yield bound


def _page(bound: socket.socket) -> str:
    """The page's address, with the port that the system chose where the setting says 0."""
    host, port = bound.getsockname()[:2]
    return f"http://[{host}]:{port}/" if ":" in host else f"http://{host}:{port}/"


def _reason(error: OSError) -> str:
    """Without what asyncio and socket add to it: the address is told already."""
    return (error.strerror or str(error)).partition(" (")[0]


@asynccontextmanager
async def ticking(app: App, pulse: Pulse | None = None, manager: Manager | None = None) -> AsyncIterator[None]:
    """Every lane looks for due work each second, until the block ends; ``pulse`` and ``manager`` are told."""
    pulse = pulse or Pulse(app.lanes, time.monotonic)
    scheduler = AsyncIOScheduler(
        timezone="UTC", job_defaults={"misfire_grace_time": None, "coalesce": True, "max_instances": 1}
    )
    scheduler.add_job(_tick, "interval", [app, pulse, manager], seconds=_TICK_SECONDS, id="tick")
    scheduler.add_job(_look_ahead, "interval", [app], seconds=_TICK_SECONDS, id="what is due before the next tick")
    scheduler.add_job(_catch_up, "interval", [app], seconds=_CATCH_UP_SECONDS, id="order of deliveries")
    if not app.db.is_sqlite:  # there, nobody lines up while another ends: one writes at a time
        scheduler.add_job(
            _catch_up, "interval", [app], {"newest": True}, seconds=_TICK_SECONDS, id="order of new deliveries"
        )
    scheduler.add_job(_keep_watch, "interval", [app], seconds=_KEEP_WATCH_SECONDS, id="watch over newsvane")
    scheduler.add_job(_keep_house, "interval", [app], minutes=_HOUSEKEEPING_MINUTES, id="housekeeping")
    if app.settings.keep is not None:
        first = now() + _BEFORE_PRUNING
        scheduler.add_job(_prune, "interval", [app], hours=_PRUNE_HOURS, next_run_time=first, id="pruning")
    await _bring_back(app)  # the clock may have been ahead until we were started
    scheduler.start()
    keeper = asyncio.create_task(
        keep_ticking(SetBack(now, time.monotonic), partial(bring_forward, scheduler), partial(_bring_back, app))
    )
    await _tick(app, pulse, manager)
    try:
        yield
    finally:
        keeper.cancel()
        scheduler.shutdown(wait=False)


async def _tick(app: App, pulse: Pulse, manager: Manager | None) -> None:
    """A ping to the manager says that this runs: whatever holds up the loop or the claims keeps it from being sent."""
    pulse.beat()
    for lane in app.lanes:
        lane.kick()
    if manager is not None and not pulse.hangs:
        manager.alive()
    if pulse.trouble is not None and pulse.ticks % _TELL_TROUBLE_TICKS == 0:
        log.error("work stands still", why=pulse.trouble)


def bring_forward(scheduler: AsyncIOScheduler, by: timedelta) -> None:
    for job in scheduler.get_jobs():
        job.modify(next_run_time=job.next_run_time - by)


async def _bring_back(app: App) -> None:
    app.queues.forget()
    moved = await overtaken.bring_back(app.db, now=now())
    if moved:
        log.warning("due times lay ahead of the clock, and were brought back", moved=moved)


async def _look_ahead(app: App) -> None:
    """Look for polls and pages again as they fall due before the next tick. Were all begun at the tick, what they bring
    would come in a gust a second, and the last of it would wait for all the rest."""
    start = now()
    until = start + timedelta(seconds=_TICK_SECONDS)
    async with app.db.read() as session:
        polls = await sources.falls_due(session, after=start, until=until, most=_MOST_AHEAD)
        reads = await articles.falls_due(session, after=start, until=until, most=_MOST_AHEAD)
    loop = asyncio.get_running_loop()
    for lane, moments in ((app.polls, polls), (app.reads, reads)):
        for seconds in gusts(moments, start):
            loop.call_later(seconds, lane.kick)


async def _catch_up(app: App, *, newest: bool = False) -> None:
    async with app.db.write() as session:
        freed = await turns.catch_up(session, since=now() - _NEWEST if newest else None)
    if freed:
        app.deliveries.kick()


async def _keep_watch(app: App) -> None:
    if await app.keep():
        app.deliveries.kick()


async def _keep_house(app: App) -> None:
    gone = await housekeeping.forget_polls(app.db, now=now(), keep=_POLL_HISTORY)
    unread = await pushes.forget_old(app.db, now=now())
    old_news = await housekeeping.forget_old_news(app.db, now=now(), keep=_STORIES_STAY_OPEN)
    async with app.db.write() as session:
        await access.forget_old(session, now())
    events_gone = await events.forget_old(app.db, now=now())
    await once.forget_old(app.db, now=now())
    await jobs.forget_old(app.db, before=now() - _JOB_HISTORY)
    log.info(
        "kept house",
        polls_forgotten=gone,
        pushes_forgotten=unread,
        events_forgotten=events_gone,
        old_news_closed=old_news,
    )


async def _prune(app: App) -> None:
    if app.settings.keep is not None:
        gone = await pruning.prune(app.db, before=now() - app.settings.keep)
        log.info("pruned", articles=gone.articles, mentions=gone.mentions, stories=gone.stories, kept=gone.kept)


@asynccontextmanager
async def serving(app: App, bound: socket.socket, works: Works | None = None) -> AsyncIterator[None]:
    """The pages and the API, in this process and loop, until the block ends. ``works``: told by health and metrics."""
    server = await asyncio.to_thread(_make_server, app, works)
    task = asyncio.create_task(server.serve(sockets=[bound]), name="pages")
    going_on = asyncio.create_task(_go_on(server.config.app.state.context), name="what was left")
    try:
        yield
    finally:
        going_on.cancel()
        await asyncio.gather(going_on, return_exceptions=True)
        await server.config.app.state.context.running.stop()
        server.should_exit = True
        await task


async def _go_on(context: Any) -> None:  # noqa: ANN401 - an api.Context, which is imported late
    """With long work whose process ended: at the start, and when another was killed."""
    from service.desk.going_on import left_over

    at_start = True
    while True:
        try:
            async for name, work in left_over(context.db, context.outside, now=now, at_start=at_start):
                log.info("going on with work that was left", work=name)
                context.running.start(work, name)
        except Exception:
            log.exception("looking for work that was left failed")
        at_start = False
        await asyncio.sleep(_GO_ON_SECONDS)


def _make_server(app: App, works: Works | None) -> Any:  # noqa: ANN401 - uvicorn is imported late: the first poll need not wait for it
    import uvicorn

    from service.api.websub import Callback
    from service.web.app import create_app
    from service.web.unsubscribe import Unsubscribing

    callback = unsubscribing = None
    if app.pushes is not None and app.settings.public_url is not None:
        callback = Callback(
            app.db,
            app.settings.public_url,
            now,
            chance,
            app.pushes.kick,
            app.settings.max_fetch_bytes,
        )

        unsubscribing = Unsubscribing(app.db, app.link_key, now)

    class Server(uvicorn.Server):
        @contextlib.contextmanager
        def capture_signals(self) -> Iterator[None]:
            """Signals are the daemon's: it drains first."""
            yield

    secure = (app.settings.public_url or "").startswith("https:")
    listen_on = app.settings.listen
    config = uvicorn.Config(
        create_app(
            app.db,
            listen=listen_on,
            now=now,
            secure=secure,
            outside=outside_of(app.settings),
            callback=callback,
            unsubscribing=unsubscribing,
            works=works,
        ),
        log_config=None,
        access_log=False,
        lifespan="off",
        server_header=False,
        timeout_graceful_shutdown=2,
    )
    return Server(config)


def _file(settings: Settings) -> Path | None:
    url = database_url(settings)
    is_file = url.get_backend_name() == "sqlite"
    return Path(url.database or "").absolute() if is_file else None


def _shown(settings: Settings) -> str:
    return database_url(settings).render_as_string(hide_password=True)
