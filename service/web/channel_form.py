"""A channel as the watch list writes it <-> the form in which people write it. Pure.

Secrets go in and never come out: a field that is left empty keeps what is stored, a box takes it away.
"""

from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import urlsplit

from service.web.forms import Form

__all__ = ["BODIES", "FIELDS", "TYPES", "form_of", "item_of", "kept_secrets"]

TYPES: Final = (
    ("webhook", "Webhook", "Slack, Discord, Teams, Mattermost, or a program of yours"),
    ("email", "Email", "over your own mail server"),
    ("apprise", "Apprise", "ntfy, Telegram, Matrix and a hundred other services"),
)
BODIES: Final = (
    ("", "Standard Webhooks"),
    ("slack", "Slack"),
    ("discord", "Discord"),
    ("teams", "Microsoft Teams"),
    ("mattermost", "Mattermost"),
    ("template", "a template of your own"),
)
FIELDS: Final = {
    "name": "name",
    "url": "url",
    "to": "to",
    "secret": "secret",
    "secret_env": "secret_env",
    "token": "token",
    "token_env": "token_env",
    "format": "format",
    "template": "template",
    "content_type": "content_type",
    "url_env": "url_env",
}
"""The watch list's keys, and the field that a mistake in each is shown beside."""

_SECRET: Final = {"webhook": ("url", "secret", "token"), "email": (), "apprise": ("url",)}
_OPEN: Final = {
    "webhook": ("secret_env", "token_env", "format", "template", "content_type"),
    "email": (),
    "apprise": ("url_env",),
}


def form_of(item: Mapping[str, Any]) -> Form:
    """Filled in, without secrets."""
    to = item.get("to") or []
    shown = {key: item.get(key) for key in ("name", *_OPEN.get(item.get("type", ""), ()))}
    return Form.of({**shown, "to": "\n".join([to] if isinstance(to, str) else to)})


def item_of(form: Form, kind: str, stored: Mapping[str, Any]) -> dict[str, Any]:
    """As the watch list writes it. ``stored``: the definition that is changed, secrets included; else empty."""
    kept = {key: value for key, value in stored.items() if key in {"headers", "enabled"}}
    item: dict[str, Any] = {**kept, "name": form.text("name"), "type": kind}
    if kind == "email":
        return {**item, "to": form.lines("to")}
    for key in _SECRET.get(kind, ()):
        value = form.text(key) or (None if form.on(f"no_{key}") else stored.get(key))
        if value and not form.text(f"{key}_env"):
            item[key] = value
    return item | {key: form.text(key) for key in _OPEN.get(kind, ()) if form.text(key)}


def kept_secrets(item: Mapping[str, Any]) -> dict[str, str]:
    """What is stored, as far as it may be told: an address without its path, that there is a secret."""
    told = {}
    for key in _SECRET.get(item.get("type", ""), ()):
        value = item.get(key)
        if value:
            told[key] = _host_of(value) if key == "url" and isinstance(value, str) else "one is stored"
    return told


def _host_of(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.hostname or ''}/…" if parts.scheme in {"http", "https"} else f"{parts.scheme}://…"
