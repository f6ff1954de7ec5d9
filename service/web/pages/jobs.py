"""/jobs: what takes long, how far it is, and asking for it. It can be left and come back to."""

from typing import Annotated

from fastapi import APIRouter, Path, Request
from fastapi.responses import HTMLResponse, Response

from service.api.access import Administrator, Writer
from service.desk import backups, importing
from service.desk import jobs as desk_jobs
from service.desk import rescans as desk_rescans
from service.desk.errors import Wrong
from service.desk.rescans import AskedRescan
from service.figures import totals
from service.pipeline.rescan import Rescan
from service.pipeline.watch import WatchSource
from service.search import AskError, rescans, watch_list
from service.store import jobs
from service.store import rescans as stored
from service.store.rescans import Wanted
from service.web.forms import Form, read
from service.web.pages.acting import Acting, done_at
from service.web.pages.frame import Frame, Framed

__all__ = ["router"]

_SECONDS = 3
_SHOWN = 20
_DONE = {
    "begun": "Begun. You can leave this page: it goes on, and stands here when you come back.",
    "cancelled": "Cancelled. What it wrote stays.",
}
_SINCE = (
    ("7d", "the last 7 days"),
    ("30d", "the last 30 days"),
    ("90d", "the last 90 days"),
    ("", "all that is stored"),
)

router = APIRouter()
RescanId = Annotated[int, Path(ge=1, le=2**63 - 1)]
JobId = RescanId


@router.get("/jobs")
async def work(frame: Framed, done: str = "") -> HTMLResponse:
    """Imports, backups and rescans, the newest first; while one works, the page asks again every few seconds."""
    lines = await rescans(frame.db, now=frame.now, limit=_SHOWN)
    async with frame.db.read() as session:
        others = await jobs.listed(session, now=frame.now, limit=_SHOWN)
    counts = (await totals(frame.db, now=frame.now)).counts
    works = any(line["state"] == "working" for line in [*lines, *others]) or done == "begun"
    answer = frame.html(
        "jobs.html.j2",
        rescans=lines,
        jobs=others,
        counts=counts,
        works=works,
        done=_DONE.get(done),
    )
    if works:
        answer.headers["Refresh"] = f"{_SECONDS}; url=/jobs"
    return answer


@router.post("/jobs/backup")
async def back_up(frame: Acting, who: Administrator) -> Response:
    """Copy the database to the folder for backups, in this process."""
    folder = backups.folder_of(frame.db, frame.outside)
    async with frame.db.write() as session:
        job = (await desk_jobs.begun(session, desk_jobs.BACKUP, {}, by=who.name, now=frame.now))["id"]
    work = backups.into(frame.db, folder, job, now=frame.now)
    frame.here.running.start(desk_jobs.carry_out(frame.db, job, work, now=frame.here.now), f"job {job}")
    return done_at("/jobs", "begun")


@router.post("/jobs/other/{job}/go-on")
async def go_on_with_job(frame: Acting, job: JobId, who: Writer) -> Response:
    """Take one up again that stopped, in this process, behind what is done."""
    async with frame.db.write() as session:
        await desk_jobs.resumed(session, job, scope=who.scope, now=frame.now)
    work = importing.carry_on(frame.db, job, now=frame.here.now, random=frame.outside.random)
    frame.here.running.start(work, f"job {job}")
    return done_at("/jobs", "begun")


@router.post("/jobs/other/{job}/cancel")
async def end(frame: Acting, job: JobId, who: Writer) -> Response:
    """End a job that is no rescan, wherever it runs."""
    async with frame.db.write() as session:
        await desk_jobs.cancel(session, job, scope=who.scope, now=frame.now)
    return done_at("/jobs", "cancelled")


@router.get("/jobs/new")
async def new(frame: Acting, entity: str = "") -> HTMLResponse:
    return await _page(frame, Form.of({"entity": entity, "since": "30d"}))


@router.post("/jobs/new")
async def begin(frame: Acting, request: Request) -> Response:
    form, watch = await read(request), WatchSource(frame.db)
    asked = AskedRescan(form.text("entity") or None, form.text("since") or None, None, form.on("summary"))
    try:
        wanted = await desk_rescans.wanted(watch, asked, now=frame.now)
    except (Wrong, AskError) as error:
        place = error.place if isinstance(error, Wrong) else "since"
        return await _page(frame, form.wrong({place: str(error)}), status=422)
    return await _begun(frame, watch, wanted)


@router.post("/jobs/{rescan}/go-on")
async def go_on(frame: Acting, rescan: RescanId) -> Response:
    """Take an unfinished one up again, in this process."""
    watch = WatchSource(frame.db)
    made_with = await desk_rescans.made_with(watch)
    async with frame.db.read() as session:
        wanted = await desk_rescans.wanted_once_more(session, rescan, made_with)
    return await _begun(frame, watch, wanted)


@router.post("/jobs/{rescan}/cancel")
async def cancel(frame: Acting, rescan: RescanId) -> Response:
    async with frame.db.write() as session:
        await desk_rescans.cancel(session, rescan)
    return done_at("/jobs", "cancelled")


async def _begun(frame: Frame, watch: WatchSource, wanted: Wanted) -> Response:
    """It is worked on beside requests; how far it is stands in the database, for whoever goes on with it."""
    here, new_id = frame.here, frame.outside.new_id
    async with frame.db.write() as session:
        begun = await stored.begin(session, wanted, now=frame.now, in_daemon=True)
    step = Rescan(frame.db, watch, here.now, new_id)
    work = desk_rescans.to_the_end(frame.db, step, begun.id, now=here.now, new_id=new_id)
    here.running.start(work, f"rescan {begun.id}")
    return done_at("/jobs", "begun")


async def _page(frame: Frame, form: Form, status: int = 200) -> HTMLResponse:
    names = [line["name"] for line in await watch_list(frame.db, "entities") if line["enabled"]]
    return frame.html("job_new.html.j2", status=status, form=form, entities=names, since=_SINCE)
