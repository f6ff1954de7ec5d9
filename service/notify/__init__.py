"""Where alerts leave newsvane. A file a channel; rendering is pure.

    ChannelSpec -> config -> build_channel() -> Channel
    alert -> Outgoing -> message | body | formats -> email | webhook -> Receipt | DeliveryError

Which deliveries are due, and what happens after an outcome, is decided elsewhere (``service.domain.retry``,
``service.pipeline``).
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from importlib.util import find_spec
from typing import TYPE_CHECKING

from service.domain.model import ChannelSpec
from service.notify.channel import Channel, DeliveryError, Outgoing, Receipt
from service.notify.config import ChannelError, apprise_config, email_config, webhook_config
from service.notify.links import Links
from service.notify.smtp_url import SmtpSettings, parse_smtp_url

if TYPE_CHECKING:
    from service.notify.webhook import Poster

__all__ = [
    "Channel",
    "ChannelError",
    "DeliveryError",
    "Links",
    "Outgoing",
    "Receipt",
    "SmtpSettings",
    "build_channel",
    "check_channel",
    "parse_smtp_url",
]


def check_channel(spec: ChannelSpec) -> None:
    """Raise ChannelError, one line with the mend, when the channel's configuration can never work.

    Looks at the text alone: no network, no environment, no SMTP settings.
    """
    match spec.type:
        case "webhook":
            webhook_config(spec, None)
        case "email":
            email_config(spec)
        case "apprise":
            apprise_config(spec, None)
            _need_apprise(spec)
        case _:
            raise _unknown_type(spec)


def build_channel(
    spec: ChannelSpec,
    *,
    poster: "Poster",
    smtp: SmtpSettings | None,
    email_from: str | None,
    environment: Mapping[str, str] | None = None,
    links: Links | None = None,
    tell: Callable[[str], None] | None = None,
) -> Channel:
    """The channel that ``spec`` describes, ready to send.

    ``poster`` makes the webhooks' requests; ``smtp`` and ``email_from`` are needed for email alone. ``environment`` is
    where ``secret_env`` and ``token_env`` are looked up. ``links``: for mails, where there
    is a public address. ``tell`` is told the conversation line by line. Raises ChannelError.
    """
    # Imported here: the command line checks channels without paying for mail and templates.
    match spec.type:
        case "webhook":
            from service.notify.webhook import WebhookChannel

            if tell is not None:
                from service.notify.conversation import ToldPoster

                poster = ToldPoster(poster, tell)
            return WebhookChannel(webhook_config(spec, environment or {}), poster=poster)
        case "email":
            from service.notify.email import EmailChannel

            recipients = email_config(spec).to
            if smtp is None:
                raise ChannelError(f"channel {spec.name!r}: no mail server is set: set NEWSVANE_SMTP_URL")
            if not email_from:
                raise ChannelError(f"channel {spec.name!r}: no sender address is set: set NEWSVANE_EMAIL_FROM")
            try:
                own = replace(links, channel=spec.name) if links is not None else None
                return EmailChannel(smtp, sender=email_from, recipients=recipients, links=own, tell=tell)
            except ValueError as error:
                raise ChannelError(f"channel {spec.name!r}: {error}") from error
        case "apprise":
            from service.notify.apprise import AppriseChannel

            _need_apprise(spec)
            try:
                return AppriseChannel(apprise_config(spec, environment or {}).urls)
            except ValueError as error:
                raise ChannelError(f"channel {spec.name!r}: {error}") from error
        case _:
            raise _unknown_type(spec)


def _need_apprise(spec: ChannelSpec) -> None:
    if find_spec("apprise") is None:
        raise ChannelError(
            f"channel {spec.name!r}: type apprise needs an extra that is not installed: pip install 'newsvane[apprise]'"
        )


def _unknown_type(spec: ChannelSpec) -> ChannelError:
    return ChannelError(f"channel {spec.name!r}: unknown type {spec.type!r}: use webhook, email or apprise")
