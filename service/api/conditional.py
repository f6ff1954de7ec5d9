"""Reading only what changed, and changing only what was read: ETag, If-None-Match, If-Match (RFC 9110 section 13).

Listings carry a weak tag; things of the watch list a strong one, made from the bytes of their answer, which a change
may name in ``If-Match``.
"""

import hashlib
from collections.abc import Callable, Coroutine
from typing import Any

from fastapi import HTTPException, Request
from fastapi.responses import Response
from fastapi.routing import APIRoute

from service.api.once import json_answer

__all__ = ["ApiRoute", "check_match", "tagged"]

_KEPT = ("etag", "link", "cache-control", "vary")
_Handler = Callable[[Request], Coroutine[Any, Any, Response]]


class ApiRoute(APIRoute):
    """Answers to GET carry an ETag, and 304 without a body when the asker has it already."""

    def get_route_handler(self) -> _Handler:
        handle: _Handler = super().get_route_handler()
        if self.methods != {"GET"}:
            return handle

        async def conditional(request: Request) -> Response:
            answer = await handle(request)
            body = getattr(answer, "body", None)  # a stream has none
            if answer.status_code != 200 or body is None:
                return answer
            tag = answer.headers.setdefault("ETag", f"W/{_tag(body)}")
            if not _weakly_in(tag, request.headers.get("if-none-match", "")):
                return answer
            kept = {name: value for name, value in answer.headers.items() if name in _KEPT}
            return Response(status_code=304, headers=kept)

        return conditional


def tagged(line: object) -> Response:
    """A thing of the watch list, with a strong tag."""
    answer = json_answer(line)
    answer.headers["ETag"] = _tag(bytes(answer.body))
    return answer


def check_match(request: Request, line: object | None) -> None:
    """``line``: the thing as it is now, in the transaction that changes it; None when there is none.

    Raises HTTPException 412 where the request was made for another state of it.
    """
    wanted, unwanted = request.headers.get("if-match"), request.headers.get("if-none-match")
    tag = tagged(line).headers["etag"] if line is not None else None
    if wanted is not None and (tag is None or not (wanted.strip() == "*" or tag in _listed(wanted))):
        raise HTTPException(412, "If-Match: it has changed since it was read; read it again, and decide anew")
    if unwanted is not None and tag is not None and _weakly_in(tag, unwanted):
        raise HTTPException(412, "If-None-Match: there is one already")


def _tag(body: bytes) -> str:
    return f'"{hashlib.sha256(body).hexdigest()[:32]}"'


def _weakly_in(tag: str, header: str) -> bool:
    if header.strip() == "*":
        return True
    return tag.removeprefix("W/") in {one.removeprefix("W/") for one in _listed(header)}


def _listed(header: str) -> list[str]:
    return [one.strip() for one in header.split(",")]
