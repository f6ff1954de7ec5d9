"""What a Prometheus server scrapes: the counters of this process, and gauges read from the database.

Open to whoever may read (service/api/access.py). Gauges are a few seconds old at most; counts of all that is stored a
minute. docs/monitoring.md lists every name.
"""

import asyncio
import platform
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from importlib.metadata import version
from typing import Any, Final

import structlog
from fastapi import APIRouter, Depends, HTTPException, Request, Security
from fastapi.responses import Response
from prometheus_client import CollectorRegistry, ProcessCollector, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, InfoMetricFamily, Metric
from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError

from service.api.access import bearer, caller_of, reader, shown_by
from service.api.context import Here
from service.api.lock import PATIENCE
from service.api.problems import UNREACHABLE, is_mistake, problem_responses
from service.dispatch import Works
from service.store import vitals
from service.store.engine import Database
from service.store.migrate import head_version

__all__ = ["Metrics", "router"]

_CONTENT_TYPE: Final = "text/plain; version=0.0.4; charset=utf-8"
"""https://prometheus.io/docs/instrumenting/exposition_formats/"""
_TRUSTED: Final = timedelta(minutes=10)
_FRESH, _COUNTED = timedelta(seconds=5), timedelta(seconds=60)

log = structlog.get_logger("newsvane.metrics")
router = APIRouter(tags=["operation"], responses=problem_responses())


async def _watcher(request: Request, here: Here) -> None:
    """Who may read; and, while the database is gone, who read these figures lately: they are what tells of it, and
    nobody can take a token back meanwhile."""
    watchers: dict[str, datetime] = request.app.state.watchers
    now, (scheme, _, shown) = here.now(), shown_by(request)
    try:
        async with asyncio.timeout(PATIENCE):
            caller = await caller_of(request, here)
    except (*UNREACHABLE, OSError) as error:
        if is_mistake(error):
            raise
        if shown not in watchers or now - watchers[shown] > _TRUSTED:
            raise HTTPException(503, "the database cannot be used, so nobody knows whose token this is") from error
        return
    await reader(caller, None)
    for old in [one for one, at in watchers.items() if now - at > _TRUSTED]:
        del watchers[old]
    if scheme:
        watchers[shown] = now


@router.get(
    "/metrics",
    dependencies=[Depends(_watcher), Security(bearer)],
    response_class=Response,
    responses={200: {"content": {"text/plain": {"schema": {"type": "string"}}}}},
)
async def metrics(request: Request) -> Response:
    """Everything that a Prometheus server wants to know, in its text format."""
    kept: Metrics = request.app.state.metrics
    return Response(await kept.text(), media_type=_CONTENT_TYPE)


@dataclass(frozen=True, slots=True)
class _Seen:
    due: list[vitals.Due]
    standing: vitals.Standing
    size: int
    at: datetime


