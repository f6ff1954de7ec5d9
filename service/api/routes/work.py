"""How the work goes: counts, and rescans of the past."""

from typing import Annotated

from fastapi import Path, Response
from pydantic import Field
from sqlalchemy.ext.asyncio import AsyncSession

from service import search
from service.api import answers
from service.api.access import Writer
from service.api.answers import Items
from service.api.context import Context, Here, Outdoors
from service.api.once import Once
from service.api.routes.common import Asked, Word, new_router
from service.api.routes.jobs import begun
from service.desk import rescans as desk
from service.desk.errors import Unknown
from service.desk.jobs import PREVIEW
from service.desk.outside import Outside
from service.pipeline.rescan import Rescan
from service.pipeline.watch import WatchSource
from service.store import housekeeping, rescan_lines, rescans
from service.store.lines import Line
from service.store.rescans import Wanted

__all__ = ["router"]

router = new_router("operation")
RescanId = Annotated[int, Path(ge=1, le=2**63 - 1)]


class AskedPreview(Asked):
    """Which stored articles, and what of them."""

    entity: Word | None = Field(default=None, examples=["HPE"])
    """Only this entity's mentions."""
    since: Word | None = Field(default=None, examples=["30d"])
    """Only articles found at or after this: `7d`, or a time."""
    until: Word | None = Field(default=None, examples=[None])


class AskedRescan(AskedPreview):
    """Which stored articles, and whether it is told."""

    summary: bool = Field(default=False, examples=[False])
    """Raise one alert a rule about all that it would have told of, and never did."""


@router.get("/rescans", response_model=Items[answers.Rescan])
async def listed(here: Here) -> Line:
    """Today's watch list over stored articles: what is under way, what stopped, what is over, newest first."""
    return {"items": await search.rescans(here.db, now=here.now()), "next": None}


@router.get("/rescans/{identity}", response_model=answers.Rescan)
async def one(here: Here, identity: RescanId) -> Line:
    """How far it is, or what came of it."""
    async with here.db.read() as session:
        line = await rescan_lines.named(session, identity, now=here.now())
    if line is None:
        raise Unknown("rescan", identity)
    return line


@router.post("/rescans", response_model=answers.Rescan, status_code=202)
async def start(here: Here, outside: Outdoors, asked: AskedRescan, act: Once, _who: Writer) -> Response:
    """Apply today's entities and rules to stored articles, quietly, in this daemon. The same request goes on where an
    unfinished one stopped; `GET /api/v1/rescans/{id}` tells how far it is."""
    watch = WatchSource(here.db)
    wanted = await desk.wanted(
        watch, desk.AskedRescan(asked.entity, asked.since, asked.until, asked.summary), now=here.now()
    )
    return await _begun(here, outside, watch, wanted, act)


@router.post("/rescans/{identity}/resume", response_model=answers.Rescan, status_code=202)
async def resume(here: Here, outside: Outdoors, identity: RescanId, act: Once, _who: Writer) -> Response:
    """Go on with one that stopped, in this daemon."""
    watch = WatchSource(here.db)
    made_with = await desk.made_with(watch)
    async with here.db.read() as session:
        wanted = await desk.wanted_once_more(session, identity, made_with)
    return await _begun(here, outside, watch, wanted, act)


@router.post("/rescans/{identity}/cancel", response_model=answers.Done)
async def cancel(here: Here, identity: RescanId, act: Once, _who: Writer) -> Response:
    """End an unfinished one, wherever it runs; what it wrote stays."""

    async def write(session: AsyncSession) -> Line:
        await desk.cancel(session, identity)
        return {"id": str(identity), "done": "cancelled"}

    return await act(write)


@router.post("/rescans/preview", response_model=answers.Job, status_code=202)
async def preview(here: Here, outside: Outdoors, asked: AskedPreview, act: Once, who: Writer) -> Response:
    """What a rescan would add, restore and withdraw. Nothing is written but how far it is."""
    watch = WatchSource(here.db)
    wanted = await desk.wanted(watch, desk.AskedRescan(asked.entity, asked.since, asked.until), now=here.now())
    step = Rescan(here.db, watch, here.now, outside.new_id)
    work = desk.previewed(here.db, step, wanted.entity, wanted.period)
    return await begun(here, act, who, PREVIEW, asked.model_dump(exclude_none=True), lambda _job: work)


@router.get("/stats", response_model=answers.Stats)
async def stats(here: Here) -> dict[str, int]:
    """How much of everything there is, and how much work is due."""
    async with here.db.read() as session:
        return await housekeeping.counts(session, now=here.now())


async def _begun(here: Context, outside: Outside, watch: WatchSource, wanted: Wanted, act: Once) -> Response:
    begun: list[int] = []

    async def write(session: AsyncSession) -> Line:
        standing = await rescans.begin(session, wanted, now=here.now(), in_daemon=True)
        begun.append(standing.id)
        return await rescan_lines.named(session, standing.id, now=here.now()) or {}

    answer = await act(write, 202)
    for identity in begun:  # none when the answer is one that was given before
        step = Rescan(here.db, watch, here.now, outside.new_id)
        work = desk.to_the_end(here.db, step, identity, now=here.now, new_id=outside.new_id)
        here.running.start(work, f"rescan {identity}")
    return answer
