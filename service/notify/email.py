"""Alerts by email: one message, one SMTP transaction, one clear outcome.

    page -> EmailMessage -> MAIL FROM, RCPT TO ..., DATA -> Receipt | DeliveryError

What an answer means (RFC 5321 section 4.2.1):
- No connection, no TLS, a refused log-in, a lost connection, silence: transient. They tell of the server or of our
  settings, not of the message, and it must not be lost over an expired certificate or a changed password.
- 4xx to MAIL, RCPT or DATA: transient. 5xx: permanent.
- The connection breaks after the message was handed over, before the answer: transient. The receiver may have it, and
  will see the same Message-ID again.

When only some recipients are refused:
- 5xx for some: the others get the message, and the receipt names the refused ones.
- 4xx for some (greylisting, a full mailbox): in the alert's first HOLD nothing is sent and the whole message is tried
  again, so that nobody gets it twice. After that those who are accepted get it, and the receipt names the others.
- All refused: permanent when each answer was 5xx, else transient.
"""

import asyncio
import re
import ssl
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from email.policy import EmailPolicy
from email.utils import format_datetime
from typing import Any, Final

from aiosmtplib import SMTP, SMTPException, SMTPRecipientRefused, SMTPResponseException

from service.notify.channel import DeliveryError, Outgoing, Receipt
from service.notify.clean import one_line
from service.notify.config import address
from service.notify.conversation import Tell, ToldSmtp
from service.notify.links import Links
from service.notify.message import html_part, page, subject, text_part
from service.notify.picture import picture, volume_of
from service.notify.smtp_url import SmtpSettings, parse_smtp_url

__all__ = ["EmailChannel", "SmtpSettings", "compose", "parse_smtp_url"]

DEADLINE: Final = 60.0
"""Seconds for the whole conversation. Servers look for spam after DATA, and giving up early means sending twice."""
HOLD: Final = timedelta(minutes=30)
_QUIT_DEADLINE: Final = 2.0
_EXCERPT: Final = 500


class _WirePolicy(EmailPolicy):
    """SMTP line ends, 7 bit; headers made of ASCII words are folded between words and never encoded.

    The email module would turn a message id longer than a line into encoded words, which no client reads back.
    """

    def _words(self, name: str, value: str) -> str | None:
        if name.lower() not in {"message-id", "in-reply-to", "references", "to", "list-unsubscribe"}:
            return None
        return f"{name}: {value.replace(' ', self.linesep + ' ')}{self.linesep}"

    def fold(self, name: str, value: str) -> str:
        return self._words(name, value) or super().fold(name, value)

    def fold_binary(self, name: str, value: str) -> bytes:
        words = self._words(name, value)
        return words.encode("ascii") if words else super().fold_binary(name, value)


_POLICY: Final = _WirePolicy(linesep="\r\n", cte_type="7bit")


@dataclass(frozen=True, slots=True)
class Sender:
    """Who the mail is from: ``name`` may be empty; ``address`` is bare."""

    name: str
    address: str

    @classmethod
    def parse(cls, text: str) -> "Sender":
        """Read ``alerts@example.org`` or ``Newsvane <alerts@example.org>``; ValueError with one line else."""
        bare = address(text)
        if bare is None:
            raise ValueError(f"{text!r} is no sender address: write it as Newsvane <alerts@example.org>")
        name = text.partition("<")[0] if "<" in text else ""
        # Quoting and folding of display names went wrong more than once in the email module: leave nothing to quote.
        return cls(one_line(re.sub(r'[][()<>@,:;."\\=?]', " ", name), 60), bare)

    @property
    def domain(self) -> str:
        return self.address.rpartition("@")[2]


