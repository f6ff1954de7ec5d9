"""Trying things out: what a query means, what a rule or an entity would have found. Nothing is stored."""

import asyncio
from collections.abc import Mapping
from dataclasses import asdict
from typing import Annotated, Any

from fastapi import Query
from pydantic import Field

from service.api import answers
from service.api.context import Here, Outdoors
from service.api.routes.common import Asked, Word, new_router
from service.desk import previews
from service.desk.errors import Wrong
from service.domain.model import Entity
from service.domain.preview import Preview
from service.domain.query import QueryError, parse, print_query
from service.store.lines import Line

__all__ = ["router"]

router = new_router("trying")
_PATIENCE = 120.0


class RulePreview(Asked):
    """A rule that there is; or a query; or both, to compare them."""

    name: Word | None = Field(default=None, examples=[None])
    query: Word | None = Field(default=None, examples=["entity:HPE AND salience:main"])
    how: dict[str, Any] = Field(default={}, examples=[{"digest": "daily 08:00"}])
    """The watch list's keys for how it tells; what is left out stays as the rule has it."""


class EntityPreview(Asked):
    """A name, or a definition as the watch list writes it."""

    name: Annotated[Word, Field(min_length=1, max_length=200)] | None = Field(default=None, examples=["Vertiv"])
    definition: dict[str, Any] | None = Field(default=None, examples=[None])


@router.get("/query", response_model=answers.CheckedQuery)
async def query(q: Annotated[Word, Query(description="In the language of rules: `entity:HPE AND talks`.")]) -> Line:
    """Whether a query can be understood; else where it cannot, and what to write instead."""
    try:
        return {"ok": True, "query": print_query(parse(q)), "position": None, "problem": None, "mend": None}
    except QueryError as error:
        return {
            "ok": False,
            "query": q,
            "position": error.position,
            "problem": error.message,
            "mend": error.mend,
        }


@router.post("/previews/rule", response_model=answers.Forecast)
async def preview_rule(here: Here, outside: Outdoors, asked: RulePreview) -> Line:
    """What a rule would have found and told over the last 30 and 90 days, in stored articles."""
    how: Mapping[str, object] = asked.how
    async with here.running.asking:
        work = previews.of_rule(
            here.db, asked.name, asked.query, how, now=here.now(), first_poll_summary=outside.first_poll_summary
        )
        return {"of": f"rule {asked.name or '(new)'}", **await _in_time(work)}


@router.post("/previews/entity", response_model=answers.Forecast)
async def preview_entity(here: Here, outside: Outdoors, asked: EntityPreview) -> Line:
    """What an entity, saved or not, would have found; a definition is compared with the one that stands."""
    if (asked.name is None) == (asked.definition is None):
        raise Wrong("name", "name an entity, or give a definition")
    wanted: str | Entity = (
        previews.defined(asked.definition, "definition") if asked.definition is not None else str(asked.name)
    )
    async with here.running.asking:
        told = outside.first_poll_summary
        work = previews.of_entity(here.db, wanted, now=here.now(), first_poll_summary=told)
        return {"of": f"entity {wanted if isinstance(wanted, str) else wanted.name}", **await _in_time(work)}


async def _in_time(work: Any) -> Line:  # noqa: ANN401 - a coroutine of a Preview
    try:
        async with asyncio.timeout(_PATIENCE):
            found: Preview = await work
    except TimeoutError as error:
        raise Wrong(
            "", f"is not known after {_PATIENCE:g} seconds: ask the command line, which takes its time"
        ) from error
    return asdict(found)
