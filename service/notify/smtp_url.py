"""Where mail is handed over: ``smtp://user:password@host:587?starttls=required`` -> SmtpSettings."""

from dataclasses import dataclass, field
from typing import Final, Literal
from urllib.parse import parse_qsl, unquote, urlsplit

__all__ = ["Security", "SmtpSettings", "parse_smtp_url"]

Security = Literal["tls", "starttls", "auto", "plain"]

_STARTTLS: Final[dict[str, Security]] = {"required": "starttls", "auto": "auto", "never": "plain"}


@dataclass(frozen=True, slots=True)
class SmtpSettings:
    """A mail server and how to speak to it.

    ``security``: ``tls`` from the first byte; ``starttls`` or nothing; ``auto``: STARTTLS where it is offered;
    ``plain``. Certificates are always verified. ``ca_file``: a PEM file to verify against instead of the system's
    authorities. The password is not shown by ``repr``.
    """

    host: str
    port: int
    security: Security = "starttls"
    username: str | None = None
    password: str | None = field(default=None, repr=False)
    ca_file: str | None = None


def parse_smtp_url(url: str) -> SmtpSettings:
    """Read ``smtp://`` or ``smtps://`` with optional user, password, port and the options ``starttls`` and ``ca``.

    User and password are percent-decoded. Left out, the port is 465 for ``smtps``, 587 with a user and 25 without.
    Left out, ``starttls`` is ``required`` with a user (a password never travels in the clear unless the URL
    asks for that) and ``auto`` without. Raises ValueError with one line that never holds the password.
    """
    try:
        parts = urlsplit(url.strip())
        port = parts.port
        host = parts.hostname
    except ValueError:
        raise ValueError("the SMTP URL cannot be read: write smtp://user:password@host:587") from None
    if parts.scheme not in {"smtp", "smtps"}:
        raise ValueError("the SMTP URL must start with smtp:// or smtps://, as in smtp://user:password@host:587")
    if not host or any(char.isspace() for char in host):
        raise ValueError("the SMTP URL names no host: write smtp://user:password@host:587")
    if parts.path not in {"", "/"} or parts.fragment:
        raise ValueError("the SMTP URL holds something after the host: percent-encode / ? # @ : in user and password")
    if bool(parts.username) != bool(parts.password):
        raise ValueError("the SMTP URL must name both user and password, or neither: smtp://user:password@host:587")
    username, password = (unquote(text) if text else None for text in (parts.username, parts.password))
    options = _options(parts.query, implicit_tls=parts.scheme == "smtps")
    if parts.scheme == "smtps":
        security: Security = "tls"
    else:
        security = _STARTTLS[options.get("starttls", "required" if username else "auto")]
    standard_port = 465 if security == "tls" else 587 if username else 25
    return SmtpSettings(host, port or standard_port, security, username, password, options.get("ca"))


def _options(query: str, *, implicit_tls: bool) -> dict[str, str]:
    options = dict(parse_qsl(query, keep_blank_values=True))
    for name in options:
        if name not in {"starttls", "ca"}:
            raise ValueError(f"the SMTP URL has an unknown option {name!r}: the options are starttls and ca")
    if "starttls" in options and implicit_tls:
        raise ValueError("the SMTP URL has both smtps:// and starttls: use smtp:// with starttls, or smtps:// alone")
    if options.get("starttls", "auto") not in _STARTTLS:
        raise ValueError("the SMTP URL's starttls must be required, auto or never")
    return options
