"""What is muted for a time."""

from typing import Annotated

from fastapi import Response
from pydantic import Field
from sqlalchemy.ext.asyncio import AsyncSession

from service.api import answers
from service.api.access import Writer
from service.api.answers import Items
from service.api.context import Here, Outdoors
from service.api.once import Once
from service.api.routes.common import Asked, TextId, Word, new_router, whole
from service.desk import silences as desk
from service.store.lines import Line

__all__ = ["router"]

router = new_router("alerts")


class Muted(Asked):
    """What is muted. All that are given must hold; at least one is."""

    query: Word | None = Field(default=None, examples=["entity:HPE AND earnings"])
    rule: Word | None = Field(default=None, examples=[None])
    channel: Word | None = Field(default=None, examples=[None])

    def matchers(self) -> desk.Matchers:
        return desk.Matchers(self.query, self.rule, self.channel)


class NewSilence(Muted):
    """What is muted, and for how long: `for`, or `until`."""

    start: Word | None = Field(default=None, alias="from", examples=[None])
    """From when on; now if left out."""
    until: Word | None = Field(default=None, examples=[None])
    """`2026-11-22T18:00:00Z`."""
    time: Word | None = Field(default=None, alias="for", examples=["4h"])
    """`30m`, `4h`, `2d`."""
    comment: Word = Field(default="", examples=["earnings week"])


class MutedBefore(Muted):
    """A silence to try on the past."""

    since: Word = Field(default="7d", examples=["7d"])
    limit: Annotated[int, Field(ge=1, le=500, examples=[50])] = 50
    """How many alerts at most are looked at."""


@router.get("/silences", response_model=Items[answers.Silence])
async def silences(here: Here) -> Line:
    """What is muted, by whom and why, and what was: the last to end first."""
    return await whole(here, "silences")


@router.post("/silences", response_model=answers.Silence, status_code=201)
async def add(here: Here, outside: Outdoors, asked: NewSilence, act: Once, who: Writer) -> Response:
    """Mute what matches, for a time. It is kept as a suppressed alert that names the silence."""
    now = here.now()
    when = desk.times(start=asked.start, until=asked.until, time=asked.time, now=now)

    async def write(session: AsyncSession) -> Line:
        made = await desk.add(
            session,
            asked.matchers(),
            when,
            author=who.name,
            comment=asked.comment,
            now=now,
            new_id=outside.new_id,
        )
        return await desk.line_of(session, made)

    return await act(write, 201)


@router.post("/silences/preview", response_model=Items[answers.Alert])
async def preview(here: Here, asked: MutedBefore) -> Line:
    """The alerts of the last days that such a silence would have muted; changes nothing."""
    muted = await desk.preview(here.db, asked.matchers(), since=asked.since, limit=asked.limit, now=here.now())
    return {"items": muted, "next": None}


@router.delete("/silences/{identity}", response_model=answers.Done)
async def end(here: Here, identity: TextId, act: Once, _who: Writer) -> Response:
    """End a silence now; it stays listed, for alerts name it."""

    async def write(session: AsyncSession) -> Line:
        await desk.end(session, [identity], now=here.now())
        return {"id": identity, "done": "ended"}

    return await act(write)
