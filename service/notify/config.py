"""A channel's configuration, read strictly: what a person wrote -> frozen values, or one line that says the mend.

``ChannelSpec.config`` holds the keys of the watch list's channel, without ``name``, ``type`` and ``enabled``.
"""

import base64
import binascii
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final
from urllib.parse import urlsplit

from service.domain.model import ChannelSpec
from service.notify.clean import link

__all__ = [
    "AppriseConfig",
    "ChannelError",
    "EmailConfig",
    "WebhookConfig",
    "address",
    "apprise_config",
    "email_config",
    "webhook_config",
]

FORMATS: Final = ("standard", "slack", "discord", "teams", "mattermost", "template")
MAX_RECIPIENTS: Final = 50
_MAX_HEADERS: Final = 20
_WEBHOOK_KEYS: Final = (
    *("url", "secret", "secret_env", "token", "token_env", "headers", "format", "template", "content_type"),
)
_APPRISE_KEYS: Final = ("url", "url_env")
_MAX_TEMPLATE: Final = 20_000
_EMAIL_KEYS: Final = ("to",)
_OURS: Final = frozenset(
    {
        *("host", "content-length", "content-type", "content-encoding", "transfer-encoding", "connection", "te"),
        *("trailer", "upgrade", "expect", "user-agent", "accept", "accept-encoding"),
        *("webhook-id", "webhook-timestamp", "webhook-signature"),
    }
)
"""Headers that make the request what it is; nobody else sets them."""

_RAW_SCHEMES: Final = frozenset({"json", "jsons", "xml", "xmls", "form", "forms", "apprise", "apprises"})
"""Apprise would post to whatever address follows."""

_HEADER_NAME: Final = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]{1,100}")
_HEADER_VALUE: Final = re.compile(r"[\x21-\x7e](?:[\x20-\x7e]{0,2000}[\x21-\x7e])?")
_ATOM: Final = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
_LABEL: Final = r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
_ADDRESS: Final = re.compile(rf"(?=.{{3,254}}$)(?=[^@]{{1,64}}@){_ATOM}(?:\.{_ATOM})*@{_LABEL}(?:\.{_LABEL})*")


class ChannelError(Exception):
    """A channel cannot be used as it is configured. ``str()`` is one line: which channel, what is wrong, the mend."""


@dataclass(frozen=True, slots=True)
class WebhookConfig:
    url: str
    keys: tuple[bytes, ...]
    """What the body is signed with, one signature a key; empty: not signed."""
    headers: Mapping[str, str]
    """Own headers, the bearer token included."""
    format: str
    template: str = ""
    """With the format ``template``: its source."""
    content_type: str = "application/json"


@dataclass(frozen=True, slots=True)
class AppriseConfig:
    urls: tuple[str, ...] = field(repr=False)
    """Addresses as Apprise writes them; they hold secrets."""


@dataclass(frozen=True, slots=True)
class EmailConfig:
    to: tuple[str, ...]
    """Bare addresses, each once, in the order given."""


def address(text: str) -> str | None:
    """The bare address in ``someone@example.org`` or ``Name <someone@example.org>``, or None.

    ASCII only, and no quoted local part: enough for real mailboxes, and nothing of it can break out of a command or a
    header. A domain in another script is turned into its ASCII form.
    """
    named = re.fullmatch(r"[^<>\x00-\x1f\x7f]*<([^<>]*)>", text.strip())
    local, at, domain = (named[1] if named else text).strip().rpartition("@")
    try:
        bare = f"{local}{at}{domain.encode('idna').decode()}"
    except UnicodeError:
        return None
    return bare if _ADDRESS.fullmatch(bare) else None


def email_config(spec: ChannelSpec) -> EmailConfig:
    """Keys: ``to``, an address or a list of them. Raises ChannelError."""
    _only_known(spec, _EMAIL_KEYS)
    wanted = _texts(spec, "to")
    if not wanted:
        raise _error(spec, "'to' is missing: name at least one address, as in to: [someone@example.org]")
    if len(wanted) > MAX_RECIPIENTS:
        raise _error(spec, f"'to' names {len(wanted)} addresses, {MAX_RECIPIENTS} at most: use a mailing list")
    found: dict[str, None] = {}
    for text in wanted:
        bare = address(text)
        if bare is None:
            raise _error(spec, f"'to': {text!r} is no mail address: write it as someone@example.org")
        found[bare] = None
    return EmailConfig(tuple(found))


def webhook_config(spec: ChannelSpec, environment: Mapping[str, str] | None) -> WebhookConfig:
    """Keys: ``url``, ``secret`` or ``secret_env`` (one or a list), ``token`` or ``token_env``, ``headers``, ``format``.

    ``environment`` is where the ``..._env`` keys are looked up; None: only their form is checked. Raises ChannelError.
    """
    _only_known(spec, _WEBHOOK_KEYS)
    url = spec.config.get("url")
    if url is None:
        raise _error(spec, "'url' is missing: name the receiver, as in url: https://example.org/hook")
    if not link(url):
        raise _error(spec, f"'url': {_shown_url(url)} is no http or https address without a user name: mend it")
    body_format = spec.config.get("format", "standard")
    if body_format not in FORMATS:
        raise _error(spec, f"'format': {body_format!r} is unknown: use one of {', '.join(FORMATS)}")
    headers = _headers(spec)
    tokens = _secrets(spec, "token", environment)
    if len(tokens) > 1:
        raise _error(spec, "'token' is a list: give one token")
    for token in tokens:
        if not _HEADER_VALUE.fullmatch(token):
            raise _error(spec, "'token' holds characters that no header may carry: use printable ASCII")
        headers["authorization"] = f"Bearer {token}"
    keys = tuple(_signing_key(spec, secret) for secret in _secrets(spec, "secret", environment))
    template, content_type = _template(spec, body_format)
    return WebhookConfig(link(url), keys, headers, body_format, template, content_type)


