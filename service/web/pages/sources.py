"""/sources: what is polled, how that goes, and changing it. Adding sources: ``adding_sources``."""

from typing import Any, Final, Literal
from urllib.parse import urlencode

from fastapi import APIRouter, HTTPException, Request
from fastapi.responses import HTMLResponse, Response
from markupsafe import Markup

from service.api.questions import Identity
from service.charts import Size, status_bars
from service.cursor import LARGEST_ID
from service.desk import sources as desk_sources
from service.desk import watch
from service.search import last_polls, one
from service.store import sources as stored
from service.store.lines import Line
from service.store.source_page import STATES, After, State, counted, source_page
from service.store.unstorable import UNSTORABLE
from service.watchlist import WatchListError
from service.web import shown
from service.web.forms import WHERE, Form, placed, read
from service.web.pages.acting import Acting, done_at
from service.web.pages.frame import Frame, Framed
from service.web.render import clock

__all__ = ["router"]

_A_PAGE = 100
_BAR, _TALL = 8, 22
_GOOD = ("read", "unchanged", "pushed")
_VIEWS: Final[dict[str, tuple[str, tuple[State, ...]]]] = {
    "": ("All", STATES),
    "trouble": ("In trouble", ("failing", "retrying")),
    "new": ("Not polled yet", ("new",)),
    "off": ("Switched off", ("off",)),
}
"""The tabs: their words, and which states are under each."""
_FIELDS = ("title", "tags", "interval")
_DONE = {
    "added": "Added. The first poll comes within seconds.",
    "saved": "Saved.",
    "on": "Switched on: it is polled again.",
    "off": "Switched off: it is polled no more.",
    "removed": "Removed. Its articles, mentions and alerts stay.",
    "due": "It is due now: a running daemon polls it within seconds. Reload this page to see how it went.",
}

router = APIRouter()
Show = Literal["", "trouble", "new", "off"]


@router.get("/sources")
async def sources(frame: Framed, show: Show = "", after: str = "", done: str = "") -> HTMLResponse:
    """The sources with their last polls, those in trouble first. ``after``: the end of the page before."""
    async with frame.db.read() as session:
        numbers = await counted(session)
        found = await source_page(session, _VIEWS[show][1], after=_place(after), most=_A_PAGE)
    polls = await last_polls(frame.db, [line["id"] for line in found.lines])
    return frame.html(
        "sources.html.j2",
        sources=[(line, shown.state_of(line), _bars(line, polls.get(line["id"], []))) for line in found.lines],
        views=[(key, words, sum(numbers[state] for state in states)) for key, (words, states) in _VIEWS.items()],
        show=show,
        first=_address(show) if after else None,
        later=_address(show, found.after) if found.after else None,
        done=_DONE.get(done),
    )


@router.get("/sources/export.opml")
async def export(frame: Framed) -> Response:
    """All sources, for any feed reader."""
    headers = {"Content-Disposition": 'attachment; filename="newsvane-sources.opml"'}
    return Response(await desk_sources.exported(frame.db), media_type="text/x-opml", headers=headers)


@router.get("/sources/{identity}")
async def source(frame: Framed, identity: Identity, done: str = "") -> HTMLResponse:
    """One source: how it stands, why it is tried when it is, its last polls, and its settings."""
    line = await _source(frame, identity)
    return _page(frame, line, Form.of(_settings(line)), _DONE.get(done))


@router.post("/sources/{identity}")
async def save(frame: Acting, identity: Identity, request: Request) -> Response:
    """Title, tags and interval."""
    line, form = await _source(frame, identity), await read(request)
    try:
        async with frame.db.write() as session:
            known = await watch.definition(session, "source", line["url"])
            given = {"title": form.text("title"), "tags": form.lines("tags"), "interval": form.text("interval")}
            kept = {key: value for key, value in known.items() if key not in _FIELDS}
            item = watch.without_empty({**kept, **{key: value or None for key, value in given.items()}})
            await watch.put(session, "source", item, now=frame.now, random=frame.outside.random, where=WHERE)
    except WatchListError as error:
        return _page(frame, line, form.wrong(placed(error, _FIELDS)), None, status=422)
    return done_at(f"/sources/{identity}", "saved")


