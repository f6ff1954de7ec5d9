"""An alert as a mail to one recipient: headers, text, HTML and a digest's chart. Pure."""

import hashlib
import re
from dataclasses import dataclass
from datetime import UTC
from email.message import EmailMessage
from email.policy import EmailPolicy
from email.utils import format_datetime
from typing import Final

from service.notify.channel import Outgoing
from service.notify.clean import one_line
from service.notify.config import address
from service.notify.links import Links
from service.notify.message import MAX_RULE, page, subject
from service.notify.parts import html_part, text_part
from service.notify.picture import picture, volume_of

__all__ = ["Sender", "compose"]


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


def compose(message: Outgoing, sender: Sender, recipient: str, links: Links | None = None) -> EmailMessage:
    """The mail for an alert and an address; the same one on every attempt, but for the separator between its parts.

    Mails about one story refer to the same (never sent) first message, which makes them one thread.
    """
    volume = volume_of(message.alert)
    chart = picture(volume) if volume is not None else None
    chart_id = f"chart.{_id_part(message.message_id)}@{sender.domain}"
    leave = links.unsubscribe(recipient, _whole_rule(message)) if links is not None else ""
    shown = page(
        message.alert,
        dashboard=links.dashboard(message.alert) if links is not None else "",
        chart=f"cid:{chart_id}" if chart is not None else "",
        leave=leave,
    )
    mail = EmailMessage(policy=_POLICY)
    mail["From"] = f"{sender.name} <{sender.address}>" if sender.name else sender.address
    mail["To"] = recipient
    mail["Subject"] = _unencoded(subject(message.alert))
    mail["Date"] = format_datetime(message.created_at.astimezone(UTC))
    mail["Message-ID"] = f"<{_id_part(message.message_id)}.{_of(recipient)}@{sender.domain}>"
    story = (message.alert.get("story") or {}).get("id")
    if story:
        thread = f"<story.{_id_part(str(story))}@{sender.domain}>"
        mail["In-Reply-To"] = thread
        mail["References"] = thread
    mail["Auto-Submitted"] = "auto-generated"  # RFC 3834
    mail["X-Auto-Response-Suppress"] = "All"
    if leave:
        mail["List-Unsubscribe"] = f"<{leave}>"
        mail["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"  # RFC 8058
    mail.set_content(text_part(shown), cte="quoted-printable")
    mail.add_alternative(html_part(shown), subtype="html", cte="quoted-printable")
    if chart is not None:  # beside the page in one part (RFC 2387), found by its id (RFC 2392): nothing is loaded
        html = mail.get_body(("html",))
        if html is not None:
            html.add_related(chart, "image", "png", cid=f"<{chart_id}>", disposition="inline", filename="volume.png")
    return mail


def _whole_rule(message: Outgoing) -> str:
    """The rule, where its name is one that may stand in a mail: cut or cleaned it would be another one."""
    rule = message.alert.get("rule")
    return rule if isinstance(rule, str) and rule == one_line(rule, MAX_RULE) else ""


def _of(recipient: str) -> str:
    """What makes a copy's id its own: a mailbox that gets two (its own, and a list's) must not take one for the other,
    whose link leads another address out."""
    return hashlib.sha256(recipient.encode()).hexdigest()[:12]


def _unencoded(text: str) -> str:
    """The text with no encoded word in it: the email module would decode it, line breaks included."""
    return text.replace("=?", "= ?")


def _id_part(text: str) -> str:
    return re.sub(r"[^A-Za-z0-9_-]", "-", text)[:100]