def apprise_config(spec: ChannelSpec, environment: Mapping[str, str] | None) -> AppriseConfig:
    """Keys: ``url`` or ``url_env``, one or a list. ``environment`` as for a webhook. Raises ChannelError."""
    _only_known(spec, _APPRISE_KEYS)
    urls = _secrets(spec, "url", environment)
    if not urls and not (environment is None and spec.config.get("url_env")):
        raise _error(spec, "'url' is missing: name the service, as in url: ntfy://my-topic")
    for url in urls:
        scheme, found, _ = url.partition("://")
        if not found or not scheme.isalnum():
            raise _error(spec, "'url' is no address of Apprise: write it as service://...")
        if scheme.lower() in _RAW_SCHEMES:
            raise _error(spec, f"'url': {scheme}:// posts to any address unchecked: use a channel of type webhook")
    return AppriseConfig(tuple(urls))


def _template(spec: ChannelSpec, body_format: str) -> tuple[str, str]:
    """The template and the type of what it makes; both have their defaults where the format is another."""
    source, content_type = spec.config.get("template"), spec.config.get("content_type", "application/json")
    if body_format != "template":
        if source is not None or "content_type" in spec.config:
            raise _error(spec, "'template' and 'content_type' go with format: template")
        return "", "application/json"
    from service.notify.template import CONTENT_TYPES, template_problem

    if not isinstance(source, str) or not 0 < len(source) <= _MAX_TEMPLATE:
        raise _error(spec, f"'template' must be a text of at most {_MAX_TEMPLATE} characters")
    if content_type not in CONTENT_TYPES:
        raise _error(spec, f"'content_type': {content_type!r} is unknown: use {' or '.join(CONTENT_TYPES)}")
    problem = template_problem(source, content_type)
    if problem is not None:
        raise _error(spec, f"'template': {problem}")
    return source, content_type


def _error(spec: ChannelSpec, text: str) -> ChannelError:
    return ChannelError(f"channel {spec.name!r}: {text}")


def _shown_url(url: object) -> str:
    """The address without what may be secret in it: path, query, password."""
    try:
        parts = urlsplit(str(url))
        return repr(f"{parts.scheme}://{parts.hostname or ''}/...")
    except ValueError:
        return "this"


def _only_known(spec: ChannelSpec, known: tuple[str, ...]) -> None:
    for key in spec.config:
        if key not in known:
            raise _error(spec, f"unknown key {key!r} for type {spec.type}: the keys are {', '.join(known)}")


def _texts(spec: ChannelSpec, key: str) -> list[str]:
    """The value of a key that takes one text or a list of texts; an empty list where it is left out."""
    value: Any = spec.config.get(key)
    if value is None:
        return []
    values = [value] if isinstance(value, str) else value
    if not isinstance(values, list | tuple) or not all(isinstance(text, str) and text.strip() for text in values):
        raise _error(spec, f"{key!r} must be a text or a list of texts, none of them empty")
    return list(values)


def _secrets(spec: ChannelSpec, key: str, environment: Mapping[str, str] | None) -> list[str]:
    names = _texts(spec, f"{key}_env")
    given = _texts(spec, key)
    if names and given:
        raise _error(spec, f"both {key!r} and '{key}_env' are given: keep one of them")
    if environment is None:
        return given
    for name in names:
        if not environment.get(name):
            raise _error(spec, f"the environment variable {name} ('{key}_env') is not set: set it or remove the key")
    return given + [environment[name] for name in names]


def _signing_key(spec: ChannelSpec, secret: str) -> bytes:
    """``whsec_`` and base64: the bytes it stands for. Any other text: its own UTF-8 bytes."""
    if not secret.startswith("whsec_"):
        return secret.encode()
    encoded = secret.removeprefix("whsec_")
    try:
        key = base64.b64decode(encoded + "=" * (-len(encoded) % 4), validate=True)
    except (binascii.Error, ValueError):
        key = b""
    if not key:
        raise _error(spec, "'secret' starts with whsec_ but is not base64 after it: copy it whole, or drop the prefix")
    return key


def _headers(spec: ChannelSpec) -> dict[str, str]:
    value = spec.config.get("headers")
    if value is None:
        return {}
    if not isinstance(value, Mapping) or len(value) > _MAX_HEADERS:
        raise _error(spec, f"'headers' must map at most {_MAX_HEADERS} names to texts, as in headers: {{X-Team: news}}")
    headers: dict[str, str] = {}
    for name, text in value.items():
        if not isinstance(name, str) or not _HEADER_NAME.fullmatch(name):
            raise _error(spec, f"'headers': {name!r} is no header name: use letters, digits and hyphens")
        if name.lower() in _OURS:
            raise _error(spec, f"'headers': {name} is set by newsvane itself: remove it")
        if not isinstance(text, str) or not _HEADER_VALUE.fullmatch(text):
            raise _error(spec, f"'headers': the value of {name} must be printable ASCII on one line")
        headers[name.lower()] = text
    return headers
