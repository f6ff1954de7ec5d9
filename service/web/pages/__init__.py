"""The pages a person reads, one file a noun. Each has a ``router`` whose routes end in ``Frame.html``.

    request -> Framed (who asks, the clock, the database) -> service.search -> shown -> frame.html(template)

A page that changes something takes ``Writer`` and answers a POST with ``back`` (303): reloading repeats nothing.
"""

from fastapi import APIRouter, Depends

from service.api.access import reader
from service.web.pages import (
    adding_sources,
    alerts,
    articles,
    channels,
    entities,
    entity_forms,
    jobs,
    overview,
    rules,
    searches,
    silences,
    sources,
    static,
    stories,
    stream,
    triage,
    welcome,
)

__all__ = ["open_router", "router"]

router = APIRouter(dependencies=[Depends(reader)])
for _page in (
    overview,
    stream,
    triage,
    searches,
    stories,
    entity_forms,
    entities,
    adding_sources,
    sources,
    rules,
    channels,
    alerts,
    silences,
    welcome,
    jobs,
    articles,
):
    router.include_router(_page.router)

open_router = static.router
"""What is served to those, too, who have not signed in."""
