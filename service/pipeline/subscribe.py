"""Ask a hub to push a source's items, to go on, or to stop: ask, then write what it said."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

import structlog

from scrapers.errors import FetchError
from scrapers.web import Web
from scrapers.websub import ask
from service.domain.websub import WANTED_LEASE, Refused, Subscription, decide_ask
from service.store import subscriptions
from service.store.engine import Database

__all__ = ["Subscribe"]

log = structlog.get_logger("newsvane.subscribe")


@dataclass(frozen=True, slots=True)
class Subscribe:
    """The step with its tools: ``await subscribe(subscription)``."""

    db: Database
    web: Web
    now: Callable[[], datetime]
    random: Callable[[], float]

    async def __call__(self, known: Subscription) -> None:
        refused = await self._ask(known)
        now = self.now()
        answered = decide_ask(known, refused, now=now, jitter=self.random())
        async with self.db.write() as session:
            written = await subscriptions.record_ask(session, known, answered, refused, now=now)
        log.info(
            "asked a hub",
            mode=known.mode,
            hub=known.hub.url,
            topic=known.hub.topic,
            outcome=("refused" if refused else "taken") if written else "settled meanwhile",
            error=refused.reason if refused else None,
            next_try_at=answered.next_try_at,
        )

    async def _ask(self, known: Subscription) -> Refused | None:
        try:
            await ask(
                self.web,
                known.hub,
                known.mode,
                callback=known.base + known.path,
                secret=known.secret,
                lease=WANTED_LEASE,
                now=self.now(),
            )
        except FetchError as error:
            return Refused(str(error), error.transient, error.retry_after)
        return None
