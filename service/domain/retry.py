"""When a delivery that failed is tried again.

The waits are those that Standard Webhooks recommends, and stand for email too: ten attempts over a little more than
three days.
"""

from datetime import datetime, timedelta
from typing import Final

__all__ = ["JITTER", "MAX_RETRY_AFTER", "WAITS", "next_attempt"]

WAITS: Final = (
    timedelta(seconds=5),
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=2),
    timedelta(hours=5),
    timedelta(hours=10),
    timedelta(hours=14),
    timedelta(hours=20),
    timedelta(hours=24),
)
"""How long to wait after the first, second ... failed attempt. After the last one comes the dead letter."""

JITTER: Final = 0.1
"""The share of a wait that jitter may add, so that what failed together does not come back together."""

MAX_RETRY_AFTER: Final = timedelta(hours=24)
"""A receiver may ask for at most this much patience."""


def next_attempt(
    attempts: int, now: datetime, *, retry_after: datetime | None = None, jitter: float = 0.0
) -> datetime | None:
    """When to try again after ``attempts`` failed attempts, or None: no more, this is a dead letter.

    ``attempts`` counts the attempt that has just failed, so it is at least 1 (else ValueError). ``retry_after`` is the
    receiver's own wish (RFC 9110 section 10.2.3): it can lengthen a wait, up to MAX_RETRY_AFTER from now, and never
    shortens one. ``jitter``, in [0, 1), lengthens the wait by up to a tenth of itself; a wait never gets shorter, so a
    receiver is never called before the time it named.
    """
    if attempts < 1:
        raise ValueError("next_attempt is asked after an attempt: attempts must be at least 1")
    if attempts > len(WAITS):
        return None
    wait = WAITS[attempts - 1]
    if retry_after is not None:
        wait = max(wait, min(retry_after - now, MAX_RETRY_AFTER))
    return now + wait * (1 + JITTER * jitter)
