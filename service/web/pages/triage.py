"""/triage: read, starred, done, of one article or of all that a page shows; a small form, or the same request by the
page's module."""

from typing import Annotated, Final, Literal

from fastapi import APIRouter, Form, Header
from fastapi.responses import Response

from service.api.questions import MAX_ID
from service.desk import triage
from service.store.triage import KINDS, Kind
from service.web.pages.frame import Framed, back

__all__ = ["router"]

_MOST = 1000
KIND_OF: Final[dict[str, Kind]] = {**{kind: kind for kind in KINDS}, **{f"not {kind}": kind for kind in KINDS}}
router = APIRouter()
ArticleId = Annotated[int, Form(ge=1, le=MAX_ID)]


@router.post("/triage")
async def gone_through(
    frame: Framed,
    article: Annotated[list[ArticleId], Form(min_length=1, max_length=_MOST)],
    say: Annotated[Kind | Literal["not read", "not starred", "not done"], Form()],
    to: Annotated[str, Form(max_length=20_000)] = "/stream",
    accept: Annotated[str, Header()] = "",
) -> Response:
    """Leads back to ``to``; who asks for JSON gets no content, for it changes what it shows itself."""
    kind = KIND_OF[say]
    async with frame.db.write() as session:
        await triage.say(session, frame.reader, article, kind, on=kind == say, now=frame.now)
    return Response(status_code=204) if accept == "application/json" else back(to, "/stream")
