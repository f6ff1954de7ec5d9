"""The run of a recording once more: the daemon's own lanes over its answers, at its times, without the web.

    for each fetch, in the order of the answers:
        what rules hold back until before then is told, each batch at its own moment
        the clock goes on to its moment -> lanes look -> the job that waits for the address gets the answer
                                                      -> all that follows from it is done before the next one
    after the last one the clock goes on until nothing waits to be told

One job works at a time and every id is drawn from one seed: two replays of a recording come to the same.
"""

import asyncio
import json
import random
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import structlog

from scrapers.recorded_lines import read_recording
from scrapers.recording import Recording, RecordingError
from scrapers.replay import ReplayClient, Turns, is_robots
from scrapers.web import Web
from service.bootstrap import App, Settings, Surroundings, open_app, user_agent
from service.dispatch import Lane
from service.recording.lists import as_yaml, quiet_list, with_sources_of
from service.recording.outcome import Outcome, read_outcome
from service.recording.record import WATCHLIST, working_database
from service.store import sources, waiting

__all__ = ["OUT", "Replayed", "replay"]

OUT = "out.jsonl"
_SEED = 5
_UNBOUNDED = 1_000_000
"""Jobs at a time: most of them only wait for their answers."""
_LONGEST_LIST = 10_000_000
_LOOK_SECONDS = 0.001
_MOST_BATCHES = 100_000
"""Told between two answers, or after the last: a hang has an end."""
log = structlog.get_logger("newsvane.replay")
_LIMITS = {
    "poll_interval": 366 * 86400,
    "min_poll_interval": 366 * 86400,
    "max_poll_interval": 366 * 86400,
    "max_feed_items": 100_000,
}


@dataclass(frozen=True, slots=True)
class Replayed:
    """``unasked``: recorded fetches that nobody asked for this time. ``missing``: addresses that were asked for and
    are not in the recording."""

    outcome: Outcome
    fetches: int
    unasked: int
    missing: tuple[str, ...]


class _Clock:
    """Shows the recording's time; never goes back."""

    def __init__(self, start: datetime) -> None:
        self._now = start

    def __call__(self) -> datetime:
        return self._now

    def advance(self, to: datetime) -> timedelta:
        """How far it went."""
        step = max(to - self._now, timedelta())
        self._now += step
        return step


async def replay(
    settings: Settings,
    folder: Path,
    *,
    rules: tuple[str, str] | None = None,
    database: str | None = None,
    speed: float | None = None,
    partial: bool = False,
) -> Replayed:
    """``rules``: entities and rules in place of the recorded ones, as the text of a watch list and where it is from.
    ``database``: an empty one to work on and keep. ``speed``: recorded seconds a second; None: as fast as can be.

    The alerts are written to ``out.jsonl`` in the folder. Raises RecordingError, WatchListError, NotEmpty, OSError.
    """
    recording = await asyncio.to_thread(read_recording, folder, partial=partial)
    recorded = await asyncio.to_thread(_read_list, folder / WATCHLIST)
    watched, _ = quiet_list(recorded, str(folder / WATCHLIST))
    if rules is not None:
        watched = with_sources_of(watched, *rules)
    clock, turns, chance = _Clock(recording.started_at), Turns(), random.Random(_SEED)  # noqa: S311 - must repeat
    chosen = _settings(settings, recording)
    web = await asyncio.to_thread(ReplayClient, recording, user_agent=user_agent(chosen), turns=turns)

    @asynccontextmanager
    async def recorded_web(_: Settings) -> AsyncIterator[Web]:
        yield web

    outside = Surroundings(
        now=clock,
        random=chance.random,
        new_id=lambda: f"{chance.getrandbits(128):032x}",
        open_web=recorded_web,
        around=_in_turn(turns),
    )
    async with (
        working_database(chosen, as_yaml(watched), database) as own,
        open_app(own, first_poll_spread=timedelta(), outside=outside) as app,
    ):
        try:
            unasked = await _drive(app, web, clock, recording, speed)
        finally:
            await app.drain()
        outcome = await read_outcome(app.db, clock())
    await asyncio.to_thread(_write_alerts, folder / OUT, outcome)
    return Replayed(outcome, len(recording.exchanges) - unasked, unasked, tuple(web.missing))


