"""/sources/add and /sources/import: new sources, by the address of a site or from another reader's list."""

import asyncio
from typing import Any
from urllib.parse import urlsplit

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response

from scrapers.errors import ScraperError
from scrapers.opml import read_opml
from service.desk import importing, sources, watch
from service.desk.outside import Outside
from service.search import one
from service.store import jobs as stored
from service.watchlist import WatchListError
from service.web.forms import WHERE, Form, placed, read
from service.web.pages.acting import Acting, done_at
from service.web.pages.frame import Frame, back

__all__ = ["feeds_at", "router"]

_FIELDS = ("feed", "tags", "interval", "address")
Found = list[tuple[str, str, str]]
router = APIRouter()


@router.get("/sources/add")
async def ask(frame: Acting, address: str = "", to: str = "") -> HTMLResponse:
    """The form: an address first. ``to``: the page to go back to, when it is ours."""
    return _page(frame, Form.of({"address": address, "back": to}), None)


@router.post("/sources/find")
async def find(frame: Acting, request: Request) -> HTMLResponse:
    """The feeds at an address, to choose from."""
    form = await read(request)
    try:
        found = await feeds_at(frame, form.text("address"))
    except ValueError as error:
        return _page(frame, form.wrong({"address": str(error)}), None, status=422)
    chosen = Form.of({"address": form.text("address"), "feed": [found[0][0]], "back": form.text("back")})
    return _page(frame, chosen, found)


@router.post("/sources/add")
async def add(frame: Acting, request: Request) -> Response:
    """All that were chosen, or none."""
    form = await read(request)
    chosen = form.all("feed")
    try:
        if not chosen:
            raise WatchListError(f"{WHERE}: sources[0].feed", "choose at least one feed")
        async with frame.db.write() as session:
            for url in chosen:
                item = {"url": url, "tags": form.lines("tags"), "interval": form.text("interval") or None}
                item = watch.without_empty(item)
                await watch.put(session, "source", item, now=frame.now, random=_now, where=WHERE)
    except WatchListError as error:
        offered = [(url, url, "") for url in chosen]
        return _page(frame, form.wrong(placed(error, _FIELDS)), offered, status=422)
    if form.text("back"):
        return back(form.text("back"), "/sources")
    line = await one(frame.db, "source", chosen[0]) if len(chosen) == 1 else None
    return done_at(f"/sources/{line['id']}" if line else "/sources", "added")


@router.get("/sources/import")
async def ask_file(frame: Acting) -> HTMLResponse:
    return frame.html("source_import.html.j2", form=Form(), result=None)


@router.post("/sources/import")
async def import_file(frame: Acting, request: Request) -> Response:
    """All sources of an OPML file. A short one is waited for; a long one goes on beside requests, and /jobs tells how
    far it is."""
    form = await read(request)
    body = form.files.get("file", b"")
    try:
        if not body:
            raise WatchListError("", "choose a file first")
        items = await asyncio.to_thread(read_opml, body)
        specs = await asyncio.to_thread(sources.specs_of, items, "the file")
    except (ScraperError, WatchListError) as error:
        return frame.html("source_import.html.j2", status=422, form=form.wrong({"file": str(error)}), result=None)
    async with frame.db.write() as session:
        job = (await importing.begun(session, specs, by=frame.caller.name, now=frame.now))["id"]
    carried_on = importing.carry_on(frame.db, job, now=frame.here.now, random=frame.outside.random)
    if len(specs) > importing.SHORT:
        frame.here.running.start(carried_on, f"job {job}")
        return done_at("/jobs", "begun")
    await carried_on
    async with frame.db.read() as session:
        line = await stored.named(session, job, now=frame.now)
    return frame.html("source_import.html.j2", form=Form(), result=line)


async def feeds_at(frame: Frame, address: str) -> Found:
    """(address, title, address again) of the feeds that a site names, or of the feed itself.

    Raises ValueError, in one sentence for the person who wrote the address.
    """
    url = _whole(address)
    outside: Outside = frame.outside
    try:
        found = await sources.discover(outside, url, now=frame.now)
    except ScraperError as error:
        raise ValueError(f"{url}: {error}") from error
    if found:
        return [(feed.url, feed.title or feed.url, feed.url if feed.title else "") for feed in found]
    checked = await sources.check(frame.db, outside, url, now=frame.now)
    if checked.problem is None:
        return [(url, url, f"{checked.items} items")]
    raise ValueError(
        f"{url} names no feed, there is none in the usual places, and it is none itself; try the page of "
        "one section, or the address behind the words RSS, Atom or Feed on that site"
    )


def _whole(address: str) -> str:
    """``example.org`` is what people write. Raises ValueError."""
    url = address if "://" in address else f"https://{address}"
    try:
        parts = urlsplit(url)
        usable = parts.scheme in {"http", "https"} and bool(parts.hostname) and parts.port != 0 and " " not in url
    except ValueError:
        usable = False
    if not usable:
        raise ValueError("Write the address of a site or a feed, such as example.org or https://example.org/feed.xml.")
    return url


def _page(frame: Frame, form: Form, found: Found | None, status: int = 200, **more: Any) -> HTMLResponse:  # noqa: ANN401
    return frame.html("source_add.html.j2", status=status, form=form, found=found, **more)


def _now() -> float:
    """Where in the spread of first polls it stands: a person waits for it."""
    return 0.0
