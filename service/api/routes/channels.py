"""Where alerts go: the channels of the watch list, trying one out, and who left it."""

from typing import Annotated, Any

from fastapi import Query, Response
from sqlalchemy.ext.asyncio import AsyncSession

from service.api import answers
from service.api.access import Writer
from service.api.answers import Items
from service.api.context import Here, Outdoors
from service.api.once import Once
from service.api.routes.common import Name, Word, new_router, whole
from service.api.routes.watchlist import routes_of
from service.desk import channels as desk
from service.domain.alerting import rfc3339
from service.store import unsubscribed as left
from service.store.copies import as_line
from service.store.lines import Line

__all__ = ["router"]

router = new_router("watch list")


@router.get("/channels", response_model=Items[answers.Channel])
async def channels(here: Here) -> Line:
    """Where alerts go; secrets are masked."""
    return await whole(here, "channels")


@router.post("/channels/{name:path}/test", response_model=answers.Tested)
async def test(here: Here, outside: Outdoors, name: Name, act: Once, _who: Writer) -> Response:
    """Send a real message, marked as a test; the answer tells the whole conversation, without secrets."""

    async def do() -> Line:
        async with here.running.asking:
            tested = await desk.send_test(here.db, outside, name, now=here.now())
        return {
            "sent": tested.problem is None,
            "problem": tested.problem,
            "status": tested.status,
            "said": tested.said,
            "recipients": [as_line(copy) for copy in tested.copies],
            "conversation": tested.lines,
        }

    return await act.outside(do)


@router.get("/channels/{name:path}/preview", response_model=answers.Shown)
async def preview(
    here: Here,
    outside: Outdoors,
    name: Name,
    alert: Annotated[Word | None, Query(description="The id of an alert; a test message if left out.")] = None,
) -> Line:
    """What would be sent, as text; sends nothing."""
    text = await desk.preview(here.db, outside, name, alert, now=here.now())
    return {"text": text, "too_large": await desk.too_large(here.db, outside, name, now=here.now())}


@router.get("/channels/{name:path}/unsubscribed", response_model=Items[answers.Unsubscribed])
async def unsubscribed(here: Here, name: Name) -> Line:
    """Who left a channel, or one rule over it, by the link in a mail."""
    async with here.db.read() as session:
        gone: list[dict[str, Any]] = [
            {"address": address, "rule": None, "since": rfc3339(at)}
            for address, at in await left.addresses(session, name)
        ]
        gone += [
            {"address": address, "rule": rule, "since": rfc3339(at)}
            for address, rule, at in await left.rules(session, name)
        ]
    return {"items": gone, "next": None}


@router.delete("/channels/{name:path}/unsubscribed/{address}", response_model=answers.Done)
async def resubscribe(here: Here, name: Name, address: Name, act: Once, _who: Writer) -> Response:
    """Send mails of a channel again to an address that had unsubscribed."""

    async def write(session: AsyncSession) -> Line:
        await desk.resubscribe(session, name, address)
        return {"id": address, "done": "subscribed again"}

    return await act(write)


routes_of(router, "channel", "channels", answers.Channel)