async def _drive(app: App, web: ReplayClient, clock: _Clock, recording: Recording, speed: float | None) -> int:
    """Give every answer at its moment; how many nobody asked for."""
    unasked = 0

    async def go_on(to: datetime) -> None:
        step = clock.advance(to)
        if speed is not None:
            await asyncio.sleep(step.total_seconds() / speed)

    await _settle(app, web)
    for exchange in recording.exchanges:
        if is_robots(exchange):
            continue
        await _tell_due(app, web, go_on, exchange.at)
        await go_on(exchange.at)
        if not web.waits_for(exchange.url):
            await _settle(app, web)
        if not web.waits_for(exchange.url):
            # The pause before a poll has chance in it. The recording knows what it came to.
            async with app.db.write() as session:
                await sources.make_due(session, clock(), [exchange.url])
            await _settle(app, web)
        if web.waits_for(exchange.url):
            web.answer(exchange.url, await asyncio.to_thread(recording.answer, exchange), clock())
            await _settle(app, web)
        else:
            unasked += 1
    await _tell_due(app, web, go_on, recording.ended_at)
    await go_on(recording.ended_at)
    await _settle(app, web)
    speed = None  # nothing more happens that would be worth watching
    await _tell_due(app, web, go_on, None)
    return unasked


async def _tell_due(
    app: App, web: ReplayClient, go_on: Callable[[datetime], Awaitable[None]], until: datetime | None
) -> None:
    """Go on from batch to batch that is due up to then, or until none waits. Only these are told: what else the time
    makes due needs an answer of the web, and that has its own moment."""
    for _ in range(_MOST_BATCHES):
        due = await waiting.next_due(app.db)
        if due is None or (until is not None and due > until):
            return
        await go_on(due)
        await _settle(app, web, app.batches)
    log.warning("too many batches wait", most=_MOST_BATCHES)


async def _settle(app: App, web: ReplayClient, *lanes: Lane[Any]) -> None:
    """Until all work of these lanes, or of all, that is due now is done, but for the jobs that wait for a later answer.

    A job that ends makes its lane and the next one look again, so one look of all is enough.
    """
    for lane in lanes or app.lanes:
        lane.kick()
    while _working(app, web):  # noqa: ASYNC110 - there is no one event for it
        await asyncio.sleep(_LOOK_SECONDS)


def _working(app: App, web: ReplayClient) -> bool:
    return any(lane.looking for lane in app.lanes) or sum(lane.running for lane in app.lanes) > web.waiting


def _in_turn(turns: Turns) -> Callable[[Callable[[Any], Awaitable[Any]]], Callable[[Any], Awaitable[Any]]]:
    def around(work: Callable[[Any], Awaitable[Any]]) -> Callable[[Any], Awaitable[Any]]:
        async def one(job: Any) -> Any:  # noqa: ANN401 - of any lane
            async with turns.taken():
                return await work(job)

        return one

    return around


def _settings(settings: Settings, recording: Recording) -> Settings:
    """The recorded run's own pauses and limits; no lease that ends in between, and no job that waits for a place."""
    kept: dict[str, Any] = {}
    for name, most in _LIMITS.items():
        value = recording.settings.get(name)
        if not isinstance(value, int) or isinstance(value, bool) or not 1 <= value <= most:
            raise RecordingError(f"{recording.folder}: the setting {name!r} must be a whole number from 1 to {most:,}")
        kept[name] = timedelta(seconds=value) if name.endswith("_interval") else value
    return settings.model_copy(
        update=kept
        | {
            "first_poll_summary": recording.settings.get("first_poll_summary") is not False,
            "poll_concurrency": _UNBOUNDED,
            "read_concurrency": _UNBOUNDED,
            "lease": timedelta(days=3660),
            "drain": timedelta(),
            "smtp_url": None,
        }
    )


def _read_list(file: Path) -> str:
    try:
        with file.open(encoding="utf-8") as stream:
            text = stream.read(_LONGEST_LIST + 1)
    except FileNotFoundError as error:
        raise RecordingError(f"{file}: is missing; was the whole folder copied?") from error
    except UnicodeDecodeError as error:
        raise RecordingError(f"{file}: is no text in UTF-8") from error
    if len(text) > _LONGEST_LIST:
        raise RecordingError(f"{file}: is longer than {_LONGEST_LIST:,} characters")
    return text


def _write_alerts(file: Path, outcome: Outcome) -> None:
    with file.open("w", encoding="utf-8") as out:
        out.writelines(json.dumps(alert, ensure_ascii=False) + "\n" for alert in outcome.alerts)
