"""/articles/{id}: why an article is, or is not, a mention."""

import asyncio
from http import HTTPStatus

from fastapi import APIRouter, HTTPException
from fastapi.responses import HTMLResponse

from service.api.questions import Identity
from service.search import one
from service.web import shown
from service.web.pages.frame import Framed

__all__ = ["router"]

router = APIRouter()


@router.get("/articles/{identity}")
async def article(frame: Framed, identity: Identity) -> HTMLResponse:
    """The proof: mentions with their evidence, look-alikes, deals, edits, and the text as it was matched."""
    line = await one(frame.db, "article", str(identity))
    if line is None:
        raise HTTPException(HTTPStatus.NOT_FOUND, f"there is no article {identity}")
    return frame.html(
        "article.html.j2",
        article=line,
        title=shown.title(line),
        text=shown.paragraphs(line),
        edits=await asyncio.to_thread(shown.edits, line),
    )
