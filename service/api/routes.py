"""The addresses under /api/v1. Each is a question to ``service.search``."""

from fastapi import APIRouter, HTTPException

from service import search
from service.api import answers
from service.api.answers import Items
from service.api.context import Context, Here
from service.api.problems import NOT_FOUND, problem_responses
from service.api.questions import (
    AlertQuestions,
    DeliveryQuestions,
    Identity,
    MentionQuestion,
    MentionQuestions,
    WithdrawnQuestions,
)
from service.search import one, page, watch_list
from service.store import housekeeping
from service.store.lines import Line

__all__ = ["router"]

router = APIRouter(prefix="/api/v1", responses=problem_responses())


@router.get("/mentions", response_model=Items[answers.Mention], tags=["found"])
async def mentions(here: Here, asked: WithdrawnQuestions) -> Line:
    """Entities named in articles, newest first."""
    return await _listing(here, "mentions", asked)


@router.get("/articles", response_model=Items[answers.Article], tags=["found"])
async def articles(here: Here, asked: MentionQuestions) -> Line:
    """Articles that were read, with or without a mention, newest first."""
    return await _listing(here, "articles", asked)


@router.get("/articles/{identity}", response_model=answers.ArticleProof, tags=["found"])
async def article(here: Here, identity: Identity) -> Line:
    """One article with its mentions and the look-alikes that were rejected."""
    return await _one(here, "article", str(identity), "take an id from /api/v1/articles")


@router.get("/stories", response_model=Items[answers.Story], tags=["found"])
async def stories(here: Here, asked: MentionQuestions) -> Line:
    """Stories of which an article answers the question, newest first."""
    return await _listing(here, "stories", asked)


@router.get("/stories/{identity}", response_model=answers.StoryPage, tags=["found"])
async def story(here: Here, identity: Identity) -> Line:
    """One story with its versions, its spread, its deals and its alerts. The id of a merged story leads to what it is
    part of."""
    return await _one(here, "story", str(identity), "take an id from /api/v1/stories")


@router.get("/facts", response_model=Items[answers.Fact], tags=["found"])
async def facts(here: Here, asked: MentionQuestions) -> Line:
    """Deals that articles tell of, newest first. A query holds for the facts that it asks for."""
    return await _listing(here, "facts", asked)


@router.get("/alerts", response_model=Items[answers.Alert], tags=["alerts"])
async def alerts(here: Here, asked: AlertQuestions) -> Line:
    """What rules raised, with the deliveries, newest first."""
    return await _listing(here, "alerts", asked)


@router.get("/deliveries", response_model=Items[answers.Delivery], tags=["alerts"])
async def deliveries(here: Here, asked: DeliveryQuestions) -> Line:
    """Alerts on their way to channels, newest first."""
    return await _listing(here, "deliveries", asked)


@router.get("/deliveries/{identity}", response_model=answers.DeliveryHistory, tags=["alerts"])
async def delivery(here: Here, identity: str) -> Line:
    """One delivery with every attempt and what the receiver said."""
    return await _one(here, "delivery", identity.replace("\0", ""), "take an id from /api/v1/deliveries")


@router.get("/sources", response_model=Items[answers.Source], tags=["watch list"])
async def sources(here: Here) -> Line:
    """All sources with their state, in the order in which they were added."""
    return await _watch_list(here, "sources")


@router.get("/sources/{identity}", response_model=answers.SourceHistory, tags=["watch list"])
async def source(here: Here, identity: Identity) -> Line:
    """One source with its last polls."""
    return await _one(here, "source", str(identity), "take an id from /api/v1/sources")


@router.get("/entities", response_model=Items[answers.Entity], tags=["watch list"])
async def entities(here: Here) -> Line:
    """What is tracked, as the watch list writes it."""
    return await _watch_list(here, "entities")


@router.get("/rules", response_model=Items[answers.Rule], tags=["watch list"])
async def rules(here: Here) -> Line:
    """Which mentions raise an alert."""
    return await _watch_list(here, "rules")


@router.get("/channels", response_model=Items[answers.Channel], tags=["watch list"])
async def channels(here: Here) -> Line:
    """Where alerts go; secrets are masked."""
    return await _watch_list(here, "channels")


@router.get("/rescans", response_model=Items[answers.Rescan], tags=["operation"])
async def rescans(here: Here) -> Line:
    """Today's watch list over stored articles: what is under way, what stopped, what is over, newest first."""
    return {"items": await search.rescans(here.db, now=here.now()), "next": None}


@router.get("/stats", response_model=answers.Stats, tags=["operation"])
async def stats(here: Here) -> dict[str, int]:
    """How much of everything there is, and how much work is due."""
    async with here.db.read() as session:
        return await housekeeping.counts(session, now=here.now())


async def _listing(here: Context, noun: str, asked: MentionQuestion) -> Line:
    found = await page(here.db, noun, asked.ask(), now=here.now())
    return {"items": found.lines, "next": found.next_cursor}


async def _watch_list(here: Context, kind: str) -> Line:
    return {"items": await watch_list(here.db, kind), "next": None}


async def _one(here: Context, kind: str, identity: str, mend: str) -> Line:
    line = await one(here.db, kind, identity)
    if line is None:
        raise HTTPException(NOT_FOUND, f"no {kind} has the id {identity!r}; {mend}")
    return line
