"""Is the process alive, and can it work? For whatever watches over it."""

import asyncio
from http import HTTPStatus
from typing import Literal

from fastapi import APIRouter, HTTPException
from pydantic import BaseModel
from sqlalchemy.exc import SQLAlchemyError

from service.api.context import Here
from service.api.lock import PATIENCE
from service.api.problems import problem_responses
from service.store.engine import Database
from service.store.migrate import current_version, head_version

__all__ = ["router"]

router = APIRouter(tags=["operation"], responses=problem_responses())


class Alive(BaseModel):
    status: Literal["alive"] = "alive"


class Ready(BaseModel):
    """``last_tick_seconds``: since newsvane last looked for due work, which it does each second; null where only pages
    are served. ``watchdog``: who restarts newsvane when its ticks stop."""

    status: Literal["ready"] = "ready"
    schema_version: str
    last_tick_seconds: float | None = None
    watchdog: Literal["systemd", "none"] = "none"


@router.get("/healthz")
async def healthz() -> Alive:
    """The process answers."""
    return Alive()


@router.get("/readyz")
async def readyz(here: Here) -> Ready:
    """The database can be reached and has this version's schema, and ticks run; 503 otherwise."""
    found, wanted = await _version(here.db), head_version()
    if found != wanted:
        mend = "update newsvane" if found and found > wanted else "run newsvane migrate"
        raise HTTPException(
            HTTPStatus.SERVICE_UNAVAILABLE,
            f"the database has schema {found or 'none'}, this program works with {wanted}: {mend}",
        )
    works = here.works
    if works is None:
        return Ready(schema_version=wanted)
    if works.pulse.trouble is not None:
        raise HTTPException(
            HTTPStatus.SERVICE_UNAVAILABLE, f"no work is done ({works.pulse.trouble}): see the log, then restart"
        )
    watchdog: Literal["systemd", "none"] = "systemd" if works.watchdog else "none"
    return Ready(schema_version=wanted, last_tick_seconds=round(works.pulse.age, 1), watchdog=watchdog)


async def _version(db: Database) -> str | None:
    """The details of a failure stay in the log: they may name the server."""
    if db.file is not None and not await asyncio.to_thread(db.file.exists):
        raise HTTPException(HTTPStatus.SERVICE_UNAVAILABLE, "the database file is gone: restore it, then restart")
    try:
        async with asyncio.timeout(PATIENCE):
            return await asyncio.to_thread(current_version, db.url)
    except (SQLAlchemyError, OSError, TimeoutError) as error:
        why = type(error).__name__
        raise HTTPException(
            HTTPStatus.SERVICE_UNAVAILABLE, f"the database cannot be reached ({why}): see that it runs"
        ) from error
