"""What newsvane makes of texts and pages that are sent to it. Nothing is stored."""

import asyncio
from collections.abc import Callable
from typing import Annotated, Any, Literal, Self, TypeVar

from fastapi import Response
from pydantic import Field, model_validator

from scrapers.errors import ScraperError
from service.api import answers
from service.api.access import Writer
from service.api.context import Context, Here, Outdoors
from service.api.routes.common import Asked, Word, new_router
from service.desk import extracting, matching
from service.desk.clustering import article_of, clustered
from service.desk.errors import Conflict, Wrong
from service.desk.evaluating import evaluated, passage_of, told
from service.desk.watch import checked
from service.store.lines import Line

__all__ = ["router"]

router = new_router("trying")
T = TypeVar("T")
_PATIENCE = 60.0
"""Seconds that reading a page may take."""
_MOST = 4_000_000
"""Characters of all texts together: matching them takes seconds of the one processor that everything else shares."""
_LONGEST_PAGE = 10_000_000
_Text = Annotated[str, Field(max_length=1_000_000)]
_Id = Annotated[str, Field(max_length=200, examples=["1"])]
Definitions = Annotated[list[dict[str, Any]], Field(min_length=1, max_length=1000)]


class Text(Asked):
    """A text to match."""

    id: _Id
    """By which its answer is known."""
    title: _Text = Field(default="", examples=["HPE to supply servers"])
    text: _Text = Field(examples=["HPE will supply servers for more than $1 billion."])
    url: Word | None = Field(default=None, examples=[None])
    language: Word | None = Field(default=None, examples=["en"])


class Passage(Text):
    """A text, and what a person says of it."""

    labels: dict[str, Literal[0, 1, "?"]] = Field(examples=[{"HPE": 1}])
    """By entity: 1 named, 0 not named, `?` not to be scored."""
    salience: dict[str, str] = Field(default={}, examples=[{}])
    """`boilerplate`: that name is not scored."""
    kind: Word = Field(default="", examples=["positive"])


class Unsorted(Asked):
    """An article."""

    id: _Id
    """By which its answer is known."""
    title: _Text = Field(default="", examples=["HPE to supply servers"])
    text: _Text = Field(default="", examples=["HPE will supply servers for more than $1 billion."])
    url: Word | None = Field(default=None, examples=[None])
    published_at: Word | None = Field(default=None, examples=["2026-11-22T08:00:00Z"])


class _Bounded(Asked):
    @model_validator(mode="after")
    def _not_too_much(self) -> Self:
        texts: Any = next(value for value in self.__dict__.values() if isinstance(value, list))
        if sum(len(one.title) + len(one.text) for one in texts) > _MOST:
            raise ValueError(f"more than {_MOST:,} characters in all: send fewer texts at once")
        return self


class Texts(_Bounded):
    """Texts to match with the entities of the watch list, or with others."""

    texts: Annotated[list[Text], Field(min_length=1, max_length=200)]
    entities: Definitions | None = Field(default=None, examples=[None])
    """Definitions as the watch list writes them, instead of those that it holds."""


class Passages(_Bounded):
    """Labelled passages, to be matched with the entities of the watch list, or with others."""

    passages: Annotated[list[Passage], Field(min_length=1, max_length=5000)]
    entities: Definitions | None = Field(default=None, examples=[None])
    """Definitions as the watch list writes them, instead of those that it holds."""


class Articles(_Bounded):
    """Articles in the order of their arrival."""

    articles: Annotated[list[Unsorted], Field(min_length=1, max_length=2000)]


class Page(Asked):
    """A page, by its address or as HTML."""

    url: Word | None = Field(default=None, examples=["https://example.org/story"])
    """Fetched as newsvane fetches pages; with `html`, only where that stands."""
    html: Annotated[str, Field(max_length=_LONGEST_PAGE)] | None = Field(default=None, examples=[None])


@router.post("/match", response_model=answers.Matches)
async def match(here: Here, asked: Texts) -> Line:
    """What would be matched in these texts, and why: a line for each, in their order."""
    texts = [matching.text_of(one.model_dump(), "texts") for one in asked.texts]
    known = await _definitions(here, asked.entities)
    return {"items": await _beside(here, lambda: list(matching.matched(matching.matcher_of(known), texts)))}


@router.post("/evaluate", response_model=answers.Evaluation)
async def evaluate(here: Here, asked: Passages) -> Line:
    """Precision, recall and F1 of the matching on labelled passages, by entity and by kind, and the errors."""
    passages = [passage_of(one.model_dump(), "passages") for one in asked.passages]
    known = await _definitions(here, asked.entities)
    mend = "add it, or define it in entities"
    return await _beside(here, lambda: told(evaluated(known, passages, "passages", mend)))


@router.post("/cluster", response_model=answers.Clusters)
async def cluster(here: Here, asked: Articles) -> Line:
    """Which of these articles tell the same story: a line for each, in their order."""
    articles = [article_of(one.model_dump(), f"articles.{number}") for number, one in enumerate(asked.articles)]
    return {"items": await _beside(here, lambda: clustered(articles))}


@router.post("/extract", response_model=answers.Extracted)
async def extract(here: Here, outside: Outdoors, asked: Page, _who: Writer) -> Line | Response:
    """The article that would be stored for a page, and why that text. What cannot be had or read is refused with the
    reason (409)."""
    if asked.html is None and asked.url is None:
        raise Wrong("url", "name an address, or send html")
    try:
        async with here.running.asking, asyncio.timeout(_PATIENCE):
            if asked.html is None:
                return await extracting.from_web(outside, str(asked.url), now=here.now())
            body = matching.characters(asked.html).encode()
            url = asked.url or extracting.NOWHERE
            return await extracting.from_bytes(outside, body, url=url, content_type="text/html; charset=utf-8")
    except ScraperError as error:
        raise Conflict(str(error)) from error
    except TimeoutError as error:
        raise Conflict(f"nothing came of it in {_PATIENCE:g} seconds: try again, or send the page as html") from error


async def _definitions(here: Context, given: list[dict[str, Any]] | None) -> list[dict[str, Any]]:
    if given is None:
        return await matching.definitions(here.db)
    return list(checked("entity", given, "this request").entities)


async def _beside(here: Context, work: Callable[[], T]) -> T:
    """Work for the processor, beside the event loop."""
    async with here.running.asking:
        return await asyncio.to_thread(work)
