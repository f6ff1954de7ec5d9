"""What was told: alerts and their deliveries."""

from typing import Any

from service.api.answers.base import Answer, Time

__all__ = [
    "Alert",
    "Attempt",
    "Copy",
    "Delivery",
    "DeliveryHistory",
    "Done",
    "Recipient",
    "Resent",
    "Retried",
    "Silence",
]


class Delivery(Answer):
    """One alert to one channel."""

    id: str
    alert: str
    channel: str
    status: str
    """`pending`, `sent`, `retrying`, `dead` or `suppressed`."""
    attempts: int
    next_attempt_at: Time | None
    waits_behind: str | None
    """An earlier delivery of the same story over this channel that has to end first."""
    last_error: str | None
    message_id: str
    """The same on every attempt."""
    created_at: Time
    sent_at: Time | None


class Recipient(Answer):
    """How one try went with a recipient of a mail."""

    address: str
    outcome: str
    """`sent`, `retrying` or `dead`."""
    status_code: int | None
    excerpt: str
    """What the mail server said, or why it was not asked."""


class Copy(Recipient):
    """How a delivery stands with a recipient of a mail."""

    at: Time


class Attempt(Answer):
    """One try of a delivery."""

    at: Time
    outcome: str
    status_code: int | None
    excerpt: str
    """What the receiver said."""
    milliseconds: int
    recipients: list[Recipient]
    """Of a mail: those whose copy this try was to bring."""


class DeliveryHistory(Delivery):
    """A delivery with its attempts, the first one first."""

    recipients: list[Copy]
    """Of a mail: how it stands with each."""
    attempts_made: list[Attempt]


class Alert(Answer):
    """What a rule raised."""

    id: str
    rule: str
    kind: str
    """`mention`, `summary`, `digest`, `group`, `spike`, `quiet`, `blind`, `watch` or `notice`."""
    story: int | None
    entities: list[str]
    url: str
    title: str
    created_at: Time
    reason: str
    mentions: list[dict[str, Any]]
    """As they were when the alert was raised; at most 20."""
    mention_count: int
    """All of them."""
    facts: list[dict[str, Any]]
    """Deals that the article tells of, as they were when the alert was raised; at most 20."""
    deliveries: list[Delivery]
    how: dict[str, Any]
    """How it came to be told when it was: grouping, digest, throttle, quiet hours, silences."""
    state: str
    """`open`, `acknowledged`, `snoozed` or `resolved`."""
    watch: dict[str, Any] | None
    """What is wrong with newsvane itself, of kind `watch`: each with since when, the proof and the mend."""
    digest: dict[str, Any] | None
    """What waited, grouped."""
    silenced_by: str | None
    inhibited_by: str | None
    """The alert that stood and held this one back."""
    volume: dict[str, Any] | None
    """What a rule on volume counted."""
    acknowledged_at: Time | None
    acknowledged_by: str | None
    snoozed_until: Time | None
    resolved_at: Time | None


class Silence(Answer):
    """What is muted for a time."""

    id: str
    query: str | None
    rule: str | None
    channel: str | None
    starts_at: Time
    ends_at: Time
    author: str
    comment: str
    created_at: Time


class Done(Answer):
    """What was done."""

    id: str
    done: str


class Resent(Answer):
    """An alert on its way again."""

    id: str
    due: int
    """Deliveries that will be sent."""
    under_way: int
    """Those that are being sent right now, and were left alone."""


class Retried(Answer):
    """Deliveries that are tried again."""

    due: int
