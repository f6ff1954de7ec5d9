"""Send one delivery: lease, send, mark. A crash between sending and marking sends it again with the same message id."""

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

import structlog

from service.counters import Counters
from service.domain.model import ChannelSpec
from service.domain.retry import next_attempt
from service.notify import Channel, ChannelError, DeliveryError, Outgoing
from service.pipeline.recorder import Recorder
from service.store.deliveries import Attempt, DeliveryJob

__all__ = ["Deliver"]

_DEADLINE_SECONDS = 60
log = structlog.get_logger("newsvane.deliver")


@dataclass(frozen=True, slots=True)
class Deliver:
    """The step with its tools: ``await deliver(job)``."""

    recorder: Recorder
    open_channel: Callable[[ChannelSpec], Channel]
    now: Callable[[], datetime]
    random: Callable[[], float]
    counters: Counters = field(default_factory=Counters)

    async def __call__(self, job: DeliveryJob) -> None:
        started = time.monotonic()
        attempt = await self._attempt(job, started)
        held = await self.recorder.write(job, attempt)
        if held:
            delay = (attempt.at - job.created_at).total_seconds()
            self.counters.attempted(job.channel_name, attempt.outcome, seconds=attempt.milliseconds / 1000, delay=delay)
        log.info(
            "delivered" if attempt.outcome == "sent" else "not delivered",
            delivery=job.id,
            channel=job.channel_name,
            outcome=attempt.outcome if held else "lost claim",
            attempt=job.attempts + 1,
            status=attempt.status_code,
            answer=attempt.excerpt,
            next_attempt_at=attempt.next_attempt_at,
            ms=attempt.milliseconds,
        )

    async def _attempt(self, job: DeliveryJob, started: float) -> Attempt:
        if job.channel is None or not job.channel.enabled:
            what = "was removed" if job.channel is None else "is switched off"
            return Attempt("suppressed", self.now(), None, f"channel {job.channel_name} {what}", 0)
        message = Outgoing(job.message_id, job.alert, job.created_at, unsubscribed=job.unsubscribed)
        try:
            channel = self.open_channel(job.channel)
            async with asyncio.timeout(_DEADLINE_SECONDS):
                receipt = await channel.send(message, now=self.now())
        except ChannelError as error:  # a setting is missing, which tells nothing of the message: it may come back
            return self._failed(job, DeliveryError(str(error), transient=True), started)
        except TimeoutError:
            late = DeliveryError(f"no answer within {_DEADLINE_SECONDS} s", transient=True)
            return self._failed(job, late, started)
        except DeliveryError as error:
            return self._failed(job, error, started)
        except Exception as error:  # what is no attempt would be sent again without pause or end
            log.exception("a bug stopped a delivery", delivery=job.id, channel=job.channel_name)
            bug = f"an error in newsvane, of which its log says more ({type(error).__name__})"
            return self._failed(job, DeliveryError(bug, transient=True), started)
        return Attempt("sent", self.now(), receipt.status, receipt.excerpt, _since(started))

    def _failed(self, job: DeliveryJob, error: DeliveryError, started: float) -> Attempt:
        now = self.now()
        if error.unwanted:
            return Attempt("suppressed", now, None, str(error), _since(started))
        again = None
        if error.transient and not error.gone:
            again = next_attempt(job.attempts + 1, now, retry_after=error.retry_after, jitter=self.random())
        excerpt = f"{error} ({error.excerpt})" if error.excerpt else str(error)
        return Attempt(
            "retrying" if again else "dead",
            now,
            error.status,
            excerpt,
            _since(started),
            next_attempt_at=again,
            gone=error.gone,
            retry_after=error.retry_after,
        )


def _since(started: float) -> int:
    return round((time.monotonic() - started) * 1000)
