"""What most routes begin or end with."""

from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import APIRouter, HTTPException, Path, Request, Response
from pydantic import BaseModel, ConfigDict, StringConstraints

from service.api.conditional import ApiRoute
from service.api.context import Context
from service.api.problems import NOT_FOUND
from service.api.questions import MentionQuestion
from service.search import one, page, watch_list
from service.store.lines import Line

__all__ = ["Asked", "Name", "TextId", "Word", "given", "listing", "new_router", "one_of", "whole"]

Word = Annotated[str, StringConstraints(max_length=10_000, pattern=r"^[^\x00]*$")]
Name = Annotated[str, Path(max_length=2000, pattern=r"^[^\x00]+$", description="As the watch list writes it.")]
TextId = Annotated[str, Path(max_length=200, pattern=r"^[^\x00]+$")]


class Asked(BaseModel):
    """A request's body. An unknown key is refused: a misspelt one would do something else."""

    model_config = ConfigDict(extra="forbid", use_attribute_docstrings=True)


def new_router(tag: str) -> APIRouter:
    return APIRouter(tags=[tag], route_class=ApiRoute)


async def listing(
    request: Request, response: Response, here: Context, noun: str, asked: MentionQuestion, reader: str = ""
) -> Line:
    """A page; ``Link`` names the one behind it (RFC 8288). ``reader``: the key of who asks, where triage may be asked
    for."""
    found = await page(here.db, noun, asked.ask(reader), now=here.now())
    if found.next_cursor is not None:
        parameters = [(name, value) for name, value in request.query_params.multi_items() if name != "cursor"]
        query = urlencode([*parameters, ("cursor", found.next_cursor)])
        response.headers["Link"] = f'<{request.url.path}?{query}>; rel="next"'
    return {"items": found.lines, "next": found.next_cursor}


async def whole(here: Context, kind: str) -> Line:
    return {"items": await watch_list(here.db, kind), "next": None}


async def one_of(here: Context, kind: str, identity: str, mend: str) -> Line:
    """Raises HTTPException 404."""
    line = await one(here.db, kind, identity)
    if line is None:
        raise HTTPException(NOT_FOUND, f"no {kind} has the id {identity!r}; {mend}")
    return line


def given(body: BaseModel) -> dict[str, Any]:
    """What a body says, without what it leaves out."""
    return body.model_dump(exclude_none=True, by_alias=True)
