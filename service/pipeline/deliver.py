"""Send one delivery: lease, send, mark. A crash between sending and marking sends it again with the same message id.

Where each recipient gets a copy, each is marked before the next is sent: a crash sends at most one of them again.
"""

import asyncio
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

import structlog

from service.counters import Counters
from service.domain.model import ChannelSpec
from service.domain.retry import next_attempt
from service.domain.sending import Attempt, Copy, DeliveryJob
from service.notify import Channel, ChannelError, DeliveryError, Outgoing
from service.pipeline.recorder import Recorder

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
        made: list[Copy] = []

        async def mark(copy: Copy, more: bool) -> None:
            made.append(copy)
            if more and not await self.recorder.mark(job, copy, at=self.now()):
                raise DeliveryError("its claim was lost: another worker sends it", transient=True)

        message = Outgoing(
            job.message_id, job.alert, job.created_at, job.unsubscribed, job.copies, frozenset(job.waits_for), mark
        )
        try:
            channel = self.open_channel(job.channel)
            async with asyncio.timeout(_DEADLINE_SECONDS):
                receipt = await channel.send(message, now=self.now())
        except ChannelError as error:  # a setting is missing, which tells nothing of the message: it may come back
            return self._failed(job, DeliveryError(str(error), transient=True), started, made)
        except TimeoutError:
            late = DeliveryError(f"no answer within {_DEADLINE_SECONDS} s", transient=True)
            return self._failed(job, late, started, made)
        except DeliveryError as error:
            return self._failed(job, error, started, made)
        except Exception as error:  # what is no attempt would be sent again without pause or end
            log.exception("a bug stopped a delivery", delivery=job.id, channel=job.channel_name)
            bug = f"an error in newsvane, of which its log says more ({type(error).__name__})"
            return self._failed(job, DeliveryError(bug, transient=True), started, made)
        return Attempt("sent", self.now(), receipt.status, receipt.excerpt, _since(started), copies=tuple(made))

    def _failed(self, job: DeliveryJob, error: DeliveryError, started: float, made: Sequence[Copy]) -> Attempt:
        now = self.now()
        if error.unwanted:
            return Attempt("suppressed", now, None, str(error), _since(started))
        # What came to some of its recipients and broke off goes on with the rest, for as long as it gets on.
        got_on = not error.by_address and any(copy.outcome == "sent" for copy in made)
        again, behind = None, None
        if error.in_turn:
            again, behind = now, max(job.waits_for[copy.address] for copy in made if copy.address in job.waits_for)
        elif error.transient and not error.gone:
            attempts = 1 if got_on else job.attempts + 1
            again = next_attempt(attempts, now, retry_after=error.retry_after, jitter=self.random())
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
            copies=tuple(made),
            got_on=got_on,
            by_address=error.by_address,
            behind=behind,
        )


def _since(started: float) -> int:
    return round((time.monotonic() - started) * 1000)
