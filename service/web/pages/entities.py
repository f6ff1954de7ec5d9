"""/entities: what is tracked, how much is said of each, and how well it is told apart."""

from http import HTTPStatus
from typing import Any

from fastapi import APIRouter, HTTPException
from fastapi.responses import HTMLResponse

from service.domain.learning import alias_precision, suggest_against
from service.figures import co_mentions, deals, share_of_voice, top_sources, volume
from service.search import Ask, watch_list
from service.store import edited, marks
from service.store.lines import Line
from service.web import drawn, shown
from service.web.pages.frame import Frame, Framed
from service.web.question import Question

__all__ = ["router"]

_DAYS, _DEALS, _REJECTIONS, _PAIRS, _SOURCES = 28, 8, 8, 10, 8
_MOST_LISTED = 500

router = APIRouter()


@router.get("/entities")
async def entities(frame: Framed) -> HTMLResponse:
    """All of them, those named most first."""
    known = await watch_list(frame.db, "entities")
    since = drawn.since(frame.now, _DAYS)
    names = [entity["name"] for entity in known[:_MOST_LISTED]]
    counted = await volume(frame.db, Ask(since=since), now=frame.now, entities=names)
    shares = {one.entity: one for one in (await share_of_voice(frame.db, Ask(since=since), now=frame.now)).shares}
    series = {one.entity: one for one in counted.series}
    listed = [
        (entity, shares.get(entity["name"]), drawn.line(series[entity["name"]], name=f"days-{place}"))
        for place, entity in enumerate(known[:_MOST_LISTED])
    ]
    listed.sort(key=lambda one: (not one[0]["enabled"], -(one[1].articles if one[1] else 0)))
    return frame.html("entities.html.j2", listed=listed, days=_DAYS, more=len(known) - len(listed))


@router.get("/entities/{name:path}")
async def entity(frame: Framed, name: str) -> HTMLResponse:
    """One entity: volume, company it keeps, deals, definition, and what marks and look-alikes say of it."""
    definition = await defined(frame, name)
    ask = Ask(entity=name, since=drawn.since(frame.now, _DAYS))
    counted = await volume(frame.db, ask, now=frame.now, entities=[name], bands=True)
    async with frame.db.read() as session:
        marked = await marks.marks_of(session, name)
        rejected = await edited.rejections_of(session, name, most=_REJECTIONS)
    return frame.html(
        "entity.html.j2",
        entity=definition,
        definition=shown.definition(definition),
        chart=drawn.by_day(counted.series[0], counted.starts, name="volume", now=frame.now, size=drawn.LARGE),
        stream=Question(entity=name).at("/stream"),
        marked=len(marked),
        precision=alias_precision(marked),
        suggestions=suggest_against(marked),
        rejected=rejected,
        **await _company(frame, name, ask),
    )


async def _company(frame: Frame, name: str, ask: Ask) -> dict[str, Any]:
    """With whom it is named, by whom, and in which deals."""
    shares = (await share_of_voice(frame.db, Ask(since=ask.since), now=frame.now)).shares
    place = next((number for number, share in enumerate(shares, 1) if share.entity == name), 0)
    together = await co_mentions(frame.db, ask, now=frame.now, most=50)
    ours = [pair for pair in together.pairs if name in (pair.one, pair.other)]
    return {
        "share": shares[place - 1] if place else None,
        "place": place,
        "of": len(shares),
        "others": [(pair.other if pair.one == name else pair.one, pair) for pair in ours[:_PAIRS]],
        "sources": (await top_sources(frame.db, ask, now=frame.now, most=_SOURCES)).sources,
        "deals": (await deals(frame.db, Ask(entity=name, since="90d"), now=frame.now, most=_DEALS)).deals,
    }


async def defined(frame: Frame, name: str) -> Line:
    """As the watch list writes it. Raises HTTPException (404)."""
    known = await watch_list(frame.db, "entities")
    found = next((entity for entity in known if entity["name"] == name), None)
    if found is None:
        raise HTTPException(
            HTTPStatus.NOT_FOUND, f"there is no entity {name!r} on the watch list; /entities lists them"
        )
    return found
