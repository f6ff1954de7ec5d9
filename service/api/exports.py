"""Whole listings as one stream: /export/mentions.csv?q=..., as CSV or JSON Lines, however many lines there are.

    question -> service.search.stream -> a batch of lines -> text -> the client, which sets the pace

Memory stays that of one batch: the next is read when the client has taken the one before, and none when it has gone.
"""

from collections.abc import AsyncIterator, Callable, Sequence
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query
from fastapi.responses import StreamingResponse

from service.api.access import Reader
from service.api.context import Context, Here
from service.api.problems import problem_responses
from service.api.questions import Narrowing, Own, Text
from service.search import stream
from service.store.lines import Line
from service.written import CsvText, json_lines

__all__ = ["router"]

Form = Literal["csv", "jsonl"]
_MEDIA = {"csv": "text/csv; charset=utf-8; header=present", "jsonl": "application/jsonl; charset=utf-8"}
_DESCRIBED: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "All of it, newest first, without a limit. Of nothing, CSV has no header.",
        "content": {"text/csv": {"schema": {"type": "string"}}, "application/jsonl": {"schema": {"type": "string"}}},
    }
}


class OwnExport(Own, Narrowing):
    """Which articles, or stories."""


class MentionExport(OwnExport):
    """Which mentions."""

    withdrawn: bool = False
    """Mentions that a rescan or an edit took out, instead of those that stand."""


class AlertExport(Narrowing):
    """Which alerts."""

    rule: Text | None = None
    """The name of a rule, exactly."""


class DeliveryExport(AlertExport):
    """Which deliveries."""

    status: Literal["pending", "sent", "retrying", "dead", "suppressed"] | None = None
    """What became of the delivery so far."""


Asked = Annotated[Narrowing, Query()]
Owned = Annotated[OwnExport, Query()]
router = APIRouter(
    prefix="/export",
    tags=["exports"],
    responses={**problem_responses(), **_DESCRIBED},
    default_response_class=StreamingResponse,
)


@router.get("/mentions.{form}")
async def mentions(here: Here, form: Form, asked: Annotated[MentionExport, Query()], who: Reader) -> StreamingResponse:
    """All mentions that answer the question, as CSV or JSON Lines."""
    return await _export(here, "mentions", form, asked, who.key)


@router.get("/articles.{form}")
async def articles(here: Here, form: Form, asked: Owned, who: Reader) -> StreamingResponse:
    """All articles that answer the question, with their text."""
    return await _export(here, "articles", form, asked, who.key)


@router.get("/facts.{form}")
async def facts(here: Here, form: Form, asked: Asked) -> StreamingResponse:
    """All deals for which the question holds."""
    return await _export(here, "facts", form, asked)


@router.get("/stories.{form}")
async def stories(here: Here, form: Form, asked: Owned, who: Reader) -> StreamingResponse:
    """All stories of which an article answers the question."""
    return await _export(here, "stories", form, asked, who.key)


@router.get("/alerts.{form}")
async def alerts(here: Here, form: Form, asked: Annotated[AlertExport, Query()]) -> StreamingResponse:
    """All alerts of which an article answers the question."""
    return await _export(here, "alerts", form, asked)


@router.get("/deliveries.{form}")
async def deliveries(here: Here, form: Form, asked: Annotated[DeliveryExport, Query()]) -> StreamingResponse:
    """All deliveries of such alerts."""
    return await _export(here, "deliveries", form, asked)


async def _export(here: Context, noun: str, form: Form, asked: Narrowing, reader: str = "") -> StreamingResponse:
    """What cannot be answered is said before the first byte: the first batch is read here."""
    batches = stream(here.db, noun, asked.ask(reader), now=here.now())
    nothing: list[Line] = []
    first = await anext(batches, nothing)
    written = CsvText().rows if form == "csv" else json_lines
    headers = {"Content-Disposition": f'attachment; filename="{noun}.{form}"'}
    return StreamingResponse(_texts(first, batches, written), media_type=_MEDIA[form], headers=headers)


async def _texts(
    first: list[Line], batches: AsyncIterator[list[Line]], written: Callable[[Sequence[Line]], str]
) -> AsyncIterator[str]:
    yield written(first)
    async for lines in batches:
        yield written(lines)
