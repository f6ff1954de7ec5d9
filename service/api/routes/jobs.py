"""Long work: asking for it, watching it, ending it; and the backups that came of it."""

from collections.abc import Callable
from typing import Annotated, Any

from fastapi import Path, Response
from fastapi.responses import FileResponse
from pydantic import Field
from sqlalchemy.ext.asyncio import AsyncSession

from service.api import answers
from service.api.access import Administrator, Writer
from service.api.answers import Items
from service.api.context import Context, Here, Outdoors
from service.api.once import Act, Once
from service.api.questions import Identity
from service.api.routes.common import Asked, Word, new_router
from service.desk import backups, importing, jobs, pruning
from service.desk.errors import Unknown
from service.desk.jobs import Work
from service.domain.access import Caller
from service.store import jobs as stored
from service.store.lines import Line

__all__ = ["begun", "router"]

router = new_router("operation")
BackupName = Annotated[str, Path(pattern=f"^{backups.NAME}$", description="As `GET /api/v1/backups` lists it.")]
_FILE: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "The file, as `newsvane restore` takes it.",
        "content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}},
    }
}


class AskedPrune(Asked):
    """How much is kept."""

    keep: Word | None = Field(default=None, examples=["365d"])
    """The age from which articles go: `365d`, `52w`; at least `90d`. Without it NEWSVANE_KEEP, or else a year."""
    dry_run: bool = Field(default=False, examples=[True])
    """Only count."""


@router.get("/jobs", response_model=Items[answers.Job])
async def listed(here: Here) -> Line:
    """Backups, pruning, imports and previews of rescans, the newest first, at most 100."""
    async with here.db.read() as session:
        return {"items": await stored.listed(session, now=here.now()), "next": None}


@router.get("/jobs/{identity}", response_model=answers.Job)
async def one(here: Here, identity: Identity) -> Line:
    """How far it is, or what came of it."""
    async with here.db.read() as session:
        line = await stored.named(session, identity, now=here.now())
    if line is None:
        raise Unknown("job", identity)
    return line


@router.post("/jobs/{identity}/resume", response_model=answers.Job, status_code=202)
async def resume(here: Here, outside: Outdoors, identity: Identity, act: Once, who: Writer) -> Response:
    """Go on with an import that stopped, in this daemon, behind what is done. It also goes on by itself within a
    minute. Anything else that stopped is asked for anew."""
    ours: list[int] = []

    async def write(session: AsyncSession) -> Line:
        line = await jobs.resumed(session, identity, scope=who.scope, now=here.now())
        ours.append(line["id"])
        return line

    answer = await act(write, 202)
    for job in ours:  # none when the answer is one that was given before
        here.running.start(importing.carry_on(here.db, job, now=here.now, random=outside.random), f"job {job}")
    return answer


@router.post("/jobs/{identity}/cancel", response_model=answers.Done)
async def cancel(here: Here, identity: Identity, act: Once, who: Writer) -> Response:
    """End one, wherever it runs. A backup then leaves no file; what was pruned stays so. To end a backup or pruning
    needs `admin`, as asking for it does."""

    async def write(session: AsyncSession) -> Line:
        await jobs.cancel(session, identity, scope=who.scope, now=here.now())
        return {"id": str(identity), "done": "cancelled"}

    return await act(write)


@router.post("/backups", response_model=answers.Job, status_code=202)
async def back_up(here: Here, outside: Outdoors, act: Once, who: Administrator) -> Response:
    """Copy the whole database, beside all other work, into the folder of NEWSVANE_BACKUPS. `GET /api/v1/jobs/{id}`
    tells how far it is, and at the end the name under which the copy can be fetched."""
    folder = backups.folder_of(here.db, outside)
    return await begun(here, act, who, jobs.BACKUP, {}, lambda job: backups.into(here.db, folder, job, now=here.now()))


@router.get("/backups", response_model=Items[answers.Backup])
async def kept(here: Here, outside: Outdoors, _who: Administrator) -> Line:
    """The backups in that folder, the newest first."""
    return {"items": await backups.listed(backups.folder_of(here.db, outside)), "next": None}


@router.get("/backups/{name}", response_class=FileResponse, responses=_FILE)
async def fetched(here: Here, outside: Outdoors, name: BackupName, _who: Administrator) -> FileResponse:
    """A backup. It holds everything, the secrets of channels included: guard the file."""
    file = await backups.file_of(backups.folder_of(here.db, outside), name)
    return FileResponse(file, media_type="application/octet-stream", filename=name)


@router.delete("/backups/{name}", response_model=answers.Done)
async def removed(here: Here, outside: Outdoors, name: BackupName, _who: Administrator) -> Line:
    """Delete a backup."""
    await backups.remove(backups.folder_of(here.db, outside), name)
    return {"id": name, "done": "removed"}


@router.post("/prune", response_model=answers.Job, status_code=202)
async def prune(here: Here, outside: Outdoors, asked: AskedPrune, act: Once, who: Administrator) -> Response:
    """Delete articles from that age on that no alert, mark or living story needs, beside all other work."""
    age = pruning.age_of(asked.keep, outside.keep)
    told = {"keep_seconds": int(age.total_seconds()), "dry_run": asked.dry_run}
    work = pruning.of_age(here.db, age, now=here.now(), dry_run=asked.dry_run)
    return await begun(here, act, who, jobs.PRUNE, told, lambda _job: work)


async def begun(
    here: Context, act: Act, who: Caller, kind: str, asked: Line, work_of: Callable[[int], Work]
) -> Response:
    """Write the job down, answer, and carry it out beside requests."""
    ours: list[int] = []

    async def write(session: AsyncSession) -> Line:
        line = await jobs.begun(session, kind, asked, by=who.name, now=here.now())
        ours.append(line["id"])
        return line

    answer = await act(write, 202)
    for job in ours:  # none when the answer is one that was given before
        here.running.start(jobs.carry_out(here.db, job, work_of(job), now=here.now), f"job {job}")
    return answer
