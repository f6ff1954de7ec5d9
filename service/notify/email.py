"""Alerts by email: a copy for each recipient, in one SMTP session where the server allows, each with its own outcome.

    mail.compose() -> MAIL FROM, RCPT TO, DATA -> Copy -> the next recipient's ... -> Receipt | DeliveryError

What an answer means (RFC 5321 section 4.2.1):
- No connection, no TLS, a refused log-in, a lost connection, silence: transient. They tell of the server or of our
  settings, not of the message, and it must not be lost over an expired certificate or a changed password.
- 4xx or 5xx to MAIL: the server refuses the sender, so all who have no copy yet. 4xx: transient. 5xx: permanent.
- 4xx to RCPT or DATA: that recipient is tried again. 5xx: that one is not. The others get their copies either way.
- The connection breaks after a copy was handed over, before the answer: transient. The recipient may have it, and will
  see the same Message-ID again.

Servers bound how many mails a session may bring. So one that brought somebody a copy and then breaks, or answers MAIL
with a refusal, is followed by another; one that brought nothing ends the attempt.

How it stands at the end: everybody has a copy: a receipt. Somebody is to be tried again: transient. Else somebody was
refused for good: permanent, and the others have theirs.
"""

import asyncio
import ssl
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from aiosmtplib import SMTP, SMTPException, SMTPResponseException

from service.notify.channel import Copy, DeliveryError, Outgoing, Receipt
from service.notify.clean import one_line
from service.notify.conversation import Tell, ToldSmtp, masked
from service.notify.links import Links
from service.notify.mail import Sender, compose
from service.notify.smtp_url import SmtpSettings, parse_smtp_url

__all__ = ["EmailChannel", "SmtpSettings", "parse_smtp_url"]

DEADLINE: Final = 60.0
"""Seconds for all copies. Servers look for spam after DATA, and giving up early means sending twice."""
_QUIT_DEADLINE: Final = 2.0
_EXCERPT: Final = 500
_OF_THE_SESSION: Final = frozenset({421, -1})
"""The server closes the connection; the library saw no code at all. Neither tells of a recipient."""
_IN_TURN: Final = "waits for an earlier mail of the same story"


