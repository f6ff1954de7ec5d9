"""/searches: questions with a name. Each is a listing, two feeds, tables of all it finds, and a rule in one step."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from urllib.parse import quote

from fastapi import APIRouter, HTTPException, Request
from fastapi.responses import HTMLResponse, Response

from service.desk import searches as desk
from service.desk import watch
from service.figures import facets
from service.search import Ask, AskError, page, watch_list
from service.store import searches as stored
from service.store.lines import Line
from service.watchlist import WatchListError
from service.web.forms import WHERE, Form, placed, read
from service.web.pages.acting import Acting, done_at
from service.web.pages.frame import Frame, Framed
from service.web.question import Question

__all__ = ["router"]

_FIELDS: Final = ("name", "query", "lists")
_LISTS: Final = (("mentions", "mentions"), ("articles", "articles"), ("stories", "stories"))
_PLACES: Final = {"mentions": "/stream", "stories": "/stories"}
"""Where a question is read; articles have no page of their own."""
_SAMPLES: Final = 6
_DONE: Final = {
    "saved": "Saved.",
    "unshared": "No address with a key opens its feeds any more.",
    "removed": "Removed, and its addresses with it. Rules that were made of it stay.",
}
router = APIRouter()


@dataclass(frozen=True, slots=True)
class Found:
    """What a question finds: ``lately`` in the last seven days and ``whole`` in all, of the newest; ``reaches``: how
    far back those go, where not to the first."""

    samples: list[Line]
    lately: int
    whole: int
    reaches: datetime | None


@router.get("/searches")
async def searches(frame: Framed, done: str = "") -> HTMLResponse:
    lines = await watch_list(frame.db, "searches")
    return frame.html("search_list.html.j2", searches=lines, done=_DONE.get(done))


@router.get("/searches/new")
async def new(frame: Acting, query: str = "", lists: str = "mentions") -> HTMLResponse:
    """With a question that somebody asked, and what it finds."""
    form = Form.of({"query": query, "lists": lists if lists in dict(_LISTS) else "mentions"})
    return await _form(frame, form, "", tried=bool(query))


@router.get("/searches/edit")
async def edit(frame: Acting, name: str) -> HTMLResponse:
    return await _form(frame, Form.of(await _known(frame, name)), name, tried=True)


@router.post("/searches/edit")
async def save(frame: Acting, request: Request) -> Response:
    """Save it, or only try it (button ``try``). ``was``: the one that is edited; empty for a new one."""
    form = await read(request)
    was = form.text("was")
    if form.on("try"):
        return await _form(frame, form, was, tried=True)
    item = {"name": was or form.text("name"), "query": form.text("query"), "lists": form.text("lists")}
    try:
        async with frame.db.write() as session:
            if not was and item["name"] in await watch.known_names(session, "search"):
                raise WatchListError(
                    f"{WHERE}: searches[0].name", f"there is {item['name']!r} already: take another name"
                )
            await watch.put(session, "search", item, now=frame.now, random=frame.outside.random, where=WHERE)
    except WatchListError as error:
        return await _form(frame, form.wrong(placed(error, _FIELDS)), was, tried=False, status=422)
    return done_at("/searches/show", "saved", name=item["name"])


@router.get("/searches/show")
async def show(frame: Framed, request: Request, name: str, done: str = "") -> HTMLResponse:
    """What it finds, the addresses of its feeds and tables, and a rule in one step."""
    return await _page(frame, request, name, done=_DONE.get(done))


@router.post("/searches/share")
async def share(frame: Acting, request: Request) -> HTMLResponse:
    """Addresses with a key, which are shown this once."""
    name = (await read(request)).text("name")
    async with frame.db.write() as session:
        key = await desk.share(session, name, now=frame.now)
    return await _page(frame, request, name, key=key)


@router.post("/searches/unshare")
async def unshare(frame: Acting, request: Request) -> Response:
    name = (await read(request)).text("name")
    async with frame.db.write() as session:
        await desk.unshare(session, name, now=frame.now)
    return done_at("/searches/show", "unshared", name=name)


@router.post("/searches/remove")
async def remove(frame: Acting, request: Request) -> Response:
    name = (await read(request)).text("name")
    async with frame.db.write() as session:
        await watch.remove(session, "search", [name])
    return done_at("/searches", "removed")


@router.post("/searches/rule")
async def rule(frame: Acting, request: Request) -> Response:
    """From now on, what it finds raises alerts; the rule is on its own afterwards."""
    form = await read(request)
    name = form.text("name")
    item = {
        "name": form.text("rule_name") or name,
        "query": (await _known(frame, name))["query"],
        "channels": form.all("channels"),
    }
    try:
        async with frame.db.write() as session:
            if item["name"] in await watch.known_names(session, "rule"):
                raise WatchListError(
                    f"{WHERE}: rules[0].name", f"there is a rule {item['name']!r} already: name this one"
                )
            await watch.put(session, "rule", item, now=frame.now, random=frame.outside.random, where=WHERE)
    except WatchListError as error:
        known = {"name": "rule_name", "channels": "channels"}
        return await _page(frame, request, name, form=form.wrong(placed(error, known)), status=422)
    return done_at("/rules", "saved")


async def _known(frame: Frame, name: str) -> Line:
    """Raises HTTPException (404)."""
    async with frame.db.read() as session:
        line = await stored.named(session, name.replace("\0", ""))
    if line is None:
        raise HTTPException(404, f"there is no search {name!r}: /searches lists them")
    return line


async def _found(frame: Frame, line: Mapping[str, Any]) -> Found:
    """Raises AskError."""
    noun, query = line["lists"], line["query"]
    first = await page(frame.db, noun, Ask(query=query, limit=_SAMPLES), now=frame.now)
    lately = await facets(frame.db, noun, Ask(query=query, since="7d"), now=frame.now, most=1)
    whole = await facets(frame.db, noun, Ask(query=query), now=frame.now, most=1)
    return Found(first.lines, lately.counted, whole.counted, whole.basis.reaches)


async def _form(frame: Frame, form: Form, was: str, *, tried: bool, status: int = 200) -> HTMLResponse:
    found = None
    if tried:
        try:
            found = await _found(frame, {"lists": form.text("lists") or "mentions", "query": form.text("query")})
        except AskError as error:
            form, status = form.wrong({"query": str(error).removeprefix("query: ")}), 422
    return frame.html("search_form.html.j2", status=status, form=form, was=was, lists=_LISTS, found=found)


async def _page(
    frame: Frame,
    request: Request,
    name: str,
    *,
    form: Form | None = None,
    key: str = "",
    done: str | None = None,
    status: int = 200,
) -> HTMLResponse:
    line = await _known(frame, name)
    scheme = "https" if frame.here.secure else request.url.scheme
    place = _PLACES.get(line["lists"])
    return frame.html(
        "search_show.html.j2",
        status=status,
        search=line,
        found=await _found(frame, line),
        base=f"{scheme}://{request.headers['host']}",
        feeds=list(desk.feed_paths(name, key or None).items()),
        tables=[
            (words, f"/export/{line['lists']}.{end}?search={quote(name, safe='')}")
            for words, end in (("CSV", "csv"), ("JSON Lines", "jsonl"))
        ],
        stream=Question(q=line["query"]).at(place) if place else None,
        shown_once=bool(key),
        form=form or Form.of({"rule_name": name}),
        channels=[(one["name"], one["name"], one["type"]) for one in await watch_list(frame.db, "channels")],
        done=done,
    )
