"""/silences: what is muted for a time, by whom and why."""

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response

from service.desk import silences
from service.desk.errors import Refused, Unknown, Wrong
from service.domain.alerting import rfc3339
from service.search import AskError, watch_list
from service.store.lines import Line
from service.web.forms import Form, read
from service.web.pages.acting import Acting, author, done_at
from service.web.pages.frame import Frame, Framed

__all__ = ["router"]

_DONE = {"muted": "It mutes from now on.", "ended": "Ended. What it muted stays in the ledger."}
_LOOKED_AT = 100
_TIMES = (
    ("30m", "30 minutes"),
    ("2h", "2 hours"),
    ("4h", "4 hours"),
    ("1d", "1 day"),
    ("7d", "7 days"),
    ("", "until …"),
)

router = APIRouter()


@router.get("/silences")
async def listed(frame: Framed, done: str = "", rule: str = "", channel: str = "", q: str = "") -> HTMLResponse:
    form = Form.of({"for": "4h", "rule": rule, "channel": channel, "query": q})
    return await _page(frame, form, done=_DONE.get(done))


@router.post("/silences")
async def add(frame: Acting, request: Request) -> Response:
    """Mute, or only show what would have been muted (button ``preview``)."""
    form = await read(request)
    wanted = silences.Matchers(form.text("query") or None, form.text("rule") or None, form.text("channel") or None)
    try:
        if form.on("preview"):
            found = await silences.preview(frame.db, wanted, since="7d", limit=_LOOKED_AT, now=frame.now)
            return await _page(frame, form, preview=found)
        when = silences.times(
            start=None,
            until=None if form.text("for") else form.text("until"),
            time=form.text("for") or None,
            now=frame.now,
        )
        async with frame.db.write() as session:
            await silences.add(
                session,
                wanted,
                when,
                author=form.text("author") or author(frame),
                comment=form.text("comment"),
                now=frame.now,
                new_id=frame.outside.new_id,
            )
    except (Refused, AskError) as error:
        return await _page(frame, form.wrong(_placed(error)), status=422)
    return done_at("/silences", "muted")


@router.post("/silences/{identity}/end")
async def end(frame: Acting, identity: str) -> Response:
    try:
        async with frame.db.write() as session:
            await silences.end(session, [identity], now=frame.now)
    except Unknown as error:
        return await _page(frame, Form().wrong({"": str(error)}), status=409)
    return done_at("/silences", "ended")


def _placed(error: Exception) -> dict[str, str]:
    if isinstance(error, Wrong):
        return {error.place: error.problem}
    if isinstance(error, Unknown):
        return {error.kind: str(error)}
    name, _, problem = str(error).partition(": ")
    known = name.partition(" ")[0]
    return {known: problem} if known in {"query", "until"} else {"": str(error)}


async def _page(
    frame: Frame, form: Form, *, preview: list[Line] | None = None, done: str | None = None, status: int = 200
) -> HTMLResponse:
    now = rfc3339(frame.now)
    lines = [(line, _state(line, now)) for line in await watch_list(frame.db, "silences")]
    return frame.html(
        "silences.html.j2",
        status=status,
        silences=sorted(lines, key=lambda pair: pair[1] == "over"),
        form=form,
        times=_TIMES,
        rules=[line["name"] for line in await watch_list(frame.db, "rules")],
        channels=[line["name"] for line in await watch_list(frame.db, "channels")],
        preview=preview,
        looked_at=_LOOKED_AT,
        done=done,
    )


def _state(line: Line, now: str) -> str:
    if line["ends_at"] <= now:
        return "over"
    return "to come" if line["starts_at"] > now else "mutes"
