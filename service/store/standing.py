"""What is kept of a source, as the explanation of its next poll needs it (service/domain/reasons.py)."""

from collections.abc import Sequence
from datetime import timedelta

from service.domain.reasons import Standing
from service.domain.schedule import Wishes
from service.store.tables import PollRow, SourceRow

__all__ = ["standing_of"]

_PUSHED = "pushed"


def standing_of(row: SourceRow, polls: Sequence[PollRow]) -> Standing:
    """``polls``: the source's last, newest first; what a hub pushed is no poll."""
    last = next((poll.outcome for poll in polls if poll.outcome != _PUSHED), None)
    return Standing(
        next_poll_at=row.next_poll_at,
        last_polled_at=row.last_polled_at,
        enabled=row.enabled,
        failures=row.failures,
        last_code=last,
        transient=row.status == "retrying",
        interval=_seconds(row.interval_seconds or None),
        rhythm=_seconds(row.rhythm_seconds),
        moments=len(row.moments),
        wishes=Wishes(_seconds(row.ttl_seconds), frozenset(row.skip_hours), frozenset(row.skip_days)),
        backoff=timedelta(seconds=row.backoff_seconds),
        relied_until=row.relied_until,
        pinged_at=row.pinged_at,
    )


def _seconds(number: int | None) -> timedelta | None:
    return None if number is None else timedelta(seconds=number)
