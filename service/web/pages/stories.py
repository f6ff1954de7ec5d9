"""/stories: what several tell, and all that is known of one story."""

import asyncio
import re
from dataclasses import replace
from http import HTTPStatus
from typing import Annotated, Any

from fastapi import APIRouter, HTTPException, Query, Request
from fastapi import Form as FormField
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from service.api.questions import MAX_ID, Identity
from service.desk import verdicts
from service.desk.errors import Unknown, Wrong
from service.domain.difference import Change, difference, shortened
from service.search import AskError, Page, one, page, watch_list
from service.store import edited, overview
from service.store.lines import Line
from service.web import drawn, shown, words
from service.web.forms import Form, read
from service.web.pages.acting import Acting, done_at
from service.web.pages.frame import Frame, Framed
from service.web.question import Asked

__all__ = ["router"]

_A_PAGE = 30
_NUMBER = re.compile(r"(?:.*/stories/)?(?P<number>\d{1,18})(?:[?#].*)?")
_DONE = {
    "merged": "They are one story now.",
    "split": "This article has a story of its own now, for good.",
}

router = APIRouter()


@router.get("/stories")
async def stories(frame: Framed, asked: Asked) -> HTMLResponse:
    """A page of stories, the newest first; those that name somebody, where the question does not say of whom."""
    of_somebody = not asked.q and not asked.entity
    mistake = None
    try:
        found = await page(
            frame.db, "stories", (replace(asked, q="entity:*") if of_somebody else asked).ask(_A_PAGE), now=frame.now
        )
    except AskError as error:
        found, mistake = Page([], None), shown.mistake(error, asked.q)
    async with frame.db.read() as session:
        times = await overview.spread_of(session, [line["id"] for line in found.lines])
    entities = await watch_list(frame.db, "entities")
    return frame.html(
        "stories.html.j2",
        status=HTTPStatus.BAD_REQUEST if mistake else HTTPStatus.OK,
        asked=asked,
        mistake=mistake,
        of_somebody=of_somebody,
        listed=[(line, drawn.spread(times[line["id"]], name=f"spread-{line['id']}")) for line in found.lines],
        older=asked.at("/stories", cursor=found.next_cursor) if found.next_cursor else None,
        entities=entities,
        completions=words.completions(entities),
    )


@router.get("/stories/{identity}")
async def story(
    frame: Framed, identity: Identity, compare: Annotated[int | None, Query()] = None, done: str = ""
) -> Response:
    """All that is known of a story; ``compare``: an article of it, beside the original word by word. The id of one that
    was merged into another leads there."""
    return await _page(frame, identity, Form(), compare=compare, done=_DONE.get(done))


@router.post("/stories/{identity}/merge")
async def merge(frame: Acting, identity: Identity, request: Request) -> Response:
    """Make it one with another, which is named by its number or by its page's address."""
    form = await read(request)
    other = _NUMBER.fullmatch(form.text("other"))
    try:
        if other is None:
            raise Wrong("other", "write the story's number, or the address of its page")
        async with frame.db.write() as session:
            made = await verdicts.merge_stories(session, identity, int(other["number"]), now=frame.now)
    except (Unknown, Wrong) as error:
        said = error.problem if isinstance(error, Wrong) else str(error)
        return await _page(frame, identity, form.wrong({"other": said}), status=422)
    return done_at(f"/stories/{made.into}", "merged")


@router.post("/stories/{identity}/split")
async def split(
    frame: Acting, identity: Identity, article: Annotated[int, FormField(ge=1, le=MAX_ID)]
) -> RedirectResponse:
    """Take one of its articles out, into a story of its own."""
    async with frame.db.write() as session:
        made = await verdicts.split_story(session, article, now=frame.now)
    return done_at(f"/stories/{made}", "split")


async def _page(
    frame: Frame,
    identity: int,
    form: Form,
    *,
    compare: int | None = None,
    done: str | None = None,
    status: int = HTTPStatus.OK,
) -> Response:
    line = await one(frame.db, "story", str(identity))
    if line is None:
        raise HTTPException(HTTPStatus.NOT_FOUND, f"there is no story {identity}")
    if line["id"] != identity:
        return RedirectResponse(f"/stories/{line['id']}", HTTPStatus.SEE_OTHER)
    async with frame.db.read() as session:
        edits = await edited.edits_of(session, line["articles"])
        times = (await overview.spread_of(session, [identity]))[identity]
    return frame.html(
        "story.html.j2",
        status=status,
        story=line,
        form=form,
        done=done,
        edits=edits,
        outlets={version["article"]: version["outlet"] for version in line["timeline"]},
        drawing=drawn.spread(times, name="spread"),
        compared=await _compared(frame, line, compare),
    )


async def _compared(frame: Frame, story: Line, article: int | None) -> dict[str, Any] | None:
    """What an article of the story says otherwise than the original; None where nothing is to be compared."""
    told = {version["article"]: version for version in story["timeline"]}
    if article is None or article == story["article"] or article not in told:
        return None
    head, other = [await one(frame.db, "article", str(identity)) for identity in (story["article"], article)]
    if head is None or other is None:
        return None
    return {"version": told[article], "changes": await asyncio.to_thread(_changes, head, other)}


def _changes(head: Line, other: Line) -> list[Change]:
    before, after = (f"{line['title']}\n{line['text']}" for line in (head, other))
    return shortened(difference(before, after))
