"""/stream: mentions newest first, or those that answer a question; and saying whether they are right."""

from http import HTTPStatus
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Form
from fastapi.responses import HTMLResponse, Response

from service.api.access import Writer
from service.api.questions import Identity
from service.desk import verdicts
from service.domain.alerting import rfc3339
from service.figures import facets, totals
from service.search import AskError, Page, page, watch_list
from service.store import marks
from service.web import shown, words
from service.web.narrower import groups
from service.web.pages.frame import Frame, Framed, back
from service.web.question import Asked, Question

__all__ = ["router"]

_A_PAGE, _CHOICES = 40, 8

router = APIRouter()


@router.get("/stream")
async def stream(frame: Framed, asked: Asked) -> HTMLResponse:
    """A page of mentions with their proof. A question that cannot be answered is shown with its mistake (400)."""
    mistake, counted = None, None
    try:
        found = await page(frame.db, "mentions", asked.ask(_A_PAGE), now=frame.now)
        if found.lines:
            counted = await facets(frame.db, "mentions", asked.ask(_A_PAGE), now=frame.now, most=_CHOICES)
    except AskError as error:
        found, mistake = Page([], None), shown.mistake(error, asked.q)
    async with frame.db.read() as session:
        said = await marks.verdicts(session, [line["id"] for line in found.lines])
    counts = None if found.lines else (await totals(frame.db, now=frame.now)).counts
    entities = await watch_list(frame.db, "entities")
    return frame.html(
        "stream.html.j2",
        status=HTTPStatus.BAD_REQUEST if mistake else HTTPStatus.OK,
        asked=asked,
        mistake=mistake,
        entries=shown.with_snippets(found.lines),
        verdicts=said,
        older=asked.at("/stream", cursor=found.next_cursor) if found.next_cursor else None,
        live=None if mistake else _live(frame, asked, found),
        groups=groups(counted, asked, "/stream") if counted else [],
        reaches=counted.basis.reaches if counted else None,
        counted=counted.counted if counted else 0,
        entities=entities,
        completions=words.completions(entities),
        counts=counts,
        next_poll_at=await _next_poll(frame) if counts else None,
    )


@router.post("/mentions/{identity}/mark")
async def mark(
    frame: Framed,
    identity: Identity,
    verdict: Annotated[Literal["right", "wrong"], Form()],
    _writer: Writer,
    to: Annotated[str, Form(max_length=20_000)] = "/stream",
) -> Response:
    """Keep what a person says of a mention; an earlier verdict is replaced."""
    async with frame.db.write() as session:
        await verdicts.mark(session, identity, verdict, now=frame.now)
    return back(to, "/stream")


def _live(frame: Frame, asked: Question, found: Page) -> dict[str, Any] | None:
    """Where the page's module looks for what came since; None where nothing new can belong to this page."""
    if asked.cursor or asked.until:
        return None
    newest = found.lines[0] if found.lines else None
    since = newest["discovered_at"] if newest else rfc3339(frame.now)
    return {
        "address": asked.but(since=since).at("/api/v1/mentions", limit="50"),
        "newest": newest["id"] if newest else 0,
    }


async def _next_poll(frame: Frame) -> str | None:
    sources = await watch_list(frame.db, "sources")
    return min((source["next_poll_at"] for source in sources if source["enabled"]), default=None)
