"""A real SMTP server on loopback that keeps what it gets, and misbehaves when told to."""

import asyncio
import ssl
import warnings
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from email import policy
from email.message import EmailMessage
from email.parser import BytesParser
from typing import Any

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session


@dataclass
class SmtpSink:
    """What to answer, and what came. ``refusals`` maps a recipient to the answer to its RCPT, ``data_refusals`` to that
    to its mail. ``a_session``: so many mails, and then ``after_these`` is the answer to MAIL; None: hang up."""

    refusals: dict[str, str] = field(default_factory=dict)
    data_refusals: dict[str, str] = field(default_factory=dict)
    a_session: int = 1000
    in_all: int = 1000
    """So many mails, and then it takes none."""
    after_these: str | None = "452 4.7.0 enough mails in one session"
    mail_answer: str | None = None
    data_answer: str = "250 2.0.0 taken as 4F2A"
    silent_for: set[str] = field(default_factory=set)
    """Recipients whose RCPT is never answered; ``reached`` is set when one of them is named."""
    reached: asyncio.Event = field(default_factory=asyncio.Event)
    hang_up_after_data: bool = False
    hang_up_on_quit: bool = False
    port: int = 0
    envelopes: list[Envelope] = field(default_factory=list)
    logins: list[tuple[bytes, bytes]] = field(default_factory=list)
    encrypted: list[bool] = field(default_factory=list)
    sessions: list[int] = field(default_factory=list)
    """For each mail, which session brought it."""

    @property
    def got(self) -> list[str]:
        """Who got a mail, in order."""
        return [recipient for envelope in self.envelopes for recipient in envelope.rcpt_tos]

    @property
    def mails(self) -> list[EmailMessage]:
        """Each mail as a receiver parses it."""
        parser = BytesParser(EmailMessage, policy=policy.default)
        return [parser.parsebytes(self.raw(number)) for number in range(len(self.envelopes))]

    def raw(self, number: int = 0) -> bytes:
        content = self.envelopes[number].content
        assert isinstance(content, bytes)
        return content

    # What aiosmtpd calls.

    async def handle_MAIL(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if self.mail_answer:
            return self.mail_answer
        if len(self.envelopes) >= self.in_all:
            return "421 going down"
        if getattr(session, "mails", 0) >= self.a_session:
            if self.after_these is None:
                hang_up(server)
            return self.after_these or "421 Bye"
        envelope.mail_from = address
        envelope.mail_options.extend(options)
        return "250 OK"

    async def handle_RCPT(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if address in self.silent_for:
            self.reached.set()
            await asyncio.Event().wait()
        if address in self.refusals:
            return self.refusals[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        refusal = self.data_refusals.get(envelope.rcpt_tos[0])
        if refusal is not None:
            return refusal
        self.envelopes.append(envelope)
        self.sessions.append(id(session))
        session.mails = getattr(session, "mails", 0) + 1  # type: ignore[attr-defined]
        self.encrypted.append(session.ssl is not None)
        if self.hang_up_after_data:
            hang_up(server)
        return self.data_answer

    async def handle_QUIT(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        if self.hang_up_on_quit:
            hang_up(server)
        return "221 Bye"

    def log_in(self, server: SMTP, session: Session, envelope: Envelope, mechanism: str, data: Any) -> AuthResult:
        assert isinstance(data, LoginPassword)
        self.logins.append((data.login, data.password))
        return AuthResult(success=data.password == b"p@ss/word", handled=False)


def hang_up(server: SMTP) -> None:
    """Break the connection without a good-bye."""
    if isinstance(server.transport, asyncio.WriteTransport):
        server.transport.abort()


@asynccontextmanager
async def running(
    sink: SmtpSink, *, starttls: ssl.SSLContext | None = None, tls: ssl.SSLContext | None = None, login: bool = False
) -> AsyncIterator[SmtpSink]:
    """The sink behind a listening port: plain, offering STARTTLS, or in TLS from the first byte."""

    connections: list[SMTP] = []

    def connection() -> SMTP:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # aiosmtpd warns of log-ins in the clear: some tests want just that
            server = SMTP(
                sink,
                hostname="sink.example",
                tls_context=starttls,
                authenticator=sink.log_in if login else None,
                auth_required=login,
                auth_require_tls=starttls is not None,
            )
        connections.append(server)
        return server

    server = await asyncio.get_running_loop().create_server(connection, "127.0.0.1", 0, ssl=tls)
    sink.port = server.sockets[0].getsockname()[1]
    try:
        yield sink
    finally:
        server.close()
        for open_connection in connections:
            hang_up(open_connection)
        await asyncio.sleep(0)
        await server.wait_closed()
