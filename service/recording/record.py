"""A run of the daemon's own lanes whose fetches are kept in a folder.

It starts from an empty database of its own, so that the recording is whole: no feed was read before, and each page
behind each item is in it. It sends nothing: the daemon that runs beside it does.
"""

import asyncio
import signal
import tempfile
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import structlog
from pydantic import SecretStr

from scrapers.recorder import RecordingClient, RecordingWriter
from scrapers.redaction import Redactor
from scrapers.web import Web
from service import watchlist
from service.bootstrap import App, Settings, SettingsError, Surroundings, now, open_app, open_database, open_web
from service.daemon import ticking
from service.recording.lists import as_yaml, quiet_list, without_secrets
from service.store import housekeeping
from service.store.exclusive import exclusive
from service.store.unread import unread_pages
from service.store.watchlist import SourceSpec

__all__ = ["WATCHLIST", "NotEmpty", "Recorded", "kept_settings", "record", "stop_signals", "working_database"]

WATCHLIST = "watchlist.yaml"
_MOST_UNREAD = 10_000
_LOOK_SECONDS = 0.2
log = structlog.get_logger("newsvane.record")


class NotEmpty(Exception):  # noqa: N818 - reads as what it says
    """The database holds something already."""


@dataclass(frozen=True, slots=True)
class Recorded:
    """``unread``: pages that were still to be fetched at the end."""

    fetches: int
    articles: int
    mentions: int
    unread: int
    full: bool


async def record(
    settings: Settings,
    folder: Path,
    *,
    limit: timedelta | None = None,
    until_idle: bool = False,
    only: tuple[str, ...] = (),
    database: str | None = None,
    most_bytes: int,
    stop: asyncio.Event,
) -> Recorded:
    """Until ``limit`` is over, everything is read (``until_idle``), the folder is full, or ``stop`` is set.

    ``only``: addresses, titles or tags of the sources to poll; without any, all. ``database``: an empty one to work on
    and keep. Raises RecordingError, NotEmpty, SettingsError, WatchListError, OSError.
    """
    text, where = await watched(settings)
    chosen, parsed = quiet_list(text, where, wanted=lambda source: not only or _is_named(source, only))
    redactor = Redactor(source.url for source in parsed.sources)
    if only and not any(_is_named(source, only) for source in parsed.sources):
        raise SettingsError(f"no source of {where} has the address, title or tag {only[0]!r}")
    writer = RecordingWriter(
        folder, redactor, started_at=now(), settings=kept_settings(settings), most_bytes=most_bytes
    )
    told = as_yaml(without_secrets(chosen, redactor.text))
    await asyncio.to_thread((folder / WATCHLIST).write_text, told, encoding="utf-8")

    @asynccontextmanager
    async def recording_web(settings: Settings) -> AsyncIterator[Web]:
        async with open_web(settings) as web:
            yield RecordingClient(web, writer, now)

    try:
        async with working_database(settings, as_yaml(chosen), database) as own:
            spread = timedelta() if until_idle else None
            outside = Surroundings(open_web=recording_web)
            async with open_app(own, first_poll_spread=spread, outside=outside) as app:
                await _run(app, writer, stop, limit, until_idle=until_idle)
                await app.drain()
                async with app.db.read() as session:
                    unread = await unread_pages(session, limit=_MOST_UNREAD)
                    counted = await housekeeping.counts(session, now=now())
                writer.end(now(), unread)
    finally:
        writer.close()
    return Recorded(writer.fetches, counted["articles"], counted["mentions"], len(unread), writer.full.is_set())


async def watched(settings: Settings) -> tuple[str, str]:
    """The watch list in force, as YAML, and where it is from: the operator's file, the database, the bundled one."""
    if settings.watchlist is not None:
        try:
            return await asyncio.to_thread(settings.watchlist.read_text, encoding="utf-8"), str(settings.watchlist)
        except OSError as error:
            raise SettingsError(
                f"NEWSVANE_WATCHLIST: {settings.watchlist} cannot be read ({error.strerror})"
            ) from error
    async with open_database(settings) as db:
        text = await watchlist.export(db)
    if watchlist.parse_watchlist(text).sources:
        return text, "the database"
    return watchlist.bundled(), "the bundled watch list"


@asynccontextmanager
async def working_database(settings: Settings, watched: str, database: str | None) -> AsyncIterator[Settings]:
    """Settings for a run over this watch list and an empty database, a temporary one where none is named.

    Raises NotEmpty, DatabaseInUse.
    """
    with tempfile.TemporaryDirectory(prefix="newsvane-") as name:
        file = Path(name) / WATCHLIST
        await asyncio.to_thread(file.write_text, watched, encoding="utf-8")
        url = database or f"sqlite:///{Path(name) / 'run.db'}"
        own = settings.model_copy(update={"database_url": SecretStr(url), "watchlist": file, "public_url": None})
        async with open_database(own) as db, db.read() as session:
            counted = await housekeeping.counts(session, now=now())
        if counted["sources"] or counted["articles"]:
            raise NotEmpty("the database holds sources or articles already; name an empty one")
        with exclusive(db.file):
            yield own


def kept_settings(settings: Settings) -> dict[str, int | bool]:
    """What decides over a run and is no secret: durations in seconds. ``replay`` reads it back."""
    return {
        "poll_interval": round(settings.poll_interval.total_seconds()),
        "min_poll_interval": round(settings.min_poll_interval.total_seconds()),
        "max_poll_interval": round(settings.max_poll_interval.total_seconds()),
        "max_feed_items": settings.max_feed_items,
        "first_poll_summary": settings.first_poll_summary,
    }


def _is_named(source: SourceSpec, names: tuple[str, ...]) -> bool:
    return any(name in (source.url, source.title, *source.tags) for name in names)


async def _run(
    app: App, writer: RecordingWriter, stop: asyncio.Event, limit: timedelta | None, *, until_idle: bool
) -> None:
    ends = now() + limit if limit is not None else None
    async with ticking(app):
        while not (stop.is_set() or writer.full.is_set() or (ends is not None and now() >= ends)):
            if until_idle and await _all_read(app, now()):
                break
            await asyncio.sleep(_LOOK_SECONDS)
    log.info("recorded", fetches=writer.fetches, full=writer.full.is_set())


async def _all_read(app: App, at: datetime) -> bool:
    """No source is due, and no page that they brought is still to be read, its later tries included."""
    if app.queues.waiting(at) or any(lane.busy for lane in app.lanes):
        return False
    async with app.db.read() as session:
        counted = await housekeeping.counts(session, now=at)
    return not (counted["polls_due"] or counted["articles_due"])


@contextmanager
def stop_signals() -> Iterator[asyncio.Event]:
    """An event that SIGTERM and SIGINT set, instead of what they do else."""
    stop, loop = asyncio.Event(), asyncio.get_running_loop()
    numbers = (signal.SIGTERM, signal.SIGINT)
    for number in numbers:
        loop.add_signal_handler(number, stop.set)
    try:
        yield stop
    finally:
        for number in numbers:
            loop.remove_signal_handler(number)
