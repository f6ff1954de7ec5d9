"""What who asks has gone through. It is theirs alone, so the scope read is enough to change it."""

from fastapi import HTTPException
from pydantic import Field

from service.api import answers
from service.api.access import Reader
from service.api.context import Here
from service.api.problems import NOT_FOUND
from service.api.questions import Identity
from service.api.routes.common import Asked, new_router
from service.desk import triage as desk
from service.domain.access import Caller
from service.search import one
from service.store import triage
from service.store.lines import Line

__all__ = ["router"]

router = new_router("found")


class GoneThrough(Asked):
    """What is left out stays as it is."""

    read: bool | None = Field(default=None, examples=[True])
    starred: bool | None = Field(default=None, examples=[True])
    done: bool | None = Field(default=None, examples=[None])


@router.get("/articles/{identity}/triage", response_model=answers.Triage)
async def gone_through(here: Here, identity: Identity, who: Reader) -> Line:
    """Whether you have read it, starred it, are done with it: the token's or the signed-in user's own word."""
    if await one(here.db, "article", str(identity)) is None:
        raise HTTPException(NOT_FOUND, f"no article has the id '{identity}'; take an id from /api/v1/articles")
    return await _line(here, identity, who)


@router.put("/articles/{identity}/triage", response_model=answers.Triage)
async def go_through(here: Here, identity: Identity, said: GoneThrough, who: Reader) -> Line:
    """Say so, or take it back. The same again changes nothing, so it needs no `Idempotency-Key`."""
    async with here.db.write() as session:
        for kind in triage.KINDS:
            on = getattr(said, kind)
            if on is not None:
                await desk.say(session, who, [identity], kind, on=on, now=here.now())
    return await gone_through(here, identity, who)


async def _line(here: Here, identity: int, who: Caller) -> Line:
    async with here.db.read() as session:
        stands = (await triage.standing(session, who.key, [identity])).get(identity, frozenset())
    return {"article": identity, **{kind: kind in stands for kind in triage.KINDS}}