class Metrics:
    """``works``: what runs in this process; None where only pages are served."""

    def __init__(self, db: Database, now: Callable[[], datetime], works: Works | None = None) -> None:
        self._db, self._now, self._works = db, now, works
        self._process = ProcessCollector(registry=None)
        self._one = asyncio.Lock()
        self._seen: _Seen | None = None
        self._stored: tuple[vitals.Stored, datetime] | None = None

    async def text(self) -> bytes:
        """In the text format. A database that cannot be read costs its gauges, and ``newsvane_database_up`` is 0. One
        that does not understand what it is asked is a bug, and raises as it does everywhere."""
        async with self._one:  # scrapes that come together read once
            try:
                async with asyncio.timeout(PATIENCE):
                    families = list(_of_database(*await self._look()))
                up = 1
            except (SQLAlchemyError, OSError, TimeoutError) as error:
                if is_mistake(error):
                    raise
                log.warning("the database cannot be read for metrics", why=f"{error!r:.200}")
                families, up = [], 0
        families += [_gauge("database_up", "Whether the database could be read.", up), self._build(), *self._of_works()]
        return generate_latest(_Families([*families, *self._process.collect()]))

    async def _look(self) -> tuple[_Seen, vitals.Stored]:
        now = self._now()
        if self._db.file is not None and not self._db.file.exists():  # to open it would make an empty one
            raise FileNotFoundError(self._db.file)
        async with self._db.read() as session:
            await session.execute(select(1))  # whether it is there is asked each time
            if self._seen is None or abs(now - self._seen.at) >= _FRESH:
                self._seen = _Seen(
                    await vitals.due_work(session, now),
                    await vitals.standing(session),
                    await vitals.database_bytes(session, self._db),
                    now,
                )
            if self._stored is None or abs(now - self._stored[1]) >= _COUNTED:
                self._stored = await vitals.stored(session), now
        return self._seen, self._stored[0]

    def _build(self) -> Metric:
        said = {
            "version": version("newsvane"),
            "python": platform.python_version(),
            "schema": head_version(),
            "database": "sqlite" if self._db.is_sqlite else "postgresql",
        }
        return InfoMetricFamily("newsvane_build", "Which newsvane this is.", value=said)

    def _of_works(self) -> Iterator[Metric]:
        if self._works is None:
            return
        lanes, parser, pulse = self._works.lanes, self._works.parser, self._works.pulse
        for family in self._works.counters.registry.collect():
            # When a series began is told by another series for each, which this format's readers ignore.
            family.samples = [sample for sample in family.samples if not sample.name.endswith("_created")]
            yield family
        yield _gauge("lane_running", "Jobs that run now.", {lane.name: lane.running for lane in lanes}, "lane")
        yield _gauge("lane_places", "Jobs that may run at once.", {lane.name: lane.places for lane in lanes}, "lane")
        yield _counter("lane_jobs", "Jobs that ended.", {lane.name: lane.done for lane in lanes}, "lane")
        yield _counter("lane_bugs", "Jobs that a bug stopped.", {lane.name: lane.bugs for lane in lanes}, "lane")
        yield _gauge("lane_stuck", "Whether looking for work gets no answer.", _stuck(self._works), "lane")
        yield _counter("ticks", "Ticks, one a second.", {(): pulse.ticks})
        yield _gauge("last_tick_age_seconds", "Time since the last tick.", round(pulse.age, 3))
        yield _counter("worker_kills", "Parsing processes that a document cost, by why.", parser.lost, "reason")
        yield _counter("worker_restarts", "Times that all parsing processes were started anew.", {(): parser.restarts})


def _stuck(works: Works) -> dict[str, float]:
    stuck = works.pulse.stuck
    return {lane.name: lane.name in stuck for lane in works.lanes}


def _of_database(seen: _Seen, stored: vitals.Stored) -> Iterator[Metric]:
    due = {one.lane: one for one in seen.due}
    yield _gauge(
        "due_jobs", "Jobs that are due and nobody is at.", {lane: one.waiting for lane, one in due.items()}, "lane"
    )
    oldest = {lane: one.oldest_seconds for lane, one in due.items()}
    yield _gauge("due_oldest_seconds", "How long the first of them has been due; 0: none is.", oldest, "lane")
    yield _gauge("sources", "Sources, by how they stand.", seen.standing.sources, "state")
    unsent = seen.standing.deliveries
    yield _gauge("deliveries", "Deliveries that are not sent, by channel and state.", unsent, "channel", "state")
    yield _gauge("subscriptions", "Subscriptions to hubs, by state.", seen.standing.subscriptions, "state")
    yield _gauge("database_size_bytes", "Space that the database takes.", seen.size)
    yield _gauge("stored_rows", "What is stored, by table.", stored.rows, "table")


def _gauge(name: str, help_text: str, values: Any, *labels: str) -> Metric:  # noqa: ANN401 - number or dict
    family = GaugeMetricFamily(f"newsvane_{name}", help_text, labels=labels)
    _fill(family, values if isinstance(values, dict) else {(): values})
    return family


def _counter(name: str, help_text: str, values: Any, *labels: str) -> Metric:  # noqa: ANN401
    family = CounterMetricFamily(f"newsvane_{name}", help_text, labels=labels)
    _fill(family, values)
    return family


def _fill(family: GaugeMetricFamily | CounterMetricFamily, values: dict[Any, float]) -> None:
    for key, value in values.items():
        family.add_metric([key] if isinstance(key, str) else list(key), float(value))


class _Families(CollectorRegistry):
    """Families as a registry, of which only ``collect`` is used."""

    def __init__(self, families: Iterable[Metric]) -> None:
        super().__init__()
        self._made = list(families)

    def collect(self) -> Iterator[Metric]:
        yield from self._made
