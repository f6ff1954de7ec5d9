"""The feeds that are polled: reading, changing, checking and finding them, and subscription lists."""

import asyncio
from dataclasses import asdict
from typing import Annotated, Any

from fastapi import Body, Request, Response
from pydantic import Field
from sqlalchemy.ext.asyncio import AsyncSession

from scrapers.errors import ScraperError
from scrapers.opml import read_opml
from service.api import answers
from service.api.access import Writer
from service.api.answers import Items
from service.api.conditional import tagged
from service.api.context import Context, Here, Outdoors
from service.api.once import Once, json_answer
from service.api.questions import Identity
from service.api.routes.common import Asked, Word, new_router, one_of, whole
from service.api.routes.watchlist import EXAMPLES, patch, replace, take_off
from service.desk import importing
from service.desk import sources as desk
from service.desk.errors import Unknown, Wrong
from service.domain.addresses import without_credentials
from service.store.lines import Line
from service.store.watchlist import source_url

__all__ = ["router"]

router = new_router("watch list")
_PATIENCE = 60.0
"""Seconds that a check or a search for feeds may take."""
_OPML: dict[str, Any] = {"text/x-opml": {"schema": {"type": "string"}}}
_OPML_EXAMPLE = '<opml version="2.0"><body><outline text="A" xmlUrl="https://example.org/feed.xml"/></body></opml>'


class Address(Asked):
    """An address on the web."""

    url: Word = Field(examples=["https://example.org/feed.xml"])


@router.get("/sources", response_model=Items[answers.Source])
async def sources(here: Here) -> Line:
    """All sources with their state, in the order in which they were added."""
    return await whole(here, "sources")


@router.put("/sources", response_model=answers.Changed)
async def put(
    request: Request,
    here: Here,
    outside: Outdoors,
    item: Annotated[dict[str, Any], Body(openapi_examples={"one": {"value": EXAMPLES["source"]}})],
    act: Once,
    _who: Writer,
) -> Response:
    """Add a feed, or put this in the place of the one of that address."""
    if not isinstance(item.get("url"), str):
        raise Wrong("url", "is missing, or no text: write the feed's address")
    return await act(lambda session: replace(session, request, here, outside, "source", item))


@router.get("/sources/opml", response_class=Response, responses={200: {"content": _OPML}})
async def exported(here: Here) -> Response:
    """The sources as OPML."""
    return Response(await desk.exported(here.db), media_type="text/x-opml")


@router.post(
    "/sources/opml",
    response_model=answers.Changed,
    responses={202: {"model": answers.Job, "description": "A long list, which is worked on beside requests."}},
    openapi_extra={
        "requestBody": {
            "required": True,
            "content": {"text/x-opml": {"schema": {"type": "string"}, "example": _OPML_EXAMPLE}},
        }
    },
)
async def imported(request: Request, here: Here, outside: Outdoors, who: Writer) -> Response:
    """Add the feeds of an OPML file. Folders become tags, and what is there keeps its settings: doing it again changes
    nothing. A file with a mistake adds nothing. Up to 500 feeds are added at once, all or none; of more the answer is
    a job (202), which `GET /api/v1/jobs/{id}` follows."""
    body = await request.body()
    try:
        items = await asyncio.to_thread(read_opml, body)
        specs = await asyncio.to_thread(desk.specs_of, items, "this request")
    except ScraperError as error:
        raise Wrong("", str(error)) from error
    async with here.db.write() as session:
        job = await importing.begun(session, specs, by=who.name, now=here.now())
    carried_on = importing.carry_on(here.db, job["id"], now=here.now, random=outside.random)
    if len(specs) > importing.SHORT:
        here.running.start(carried_on, f"job {job['id']}")
        return json_answer(job, 202)
    made = await carried_on
    return json_answer({"added": made.added, "changed": made.changed, "removed": []})


@router.post("/sources/check", response_model=answers.Checked)
async def check(here: Here, outside: Outdoors, asked: Address, _who: Writer) -> Line:
    """Fetch and read a feed now, store nothing, and tell the whole conversation, or how far it came."""
    async with here.running.asking:
        try:
            async with asyncio.timeout(_PATIENCE):
                found = await desk.check(here.db, outside, asked.url, now=here.now())
        except TimeoutError:
            found = desk.Checked(
                problem=f"{without_credentials(asked.url)}: nothing came of it in {_PATIENCE:g} seconds"
            )
    return asdict(found)


@router.post("/sources/discover", response_model=answers.Discovered)
async def discover(here: Here, outside: Outdoors, asked: Address, _who: Writer) -> Line:
    """The feeds that a page names, or else those in the usual places of its site."""
    async with here.running.asking:
        try:
            async with asyncio.timeout(_PATIENCE):
                found = await desk.discover(outside, asked.url, now=here.now())
        except ScraperError as error:
            return {"feeds": [], "problem": f"{without_credentials(asked.url)}: {error}"}
        except TimeoutError:
            return {
                "feeds": [],
                "problem": f"{without_credentials(asked.url)}: nothing came of it in {_PATIENCE:g} seconds",
            }
    problem = (
        None
        if found
        else f"{without_credentials(asked.url)}: this page names no feed, and there is none in the usual places"
    )
    return {"feeds": [asdict(feed) for feed in found], "problem": problem}


@router.get("/sources/{identity}", response_model=answers.SourceHistory)
async def source(here: Here, identity: Identity) -> Response:
    """One source with its last polls."""
    return tagged(await one_of(here, "source", str(identity), "take an id from /api/v1/sources"))


@router.patch("/sources/{identity}", response_model=answers.Changed)
async def change_one(
    request: Request,
    here: Here,
    outside: Outdoors,
    identity: Identity,
    item: Annotated[dict[str, Any], Body(openapi_examples={"switched off": {"value": {"enabled": False}}})],
    act: Once,
    _who: Writer,
) -> Response:
    """Merge a change into a source (RFC 7396): null takes a key away."""

    async def write(session: AsyncSession) -> Line:
        url = await _url_of(here, identity)
        return await patch(session, request, here, outside, "source", url, item)

    return await act(write)


@router.delete("/sources/{identity}", response_model=answers.Changed)
async def remove(request: Request, here: Here, identity: Identity, act: Once, _who: Writer) -> Response:
    """Poll it no more and forget it; its articles stay."""

    async def write(session: AsyncSession) -> Line:
        return await take_off(session, request, here, "source", await _url_of(here, identity))

    return await act(write)


async def _url_of(here: Context, identity: int) -> str:
    async with here.db.read() as session:
        found = await source_url(session, identity)
    if found is None:
        raise Unknown("source", identity)
    return found
