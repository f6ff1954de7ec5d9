"""Following along: new mentions and alerts, in the order of their commits."""

from dataclasses import dataclass
from datetime import datetime

from service.search.asking import Ask, wanted_of
from service.store import events
from service.store.alert_listing import these_alerts
from service.store.engine import Database
from service.store.lines import Line
from service.store.listing import these_mentions

__all__ = ["Followed", "Happened", "follow", "follow_from"]


@dataclass(frozen=True, slots=True)
class Followed:
    """Where to follow from. ``gap``: why something may have been missed; None when nothing was."""

    position: int
    gap: str | None = None


@dataclass(frozen=True, slots=True)
class Happened:
    """An event. ``line`` is None where it is not what was asked for, or is no more."""

    id: int
    kind: str
    line: Line | None


async def follow_from(db: Database, ask: Ask, behind: int | None, *, now: datetime) -> Followed:
    """Behind an event, or from now on (None). Raises AskError."""
    await wanted_of(db, ask, now=now)
    async with db.read() as session:
        newest, oldest = await events.newest(session), await events.oldest(session)
    if behind is None or behind == newest:
        return Followed(newest)
    if behind > newest:
        return Followed(newest, "this database knows no such event: it may be an earlier state of it")
    if behind < oldest - 1:
        return Followed(oldest - 1, f"events are kept for {events.KEPT.days} days: take what came before from listings")
    return Followed(behind)


async def follow(db: Database, ask: Ask, position: int, *, most: int, now: datetime) -> list[Happened]:
    """The events behind ``position``, the next one first. Raises AskError."""
    wanted = await wanted_of(db, ask, now=now)
    async with db.read() as session:
        found = await events.after(session, position, most=most)
        mentions = [event.mention for event in found if event.mention is not None]
        alerts = [event.alert for event in found if event.alert is not None]
        told_mentions = await these_mentions(session, mentions, wanted) if mentions else {}
        told_alerts = await these_alerts(session, alerts, wanted) if alerts else {}
    return [
        Happened(event.id, "mention", told_mentions.get(event.mention))
        if event.mention is not None
        else Happened(event.id, "alert", told_alerts.get(event.alert or ""))
        for event in found
    ]
