"""The addresses under /api/v1, a module a noun. Reading is a question to ``service.search``, changing an act of
``service.desk``; each router lets in who may read, and what changes something asks for more."""

from fastapi import APIRouter

from service.api.problems import problem_responses
from service.api.routes import (
    alerts,
    channels,
    events,
    figures,
    found,
    jobs,
    keys,
    searches,
    silences,
    sources,
    texts,
    trying,
    watchlist,
    work,
)

__all__ = ["router"]

router = APIRouter(prefix="/api/v1", responses=problem_responses())
for module in (
    found,
    alerts,
    silences,
    sources,
    channels,
    searches,
    watchlist,
    texts,
    trying,
    events,
    figures,
    jobs,
    work,
    keys,
):
    router.include_router(module.router)
