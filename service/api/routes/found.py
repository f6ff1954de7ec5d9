"""What was found: mentions, articles, stories, deals; and what people say of it."""

from typing import Annotated, Literal

from fastapi import HTTPException, Query, Request, Response
from pydantic import Field
from sqlalchemy.ext.asyncio import AsyncSession

from service.api import answers
from service.api.access import Reader, Writer
from service.api.answers import Items
from service.api.context import Here
from service.api.once import Once
from service.api.problems import NOT_FOUND
from service.api.questions import Identity, MentionQuestions, OwnQuestions, WithdrawnQuestions
from service.api.routes.common import Asked, Word, listing, new_router, one_of
from service.desk import verdicts
from service.search import explained
from service.store.lines import Line

__all__ = ["router"]

router = new_router("found")
About = Annotated[Word | None, Query(description="Only about this entity.")]


class Verdict(Asked):
    """Whether a mention is one. It replaces an earlier verdict."""

    verdict: Literal["right", "wrong"] = Field(examples=["wrong"])


class Other(Asked):
    """The story to make one with."""

    story: int = Field(ge=1, le=2**63 - 1, examples=[17])


@router.get("/mentions", response_model=Items[answers.Mention])
async def mentions(request: Request, response: Response, here: Here, asked: WithdrawnQuestions, who: Reader) -> Line:
    """Entities named in articles, newest first."""
    return await listing(request, response, here, "mentions", asked, who.key)


@router.post("/mentions/{identity}/mark", response_model=answers.Marked)
async def mark(here: Here, identity: Identity, said: Verdict, act: Once, _who: Writer) -> Response:
    """Say whether a mention is right or wrong: its entity learns from it."""

    async def write(session: AsyncSession) -> Line:
        entity = await verdicts.mark(session, identity, said.verdict, now=here.now())
        return {"id": identity, "entity": entity, "verdict": said.verdict}

    return await act(write)


@router.get("/articles", response_model=Items[answers.Article])
async def articles(request: Request, response: Response, here: Here, asked: OwnQuestions, who: Reader) -> Line:
    """Articles that were read, with or without a mention, newest first."""
    return await listing(request, response, here, "articles", asked, who.key)


@router.get("/articles/{identity}", response_model=answers.ArticleProof)
async def article(here: Here, identity: Identity) -> Line:
    """One article with its mentions and the look-alikes that were rejected."""
    return await one_of(here, "article", str(identity), "take an id from /api/v1/articles")


@router.get("/articles/{identity}/explanation", response_model=answers.Explanation)
async def explanation(here: Here, identity: Identity, entity: About = None) -> Line:
    """Why an article did, or did not, become a mention and an alert: each rule with the part that fails."""
    line = await explained(here.db, str(identity), entity)
    if line is None:
        raise HTTPException(NOT_FOUND, f"no article has the id '{identity}'; take an id from /api/v1/articles")
    return line


@router.get("/explanation", response_model=answers.Explanation)
async def explanation_of_address(
    here: Here,
    url: Annotated[Word, Query(description="In any form under which the article is known.")],
    entity: About = None,
) -> Line:
    """The same for an article by its address."""
    line = await explained(here.db, url, entity)
    if line is None:
        raise HTTPException(NOT_FOUND, f"no article is known at {url}; take one from /api/v1/articles")
    return line


@router.post("/articles/{identity}/split", response_model=answers.Arranged)
async def split(here: Here, identity: Identity, act: Once, _who: Writer) -> Response:
    """Take an article out of its story, into one of its own, for good."""

    async def write(session: AsyncSession) -> Line:
        return {"story": await verdicts.split_story(session, identity, now=here.now()), "gone": None}

    return await act(write)


@router.get("/stories", response_model=Items[answers.Story])
async def stories(request: Request, response: Response, here: Here, asked: OwnQuestions, who: Reader) -> Line:
    """Stories of which an article answers the question, newest first."""
    return await listing(request, response, here, "stories", asked, who.key)


@router.get("/stories/{identity}", response_model=answers.StoryPage)
async def story(here: Here, identity: Identity) -> Line:
    """One story with its versions, its spread, its deals and its alerts. The id of a merged story leads to what it is
    part of."""
    return await one_of(here, "story", str(identity), "take an id from /api/v1/stories")


@router.post("/stories/{identity}/merge", response_model=answers.Arranged)
async def merge(here: Here, identity: Identity, other: Other, act: Once, _who: Writer) -> Response:
    """Make two stories one. The elder keeps its number."""

    async def write(session: AsyncSession) -> Line:
        merged = await verdicts.merge_stories(session, identity, other.story, now=here.now())
        return {"story": merged.into, "gone": merged.gone}

    return await act(write)


@router.get("/facts", response_model=Items[answers.Fact])
async def facts(request: Request, response: Response, here: Here, asked: MentionQuestions) -> Line:
    """Deals that articles tell of, newest first. A query holds for the facts that it asks for."""
    return await listing(request, response, here, "facts", asked)
