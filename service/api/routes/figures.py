"""What was found, in figures: as ``newsvane stats`` tells them, and the counts beside a listing."""

from typing import Annotated, Any, Literal

from fastapi import Query
from pydantic import Field

from service import figures
from service.api import answers
from service.api.access import Reader
from service.api.context import Here
from service.api.questions import MentionQuestion, Own
from service.api.routes.common import Word, new_router
from service.search import Ask
from service.store.triage import Triage

__all__ = ["router"]

router = new_router("figures")
Noun = Literal["mentions", "articles", "facts", "stories", "alerts", "deliveries"]


class CountQuestion(MentionQuestion):
    """What is counted, as a listing is asked for it; `limit` and `cursor` do not matter."""

    timezone: Word = Field(default="UTC", max_length=100)
    """In which days and weeks begin, such as `Europe/Berlin`."""
    most: Annotated[int, Field(ge=1, le=100)] = 10
    """How many values, entities, pairs, sources or deals at most."""

    def ask(self, reader: str = "") -> Ask:
        view = getattr(self, "triage", None)
        return Ask(
            query=self.q,
            search=self.search,
            entity=self.entity,
            source=self.source,
            since=self.since,
            until=self.until,
            triage=Triage(reader, view) if view else None,
        )


class FacetQuestion(Own, CountQuestion):
    """Which values each field has. `triage` of mentions, articles and stories only."""


class FigureQuestion(CountQuestion):
    """The last seven days, if not asked otherwise."""

    past: bool = False
    """Count also what stood in a feed at its first poll, and what a rescan found."""


class VolumeQuestion(FigureQuestion):
    step: Literal["hour", "day", "week"] = "day"
    """By hour, day or week."""
    bands: bool = False
    """With what is usual."""


class DealQuestion(CountQuestion):
    order: Literal["newest", "biggest"] = "newest"
    """`biggest`: by the stated amount, whatever its currency."""


@router.get("/figures/facets/{noun}", response_model=answers.Figures)
async def facets(here: Here, noun: Noun, asked: Annotated[FacetQuestion, Query()], who: Reader) -> Any:  # noqa: ANN401 - JSON
    """What a listing finds, counted by each of its fields."""
    return figures.as_object(
        await figures.facets(
            here.db, noun, asked.ask(who.key), now=here.now(), timezone=asked.timezone, most=asked.most
        )
    )


@router.get("/figures/volume", response_model=answers.Figures)
async def volume(here: Here, asked: Annotated[VolumeQuestion, Query()]) -> Any:  # noqa: ANN401
    """Articles by entity over time."""
    found = await figures.volume(
        here.db,
        asked.ask(),
        now=here.now(),
        step=asked.step,
        timezone=asked.timezone,
        most=asked.most,
        bands=asked.bands,
        past=asked.past,
    )
    return figures.as_object(found)


@router.get("/figures/share-of-voice", response_model=answers.Figures)
async def share_of_voice(here: Here, asked: Annotated[FigureQuestion, Query()]) -> Any:  # noqa: ANN401
    """Which part of all mentions each entity has."""
    found = await figures.share_of_voice(here.db, asked.ask(), now=here.now(), most=asked.most, past=asked.past)
    return figures.as_object(found)


@router.get("/figures/co-mentions", response_model=answers.Figures)
async def co_mentions(here: Here, asked: Annotated[FigureQuestion, Query()]) -> Any:  # noqa: ANN401
    """Which entities are named together."""
    found = await figures.co_mentions(here.db, asked.ask(), now=here.now(), most=asked.most, past=asked.past)
    return figures.as_object(found)


@router.get("/figures/top-sources", response_model=answers.Figures)
async def top_sources(here: Here, asked: Annotated[FigureQuestion, Query()]) -> Any:  # noqa: ANN401
    """The sources with most articles that name an entity."""
    found = await figures.top_sources(here.db, asked.ask(), now=here.now(), most=asked.most, past=asked.past)
    return figures.as_object(found)


@router.get("/figures/deals", response_model=answers.Figures)
async def deals(here: Here, asked: Annotated[DealQuestion, Query()]) -> Any:  # noqa: ANN401
    """The deals that articles tell of, one for all articles of a story that tell the same."""
    found = await figures.deals(here.db, asked.ask(), now=here.now(), order=asked.order, most=asked.most)
    return figures.as_object(found)
