"""/welcome: from nothing to a first mention and a channel that is known to work, in four steps on one page.

Each step can be taken in any order, left and come back to: what the page shows is what the database holds.
"""

import asyncio
from datetime import timedelta
from functools import lru_cache
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response

from service import watchlist
from service.desk import channels as desk_channels
from service.desk import watch
from service.desk.errors import Refused
from service.domain.matching import derive_entity
from service.search import Ask, page, watch_list
from service.store import housekeeping, sources
from service.store.watchlist import SourceSpec
from service.watchlist import WatchList, WatchListError
from service.web.forms import WHERE, Form, placed, read
from service.web.pages.acting import Acting, done_at
from service.web.pages.frame import Frame, Framed

__all__ = ["router"]

_FIRST_RULE = "every mention"
_MOST_NAMES = 20
_LONGEST = 4000
_SHOWN = 10
_SECONDS = 5
_SPREAD = timedelta(seconds=60)
"""First polls of sources that a person chose: soon, and not all at the same moment."""

_TOPICS = {
    "company": "Company newsrooms",
    "regulatory": "Regulatory filings",
    "wire": "Press release wires",
    "datacenter": "Data centres",
    "hardware": "Hardware",
    "network": "Networks",
    "semiconductors": "Semiconductors",
    "energy": "Energy",
    "tech": "Technology press",
    "ai": "Artificial intelligence",
    "xai": "Space and xAI",
    "business": "Business press",
    "search": "News search",
}
"""The kinds of bundled sources, by their first tag; one that is not here is called by its tag."""

router = APIRouter()


@router.get("/welcome")
async def welcome(frame: Framed, named: str = "") -> HTMLResponse:
    """``named``: names that were just added, a line each; what is ambiguous in them is told."""
    return await _page(frame, Form(), named=named)


@router.post("/welcome/entities")
async def choose_entities(frame: Acting, request: Request) -> Response:
    """Track those that are ticked of the bundled list, and names of one's own; the other bundled ones rest."""
    form, bundled = await read(request), await _bundled()
    chosen, own = form.all("entity"), form.lines("own")[:_MOST_NAMES]
    random = frame.outside.random
    try:
        async with frame.db.write() as session:
            there = await watch.known_names(session, "entity")
            for definition in bundled.entities:
                name = str(definition["name"])
                if name in there:
                    await watch.switch(session, "entity", [name], enabled=name in chosen)
                elif name in chosen:
                    item = {**definition, "enabled": True}
                    await watch.put(session, "entity", item, now=frame.now, random=random, where=WHERE)
            for name in own:
                item = watch.entity_named(name)[0]
                await watch.add_entity(session, item, now=frame.now, random=random)
    except (WatchListError, Refused) as error:
        return await _page(frame, form.wrong({"own": next(iter(placed(error, {}).values()))}), status=422)
    return done_at("/welcome", "entities", part="step-where" if not own else "step-who", named="\n".join(own))


@router.post("/welcome/sources")
async def choose_sources(frame: Acting, request: Request) -> Response:
    """Poll the bundled sources of these topics soon; other bundled ones rest, and what somebody added stays."""
    form, bundled = await read(request), await _bundled()
    topics = set(form.all("topic"))
    wanted = [source for source in bundled.sources if source.enabled and _topic(source) in topics]
    rest = [source.url for source in bundled.sources if source.enabled and _topic(source) not in topics]
    async with frame.db.write() as session:
        there = set(await watch.known_names(session, "source"))
        resting = [url for url in rest if url in there]
        if resting:
            await watch.switch(session, "source", resting, enabled=False)
        again = [source.url for source in wanted if source.url in there]
        if again:
            await watch.switch(session, "source", again, enabled=True)
        new = WatchList(sources=tuple(source for source in wanted if source.url not in there))
        random = frame.outside.random
        await watchlist.apply_within(session, new, now=frame.now, random=random, spread=_SPREAD)
    return done_at("/welcome", "sources", part="step-tell")


@router.post("/welcome/channel")
async def choose_channel(frame: Acting, request: Request) -> Response:
    """A webhook's address or a mail address becomes a channel of the first rule, and gets a test at once.

    ``mends``: the channel whose test did not arrive, which is put right instead of adding another.
    """
    form = await read(request)
    where = form.text("where")
    kind = "webhook" if "://" in where else "email"
    name = form.text("channel_name") or ("my webhook" if kind == "webhook" else "my mail")
    target = {"url": where} if kind == "webhook" else {"to": [where]}
    random = frame.outside.random
    try:
        if name != form.text("mends") and name in [line["name"] for line in await watch_list(frame.db, "channels")]:
            raise WatchListError(f"{WHERE}: channels[0].name", f"there is a channel {name!r} already: name this one")
        async with frame.db.write() as session:
            item = {"name": name, "type": kind, **target}
            await watch.put(session, "channel", item, now=frame.now, random=random, where=WHERE)
            rule = await _first_rule(session)
            rule["channels"] = list(dict.fromkeys([*rule["channels"], name]))
            await watch.put(session, "rule", rule, now=frame.now, random=random, where=WHERE)
    except WatchListError as error:
        fields = {"url": "where", "to": "where", "name": "channel_name"}
        return await _page(frame, form.wrong(placed(error, fields)), status=422)
    tested = await desk_channels.send_test(frame.db, frame.outside, name, now=frame.now)
    again = {"where": where, "channel_name": name, "mends": name} if tested.problem else {}
    return await _page(frame, Form.of(again), tested=tested, channel=name)


