"""What who asks has gone through. It is theirs alone, so the scope read is enough to change it."""

from collections.abc import Sequence
from typing import Annotated

from fastapi import HTTPException, Query
from pydantic import Field

from service.api import answers
from service.api.access import Reader
from service.api.answers import Items
from service.api.context import Context, Here
from service.api.problems import NOT_FOUND
from service.api.questions import MAX_ID, MAX_LIMIT, Identity
from service.api.routes.common import Asked, new_router
from service.desk import triage as desk
from service.domain.access import Caller
from service.store import triage
from service.store.lines import Line

__all__ = ["router"]

router = new_router("found")
ArticleId = Annotated[int, Field(ge=1, le=MAX_ID)]


class GoneThrough(Asked):
    """What is left out stays as it is."""

    read: bool | None = Field(default=None, examples=[True])
    starred: bool | None = Field(default=None, examples=[True])
    done: bool | None = Field(default=None, examples=[None])


class AllGoneThrough(GoneThrough):
    """The same of many articles."""

    articles: list[ArticleId] = Field(min_length=1, max_length=MAX_LIMIT, examples=[[812, 813]])
    """Their ids."""


@router.get("/triage", response_model=Items[answers.Triage])
async def of_many(
    here: Here,
    who: Reader,
    article: Annotated[
        list[ArticleId], Query(min_length=1, max_length=MAX_LIMIT, description="An id; may be repeated.")
    ],
) -> Line:
    """Which of these articles you have read, starred, are done with: the token's or the signed-in user's own word.
    Articles that there are not are left out. To list them by it, ask a listing for `triage`."""
    return {"items": await _lines(here, article, who), "next": None}


@router.put("/triage", response_model=Items[answers.Triage])
async def go_through_many(here: Here, said: AllGoneThrough, who: Reader) -> Line:
    """Say so of many articles, or take it back. Articles that there are not are left out; where there is none at all,
    it is 404. The same again changes nothing, so it needs no `Idempotency-Key`."""
    await _say(here, said.articles, said, who)
    return {"items": await _lines(here, said.articles, who), "next": None}


@router.get("/articles/{identity}/triage", response_model=answers.Triage)
async def gone_through(here: Here, identity: Identity, who: Reader) -> Line:
    """Whether you have read it, starred it, are done with it: the token's or the signed-in user's own word."""
    lines = await _lines(here, [identity], who)
    if not lines:
        raise HTTPException(NOT_FOUND, f"no article has the id '{identity}'; take an id from /api/v1/articles")
    return lines[0]


@router.put("/articles/{identity}/triage", response_model=answers.Triage)
async def go_through(here: Here, identity: Identity, said: GoneThrough, who: Reader) -> Line:
    """Say so, or take it back. The same again changes nothing, so it needs no `Idempotency-Key`."""
    await _say(here, [identity], said, who)
    return await gone_through(here, identity, who)


async def _say(here: Context, articles: Sequence[int], said: GoneThrough, who: Caller) -> None:
    async with here.db.write() as session:
        for kind in triage.KINDS:
            on = getattr(said, kind)
            if on is not None:
                await desk.say(session, who.key, articles, kind, on=on, now=here.now())


async def _lines(here: Context, articles: Sequence[int], who: Caller) -> list[Line]:
    async with here.db.read() as session:
        known = await triage.there(session, articles)
        stands = await triage.standing(session, who.key, known)
    return [{"article": one, **{kind: kind in stands.get(one, frozenset()) for kind in triage.KINDS}} for one in known]
