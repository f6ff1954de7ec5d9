"""When a channel that only fails is switched off, and who is told. Decides only.

Health + what an attempt brought -> Health, and perhaps why the channel is switched off
a channel switched off           -> the alert that says so, over another channel: never over the one it is about
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from service.domain.alerting import AlertDraft
from service.domain.model import ChannelSpec, Rule
from service.domain.retry import MAX_RETRY_AFTER

__all__ = ["GONE", "OWN_RULE", "PATIENCE", "Health", "after_failure", "companions", "switched_off"]

GONE: Final = "the receiver answered 410 Gone"
PATIENCE: Final = timedelta(days=5)
"""A channel that failed for this long, with no success between, is switched off."""
ENOUGH_FAILURES: Final = 10
"""At least so many: two failures six days apart, with no alert between them, prove nothing."""
OWN_RULE: Final = "newsvane"
"""What stands in place of a rule's name in an alert about newsvane itself."""


@dataclass(frozen=True, slots=True)
class Health:
    """How a channel does. ``failing_since``: the first failure since the last success; None: it works.

    ``rests_until``: its receiver asked for a pause.
    """

    failing_since: datetime | None = None
    failures: int = 0
    rests_until: datetime | None = None


def after_failure(
    health: Health, *, at: datetime, gone: bool, retry_after: datetime | None = None
) -> tuple[Health, str | None]:
    """The channel's health after a failed attempt, and why it is switched off, if it is.

    A receiver's wish for a pause (RFC 9110 section 10.2.3) holds for all that goes to it, and for at most a day.
    """
    since = min(health.failing_since or at, at)
    rest = health.rests_until
    if retry_after is not None and retry_after > at:
        wish = min(retry_after, at + MAX_RETRY_AFTER)
        rest = max(rest, wish) if rest is not None else wish
    after = Health(since, health.failures + 1, rest)
    if gone:
        return after, GONE
    if at - since >= PATIENCE and after.failures >= ENOUGH_FAILURES:
        return after, f"nothing got through for {(at - since).days} days ({after.failures} attempts failed)"
    return after, None


def companions(name: str, channels: Sequence[ChannelSpec], rules: Iterable[Rule]) -> tuple[str, ...]:
    """Over which channels people hear that channel ``name`` was switched off: the enabled ones that stand beside it in
    a rule, else the first other one that is enabled; none when there is no other.
    """
    others = [channel.name for channel in channels if channel.enabled and channel.name != name]
    beside = {other for rule in rules if name in rule.channels for other in rule.channels}
    return tuple(other for other in others if other in beside) or tuple(others[:1])


def switched_off(name: str, why: str, to: tuple[str, ...], *, at: datetime) -> AlertDraft:
    """The alert about it: one each time that the channel is switched off."""
    return AlertDraft(
        rule=OWN_RULE,
        kind="notice",
        channels=to,
        dedupe_key=f"channel:{name}:{at.isoformat()}",
        title=f"Channel “{name}” was switched off",
        url="",
        reason=(
            f"Channel “{name}” was switched off: {why}. Its alerts are kept. Mend it, then run "
            f"`newsvane channels enable {name}` and `newsvane deliveries retry --channel {name}`."
        ),
        entities=(),
        story=None,
        mentions=(),
    )
