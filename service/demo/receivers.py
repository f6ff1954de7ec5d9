"""What the alerts are sent to: a real web hook and a real mail server on this machine, which write down what arrives.

    WebhookReceiver(secret)   POST -> ReceivedWebhook   signature checked with the Standard Webhooks library
    MailReceiver()            SMTP -> ReceivedMail      envelope and parsed message

Both are async context managers, listen on 127.0.0.1 at a port of the system's choice, keep the last ``keep`` records
and can be told to refuse the next deliveries.
"""

import asyncio
import contextlib
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email import policy
from email.message import EmailMessage
from email.parser import BytesParser
from types import TracebackType
from typing import Self
from weakref import WeakSet

from aiohttp import web
from aiosmtpd.smtp import SMTP, Envelope, Session
from standardwebhooks import Webhook, WebhookVerificationError

__all__ = ["MailReceiver", "ReceivedMail", "ReceivedWebhook", "WebhookReceiver"]

LOOPBACK = "127.0.0.1"
KEPT_RECORDS = 1_000
BODY_LIMIT = 4 * 1024 * 1024
SHUTDOWN_SECONDS = 0.2


def _wall_clock() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class ReceivedWebhook:
    """One request, refused ones included."""

    at: datetime
    headers: Mapping[str, str]
    """Names in lower case."""
    body: bytes
    verified: bool
    """The signature is that of the shared secret and its time is within five minutes of now."""
    problem: str
    """Why it is not verified; empty where it is."""
    status: int
    """What the receiver answered."""

    @property
    def webhook_id(self) -> str:
        return self.headers.get("webhook-id", "")


@dataclass(frozen=True, slots=True)
class ReceivedMail:
    """One message that the server took."""

    at: datetime
    sender: str
    """Of the envelope (MAIL FROM)."""
    recipients: tuple[str, ...]
    """Of the envelope (RCPT TO)."""
    message: EmailMessage


class _Arrivals:
    """A condition that tells whoever waits that one more record has come."""

    def __init__(self) -> None:
        self._condition = asyncio.Condition()
        self.total = 0

    async def count(self) -> None:
        async with self._condition:
            self.total += 1
            self._condition.notify_all()

    async def until(self, total: int, *, seconds: float) -> bool:
        async with self._condition:
            try:
                await asyncio.wait_for(self._condition.wait_for(lambda: self.total >= total), seconds)
            except TimeoutError:
                return False
        return True


class WebhookReceiver:
    """Takes POST requests at ``url``. ``secret``: ``whsec_`` and Base64, as the channel has it."""

    def __init__(self, secret: str, *, keep: int = KEPT_RECORDS, clock: Callable[[], datetime] = _wall_clock) -> None:
        self.secret = secret
        self.records: deque[ReceivedWebhook] = deque(maxlen=keep)
        self.url = ""
        """Known while the receiver runs."""
        self._clock = clock
        self._verifier = Webhook(secret)
        self._refusals: deque[tuple[int, Mapping[str, str]]] = deque()
        self._arrivals = _Arrivals()
        self._runner: web.AppRunner | None = None

    async def __aenter__(self) -> Self:
        application = web.Application(client_max_size=BODY_LIMIT)
        application.router.add_post("/{path:.*}", self._take)
        self._runner = web.AppRunner(application, access_log=None, shutdown_timeout=SHUTDOWN_SECONDS)
        await self._runner.setup()
        try:
            await web.TCPSite(self._runner, LOOPBACK, 0).start()
        except BaseException:
            await self._runner.cleanup()
            raise
        self.url = f"http://{LOOPBACK}:{self._runner.addresses[0][1]}/alerts"
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._runner is not None:
            await self._runner.cleanup()

    @property
    def accepted(self) -> list[ReceivedWebhook]:
        """The records that were answered with success."""
        return [record for record in self.records if record.status < 300]

    def fail_next(self, requests: int, *, status: int = 503, headers: Mapping[str, str] | None = None) -> None:
        """Refuse the next ``requests`` requests with this status, for example with a ``Retry-After`` header."""
        self._refusals.extend([(status, dict(headers or {}))] * requests)

    async def wait_for(self, total: int, *, seconds: float = 10) -> bool:
        """Whether ``total`` requests have come since the start, refused ones included; waits for them that long."""
        return await self._arrivals.until(total, seconds=seconds)

    async def _take(self, request: web.Request) -> web.Response:
        body = await request.read()
        headers = {name.lower(): value for name, value in request.headers.items()}
        problem = self._problem(body, headers)
        status, extra = self._refusals.popleft() if self._refusals else (401 if problem else 204, {})
        self.records.append(ReceivedWebhook(self._clock(), headers, body, not problem, problem, status))
        await self._arrivals.count()
        return web.Response(status=status, headers=extra)

    def _problem(self, body: bytes, headers: dict[str, str]) -> str:
        try:
            self._verifier.verify(body, headers)
        except WebhookVerificationError as error:
            return str(error) or "the signature does not match"
        except ValueError as error:
            # The library parses the body and decodes the signature; what is neither JSON nor Base64 ends here.
            return f"unreadable: {error}"
        return ""


class MailReceiver:
    """Takes messages over SMTP at ``host`` and ``port``, without encryption or log-in."""

    def __init__(self, *, keep: int = KEPT_RECORDS, clock: Callable[[], datetime] = _wall_clock) -> None:
        self.records: deque[ReceivedMail] = deque(maxlen=keep)
        self.host = LOOPBACK
        self.port = 0
        """Known while the receiver runs."""
        self._clock = clock
        self._refusals: deque[str] = deque()
        self._arrivals = _Arrivals()
        self._sessions: WeakSet[SMTP] = WeakSet()
        self._server: asyncio.Server | None = None

    async def __aenter__(self) -> Self:
        loop = asyncio.get_running_loop()
        self._server = await loop.create_server(self._open_session, self.host, 0)
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._server is None:
            return
        self._server.close()
        for session in list(self._sessions):
            if isinstance(session.transport, asyncio.WriteTransport):
                session.transport.abort()
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._server.wait_closed(), SHUTDOWN_SECONDS)
        # An aborted transport tells its session, and closes its socket, in the loop's next turns.
        await asyncio.sleep(0)
        await asyncio.sleep(0)

    @property
    def url(self) -> str:
        """As NEWSVANE_SMTP_URL wants it."""
        return f"smtp://{self.host}:{self.port}"

    def fail_next(self, messages: int, *, answer: str = "451 4.3.0 try again later") -> None:
        """Refuse the next ``messages`` messages, after their text was sent, with this SMTP answer."""
        self._refusals.extend([answer] * messages)

    async def wait_for(self, total: int, *, seconds: float = 10) -> bool:
        """Whether ``total`` messages have come since the start, refused ones included; waits for them that long."""
        return await self._arrivals.until(total, seconds=seconds)

    def _open_session(self) -> SMTP:
        session = SMTP(self, hostname="localhost", enable_SMTPUTF8=True, loop=asyncio.get_running_loop())
        self._sessions.add(session)
        return session

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802  # aiosmtpd
        """Called by aiosmtpd with a whole message; returns the SMTP answer."""
        if self._refusals:
            answer = self._refusals.popleft()
            await self._arrivals.count()
            return answer
        content = envelope.content or b""
        source = content.encode() if isinstance(content, str) else content
        message = BytesParser(EmailMessage, policy=policy.default).parsebytes(source)
        record = ReceivedMail(self._clock(), envelope.mail_from or "", tuple(envelope.rcpt_tos), message)
        self.records.append(record)
        await self._arrivals.count()
        return "250 2.0.0 taken"