def compose(message: Outgoing, sender: Sender, recipients: Sequence[str], links: Links | None = None) -> EmailMessage:
    """The mail for an alert; the same one on every attempt, but for the separator between its parts.

    Mails about one story refer to the same (never sent) first message, which makes them one thread.
    """
    volume = volume_of(message.alert)
    chart = picture(volume) if volume is not None else None
    chart_id = f"chart.{_id_part(message.message_id)}@{sender.domain}"
    shown = page(
        message.alert,
        dashboard=links.dashboard(message.alert) if links is not None else "",
        chart=f"cid:{chart_id}" if chart is not None else "",
    )
    mail = EmailMessage(policy=_POLICY)
    mail["From"] = f"{sender.name} <{sender.address}>" if sender.name else sender.address
    mail["To"] = ", ".join(recipients)
    mail["Subject"] = _unencoded(subject(message.alert))
    mail["Date"] = format_datetime(message.created_at.astimezone(UTC))
    mail["Message-ID"] = f"<{_id_part(message.message_id)}@{sender.domain}>"
    story = (message.alert.get("story") or {}).get("id")
    if story:
        thread = f"<story.{_id_part(str(story))}@{sender.domain}>"
        mail["In-Reply-To"] = thread
        mail["References"] = thread
    mail["Auto-Submitted"] = "auto-generated"  # RFC 3834
    mail["X-Auto-Response-Suppress"] = "All"
    if links is not None and len(recipients) == 1:  # with several, one could take the others out
        rule = shown.rule if shown.rule == message.alert.get("rule") else ""  # cut, it would be another one
        mail["List-Unsubscribe"] = f"<{links.unsubscribe(recipients[0], rule)}>"
        mail["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"  # RFC 8058
    mail.set_content(text_part(shown), cte="quoted-printable")
    mail.add_alternative(html_part(shown), subtype="html", cte="quoted-printable")
    if chart is not None:  # beside the page in one part (RFC 2387), found by its id (RFC 2392): nothing is loaded
        html = mail.get_body(("html",))
        if html is not None:
            html.add_related(chart, "image", "png", cid=f"<{chart_id}>", disposition="inline", filename="volume.png")
    return mail


def _unencoded(text: str) -> str:
    """The text with no encoded word in it: the email module would decode it, line breaks included."""
    return text.replace("=?", "= ?")


def _id_part(text: str) -> str:
    return re.sub(r"[^A-Za-z0-9_-]", "-", text)[:100]


class EmailChannel:
    """Sends alerts over SMTP. Keeps no connection and no state between messages."""

    def __init__(
        self,
        settings: SmtpSettings,
        *,
        sender: str,
        recipients: Sequence[str],
        deadline: float = DEADLINE,
        links: Links | None = None,
        tell: Tell | None = None,
    ) -> None:
        """``sender`` as in Sender.parse (ValueError); ``recipients`` bare addresses; ``deadline`` in seconds.
        ``links``: to the pages and out of the channel, where there is a public address. ``tell`` is told the whole
        conversation.

        Raises ValueError also when the settings' ``ca_file`` cannot be read.
        """
        self._settings = settings
        self._sender = Sender.parse(sender)
        self._recipients = tuple(recipients)
        self._deadline = deadline
        self._links = links
        self._tell = tell
        try:
            self._tls = ssl.create_default_context(cafile=settings.ca_file)
        except OSError as error:
            raise ValueError(f"the SMTP URL's ca file {settings.ca_file} cannot be read: {error.strerror}") from error

    def preview(self, message: Outgoing) -> str:
        """Headers and text of the mail, decoded."""
        mail = compose(message, self._sender, self._recipients, self._links)
        text = mail.get_body(("plain",))
        head = "\n".join(f"{name}: {value}" for name, value in mail.items())
        return f"{head}\n\n{text.get_content() if text is not None else ''}"

    async def send(self, message: Outgoing, *, now: datetime) -> Receipt:
        """Send within the deadline; see the module's text for what each answer means. Raises DeliveryError."""
        wanted = tuple(to for to in self._recipients if to not in message.unsubscribed)
        if not wanted:
            raise DeliveryError("Every recipient of this channel has unsubscribed.", transient=False, unwanted=True)
        mail = compose(message, self._sender, wanted, self._links).as_bytes()
        hold = now - message.created_at < HOLD
        server = f"{self._settings.host}:{self._settings.port}"
        smtp = self._client()
        try:
            async with asyncio.timeout(self._deadline):
                await self._connect(smtp, server)
                receipt = await self._transaction(smtp, mail, wanted, hold=hold)
        except TimeoutError as error:
            raise _trouble(f"The mail server {server} did not answer in time.", error) from error
        except SMTPResponseException as error:
            raise _refused(f"The mail server {server} refused the message", error) from error
        except (SMTPException, OSError) as error:
            raise _trouble(f"The connection to the mail server {server} broke.", error) from error
        else:
            with suppress(SMTPException, OSError):  # the message is taken: a bad good-bye changes nothing
                await smtp.quit(timeout=_QUIT_DEADLINE)
            return receipt
        finally:
            smtp.close()

    def _client(self) -> SMTP:
        start_tls = {"tls": False, "starttls": True, "auto": None, "plain": False}
        client = ToldSmtp if self._tell is not None else SMTP
        smtp = client(
            hostname=self._settings.host,
            port=self._settings.port,
            username=self._settings.username,
            password=self._settings.password,
            local_hostname="localhost",  # left out, the library asks DNS for our own name
            timeout=self._deadline,
            use_tls=self._settings.security == "tls",
            start_tls=start_tls[self._settings.security],
            tls_context=self._tls,
        )
        if isinstance(smtp, ToldSmtp) and self._tell is not None:
            smtp.tell = self._tell
        return smtp

    async def _connect(self, smtp: SMTP, server: str) -> None:
        """Connect, encrypt, log in. All that goes wrong here is transient."""
        try:
            await smtp.connect()
        except ssl.SSLError as error:
            raise _trouble(f"No secure connection to the mail server {server}.", error) from error
        except SMTPResponseException as error:
            raise _refused(f"The mail server {server} refused to talk to us", error, transient=True) from error
        except TimeoutError:
            raise
        except (SMTPException, OSError) as error:
            raise _trouble(f"No connection to the mail server {server}.", error) from error

    async def _transaction(self, smtp: SMTP, mail: bytes, recipients: Sequence[str], *, hold: bool) -> Receipt:
        await smtp.mail(self._sender.address)
        refused: list[SMTPRecipientRefused] = []
        for recipient in recipients:
            try:
                await smtp.rcpt(recipient)
            except SMTPRecipientRefused as error:
                refused.append(error)
        later = [error for error in refused if error.code < 500]
        if len(refused) == len(recipients) or (later and hold):
            raise _recipients_refused(refused, later, len(recipients))
        answer = await smtp.data(mail)
        return Receipt(answer.code, _excerpt(answer.message, *map(_said, refused)))


def _said(error: SMTPRecipientRefused) -> str:
    return f"{error.recipient} refused: {error.code} {error.message}"


def _excerpt(*texts: str) -> str:
    return one_line("; ".join(texts), _EXCERPT)


def _trouble(text: str, error: Exception) -> DeliveryError:
    return DeliveryError(text, transient=True, excerpt=_excerpt(str(error)))


def _refused(text: str, error: SMTPResponseException, *, transient: bool = False) -> DeliveryError:
    answer = _excerpt(f"{error.code} {error.message}")
    # The library answers -1 where it saw no code at all.
    return DeliveryError(
        f"{text}: {answer}", transient=transient or error.code < 500, status=error.code, excerpt=answer
    )


def _recipients_refused(refused: list[Any], later: list[Any], asked: int) -> DeliveryError:
    which = "every recipient" if len(refused) == asked else f"{len(refused)} of {asked} recipients"
    wait = "for now" if later else "for good"
    return DeliveryError(
        f"The mail server refused {which} {wait}: {_excerpt(_said(refused[0]))}",
        transient=bool(later),
        status=(later or refused)[0].code,
        excerpt=_excerpt(*map(_said, refused)),
    )
