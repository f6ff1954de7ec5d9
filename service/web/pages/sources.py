"""/sources: what is polled, and how that goes."""

from typing import Annotated

from fastapi import APIRouter, Query
from fastapi.responses import HTMLResponse

from service.search import last_polls, watch_list
from service.store import housekeeping
from service.web import shown
from service.web.pages.frame import Framed

__all__ = ["router"]

_A_PAGE = 200

router = APIRouter()
PageNumber = Annotated[int, Query(ge=1, le=1_000_000)]


@router.get("/sources")
async def sources(frame: Framed, page: PageNumber = 1) -> HTMLResponse:
    """The sources with their last polls, those in trouble on the first page."""
    listed = shown.by_trouble(await watch_list(frame.db, "sources"))
    here_shown = listed[(page - 1) * _A_PAGE : page * _A_PAGE]
    polls = await last_polls(frame.db, [line["id"] for line in here_shown])
    async with frame.db.read() as session:
        counts = await housekeeping.counts(session, now=frame.now)
    return frame.html(
        "sources.html.j2",
        sources=shown.with_state([{**line, "polls": polls.get(line["id"], [])} for line in here_shown]),
        earlier=page - 1,
        later=page + 1 if len(listed) > page * _A_PAGE else None,
        counts=counts,
    )