@router.post("/sources/{identity}/check")
async def check(frame: Acting, identity: Identity) -> HTMLResponse:
    """Fetch and read it now, store nothing, and show the whole conversation."""
    line = await _source(frame, identity)
    found = await desk_sources.check(frame.db, frame.outside, line["url"], now=frame.now)
    lines = [*found.lines]
    if found.problem is None:
        lines.append(f"stored: {found.new_items} of its {found.items} items would be new")
        lines += [f"- {title}" for title in found.new]
    name = line["title"] or line["url"]
    return frame.html("source_check.html.j2", name=name, source=line, lines=lines, mistake=found.problem)


@router.post("/sources/{identity}/poll")
async def poll(frame: Acting, identity: Identity) -> Response:
    """Make it due."""
    line = await _source(frame, identity)
    async with frame.db.write() as session:
        await stored.make_due(session, frame.now, [line["url"]])
    return done_at(f"/sources/{identity}", "due")


@router.post("/sources/{identity}/{act}")
async def change(frame: Acting, identity: Identity, act: Literal["enable", "disable", "remove"]) -> Response:
    """Switch it on or off, or take it off the list."""
    url = (await _source(frame, identity))["url"]
    async with frame.db.write() as session:
        if act == "remove":
            await watch.remove(session, "source", [url])
        else:
            await watch.switch(session, "source", [url], enabled=act == "enable")
    if act == "remove":
        return done_at("/sources", "removed")
    return done_at(f"/sources/{identity}", "on" if act == "enable" else "off")


async def _source(frame: Frame, identity: int) -> Line:
    line = await one(frame.db, "source", str(identity))
    if line is None:
        raise HTTPException(404, f"there is no source {identity}: it may have been removed")
    return line


def _page(frame: Frame, line: Line, form: Form, done: str | None, status: int = 200) -> HTMLResponse:
    return frame.html(
        "source.html.j2",
        status=status,
        source=line,
        state=shown.state_of(line),
        bars=_bars(line, line["polls"]),
        form=form,
        done=done,
        GOOD=_GOOD,
    )


def _settings(line: Line) -> dict[str, Any]:
    interval = f"{line['interval']}s" if line["interval"] else None
    return {"title": line["title"], "tags": ", ".join(line["tags"]), "interval": interval}


def _address(show: Show, after: After | None = None) -> str:
    asked = {"show": show, "after": f"{after.state} {after.id} {after.name}" if after else ""}
    kept = {name: value for name, value in asked.items() if value}
    return f"/sources?{urlencode(kept)}" if kept else "/sources"


def _place(text: str) -> After | None:
    """What ``_address`` wrote; the beginning for anything else."""
    word, _, rest = text.partition(" ")
    identity, _, name = rest.partition(" ")
    state = next((one for one in STATES if one == word), None)
    if state is None or not identity.isdecimal() or len(identity) >= len(str(LARGEST_ID)):
        return None
    return After(state, UNSTORABLE.sub("", name), int(identity))


def _bars(line: Line, polls: list[Line]) -> Markup | None:
    """The last polls, newest right; None before the first."""
    if not polls:
        return None
    failed = sum(poll["outcome"] not in _GOOD for poll in polls)
    svg = status_bars(
        [_bar(poll) for poll in reversed(polls)],
        [_told(poll) for poll in reversed(polls)],
        title="Last polls",
        desc=f"Of the last {len(polls)} polls {len(polls) - failed} went well, {failed} failed",
        name=f"polls-{line['id']}",
        size=Size(_BAR * len(polls), _TALL),
    )
    return Markup(svg)  # noqa: S704 - the drawing escapes what it holds


def _bar(poll: Line) -> Literal["good", "bad", "calm"]:
    if poll["outcome"] not in _GOOD:
        return "bad"
    return "good" if poll["new_articles"] else "calm"


def _told(poll: Line) -> str:
    new = f", {poll['new_articles']} new" if poll["new_articles"] else ""
    return f"{clock(poll['at'])} UTC: {poll['outcome']}{new}:"
