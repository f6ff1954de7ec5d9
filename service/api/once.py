"""Requests that change something, and how often: with an ``Idempotency-Key`` once, however often they come.

request -> effect and answer in one transaction -> the same answer to the same request for 24 hours
"""

import hashlib
import json
from collections.abc import Awaitable, Callable
from typing import Annotated, Any

from fastapi import Depends, Header, HTTPException, Request
from fastapi.responses import Response
from sqlalchemy.ext.asyncio import AsyncSession

from service.api.access import Writer
from service.api.context import Context, Here
from service.store import once
from service.store.once import Answer, Key

__all__ = ["Act", "Once", "json_answer"]

_LONGEST = 200
REPLAYED = "Idempotent-Replayed"


def json_answer(line: object, status: int = 200, headers: dict[str, str] | None = None) -> Response:
    """RFC 8259; what is no character becomes an escape."""
    return Response(_packed(line), status, headers, media_type="application/json")


class Act:
    """``await act(write)``: in a transaction of its own, or not at all. ``await act.outside(do)``: what has its effect
    outside the database."""

    def __init__(self, here: Context, key: Key | None) -> None:
        self._here, self._key = here, key

    async def __call__(self, write: Callable[[AsyncSession], Awaitable[object]], status: int = 200) -> Response:
        """What ``write`` gives, as JSON. An error undoes all, and is not remembered: the request may come again."""
        async with self._here.db.write() as session:
            if self._key is None:
                return json_answer(await write(session), status)
            known = await once.answered(session, self._key, now=self._here.now())
            if known is not None:
                return _again(known)
            body = _packed(await write(session))
            await once.keep(session, self._key, status, body, now=self._here.now())
            return Response(body, status, media_type="application/json")

    async def outside(self, do: Callable[[], Awaitable[object]], status: int = 200) -> Response:
        """The request is noted before, its answer after. When it fails it may come again."""
        key = self._key
        if key is None:
            return json_answer(await do(), status)
        async with self._here.db.write() as session:
            known = await once.answered(session, key, now=self._here.now())
            if known is not None:
                return _again(known)
            await once.keep(session, key, 0, "", now=self._here.now())
        try:
            body = _packed(await do())
        except Exception:
            async with self._here.db.write() as session:
                await once.forget(session, key)
            raise
        async with self._here.db.write() as session:
            await once.keep(session, key, status, body, now=self._here.now())
        return Response(body, status, media_type="application/json")


def _again(known: Answer) -> Response:
    if not known.same:
        raise HTTPException(422, "Idempotency-Key: another request came under this key; take a new key for this one")
    if known.status == 0:
        raise HTTPException(409, "Idempotency-Key: this request is being worked on; ask again in a moment")
    return Response(known.body, known.status, {REPLAYED: "true"}, media_type="application/json")


async def _act(
    request: Request,
    here: Here,
    who: Writer,
    idempotency_key: Annotated[
        str | None,
        Header(description="Any text of your own: the same request under the same key is done once (for 24 hours)."),
    ] = None,
) -> Act:
    if idempotency_key is None:
        return Act(here, None)
    value = idempotency_key.strip().strip('"')
    if not 1 <= len(value) <= _LONGEST or not value.isprintable():
        raise HTTPException(400, f"Idempotency-Key: write 1 to {_LONGEST} printable characters, such as a UUID")
    asked = [request.method, request.url.path, request.url.query, (await request.body()).hex()]
    hashed = hashlib.sha256(json.dumps(asked).encode()).hexdigest()
    return Act(here, Key(who.key, value, hashed))


Once = Annotated[Act, Depends(_act)]


def _packed(value: Any) -> str:  # noqa: ANN401 - JSON
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return text.encode("utf-8", "backslashreplace").decode()