@router.post("/welcome/test")
async def test_channel(frame: Acting, request: Request) -> Response:
    name = (await read(request)).text("name")
    try:
        tested = await desk_channels.send_test(frame.db, frame.outside, name, now=frame.now)
    except Refused as error:
        return await _page(frame, Form().wrong({"": str(error)}), status=409)
    return await _page(frame, Form(), tested=tested, channel=name)


@router.post("/welcome/poll")
async def poll(frame: Acting) -> Response:
    """Every source that was never polled is due now."""
    new = [
        line["url"] for line in await watch_list(frame.db, "sources") if line["enabled"] and not line["last_polled_at"]
    ]
    async with frame.db.write() as session:
        if new:
            await sources.make_due(session, frame.now, new)
    return done_at("/welcome/results", "due")


@router.get("/welcome/results")
async def results(frame: Framed, still: bool = False) -> HTMLResponse:
    """What comes in; the page asks again every few seconds until there is enough, or somebody stops it."""
    found = (await page(frame.db, "mentions", Ask(limit=_SHOWN), now=frame.now)).lines
    lines = [line for line in await watch_list(frame.db, "sources") if line["enabled"]]
    async with frame.db.read() as session:
        counts = await housekeeping.counts(session, now=frame.now)
    polled = sum(line["last_polled_at"] is not None for line in lines)
    comes = not still and (polled < len(lines) or counts["articles_due"] > 0)
    answer = frame.html(
        "welcome_results.html.j2",
        found=found,
        polled=polled,
        sources=len(lines),
        counts=counts,
        comes=comes,
        still=still,
    )
    if comes:
        answer.headers["Refresh"] = str(_SECONDS)
    return answer


async def _first_rule(session: Any) -> dict[str, Any]:  # noqa: ANN401 - a session
    """The rule that a new channel is added to: the one that newsvane brings along, or a new one like it."""
    try:
        return await watch.definition(session, "rule", _FIRST_RULE)
    except Refused:
        return {"name": _FIRST_RULE, "query": "entity:*", "channels": []}


async def _page(
    frame: Frame,
    form: Form,
    *,
    named: str = "",
    tested: desk_channels.Tested | None = None,
    channel: str = "",
    status: int = 200,
) -> HTMLResponse:
    bundled = await _bundled()
    entities = await watch_list(frame.db, "entities")
    there = {line["url"]: line["enabled"] for line in await watch_list(frame.db, "sources")}
    async with frame.db.read() as session:
        counts = await housekeeping.counts(session, now=frame.now)
    on = [line["name"] for line in entities if line["enabled"]]
    ours = {str(one["name"]) for one in bundled.entities}
    topics: dict[str, list[SourceSpec]] = {}
    for source in bundled.sources:
        if source.enabled:
            topics.setdefault(_topic(source), []).append(source)
    polled_topics = [topic for topic, some in topics.items() if any(there.get(source.url) for source in some)]
    filled = Form.of({"entity": on, "topic": polled_topics})
    return frame.html(
        "welcome.html.j2",
        status=status,
        form=Form({**filled.values, **form.values}, form.mistakes),
        entities=[(str(one["name"]), str(one["name"]), _about(one)) for one in bundled.entities],
        own=[name for name in on if name not in ours],
        notes=await asyncio.to_thread(_notes, named),
        topics=[
            (topic, _TOPICS.get(topic, topic), f"{len(some)}: {', '.join(one.title for one in some[:3])}")
            for topic, some in topics.items()
        ],
        channels=[line for line in await watch_list(frame.db, "channels") if line["enabled"]],
        counts=counts,
        tested=tested,
        channel=channel,
    )


def _notes(named: str) -> list[tuple[str, tuple[str, ...]]]:
    """What looks ambiguous in each name."""
    return [(name, derive_entity(name)[1]) for name in named[:_LONGEST].split("\n")[:_MOST_NAMES] if name.strip()]


async def _bundled() -> WatchList:
    return await asyncio.to_thread(_read_bundled)


@lru_cache(maxsize=1)
def _read_bundled() -> WatchList:
    return watchlist.parse_watchlist(watchlist.bundled(), "the bundled watch list")


def _topic(source: SourceSpec) -> str:
    """The first tag of a bundled source is its kind."""
    return source.tags[0] if source.tags else "other"


def _about(definition: dict[str, Any]) -> str:
    texts = [alias if isinstance(alias, str) else alias.get("text", "") for alias in definition.get("aliases", [])]
    return ", ".join(text for text in texts if text and text != definition["name"])[:80]
