"""Feeds for feed readers: /feeds/NAME.atom and .json of a saved search, /feeds/mentions.atom?q=... of any question.

    request -> who asks, or the key of that one search -> service.search -> service.syndication -> a feed, or 304

Feed readers cannot send a token. So a saved search may have a key, which stands in the address and opens its two feeds
and nothing else (docs/access.md, docs/adr/0025).
"""

import hashlib
from datetime import datetime
from email.utils import format_datetime, parsedate_to_datetime
from http import HTTPStatus
from typing import Annotated
from urllib.parse import quote
from uuid import uuid4

from fastapi import APIRouter, Depends, HTTPException, Path, Query, Request
from fastapi.responses import Response
from pydantic import Field

from service.api.access import caller_of, reader
from service.api.context import Context, Here
from service.api.problems import NOT_FOUND, problem_responses
from service.api.questions import Narrowing, Text
from service.domain.access import Caller, fingerprint
from service.search import Ask, page
from service.store import searches
from service.syndication import FEED_NOUNS, Heading, atom_feed, changed_at, feed_name, json_feed

__all__ = ["router"]

_MOST = 100
_ATOM, _JSON = "application/atom+xml", "application/feed+json"
Name = Annotated[str, Path(max_length=200, pattern=r"^[^\x00]*$")]


class FeedQuestion(Narrowing):
    """Narrows the feed down."""

    limit: int = Field(default=50, ge=1, le=_MOST)
    """At most so many entries."""
    key: Text | None = None
    """Opens the feeds of one saved search, for readers that cannot send a token."""


async def _may_read(
    request: Request, here: Here, name: Name, caller: Annotated[Caller | None, Depends(caller_of)]
) -> None:
    key = request.query_params.get("key")
    if key is None:
        await reader(caller, None)
        return
    async with here.db.read() as session:
        opens = await searches.keyed(session, name, fingerprint(key))
    if not opens:
        raise HTTPException(401, f"this key opens no feed: make a new address with newsvane searches share {name!r}")


Question = Annotated[FeedQuestion, Query()]
router = APIRouter(prefix="/feeds", tags=["feeds"], responses=problem_responses(), dependencies=[Depends(_may_read)])


def _described(media_type: str) -> dict[int | str, dict[str, object]]:
    return {
        200: {"description": "The feed, newest first.", "content": {media_type: {"schema": {"type": "string"}}}},
        304: {"description": "As it was when you last asked (`If-None-Match`, `If-Modified-Since`)."},
    }


@router.get("/{name}.atom", response_class=Response, responses=_described(_ATOM))
async def atom(request: Request, here: Here, name: Name, asked: Question) -> Response:
    """A saved search, or `mentions`, `articles` or `stories`, as an Atom feed (RFC 4287)."""
    return await _feed(request, here, name, asked, _ATOM)


@router.get("/{name}.json", response_class=Response, responses=_described(_JSON))
async def json(request: Request, here: Here, name: Name, asked: Question) -> Response:
    """A saved search, or `mentions`, `articles` or `stories`, as a JSON Feed 1.1."""
    return await _feed(request, here, name, asked, _JSON)


async def _feed(request: Request, here: Context, name: str, asked: FeedQuestion, media_type: str) -> Response:
    noun, ask = await _meant(here, name, asked)
    found = await page(here.db, noun, ask, now=here.now())
    heading = Heading(
        noun,
        feed_name(ask.search, ask.query, ask.entity, ask.source, ask.since, ask.until),
        await searches.installation(here.db, uuid4),
        str(request.url.replace(path=quote(request.scope["path"]))) if asked.key is None else None,
    )
    text = (atom_feed if media_type == _ATOM else json_feed)(found.lines, heading).encode()
    tag = f'"{hashlib.sha256(text).hexdigest()[:32]}"'
    changed = datetime.fromisoformat(changed_at(noun, found.lines)).replace(microsecond=0)
    headers = {"ETag": tag, "Last-Modified": format_datetime(changed, usegmt=True)}
    if _is_known(request, tag, changed):
        return Response(status_code=HTTPStatus.NOT_MODIFIED, headers=headers)
    charset = "; charset=utf-8" if media_type == _ATOM else ""
    return Response(text, media_type=media_type + charset, headers=headers)


async def _meant(here: Context, name: str, asked: FeedQuestion) -> tuple[str, Ask]:
    """What is listed, and the question. Raises a 404 where there is no such feed."""
    given = asked.model_dump(exclude={"key", "q"})
    if name in FEED_NOUNS:
        return name, Ask(query=asked.q, **given)
    async with here.db.read() as session:
        saved = await searches.named(session, name)
    if saved is None:
        raise HTTPException(NOT_FOUND, f"no saved search has the name {name!r}; /api/v1/searches lists them")
    if asked.search is not None:
        raise HTTPException(HTTPStatus.BAD_REQUEST, "search: this feed is that of a saved search already; leave it out")
    return saved["lists"], Ask(query=asked.q, **given | {"search": name})


def _is_known(request: Request, tag: str, changed: datetime) -> bool:
    """RFC 9110, section 13.2.2: a tag, where one is sent, decides alone."""
    tags = request.headers.get("if-none-match")
    if tags is not None:
        return any(known.strip().removeprefix("W/") in {tag, "*"} for known in tags.split(","))
    since = request.headers.get("if-modified-since")
    try:
        return since is not None and parsedate_to_datetime(since) >= changed
    except (ValueError, TypeError):  # no date, or one without a zone
        return False
