"""Alerts and their deliveries: reading them, seeing to them, sending again."""

from typing import Literal

from fastapi import Request, Response
from pydantic import Field
from sqlalchemy.ext.asyncio import AsyncSession

from service.api import answers
from service.api.access import Writer
from service.api.answers import Items
from service.api.context import Here, Outdoors
from service.api.once import Once
from service.api.questions import AlertQuestions, DeliveryQuestions
from service.api.routes.common import Asked, TextId, Word, listing, new_router, one_of
from service.desk import verdicts
from service.search import moment
from service.store.lines import Line

__all__ = ["router"]

router = new_router("alerts")


class By(Asked):
    """Who has seen to it."""

    by: Word | None = Field(default=None, examples=["ana"])
    """The token's or user's name if left out."""


class For(Asked):
    """For how long."""

    time: Word = Field(default="1h", alias="for", examples=["4h"])
    """`30m`, `4h`, `2d`."""


class Retry(Asked):
    """Which deliveries of a channel that ended unsent."""

    channel: Word = Field(examples=["desk"])
    status: Literal["retrying", "dead", "suppressed"] | None = Field(default=None, examples=["dead"])
    """Both if left out."""
    since: Word | None = Field(default=None, examples=["2d"])
    """Only those made at or after this: `2h`, `7d`, or a time."""


@router.get("/alerts", response_model=Items[answers.Alert])
async def alerts(request: Request, response: Response, here: Here, asked: AlertQuestions) -> Line:
    """What rules raised, with the deliveries, newest first."""
    return await listing(request, response, here, "alerts", asked)


@router.get("/alerts/{identity}", response_model=answers.Alert)
async def alert(here: Here, identity: TextId) -> Line:
    """All of an alert: why it was made, of what, each delivery with every attempt."""
    return await one_of(here, "alert", identity, "take an id from /api/v1/alerts")


@router.post("/alerts/{identity}/acknowledge", response_model=answers.Done)
async def acknowledge(here: Here, identity: TextId, act: Once, who: Writer, said: By | None = None) -> Response:
    """Somebody has seen to it; who did so first stays."""
    by = said.by if said is not None and said.by else who.name

    async def write(session: AsyncSession) -> Line:
        await verdicts.acknowledge(session, identity, by=by, now=here.now())
        return {"id": identity, "done": "acknowledged"}

    return await act(write)


@router.post("/alerts/{identity}/snooze", response_model=answers.Done)
async def snooze(here: Here, identity: TextId, act: Once, _who: Writer, said: For | None = None) -> Response:
    """Put off what its rule would tell again of its story; it comes afterwards, in one."""

    async def write(session: AsyncSession) -> Line:
        until = await verdicts.snooze(session, identity, said.time if said else "1h", now=here.now())
        return {"id": identity, "done": f"snoozed until {until:%Y-%m-%d %H:%M} UTC"}

    return await act(write)


@router.post("/alerts/{identity}/resolve", response_model=answers.Done)
async def resolve(here: Here, identity: TextId, act: Once, _who: Writer) -> Response:
    """It is done with: its rule tells nothing more of its story."""

    async def write(session: AsyncSession) -> Line:
        await verdicts.resolve(session, identity, now=here.now())
        return {"id": identity, "done": "resolved"}

    return await act(write)


@router.post("/alerts/{identity}/resend", response_model=answers.Resent)
async def resend(here: Here, outside: Outdoors, identity: TextId, act: Once, _who: Writer) -> Response:
    """Send it again to all its channels, as new messages; what is being sent right now is left alone."""

    async def write(session: AsyncSession) -> Line:
        again = await verdicts.resend(session, identity, now=here.now(), new_id=outside.new_id)
        return {"id": identity, "due": again.due, "under_way": again.under_way}

    return await act(write)


@router.get("/deliveries", response_model=Items[answers.Delivery])
async def deliveries(request: Request, response: Response, here: Here, asked: DeliveryQuestions) -> Line:
    """Alerts on their way to channels, newest first."""
    return await listing(request, response, here, "deliveries", asked)


@router.post("/deliveries/retry", response_model=answers.Retried)
async def retry_channel(here: Here, asked: Retry, act: Once, _who: Writer) -> Response:
    """Try again all of a channel that ended unsent, with the same message ids."""

    async def write(session: AsyncSession) -> Line:
        now = here.now()
        since = moment(asked.since, now=now)
        return {"due": await verdicts.retry_channel(session, asked.channel, asked.status, since=since, now=now)}

    return await act(write)


@router.get("/deliveries/{identity}", response_model=answers.DeliveryHistory)
async def delivery(here: Here, identity: str) -> Line:
    """One delivery with every attempt and what the receiver said."""
    return await one_of(here, "delivery", identity.replace("\0", ""), "take an id from /api/v1/deliveries")


@router.post("/deliveries/{identity}/retry", response_model=answers.Retried)
async def retry(here: Here, identity: TextId, act: Once, _who: Writer) -> Response:
    """Try an unsent delivery again now, with the same message id."""

    async def write(session: AsyncSession) -> Line:
        await verdicts.retry(session, identity, now=here.now())
        return {"due": 1}

    return await act(write)
