"""Alerts by webhook, as Standard Webhooks 1.0 lays down (https://www.standardwebhooks.com).

    body (the same bytes on every attempt) + fresh timestamp -> signatures -> one POST -> Receipt | DeliveryError

What an answer means:
- 2xx: taken. What the receiver says is kept as an excerpt and not looked at.
- 410: gone; the channel should be switched off. Not transient.
- 3xx: redirects are not followed (a receiver must not choose where a signed alert goes). Not transient: only a new
  address in the channel can help.
- All else, 4xx included: transient, since Standard Webhooks has every failure tried again. A receiver that answers 401
  or 404 for an hour while it is deployed must not lose an alert. Retry-After counts on 429 and 503.
- No answer: as the FetchError says.
"""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Final, Protocol

from standardwebhooks.webhooks import Webhook

from scrapers.errors import FetchError
from scrapers.waiting import parse_retry_after
from service.notify.body import webhook_body
from service.notify.channel import DeliveryError, Outgoing, Receipt
from service.notify.clean import one_line
from service.notify.config import WebhookConfig
from service.notify.formats import ready_body
from service.notify.template import template_body

__all__ = ["Answer", "Poster", "WebhookChannel", "signatures"]

DEADLINE: Final = 20.0
"""Seconds for the whole exchange."""
MAX_ANSWER: Final = 4096
"""Bytes of an answer that are read."""
_EXCERPT: Final = 500
_FAULTY: Final = frozenset({"headers-too-large"})
"""What a feed's server keeps doing, a receiver may do for an hour while it is deployed."""


class Answer(Protocol):
    """What came back: ``headers`` with names in lower case, ``excerpt`` the body's first bytes."""

    @property
    def status(self) -> int: ...
    @property
    def headers(self) -> Mapping[str, str]: ...
    @property
    def excerpt(self) -> bytes: ...


class Poster(Protocol):
    """Sends one POST request, to permitted addresses only, and follows no redirect."""

    async def post(
        self, url: str, *, body: bytes, headers: Mapping[str, str], deadline: float, max_answer: int
    ) -> Answer:
        """Post, within ``deadline`` seconds, reading at most ``max_answer`` bytes of the answer's body.

        Every status is an Answer. Raises FetchError when there is none.
        """
        ...


class WebhookChannel:
    """Posts alerts to one address."""

    def __init__(self, config: WebhookConfig, *, poster: Poster, deadline: float = DEADLINE) -> None:
        self._config = config
        self._poster = poster
        self._deadline = deadline

    def body(self, message: Outgoing) -> bytes:
        """What is posted: the same bytes on every attempt. Raises DeliveryError when a template fails."""
        match self._config.format:
            case "standard":
                return webhook_body(message)
            case "template":
                return template_body(message, self._config.template, self._config.content_type)
            case ready:
                return ready_body(message, ready)

    def preview(self, message: Outgoing) -> str:
        """The body that would be posted. Raises DeliveryError."""
        return self.body(message).decode()

    async def send(self, message: Outgoing, *, now: datetime) -> Receipt:
        """Post the alert once. Raises DeliveryError; see the module's text for what each answer means."""
        body = self.body(message)
        headers = {
            **self._config.headers,
            "content-type": self._config.content_type,
            "webhook-id": message.message_id,
            "webhook-timestamp": str(int(now.timestamp())),
        }
        if self._config.keys:
            headers["webhook-signature"] = signatures(self._config.keys, message.message_id, now, body)
        try:
            answer = await self._poster.post(
                self._config.url, body=body, headers=headers, deadline=self._deadline, max_answer=MAX_ANSWER
            )
        except FetchError as error:
            transient = error.transient or error.code in _FAULTY
            raise DeliveryError(
                str(error), transient=transient, status=error.status, retry_after=error.retry_after
            ) from error
        return _outcome(answer, now)


def signatures(keys: Sequence[bytes], message_id: str, now: datetime, body: bytes) -> str:
    """The value of ``webhook-signature``: one ``v1,...`` a key, separated by spaces (for the rotation of secrets)."""
    # The library drops the time zone without converting: give it UTC.
    moment = now.astimezone(UTC)
    text = body.decode()
    return " ".join(Webhook(key).sign(msg_id=message_id, timestamp=moment, data=text) for key in keys)


def _outcome(answer: Answer, now: datetime) -> Receipt:
    excerpt = one_line(answer.excerpt.decode("utf-8", "replace"), _EXCERPT)
    status = answer.status
    if 200 <= status < 300:
        return Receipt(status, excerpt)
    if status == 410:
        raise DeliveryError(
            "The receiver answered 410 Gone: it does not want to be called again.",
            transient=False, status=status, excerpt=excerpt, gone=True,
        )  # fmt: skip
    if 300 <= status < 400:
        where = one_line(answer.headers.get("location", ""), 200)
        target = f" to {where}" if where else ""
        raise DeliveryError(
            f"The receiver answered {status}, a redirect{target}; redirects are not followed: "
            "put the receiver's new address into the channel.",
            transient=False, status=status, excerpt=excerpt,
        )  # fmt: skip
    wish = parse_retry_after(answer.headers.get("retry-after"), now) if status in {429, 503} else None
    raise DeliveryError(
        f"The receiver answered {status}.", transient=True, status=status, retry_after=wish, excerpt=excerpt
    )
