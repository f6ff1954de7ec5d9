"""/alerts: the ledger of what was told, and what people do with it."""

from typing import Literal
from urllib.parse import urlencode

from fastapi import APIRouter, HTTPException, Request
from fastapi.responses import HTMLResponse, Response

from service.desk import verdicts
from service.desk.errors import Refused
from service.search import Ask, AskError, Page, one, page, watch_list
from service.store.lines import Line
from service.web import shown
from service.web.alert_standing import standing
from service.web.forms import Form, read
from service.web.pages.acting import Acting, author, done_at
from service.web.pages.frame import Frame, Framed

__all__ = ["router"]

_A_PAGE = 40
_STATUSES = ("pending", "retrying", "sent", "dead", "suppressed")
_DONE = {
    "acknowledged": "Acknowledged.",
    "snoozed": "Snoozed: what its rule would tell again of this story comes when the time is over.",
    "resolved": "Resolved: its rule tells nothing more of this story.",
    "resent": "Its deliveries are due again, as new messages: a running daemon sends them within seconds.",
    "retried": "The delivery is due again: a running daemon sends it within seconds.",
}
_HOURS = ("1h", "4h", "1d", "7d")

router = APIRouter()


@router.get("/alerts")
async def alerts(frame: Framed, q: str = "", rule: str = "", status: str = "", cursor: str = "") -> HTMLResponse:
    """The newest first. ``status``: alerts of which a delivery is in this state."""
    asked = {"q": q.strip(), "rule": rule, "status": status if status in _STATUSES else ""}
    ask = Ask(query=asked["q"] or None, rule=rule or None, cursor=cursor or None, limit=_A_PAGE)
    mistake = None
    try:
        found = await _found(frame, ask, asked["status"])
    except AskError as error:
        found, mistake = Page([], None), shown.mistake(error, asked["q"])
    kept = {key: value for key, value in asked.items() if value}
    return frame.html(
        "alert_list.html.j2",
        status=400 if mistake else 200,
        alerts=[(line, standing(line)) for line in found.lines],
        asked=asked,
        form=Form.of(asked),
        mistake=mistake,
        rules=_options([line["name"] for line in await watch_list(frame.db, "rules")], rule),
        statuses=_STATUSES,
        older=f"/alerts?{urlencode({**kept, 'cursor': found.next_cursor})}" if found.next_cursor else None,
        newest=f"/alerts?{urlencode(kept)}" if cursor else None,
    )


@router.get("/alerts/{identity}")
async def alert(frame: Framed, identity: str, done: str = "") -> HTMLResponse:
    """Why it was made, of what, what held it back, and every attempt to deliver it."""
    return await _page(frame, identity, Form(), _DONE.get(done))


@router.post("/alerts/{identity}/{act}")
async def act(
    frame: Acting, identity: str, act: Literal["acknowledge", "snooze", "resolve", "resend"], request: Request
) -> Response:
    form, now = await read(request), frame.now
    try:
        async with frame.db.write() as session:
            if act == "acknowledge":
                await verdicts.acknowledge(session, identity, by=author(frame), now=now)
            elif act == "snooze":
                await verdicts.snooze(session, identity, form.text("for"), now=now)
            elif act == "resolve":
                await verdicts.resolve(session, identity, now=now)
            else:
                await verdicts.resend(session, identity, now=now, new_id=frame.outside.new_id)
    except Refused as error:
        place = "for" if act == "snooze" else ""
        return await _page(frame, identity, form.wrong({place: str(error)}), None, status=409)
    return done_at(f"/alerts/{identity}", {"resend": "resent", "snooze": "snoozed"}.get(act, f"{act}d"))


@router.post("/deliveries/{identity}/retry")
async def retry(frame: Acting, identity: str) -> Response:
    """Try an unsent delivery again, with the same message id."""
    line = await one(frame.db, "delivery", identity)
    if line is None:
        raise HTTPException(404, f"there is no delivery {identity}")
    try:
        async with frame.db.write() as session:
            await verdicts.retry(session, identity, now=frame.now)
    except Refused as error:
        return await _page(frame, line["alert"], Form().wrong({"": str(error)}), None, status=409)
    return done_at(f"/alerts/{line['alert']}", "retried")


async def _found(frame: Frame, ask: Ask, status: str) -> Page:
    """Alerts, or those of deliveries in a state: each once, where its newest delivery stands."""
    if not status:
        return await page(frame.db, "alerts", ask, now=frame.now)
    sent = await page(
        frame.db,
        "deliveries",
        Ask(query=ask.query, rule=ask.rule, cursor=ask.cursor, limit=ask.limit, status=status),
        now=frame.now,
    )
    lines: list[Line] = []
    for identity in dict.fromkeys(line["alert"] for line in sent.lines):
        line = await one(frame.db, "alert", identity)
        if line is not None:
            lines.append(line)
    return Page(lines, sent.next_cursor)


async def _page(frame: Frame, identity: str, form: Form, done: str | None, status: int = 200) -> HTMLResponse:
    line = await one(frame.db, "alert", identity.replace("\0", ""))
    if line is None:
        raise HTTPException(404, f"there is no alert {identity}: /alerts lists them")
    return frame.html(
        "alert.html.j2",
        status=status,
        alert=line,
        standing=standing(line),
        how=line["how"],
        form=form,
        done=done,
        hours=_HOURS,
    )


def _options(names: list[str], chosen: str) -> list[str]:
    """A rule that was removed still has alerts."""
    return names if not chosen or chosen in names else [*names, chosen]
