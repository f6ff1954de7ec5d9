"""/rules: which mentions raise an alert, how that is told, and what a rule would have told before it is saved."""

import asyncio
from collections.abc import Mapping, Sequence
from typing import Any, Literal

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response

from service.desk import watch
from service.desk.errors import Refused
from service.domain.preview import Preview
from service.domain.query import QueryError, parse
from service.search import watch_list
from service.store import watchlist as stored
from service.watchlist import WatchListError
from service.web import rule_form
from service.web.forecast import forecast
from service.web.forms import WHERE, Form, placed, read
from service.web.pages.acting import Acting, done_at
from service.web.pages.frame import Frame, Framed

__all__ = ["router"]

_PATIENCE = 20.0
"""Seconds for a forecast while somebody waits; the command line has no such bound."""
_DONE = {
    "saved": "Saved: it holds from the next article on.",
    "on": "Switched on.",
    "off": "Switched off: it raises nothing.",
    "removed": "Removed. The alerts that it raised stay.",
}

router = APIRouter()


@router.get("/rules")
async def rules(frame: Framed, done: str = "") -> HTMLResponse:
    lines = await watch_list(frame.db, "rules")
    async with frame.db.read() as session:
        doubts = await watch.doubts(session, await stored.rules(session))
    return frame.html(
        "rule_list.html.j2",
        rules=[(line, rule_form.how_in_words(line), doubts.get(line["name"], [])) for line in lines],
        channels=[line["name"] for line in await watch_list(frame.db, "channels")],
        done=_DONE.get(done),
    )


@router.get("/rules/new")
async def new(frame: Acting, query: str = "", name: str = "") -> HTMLResponse:
    """An empty form; with a query that somebody searched for."""
    return await _page(frame, Form.of({"name": name, "query": query, "kind": "mentions"}), was="")


@router.get("/rules/edit")
async def edit(frame: Acting, name: str) -> HTMLResponse:
    async with frame.db.read() as session:
        item = await watch.definition(session, "rule", name)
    return await _page(frame, rule_form.form_of(item), was=name, doubts=await _doubts(frame, item))


@router.post("/rules/edit")
async def save(frame: Acting, request: Request) -> Response:
    """Save it, or only forecast (button ``forecast``). ``was``: the rule that is edited; empty for a new one."""
    form = await read(request)
    was = form.text("was")
    item: dict[str, Any] = {**rule_form.item_of(form), **({"name": was} if was else {})}
    try:
        if not was:
            await _refuse_another(frame, item["name"])
        if form.on("forecast"):
            found = await _forecast(frame, item, was)
            return await _page(frame, form, was, found=found, doubts=await _doubts(frame, item))
        async with frame.db.write() as session:
            if was and not (await watch.definition(session, "rule", was)).get("enabled", True):
                item["enabled"] = False
            await watch.put(session, "rule", item, now=frame.now, random=frame.outside.random, where=WHERE)
    except (WatchListError, Refused) as error:
        return await _page(frame, form.wrong(placed(error, rule_form.FIELDS)), was, status=422)
    return done_at("/rules", "saved")


@router.post("/rules/{act}")
async def change(frame: Acting, act: Literal["enable", "disable", "remove"], request: Request) -> Response:
    """The rule in the field ``name``."""
    name = (await read(request)).text("name")
    async with frame.db.write() as session:
        if act == "remove":
            await watch.remove(session, "rule", [name])
        else:
            await watch.switch(session, "rule", [name], enabled=act == "enable")
    return done_at("/rules", {"enable": "on", "disable": "off", "remove": "removed"}[act])


async def _refuse_another(frame: Frame, name: str) -> None:
    """A new rule takes nobody's place. Raises WatchListError."""
    if name in [line["name"] for line in await watch_list(frame.db, "rules")]:
        raise WatchListError(f"{WHERE}: rules[0].name", f"there is a rule {name!r} already: take another name")


async def _forecast(frame: Frame, item: Mapping[str, Any], was: str) -> Preview | str | None:
    """What it would have told, or why that cannot be said in time. Raises WatchListError."""
    try:
        async with asyncio.timeout(_PATIENCE):
            outside = frame.outside
            found = await forecast(
                frame.db, item, was, now=frame.now, where=WHERE, first_poll_summary=outside.first_poll_summary
            )
    except TimeoutError:
        return (
            "There are too many articles to look through while you wait. On the server, `newsvane rules preview` "
            "takes the time that it needs."
        )
    return found or "No article meets such a rule: it watches newsvane itself, and nothing can be foreseen."


async def _doubts(frame: Frame, item: Mapping[str, Any]) -> list[str]:
    """What looks like a mistake in a rule as the watch list writes it."""
    rules = watch.checked("rule", [item], WHERE).rules
    async with frame.db.read() as session:
        found = await watch.doubts(session, rules)
    return [sentence for sentences in found.values() for sentence in sentences]


async def _page(
    frame: Frame,
    form: Form,
    was: str,
    *,
    found: Preview | str | None = None,
    doubts: Sequence[str] = (),
    status: int = 200,
) -> HTMLResponse:
    return frame.html(
        "rule_form.html.j2",
        status=status,
        form=form,
        was=was,
        choices=rule_form.CHOICES,
        channels=[(line["name"], line["name"], line["type"]) for line in await watch_list(frame.db, "channels")],
        entities=[line["name"] for line in await watch_list(frame.db, "entities") if line["enabled"]],
        doubts=doubts,
        found=None if isinstance(found, str) else found,
        unforeseen=found if isinstance(found, str) else None,
        place=_place(form) if "query" in form.mistakes else None,
    )


def _place(form: Form) -> tuple[str, str, str] | None:
    """The query around the place where it is wrong."""
    query = form.text("query")
    try:
        parse(query)
    except QueryError as error:
        at = error.position
        return query[:at], query[at : at + 1], query[at + 1 :]
    return None
