"""/work: what takes long, how far it is, and asking for it. It can be left and come back to."""

from fastapi import APIRouter, HTTPException, Request
from fastapi.responses import HTMLResponse, Response

from service.desk import rescans as desk_rescans
from service.desk.background import Background
from service.desk.errors import Refused, Wrong
from service.desk.rescans import AskedRescan
from service.search import AskError, rescans, watch_list
from service.store import housekeeping
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


@router.get("/work")
async def work(frame: Framed, done: str = "") -> HTMLResponse:
    """Rescans, the newest first; while one works, the page asks again every few seconds."""
    lines = await rescans(frame.db, now=frame.now, limit=_SHOWN)
    async with frame.db.read() as session:
        counts = await housekeeping.counts(session, now=frame.now)
    works = any(line["state"] == "working" for line in lines) or done == "begun"
    answer = frame.html("work.html.j2", rescans=lines, counts=counts, works=works, done=_DONE.get(done))
    if works:
        answer.headers["Refresh"] = f"{_SECONDS}; url=/work"
    return answer


@router.get("/work/new")
async def new(frame: Acting, entity: str = "") -> HTMLResponse:
    return await _page(frame, Form.of({"entity": entity, "since": "30d"}))


@router.post("/work/new")
async def begin(frame: Acting, request: Request) -> Response:
    form = await read(request)
    asked = AskedRescan(form.text("entity") or None, form.text("since") or None, None, form.on("summary"))
    background: Background = request.app.state.background
    try:
        await background.ask(asked)
    except (Refused, AskError) as error:
        place = error.place if isinstance(error, Wrong) else "since"
        return await _page(frame, form.wrong({place: str(error)}), status=422)
    return done_at("/work", "begun")


@router.post("/work/{rescan}/go-on")
async def go_on(frame: Acting, rescan: int, request: Request) -> Response:
    background: Background = request.app.state.background
    try:
        await background.go_on(rescan)
    except Refused as error:
        raise HTTPException(409, str(error)) from error
    return done_at("/work", "begun")


@router.post("/work/{rescan}/cancel")
async def cancel(frame: Acting, rescan: int) -> Response:
    try:
        async with frame.db.write() as session:
            await desk_rescans.cancel(session, rescan)
    except Refused as error:
        raise HTTPException(409, str(error)) from error
    return done_at("/work", "cancelled")


async def _page(frame: Frame, form: Form, status: int = 200) -> HTMLResponse:
    names = [line["name"] for line in await watch_list(frame.db, "entities") if line["enabled"]]
    return frame.html("work_new.html.j2", status=status, form=form, entities=names, since=_SINCE)
