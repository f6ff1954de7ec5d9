"""/: what was found lately."""

from http import HTTPStatus

from fastapi import APIRouter
from fastapi.responses import HTMLResponse

from service.notify.clean import plain
from service.search import Ask, AskError, Page, page, watch_list
from service.store import housekeeping
from service.web import shown
from service.web.pages.frame import Framed

__all__ = ["router"]

_MENTIONS, _ALERTS, _SOURCES = 40, 10, 12

router = APIRouter()


@router.get("/")
async def status(frame: Framed, q: str = "", entity: str = "", cursor: str = "") -> HTMLResponse:
    """What was found lately, or what answers a question; beside it alerts and sources."""
    query, entity = plain(q).strip(), plain(entity)
    ask = Ask(query=query or None, entity=entity or None, cursor=cursor or None, limit=_MENTIONS)
    mistake = None
    try:
        found = await page(frame.db, "mentions", ask, now=frame.now)
    except AskError as error:
        found, mistake = Page([], None), shown.mistake(error, query)
    sources = shown.by_trouble(await watch_list(frame.db, "sources"))
    async with frame.db.read() as session:
        counts = await housekeeping.counts(session, now=frame.now)
    return frame.html(
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
        entities=await watch_list(frame.db, "entities"),
        alerts=(await page(frame.db, "alerts", Ask(limit=_ALERTS), now=frame.now)).lines,
        channels=await watch_list(frame.db, "channels"),
        sources=shown.with_state(sources[:_SOURCES]),
        next_poll_at=min((source["next_poll_at"] for source in sources if source["enabled"]), default=None),
        counts=counts,
    )