@dataclass(slots=True)
class _Round:
    """One attempt. ``waiting``: who has yet to be asked for; ``copies``: how it stands with each that was."""

    message: Outgoing
    waiting: list[str]
    copies: dict[str, Copy] = field(default_factory=dict)

    async def asked(self, copy: Copy) -> None:
        self.waiting.remove(copy.address)
        self.copies[copy.address] = copy
        await self.message.mark(copy, bool(self.waiting))

    async def pass_over(self, addresses: Sequence[str], why: str, *, transient: bool = True) -> None:
        """Nothing was sent to these, so there is nothing that a crash must not forget."""
        for address in addresses:
            self.waiting.remove(address)
            self.copies[address] = Copy(address, "retrying" if transient else "dead", None, one_line(why, _EXCERPT))
            await self.message.mark(self.copies[address], False)


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
        """Headers and text of the first recipient's mail, decoded; and who else gets one."""
        first, *others = self._recipients
        mail = compose(message, self._sender, first, self._links)
        text = mail.get_body(("plain",))
        head = "\n".join(f"{name}: {value}" for name, value in mail.items())
        also = f"Each of these gets a mail of their own: {', '.join(self._recipients)}\n\n" if others else ""
        return also + masked(f"{head}\n\n{text.get_content() if text is not None else ''}")

    async def send(self, message: Outgoing, *, now: datetime) -> Receipt:
        """Send each recipient a copy, within the deadline; see the module's text for what each answer means.

        ``message.mark`` is told of every recipient whose copy this attempt was to bring. Raises DeliveryError.
        """
        wanted = [to for to in self._recipients if to not in message.unsubscribed]
        if not wanted:
            raise DeliveryError("Every recipient of this channel has unsubscribed.", transient=False, unwanted=True)
        before = {to: message.copies[to] for to in wanted if to in message.copies}
        ended = {to for to, copy in before.items() if copy.outcome != "retrying"}
        round_ = _Round(message, [to for to in wanted if to not in ended])
        await round_.pass_over([to for to in round_.waiting if to in message.held], _IN_TURN)
        try:
            await self._all_sessions(round_)
        except DeliveryError as error:
            await round_.pass_over(tuple(round_.waiting), f"not tried: {error}", transient=error.transient)
            have = sum(copy.outcome == "sent" for copy in (before | round_.copies).values())
            error.args = (f"{error} {have} of {len(wanted)} recipients have theirs." if have else str(error),)
            raise
        return _outcome([round_.copies.get(to) or before[to] for to in wanted], tried=len(round_.copies))

    async def _all_sessions(self, round_: _Round) -> None:
        server = f"{self._settings.host}:{self._settings.port}"
        try:
            async with asyncio.timeout(self._deadline):
                while round_.waiting:
                    left = len(round_.waiting)
                    trouble = await self._session(round_, server)
                    if trouble is not None and len(round_.waiting) == left:
                        raise trouble
        except TimeoutError as error:
            raise _trouble(f"The mail server {server} did not answer in time.", error) from error

    async def _session(self, round_: _Round, server: str) -> DeliveryError | None:
        """As many copies as one connection takes; what ended it before the last one."""
        smtp = self._client()
        try:
            await self._connect(smtp, server)
            while round_.waiting:
                await round_.asked(await self._copy(smtp, round_.message, round_.waiting[0]))
        except TimeoutError:
            raise
        except SMTPResponseException as error:
            return _refused(f"The mail server {server} refused the message", error)
        except (SMTPException, OSError) as error:
            return _trouble(f"The connection to the mail server {server} broke.", error)
        else:
            with suppress(SMTPException, OSError):  # the message is taken: a bad good-bye changes nothing
                await smtp.quit(timeout=_QUIT_DEADLINE)
            return None
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

    async def _copy(self, smtp: SMTP, message: Outgoing, recipient: str) -> Copy:
        """One mail transaction. What tells of the session, and not of the recipient, is raised."""
        mail = compose(message, self._sender, recipient, self._links).as_bytes()
        await smtp.mail(self._sender.address)
        try:
            await smtp.rcpt(recipient)
            answer = await smtp.data(mail)
        except SMTPResponseException as error:
            if error.code in _OF_THE_SESSION:
                raise
            with suppress(SMTPException, OSError):  # if it broke, the next command says so
                await smtp.rset()
            return Copy(recipient, "dead" if error.code >= 500 else "retrying", error.code, _excerpt(error.message))
        return Copy(recipient, "sent", answer.code, _excerpt(answer.message))


def _outcome(copies: Sequence[Copy], *, tried: int) -> Receipt:
    """What follows from how it stands with everybody who wants it. Raises DeliveryError."""
    later = [copy for copy in copies if copy.outcome == "retrying"]
    refused = later + [copy for copy in copies if copy.outcome == "dead"]
    if not refused:
        words = [copy.excerpt if len(copies) == 1 else f"{copy.address}: {copy.excerpt}" for copy in copies]
        return Receipt(copies[-1].status, _excerpt(*words) if tried else "every recipient has it already")
    in_turn = all(copy.excerpt == _IN_TURN for copy in later)
    said = _excerpt(*map(_said, refused))
    which = "every recipient" if len(refused) == len(copies) else f"{len(refused)} of {len(copies)} recipients"
    what = "The mail has yet to go to" if later and in_turn else "The mail server refused"
    wait = "" if later and in_turn else " for now" if later else " for good"
    raise DeliveryError(
        f"{what} {which}{wait}: {_said(refused[0])}",
        transient=bool(later),
        status=refused[0].status,
        excerpt=said if len(refused) > 1 else "",
        by_address=len(refused) < len(copies),
        in_turn=bool(later) and in_turn,
    )


def _said(copy: Copy) -> str:
    return f"{copy.address}: {_joined(copy)}"


def _joined(copy: Copy) -> str:
    return f"{copy.status or ''} {copy.excerpt}".strip()


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
