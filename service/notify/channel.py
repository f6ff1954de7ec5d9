"""What every channel does: send one message, and say in plain words how it went.

    Outgoing -> Channel.send() -> Receipt            the receiver took it
                               -> DeliveryError      it did not; may it be tried again, and when
                 and meanwhile -> Outgoing.mark()    of channels that send each recipient a copy: how each stands

A channel keeps no state between messages and never touches the database. ``service.pipeline.deliver`` claims what is
due, calls ``send`` and records the outcome; delivery is at least once, so ``message_id`` never changes over retries.
"""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol

from service.domain.sending import Copy

__all__ = ["Channel", "Copy", "DeliveryError", "Mark", "Outgoing", "Receipt", "unmarked"]


Mark = Callable[[Copy, bool], Awaitable[None]]
"""Told how each copy stands before the next is begun, so that a crash between two costs nobody a second one. True:
more are to come. Raises DeliveryError when the message is no longer ours to send."""


async def unmarked(_copy: Copy, _more: bool) -> None:
    """For what is sent once, whatever comes of it."""


@dataclass(frozen=True, slots=True)
class Outgoing:
    """One alert on its way to one channel."""

    message_id: str
    """``msg_`` and 32 hexadecimal digits; the same on every attempt."""
    alert: Mapping[str, Any]
    """The alert as docs/formats.md describes it: the same object that the webhook's ``data`` carries."""
    created_at: datetime
    """When the alert was made (the body's ``timestamp``: the same on every attempt)."""
    unsubscribed: frozenset[str] = frozenset()
    """Recipients who want nothing more from this channel."""
    copies: Mapping[str, Copy] = field(default_factory=dict)
    """By address, what earlier attempts brought: whoever has a copy, or refused it for good, gets none."""
    held: frozenset[str] = frozenset()
    """Recipients whose turn it is not: they have yet to get an earlier message of the same story."""
    mark: Mark = unmarked


@dataclass(frozen=True, slots=True)
class Receipt:
    """The receiver took the message. ``excerpt``: at most 500 characters of what it said."""

    status: int | None
    excerpt: str


class DeliveryError(Exception):
    """The receiver did not take the message. ``str()`` is one plain sentence.

    ``transient``: trying again may help. ``retry_after``: the receiver's own wish, aware UTC.
    ``gone``: the receiver asked never to be called again (HTTP 410). ``unwanted``: nobody is left to send it to,
    which is no failure of the channel. ``by_address``: the channel works, and it is the recipients that failed who
    did; ``in_turn``: they only wait for an earlier message of the same story.
    """

    def __init__(
        self,
        message: str,
        *,
        transient: bool,
        status: int | None = None,
        retry_after: datetime | None = None,
        excerpt: str = "",
        gone: bool = False,
        unwanted: bool = False,
        by_address: bool = False,
        in_turn: bool = False,
    ) -> None:
        super().__init__(message)
        self.transient = transient
        self.status = status
        self.retry_after = retry_after
        self.excerpt = excerpt
        self.gone = gone
        self.unwanted = unwanted
        self.by_address = by_address
        self.in_turn = in_turn


class Channel(Protocol):
    """One way out."""

    def preview(self, message: Outgoing) -> str:
        """What would be sent, as text; sends nothing. Raises DeliveryError."""
        ...

    async def send(self, message: Outgoing, *, now: datetime) -> Receipt:
        """Send, within the channel's own deadline. Raises DeliveryError; anything else is a bug."""
        ...
