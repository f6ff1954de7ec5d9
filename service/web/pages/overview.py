"""/: what is new, which stories many tell, how much is said of whom, the latest alerts, and whether all is well."""

from datetime import datetime, timedelta
from typing import Annotated, Any

from fastapi import APIRouter, Cookie
from fastapi.responses import HTMLResponse

from service.figures import totals, volume
from service.search import Ask, page, watch_list
from service.store import overview
from service.store.lines import Line
from service.web import drawn
from service.web.pages.frame import Frame, Framed
from service.web.visits import COOKIE, KEPT, visited

__all__ = ["router"]

_ALERTS, _STORIES, _CHARTS, _DAYS = 6, 8, 6, 28
_FIRST_VISIT, _SHORTEST, _LONGEST, _FAR_BACK = (timedelta(days=days) for days in (1, 3, 7, 30))

router = APIRouter()


@router.get("/")
async def first_page(frame: Framed, seen: Annotated[str | None, Cookie(alias=COOKIE)] = None) -> HTMLResponse:
    """What a person wants to know first; the time of the visit is kept in a cookie."""
    visit = visited(seen, frame.now)
    since = max(visit.since or frame.now - _FIRST_VISIT, frame.now - _FAR_BACK)
    async with frame.db.read() as session:
        news = await overview.news_since(session, since)
        health = await overview.health(session)
    stories_since, stories = await _stories(frame, since)
    charts = await _charts(frame)
    alerts = (await page(frame.db, "alerts", Ask(limit=_ALERTS), now=frame.now)).lines
    answer = frame.html(
        "overview.html.j2",
        first_visit=visit.since is None,
        since=since,
        news=news,
        most=overview.MOST_COUNTED,
        stories=stories,
        stories_since=stories_since,
        charts=charts,
        alerts=alerts,
        health=health,
        channels=await watch_list(frame.db, "channels"),
        **(await _nothing(frame) if not stories and not any(chart.total for chart in charts) else {"counts": None}),
    )
    answer.set_cookie(
        COOKIE,
        visit.cookie,
        max_age=int(KEPT.total_seconds()),
        httponly=True,
        samesite="lax",
        secure=frame.here.secure,
    )
    return answer


async def _stories(frame: Frame, since: datetime) -> tuple[datetime, list[tuple[Line, Any]]]:
    """Those since the last visit, of three days at least and a week at most; where there are none, of a longer time."""
    for begin in (min(max(since, frame.now - _LONGEST), frame.now - _SHORTEST), frame.now - _FAR_BACK):
        async with frame.db.read() as session:
            lines = await overview.top_stories(session, begin, most=_STORIES)
            times = await overview.spread_of(session, [line["id"] for line in lines])
        if lines:
            break
    return begin, [(line, drawn.spread(times[line["id"]], name=f"spread-{line['id']}")) for line in lines]


async def _charts(frame: Frame) -> list[drawn.Chart]:
    counted = await volume(frame.db, Ask(since=drawn.since(frame.now, _DAYS)), now=frame.now, most=_CHARTS, bands=True)
    return [
        drawn.by_day(series, counted.starts, name=f"volume-{place}", now=frame.now)
        for place, series in enumerate(counted.series)
    ]


async def _nothing(frame: Frame) -> dict[str, Any]:
    counts = (await totals(frame.db, now=frame.now)).counts
    sources = await watch_list(frame.db, "sources")
    return {
        "counts": counts,
        "next_poll_at": min((source["next_poll_at"] for source in sources if source["enabled"]), default=None),
    }
