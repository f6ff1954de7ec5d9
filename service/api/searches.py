"""Saved searches: queries with a name, of which feeds, exports and rules are made."""

from fastapi import APIRouter

from service.api import answers
from service.api.answers import Items
from service.api.context import Here
from service.api.problems import problem_responses
from service.search import watch_list
from service.store.lines import Line

__all__ = ["router"]

router = APIRouter(prefix="/api/v1", tags=["watch list"], responses=problem_responses())


@router.get("/searches", response_model=Items[answers.Search])
async def searches(here: Here) -> Line:
    """Saved searches. `/feeds/NAME.atom` and `/feeds/NAME.json` are their feeds; listings and exports take `search`."""
    return {"items": await watch_list(here.db, "searches"), "next": None}
