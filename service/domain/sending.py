"""What is to be sent, and what came of it: plain values between the outbox, the step that sends, and the channels."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

from service.domain.model import ChannelSpec

__all__ = ["Attempt", "Copy", "DeliveryJob"]


@dataclass(frozen=True, slots=True)
class Copy:
    """How a message stands with one of several recipients, each of whom gets a copy of their own.

    ``sent``: the server took it. ``dead``: refused for good. ``retrying``: it has to be tried again, or for the
    first time. ``status``: the server's answer, if it gave one. ``excerpt``: at most 500 characters of what it said,
    or why it was not asked.
    """

    address: str
    outcome: Literal["sent", "retrying", "dead"]
    status: int | None
    excerpt: str


@dataclass(frozen=True, slots=True)
class DeliveryJob:
    """One message to send. ``channel`` is None when the channel was removed after the alert was made."""

    id: str
    alert: dict[str, Any]
    created_at: datetime
    message_id: str
    channel_name: str
    channel: ChannelSpec | None
    attempts: int
    lease_token: str
    unsubscribed: frozenset[str] = frozenset()
    """Addresses that want nothing more from this channel, or of this rule over it."""
    copies: Mapping[str, Copy] = field(default_factory=dict)
    """Of an email channel, by address: what earlier attempts brought."""
    waits_for: Mapping[str, str] = field(default_factory=dict)
    """By address, the earlier delivery of the story of which that recipient still waits for a copy."""


@dataclass(frozen=True, slots=True)
class Attempt:
    """How one try went, and what follows from it."""

    outcome: str
    """``sent``, ``retrying``, ``dead`` or ``suppressed``: the delivery's status from now on."""
    at: datetime
    status_code: int | None
    excerpt: str
    milliseconds: int
    next_attempt_at: datetime | None = None
    gone: bool = False
    """The receiver asked never to be called again."""
    retry_after: datetime | None = None
    """The pause that the receiver asked for."""
    copies: tuple[Copy, ...] = ()
    """How it went with each recipient whose copy it was to bring."""
    got_on: bool = False
    """It brought some recipients their copies before it broke off: the waits between attempts begin anew."""
    by_address: bool = False
    """What failed are some recipients, and not the channel: others have their copies."""
    behind: str | None = None
    """The delivery that those wait for who are still without a copy, where that is all that is left to do."""

    @property
    def got_through(self) -> bool:
        """Somebody took something: the channel works."""
        return self.outcome == "sent" or any(copy.outcome == "sent" for copy in self.copies)
