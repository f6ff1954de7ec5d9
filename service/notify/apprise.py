"""Alerts over Apprise (https://github.com/caronc/apprise): chat and push services, as an optional extra.

Apprise makes its own connections: the address guard does not see them, no answer is read here, and a service that
hangs holds a thread until Apprise's own time-outs end it. Its plain HTTP services are refused in ``config``.
"""

import importlib
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from service.notify.channel import DeliveryError, Outgoing, Receipt
from service.notify.message import page, subject
from service.notify.parts import text_part

__all__ = ["AppriseChannel"]


class AppriseChannel:
    """Sends alerts as title and plain text."""

    def __init__(self, urls: Sequence[str]) -> None:
        """``urls`` as Apprise writes them. Raises ValueError, without the address, when Apprise does not know one."""
        library: Any = importlib.import_module("apprise")
        self._services = library.Apprise()
        for number, url in enumerate(urls, start=1):
            if not self._services.add(url):
                raise ValueError(f"'url' number {number} is no address that Apprise knows")

    def preview(self, message: Outgoing) -> str:
        """Title and text as they would be sent."""
        return f"{subject(message.alert)}\n\n{text_part(page(message.alert))}"

    async def send(self, message: Outgoing, *, now: datetime) -> Receipt:
        """Send once. Apprise tells only whether all went well, so each failure is transient. Raises DeliveryError."""
        sent = await self._services.async_notify(
            title=subject(message.alert),
            body=text_part(page(message.alert)),
            body_format="text",
            interpret_escapes=False,
        )
        if not sent:
            raise DeliveryError("Apprise could not send it; its log says why.", transient=True)
        return Receipt(None, "sent by Apprise")
