"""/channels: where alerts go, how well that works, and trying it out."""

from typing import Any, Literal

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response

from service.desk import channels as desk_channels
from service.desk import verdicts, watch
from service.desk.errors import Refused, Unknown
from service.search import watch_list
from service.store.lines import Line
from service.watchlist import WatchListError
from service.web import channel_form
from service.web.forms import WHERE, Form, placed, read
from service.web.pages.acting import Acting, done_at
from service.web.pages.frame import Frame, Framed

__all__ = ["router"]

_DONE = {
    "saved": "Saved. Send a test to see that it arrives.",
    "on": "Switched on.",
    "off": "Switched off: nothing is sent over it.",
    "removed": "Removed. What was sent stays on record.",
    "retried": "What had not been sent is due again: a running daemon sends it within seconds.",
}
Kind = Literal["webhook", "email", "apprise"]

router = APIRouter()


@router.get("/channels")
async def channels(frame: Framed, done: str = "") -> HTMLResponse:
    rules = await watch_list(frame.db, "rules")
    lines = await watch_list(frame.db, "channels")
    async with frame.db.read() as session:
        kept = {line["name"]: await desk_channels.kept_back(session, line["name"]) for line in lines}
    return frame.html(
        "channel_list.html.j2",
        channels=[
            {
                **line,
                "goes_to": _goes_to(line),
                "rules": [rule["name"] for rule in rules if line["name"] in rule["channels"]],
                "kept": kept[line["name"]],
            }
            for line in lines
        ],
        done=_DONE.get(done),
    )


@router.get("/channels/new")
async def new(frame: Acting, type: Kind = "webhook", to: str = "") -> HTMLResponse:  # noqa: A002 - the address says it
    """``to``: the page to go back to, when it is ours."""
    return _page(frame, Form.of({"back": to}), type, {})


@router.get("/channels/edit")
async def edit(frame: Acting, name: str) -> HTMLResponse:
    stored = await _stored(frame, name)
    return _page(frame, channel_form.form_of(stored), stored["type"], stored)


@router.post("/channels/edit")
async def save(frame: Acting, request: Request) -> Response:
    """``was``: the channel that is changed; empty for a new one."""
    form = await read(request)
    was, kind = form.text("was"), form.text("type")
    stored = await _stored(frame, was) if was else {}
    kind = stored.get("type", kind)
    item = channel_form.item_of(form, kind, stored) | ({"name": was} if was else {})
    try:
        if not was and item["name"] in [line["name"] for line in await watch_list(frame.db, "channels")]:
            raise WatchListError(f"{WHERE}: channels[0].name", f"there is a channel {item['name']!r} already")
        async with frame.db.write() as session:
            await watch.put(session, "channel", item, now=frame.now, random=frame.outside.random, where=WHERE)
    except WatchListError as error:
        return _page(frame, form.wrong(placed(error, channel_form.FIELDS)), kind, stored, status=422)
    return done_at("/channels/show", "saved", name=item["name"])


@router.get("/channels/show")
async def show(frame: Framed, name: str, done: str = "", alert: str = "") -> HTMLResponse:
    """A channel, with what it sends: of a test, or of an alert (a digest, too)."""
    return await _shown(frame, name, alert=alert or None, done=_DONE.get(done))


@router.post("/channels/test")
async def test(frame: Acting, request: Request) -> HTMLResponse:
    """Send a real message that says that it is a test; the whole conversation, without secrets."""
    name = (await read(request)).text("name")
    found = await desk_channels.send_test(frame.db, frame.outside, name, now=frame.now)
    return await _shown(frame, name, tested=found)


@router.post("/channels/retry")
async def retry(frame: Acting, request: Request) -> Response:
    """What was kept back, or given up."""
    return await _change(frame, request, "retry", "retried")


@router.post("/channels/{act}")
async def change(frame: Acting, act: Literal["enable", "disable", "remove"], request: Request) -> Response:
    return await _change(frame, request, act, {"enable": "on", "disable": "off", "remove": "removed"}[act])


async def _change(frame: Frame, request: Request, act: str, done: str) -> Response:
    name = (await read(request)).text("name")
    async with frame.db.write() as session:
        if act == "retry":
            await verdicts.retry_channel(session, name, since=None, now=frame.now)
        elif act == "remove":
            await watch.remove(session, "channel", [name])
        else:
            await watch.switch(session, "channel", [name], enabled=act == "enable")
    return done_at("/channels", done)


async def _stored(frame: Frame, name: str) -> dict[str, Any]:
    async with frame.db.read() as session:
        return await watch.definition(session, "channel", name)


def _page(frame: Frame, form: Form, kind: str, stored: dict[str, Any], status: int = 200) -> HTMLResponse:
    return frame.html(
        "channel_form.html.j2",
        status=status,
        form=form,
        kind=kind,
        was=stored.get("name", ""),
        kept=channel_form.kept_secrets(stored),
        types=channel_form.TYPES,
        bodies=channel_form.BODIES,
    )


async def _shown(
    frame: Frame,
    name: str,
    *,
    alert: str | None = None,
    tested: desk_channels.Tested | None = None,
    done: str | None = None,
) -> HTMLResponse:
    line = next((line for line in await watch_list(frame.db, "channels") if line["name"] == name), None)
    if line is None:
        raise Unknown("channel", name)
    cannot = large = None
    preview: str | None = None
    try:
        preview = await desk_channels.preview(frame.db, frame.outside, name, alert, now=frame.now)
        large = await desk_channels.too_large(frame.db, frame.outside, name, now=frame.now)
    except Refused as error:
        cannot = str(error)
    return frame.html(
        "channel.html.j2",
        channel={**line, "goes_to": _goes_to(line)},
        preview=preview,
        alert=alert,
        cannot=cannot,
        large=large,
        tested=tested,
        done=done,
    )


def _goes_to(line: Line) -> str:
    to = line.get("to") or line.get("url") or line.get("url_env") or ""
    return to if isinstance(to, str) else ", ".join(to)
