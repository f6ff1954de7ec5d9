"""Making and changing an entity: its definition as the watch list writes it, with a preview on stored text."""

import asyncio
import random
from dataclasses import dataclass
from http import HTTPStatus
from typing import Annotated, Any

import yaml
from fastapi import APIRouter, Form, Request
from fastapi.responses import HTMLResponse, Response

from service.api.access import Writer
from service.desk import watch
from service.desk.errors import Refused
from service.desk.previews import defined as checked
from service.desk.previews import of_entity
from service.domain.preview import Preview
from service.notify.clean import plain
from service.watchlist import WatchListError
from service.web.pages.entities import defined
from service.web.pages.frame import Frame, Framed, back
from service.web.render import path

__all__ = ["router"]

_LONGEST = 100_000
_WAITS = 20
"""Seconds that a preview may take here; the command line has no such bound."""

router = APIRouter()
_Text = Annotated[str, Form(max_length=_LONGEST)]


@dataclass(frozen=True, slots=True)
class _Form:
    """What a person wrote. ``name``: of the entity that is changed; empty for a new one."""

    name: str
    text: str
    notes: tuple[str, ...] = ()
    mistake: str = ""
    preview: Preview | None = None


@router.get("/entities/new")
async def new(frame: Framed, _writer: Writer, name: str = "") -> HTMLResponse:
    """A name alone is enough: the definition that it makes is shown, with what is ambiguous in it."""
    name = " ".join(plain(name).split())
    if not name:
        return _page(frame, _Form("", ""))
    try:
        item, notes = watch.entity_named(name)
    except ValueError as error:
        return _page(frame, _Form("", "", mistake=str(error)), HTTPStatus.BAD_REQUEST)
    return _page(frame, _Form("", _written(item), tuple(notes)))


@router.post("/entities/new")
async def add(frame: Framed, _writer: Writer, definition: _Text) -> Response:
    """Add it; one of that name that is defined otherwise stays as it is, and is said."""
    return await _keep(frame, _Form("", definition))


@router.post("/entities/new/preview")
async def preview_new(frame: Framed, request: Request, definition: _Text = "") -> HTMLResponse:
    return await _try(frame, request, _Form("", definition))


@router.get("/entities/{name:path}/edit")
async def edit(frame: Framed, name: str, _writer: Writer) -> HTMLResponse:
    return _page(frame, _Form(name, _written(await defined(frame, name))))


@router.post("/entities/{name:path}/edit")
async def save(frame: Framed, name: str, _writer: Writer, definition: _Text) -> Response:
    """Put this definition in the place of the one that stands; a mistake changes nothing."""
    await defined(frame, name)
    return await _keep(frame, _Form(name, definition))


@router.post("/entities/{name:path}/preview")
async def preview(frame: Framed, request: Request, name: str, definition: _Text = "") -> HTMLResponse:
    """What the definition would have found over the last days, beside the one that stands. Saves nothing."""
    await defined(frame, name)
    return await _try(frame, request, _Form(name, definition))


@router.post("/entities/{name:path}/switch")
async def switch(frame: Framed, name: str, _writer: Writer, to: Annotated[str, Form(pattern="^(on|off)$")]) -> Response:
    """Look for it, or do not."""
    await defined(frame, name)
    async with frame.db.write() as session:
        await watch.switch(session, "entity", [name], enabled=to == "on")
    return back(f"/entities/{path(name)}", "/entities")


async def _keep(frame: Frame, form: _Form) -> Response:
    try:
        item = _read(form)
        async with frame.db.write() as session:
            if form.name:
                await watch.put(session, "entity", item, now=frame.now, random=random.random, where="definition")
            else:
                await watch.add_entity(session, item, now=frame.now, random=random.random)
    except (Refused, WatchListError) as error:
        return _page(frame, _Form(form.name, form.text, mistake=str(error)), HTTPStatus.BAD_REQUEST)
    return back(f"/entities/{path(str(item['name']))}", "/entities")


async def _try(frame: Frame, request: Request, form: _Form) -> HTMLResponse:
    """One preview at a time: people who type do not take the daemon's time from each other and from the news."""
    lock: asyncio.Lock = request.app.state.previewing
    try:
        entity = checked(_read(form), "definition")
        async with asyncio.timeout(_WAITS), lock:
            found = await of_entity(frame.db, entity, now=frame.now, first_poll_summary=True)
    except (Refused, WatchListError) as error:
        return _page(frame, _Form(form.name, form.text, mistake=str(error)), HTTPStatus.BAD_REQUEST)
    except TimeoutError:
        late = f"there is too much to look at in {_WAITS} seconds: newsvane entities preview --file FILE takes its time"
        return _page(frame, _Form(form.name, form.text, mistake=late), HTTPStatus.SERVICE_UNAVAILABLE)
    return _page(frame, _Form(form.name, form.text, preview=found))


def _read(form: _Form) -> dict[str, Any]:
    """Raises WatchListError."""
    try:
        item = yaml.safe_load(plain(form.text))
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        raise WatchListError("definition", f"is no YAML: {' '.join(str(error).split())[:300]}") from error
    if not isinstance(item, dict) or not isinstance(item.get("name"), str):
        raise WatchListError("definition", "must be a mapping with a name, such as name: HPE")
    if form.name and item["name"] != form.name:
        raise WatchListError("definition", "must keep its name; to rename, add a new entity and switch this one off")
    return item


def _written(item: dict[str, Any]) -> str:
    """YAML; where it holds what cannot be seen, such as bidirectional overrides, all beyond ASCII is escaped."""
    text = yaml.safe_dump({"name": item["name"], **item}, sort_keys=False, allow_unicode=True)
    return text if plain(text) == text else yaml.safe_dump({"name": item["name"], **item}, sort_keys=False)


def _page(frame: Frame, form: _Form, status: int = HTTPStatus.OK) -> HTMLResponse:
    return frame.html("entity_form.html.j2", status=status, form=form)
