"""Hold back an alert while another stands, and keep it in the ledger with the reason."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

import structlog
from sqlalchemy.ext.asyncio import AsyncSession

from service.domain.alerting import AlertDraft
from service.domain.alerting_inhibition import INHIBITION_KEYS, Inhibition, InhibitionError, held_back, inhibition_of
from service.store import inhibitions as stored

__all__ = ["held_entities", "inhibited_draft", "inhibitions_of"]

log = structlog.get_logger("newsvane.inhibit")


async def inhibitions_of(session: AsyncSession) -> tuple[Inhibition, ...]:
    """Those that are switched on."""
    found = []
    for one in await stored.definitions(session):
        try:
            if one["enabled"]:
                found.append(inhibition_of(one["name"], {k: one[k] for k in INHIBITION_KEYS if k in one}))
        except InhibitionError as error:
            log.error("an inhibition cannot be used", inhibition=one["name"], error=str(error))
    return tuple(found)


async def held_entities(
    session: AsyncSession,
    inhibitions: Sequence[Inhibition],
    rule: str,
    priority: str,
    entities: Sequence[str],
    *,
    story: int | None,
    now: datetime,
    kind: str = "mention",
) -> dict[str, tuple[str, str]]:
    """``held_back`` with the alerts that stand in the database, those of this transaction too."""
    asked = [one for one in inhibitions if one.may_hold(rule)]
    standing = await stored.standing(session, asked, now)
    return held_back(asked, standing, rule=rule, kind=kind, priority=priority, entities=entities, story=story, now=now)


def inhibited_draft(draft: AlertDraft, alert: str, words: str) -> AlertDraft:
    """For the ledger alone: once for each alert that holds it back. It counts as told to nobody."""
    return replace(
        draft,
        dedupe_key=f"{draft.dedupe_key}:inhibited:{alert}",
        reason=f"{draft.reason} Held back by {words}.",
        how={**draft.how, "delivery": "inhibited", "inhibited": words},
        inhibited_by=alert,
    )
