"""The pages a person reads."""

import asyncio
from http import HTTPStatus
from typing import Annotated, Any

from fastapi import APIRouter, HTTPException, Query
from fastapi.responses import HTMLResponse, Response

from service.api.context import Context, Here
from service.api.questions import Identity
from service.notify.clean import plain
from service.search import Ask, AskError, Page, last_polls, one, page, watch_list
from service.store import housekeeping
from service.store.lines import Line
from service.web import shown
from service.web.render import STATIC, html

__all__ = ["open_router", "router"]

_MENTIONS, _ALERTS, _SOURCES = 40, 10, 12
_SOURCES_A_PAGE = 200

router = APIRouter()
open_router = APIRouter()
PageNumber = Annotated[int, Query(ge=1, le=1_000_000)]


@router.get("/")
async def status(here: Here, q: str = "", entity: str = "", cursor: str = "") -> HTMLResponse:
    """What was found lately, or what answers a question; beside it alerts and sources."""
    query, entity = plain(q).strip(), plain(entity)
    ask = Ask(query=query or None, entity=entity or None, cursor=cursor or None, limit=_MENTIONS)
    mistake = None
    try:
        found = await page(here.db, "mentions", ask, now=here.now())
    except AskError as error:
        found, mistake = Page([], None), shown.mistake(error, query)
    sources = shown.by_trouble(await watch_list(here.db, "sources"))
    return html(
        "status.html.j2",
        status=HTTPStatus.BAD_REQUEST if mistake else HTTPStatus.OK,
        entries=[
            (entry, [(line, shown.snippet(line)) for line in entry.mentions]) for entry in shown.entries(found.lines)
        ],
        next_cursor=found.next_cursor,
        query=query,
        entity=entity,
        cursor=cursor,
        mistake=mistake,
        entities=await watch_list(here.db, "entities"),
        alerts=(await page(here.db, "alerts", Ask(limit=_ALERTS), now=here.now())).lines,
        channels=await watch_list(here.db, "channels"),
        sources=_with_state(sources[:_SOURCES]),
        next_poll_at=min((source["next_poll_at"] for source in sources if source["enabled"]), default=None),
        **await _frame(here),
    )


@router.get("/sources")
async def sources(here: Here, page: PageNumber = 1) -> HTMLResponse:
    """The sources with their last polls, those in trouble on the first page."""
    listed = shown.by_trouble(await watch_list(here.db, "sources"))
    here_shown = listed[(page - 1) * _SOURCES_A_PAGE : page * _SOURCES_A_PAGE]
    polls = await last_polls(here.db, [line["id"] for line in here_shown])
    return html(
        "sources.html.j2",
        sources=_with_state([{**line, "polls": polls.get(line["id"], [])} for line in here_shown]),
        earlier=page - 1,
        later=page + 1 if len(listed) > page * _SOURCES_A_PAGE else None,
        **await _frame(here),
    )


@router.get("/articles/{identity}")
async def article(here: Here, identity: Identity) -> HTMLResponse:
    """Why an article is, or is not, a mention."""
    line = await one(here.db, "article", str(identity))
    if line is None:
        raise HTTPException(HTTPStatus.NOT_FOUND, f"there is no article {identity}")
    return html(
        "article.html.j2",
        article=line,
        title=shown.title(line),
        text=shown.paragraphs(line),
        edits=await asyncio.to_thread(shown.edits, line),
        **await _frame(here),
    )


@open_router.get("/static/{name}")
async def static(name: str) -> Response:
    """The style sheet and the icon. Their address holds a digest of them, so they may be kept for good."""
    if name not in STATIC:
        raise HTTPException(HTTPStatus.NOT_FOUND, "there is no such file")
    content, media_type = STATIC[name]
    return Response(content, media_type=media_type, headers={"Cache-Control": "public, max-age=31536000, immutable"})


async def _frame(here: Context) -> dict[str, Any]:
    """What stands on every page."""
    async with here.db.read() as session:
        return {"now": here.now(), "counts": await housekeeping.counts(session, now=here.now())}


def _with_state(sources: list[Line]) -> list[tuple[Line, str]]:
    return [(source, shown.state_of(source)) for source in sources]
