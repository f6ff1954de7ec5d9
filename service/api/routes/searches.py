"""Sharing saved searches. They themselves are part of the watch list."""

from fastapi import HTTPException, Request, Response

from service.api import answers
from service.api.access import Writer
from service.api.context import Here
from service.api.once import json_answer
from service.api.routes.common import Name, new_router
from service.desk import searches
from service.store.lines import Line

__all__ = ["router"]

router = new_router("watch list")


@router.post("/searches/{name:path}/share", response_model=answers.Shared, status_code=201)
async def share(request: Request, here: Here, name: Name, _who: Writer) -> Response:
    """Addresses of a search's feeds that need no sign-in, this once; earlier ones open nothing any more. It takes no
    `Idempotency-Key`, for then the key would be kept."""
    if "idempotency-key" in request.headers:
        raise HTTPException(400, "Idempotency-Key: a feed's key is never kept, so leave it out; ask again for another")
    async with here.db.write() as session:
        key = await searches.share(session, name, now=here.now())
    paths = searches.feed_paths(name, key)
    return json_answer({"name": name, "atom": paths["atom"], "json_feed": paths["json"]}, 201)


@router.post("/searches/{name:path}/unshare", response_model=answers.Done)
async def unshare(here: Here, name: Name, _who: Writer) -> Line:
    """Let such addresses of a search's feeds open nothing any more."""
    async with here.db.write() as session:
        await searches.unshare(session, name, now=here.now())
    return {"id": name, "done": "unshared"}
