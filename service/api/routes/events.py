"""What happens, as it happens: server-sent events (WHATWG HTML section 9.2) of new mentions and new alerts.

    id: 4711                 grows; `Last-Event-ID` goes on behind it, without a gap or a repeat, at any daemon
    event: mention           or `alert`; `gap` where what was missed is known no more
    data: {...}              the line of the listing

A stream looks each second, so that it tells what other daemons on the same database found, too. It ends after a quarter
of an hour, or with the daemon; who follows comes again by itself, and is asked again who it is.
"""

import asyncio
import json
from collections.abc import AsyncIterator, Mapping
from contextlib import suppress
from typing import Annotated, Any

from fastapi import Header, HTTPException, Query, Request
from fastapi.responses import StreamingResponse

from service.api.context import Context, Here
from service.api.questions import MAX_ID
from service.api.routes.common import Word, new_router
from service.api.streams import ReadStream
from service.search import Ask, Followed, follow, follow_from

__all__ = ["router"]

router = new_router("found")
LOOKS_EVERY = 1.0
HEARTBEAT = 15.0
LONGEST = 900.0
_AT_ONCE = 200
_EVENT: dict[str, Any] = {
    "type": "object",
    "description": "Each event of the stream.",
    "required": ["data"],
    "properties": {
        "event": {"type": "string", "enum": ["mention", "alert", "gap"]},
        "id": {"type": "string", "description": "For `Last-Event-ID`."},
        "data": {"type": "string", "description": "JSON: the line of the listing; of a gap its `reason`."},
        "retry": {"type": "integer", "description": "Milliseconds."},
    },
}
_STREAM: dict[int | str, dict[str, Any]] = {
    200: {
        "content": {
            "text/event-stream": {
                "schema": _EVENT,
                "example": {"event": "mention", "id": "4711", "data": '{"id": 812, "entity": "HPE"}'},
            }
        },
        "description": "Events.",
    }
}


@router.get("/events", response_class=StreamingResponse, responses=_STREAM)
async def events(
    request: Request,
    here: Here,
    entity: Annotated[Word | None, Query(description="Only about this entity.")] = None,
    q: Annotated[Word | None, Query(description="Only what answers this, in the language of rules.")] = None,
    *,
    wait: Annotated[bool, Query(description="`false`: end when there is nothing more to tell.")] = True,
    last_event_id: Annotated[
        str | None, Header(description="Go on behind this event; from now on, if left out.", max_length=20)
    ] = None,
) -> StreamingResponse:
    """New mentions and new alerts as server-sent events, with `Last-Event-ID` to go on."""
    unknown = sorted(set(request.query_params) - {"entity", "q", "wait"})
    if unknown:
        raise HTTPException(400, f"unknown parameter {unknown[0]!r}; this stream takes entity, q, wait")
    asked = Ask(query=q, entity=entity)
    begins = await follow_from(here.db, asked, _number(last_event_id), now=here.now())
    running = here.running
    if running.streams >= running.most_streams:
        raise HTTPException(
            429,
            f"{running.most_streams} streams are open already: close one, or ask again later",
            {"Retry-After": "30"},
        )
    headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
    told = _counted(here, asked, begins, wait=wait)
    return ReadStream(told, patience=running.patience, media_type="text/event-stream", headers=headers)


def _number(last: str | None) -> int | None:
    if last is None or not last.strip():
        return None
    if not last.strip().isascii() or not last.strip().isdecimal() or int(last) > MAX_ID:
        raise HTTPException(400, "Last-Event-ID: send the id of an event of this stream, unchanged")
    return int(last)


async def _counted(here: Context, asked: Ask, begins: Followed, *, wait: bool) -> AsyncIterator[str]:
    here.running.streams += 1
    try:
        async for piece in _stream(here, asked, begins, wait=wait):
            yield piece
    finally:
        here.running.streams -= 1


async def _stream(here: Context, asked: Ask, begins: Followed, *, wait: bool) -> AsyncIterator[str]:
    clock = asyncio.get_running_loop().time
    ends, told, position = clock() + LONGEST, clock(), begins.position
    yield f"retry: 2000\nid: {position}\n\n"
    if begins.gap is not None:
        yield _event(position, "gap", {"reason": begins.gap})
    more = True
    while not here.running.stopping.is_set():
        look = more or await here.running.newest(here.db) > position
        found = await follow(here.db, asked, position, most=_AT_ONCE, now=here.now()) if look else []
        for happened in found:
            position = happened.id
            if happened.line is not None:
                yield _event(position, happened.kind, happened.line)
                told = clock()
        more = len(found) == _AT_ONCE
        if more:
            continue
        if not wait or clock() >= ends:
            break
        if clock() - told >= HEARTBEAT:
            told = clock()
            yield f": nothing new\nid: {position}\n\n"  # so that who comes again need not look twice
        with suppress(TimeoutError):
            async with asyncio.timeout(LOOKS_EVERY):
                await here.running.stopping.wait()
    yield f"id: {position}\n\n"


def _event(identity: int, kind: str, line: Mapping[str, object]) -> str:
    data = json.dumps(line, ensure_ascii=False, separators=(",", ":"))  # holds no line break
    return f"id: {identity}\nevent: {kind}\ndata: {data}\n\n"
