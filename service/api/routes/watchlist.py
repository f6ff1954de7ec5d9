"""The watch list: the whole as one file, and its entities, rules, inhibitions and saved searches, each by its
name.

A thing is written as the file writes it. ``PUT`` puts one in the place of another, ``PATCH`` merges a change into it
(RFC 7396), and ``If-Match`` with the ETag of what was read makes sure that it is still that.
"""

from collections.abc import Mapping
from contextlib import nullcontext, suppress
from datetime import timedelta
from typing import Annotated, Any

from fastapi import APIRouter, Body, Query, Request, Response
from sqlalchemy.ext.asyncio import AsyncSession

from service import watchlist as lists
from service.api import answers
from service.api.access import Administrator, Writer
from service.api.answers import Items
from service.api.conditional import check_match, tagged
from service.api.context import Context, Here, Outdoors
from service.api.once import Once
from service.api.routes.common import Name, new_router, whole
from service.desk import watch
from service.desk.errors import Conflict, Unknown, an, listing_of
from service.desk.outside import Outside
from service.search import one, watch_list
from service.store.engine import lock, undone
from service.store.lines import Line
from service.store.watchlist import Changes, as_told

__all__ = ["EXAMPLES", "change", "patch", "replace", "router", "routes_of", "shown", "take_off", "text_of"]

router = new_router("watch list")

EXAMPLES: dict[str, dict[str, Any]] = {
    "entity": {"name": "Vertiv", "aliases": ["Vertiv"], "tickers": ["NYSE:VRT"]},
    "rule": {"name": "big news", "query": "entity:HPE AND salience:main", "channels": []},
    "channel": {"name": "desk", "type": "webhook", "url": "https://example.org/hook"},
    "inhibition": {"name": "calm", "source": {"kind": ["spike"]}, "target": {"priority": ["low"]}},
    "search": {"name": "big deals", "query": "entity:HPE AND amount>=1bn"},
    "source": {"url": "https://example.org/feed.xml", "tags": ["trade-press"]},
}
CHANGES = {"search": {"another query": {"value": {"query": "entity:HPE AND amount>=2bn"}}}}
"""Of what cannot be switched off."""
_YAML = "entities:\n  - name: Vertiv\nrules:\n  - {name: power, entities: [Vertiv], channels: []}\n"
_FILE: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {"application/yaml": {"schema": {"type": "object"}, "example": _YAML}},
    }
}


async def shown(here: Context, kind: str, name: str) -> Line:
    """A thing with its state, no secrets. Raises Unknown."""
    if kind == "source":
        found = await one(here.db, "source", name)
    else:
        found = next((line for line in await watch_list(here.db, listing_of(kind)) if line["name"] == name), None)
    if found is None:
        raise Unknown(kind, name)
    return found


async def change(session: AsyncSession, request: Request, here: Context, kind: str, name: str) -> None:
    """Begin to change a thing. Others that change the watch list wait until the transaction ends.

    Raises HTTPException 412 (see ``check_match``)."""
    await lock(session, "watch list")
    conditions = {"if-match", "if-none-match"} & set(request.headers)
    line = None
    if conditions:
        with suppress(Unknown):
            line = await shown(here, kind, name)
        check_match(request, line)


async def replace(
    session: AsyncSession, request: Request, here: Context, outside: Outside, kind: str, item: Mapping[str, Any]
) -> Line:
    """Add a thing, or put it in the place of the one of that name."""
    await change(session, request, here, kind, str(item["url" if kind == "source" else "name"]))
    return _told(await watch.put(session, kind, item, now=here.now(), random=outside.random))


async def patch(
    session: AsyncSession,
    request: Request,
    here: Context,
    outside: Outside,
    kind: str,
    name: str,
    merged: Mapping[str, Any],
) -> Line:
    """``{"enabled": ...}`` alone switches it; anything else is merged into its definition."""
    await change(session, request, here, kind, name)
    if kind != "search" and set(merged) == {"enabled"} and isinstance(merged["enabled"], bool):
        await watch.switch(session, kind, [name], enabled=merged["enabled"])
        return {"added": [], "changed": [as_told(kind, name)], "removed": []}
    whole_item = await watch.patched(session, kind, name, merged)
    return _told(await watch.put(session, kind, whole_item, now=here.now(), random=outside.random))


async def take_off(session: AsyncSession, request: Request, here: Context, kind: str, name: str) -> Line:
    await change(session, request, here, kind, name)
    await watch.remove(session, kind, [name])
    return {"added": [], "changed": [], "removed": [as_told(kind, name)]}


def _told(changes: Changes) -> Line:
    return {"added": changes.added, "changed": changes.changed, "removed": changes.removed}


@router.get(
    "/watchlist",
    response_class=Response,
    responses={200: {"content": {"application/yaml": {"schema": {"type": "object"}}}}},
)
async def export(here: Here, _who: Administrator) -> Response:
    """The whole watch list as YAML that PUT takes back without a change. Secrets are in it: for administrators."""
    answer = Response(await lists.export(here.db), media_type="application/yaml")
    answer.headers["ETag"] = tagged(bytes(answer.body).decode()).headers["ETag"]
    return answer


@router.put("/watchlist", response_model=answers.Changed, openapi_extra=_FILE)
async def apply(
    request: Request,
    here: Here,
    outside: Outdoors,
    act: Once,
    _who: Writer,
    *,
    dry_run: Annotated[bool, Query(description="Only say what would change.")] = False,
    prune: Annotated[bool, Query(description="Remove what the file leaves out.")] = False,
) -> Response:
    """Make the watch list say what the body, a watch list file, says: all of it, or nothing. What it leaves out stays
    unless `prune`."""
    wanted = lists.parse_watchlist(await text_of(request), "this request")
    now, random = here.now(), outside.random

    async def write(session: AsyncSession) -> Line:
        await lock(session, "watch list")
        check_match(request, await lists.export(here.db))
        async with undone(session) if dry_run else nullcontext():
            made = await lists.apply_within(session, wanted, now=now, random=random, spread=timedelta(), prune=prune)
        return _told(made)

    return await act(write)


async def text_of(request: Request) -> str:
    """Raises WatchListError for what is no UTF-8."""
    try:
        return (await request.body()).decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise lists.WatchListError("this request", f"is no text in UTF-8 (see byte {error.start + 1})") from error


@router.get("/entities", response_model=Items[answers.Entity])
async def entities(here: Here) -> Line:
    """What is tracked, as the watch list writes it."""
    return await whole(here, "entities")


@router.post("/entities", response_model=answers.Changed, status_code=201)
async def add_entity(
    here: Here,
    outside: Outdoors,
    item: Annotated[dict[str, Any], Body(openapi_examples={"a name is enough": {"value": {"name": "Vertiv"}}})],
    act: Once,
    _who: Writer,
) -> Response:
    """Track an entity. A name alone is enough: aliases and case rules are derived from its shape. One of that name that
    is defined otherwise stays as it is (409)."""

    async def write(session: AsyncSession) -> Line:
        alone = set(item) == {"name"} and isinstance(item["name"], str)
        wanted = watch.entity_named(item["name"])[0] if alone else item
        return _told(await watch.add_entity(session, wanted, now=here.now(), random=outside.random))

    return await act(write, 201)


@router.get("/rules", response_model=Items[answers.Rule])
async def rules(here: Here) -> Line:
    """Which mentions raise an alert."""
    return await whole(here, "rules")


@router.get("/inhibitions", response_model=Items[answers.Inhibition])
async def inhibitions(here: Here) -> Line:
    """Which alerts hold back which others, as long as they stand."""
    return await whole(here, "inhibitions")


@router.get("/searches", response_model=Items[answers.Search])
async def searches(here: Here) -> Line:
    """Saved searches. `/feeds/NAME.atom` and `/feeds/NAME.json` are their feeds; listings and exports take `search`."""
    return await whole(here, "searches")


def routes_of(router: APIRouter, kind: str, noun: str, shape: Any) -> None:  # noqa: ANN401 - a model
    """Read, put, change and remove one by its name."""
    example = {"one": {"value": EXAMPLES[kind]}}
    changed = CHANGES.get(kind, {"switched off": {"value": {"enabled": False}}})

    async def read(here: Here, name: Name) -> Response:
        return tagged(await shown(here, kind, name))

    async def put(
        request: Request,
        here: Here,
        outside: Outdoors,
        name: Name,
        item: Annotated[dict[str, Any], Body(openapi_examples=example)],
        act: Once,
        _who: Writer,
    ) -> Response:
        if item.get("name", name) != name:
            raise Conflict(f"the address says {name!r}, and the body another name: {an(kind)} keeps its name")
        named = {**item, "name": name}
        return await act(lambda session: replace(session, request, here, outside, kind, named))

    async def change_one(
        request: Request,
        here: Here,
        outside: Outdoors,
        name: Name,
        item: Annotated[dict[str, Any], Body(openapi_examples=changed)],
        act: Once,
        _who: Writer,
    ) -> Response:
        return await act(lambda session: patch(session, request, here, outside, kind, name, item))

    async def remove(request: Request, here: Here, name: Name, act: Once, _who: Writer) -> Response:
        return await act(lambda session: take_off(session, request, here, kind, name))

    path = f"/{noun}/{{name:path}}"
    for method, handler, answer, told in (
        ("GET", read, shape, f"One {kind} by its name; its ETag may be named in `If-Match` when it is changed."),
        ("PUT", put, answers.Changed, f"Add {an(kind)}, or put it in the place of the one of that name."),
        ("PATCH", change_one, answers.Changed, f"Merge a change into {an(kind)} (RFC 7396): null takes a key away."),
        ("DELETE", remove, answers.Changed, f"Take {an(kind)} off the watch list; what it brought stays."),
    ):
        router.add_api_route(
            path,
            handler,
            methods=[method],
            response_model=answer,
            description=told,
            name=f"{method.lower()}_{kind}",
        )


routes_of(router, "entity", "entities", answers.Entity)
routes_of(router, "rule", "rules", answers.Rule)
routes_of(router, "inhibition", "inhibitions", answers.Inhibition)
routes_of(router, "search", "searches", answers.Search)
