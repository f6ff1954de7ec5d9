"""Templates and what they need to say things: times, shares, spans of time. Everything is escaped, always."""

import hashlib
import math
from collections.abc import Mapping
from datetime import UTC, datetime
from importlib import resources
from typing import Any
from urllib.parse import quote

from fastapi.responses import HTMLResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from service.notify.clean import link, one_line, plain
from service.notify.message import amount_of, parties_of

__all__ = ["STATIC", "html", "path"]

_HERE = resources.files("service.web")
_MEDIA = {"css": "text/css; charset=utf-8", "js": "text/javascript; charset=utf-8", "svg": "image/svg+xml"}
_LINE = 300

STATIC: dict[str, tuple[bytes, str]] = {
    file.name: (file.read_bytes(), _MEDIA[file.name.rpartition(".")[2]])
    for file in _HERE.joinpath("static").iterdir()
    if file.name.rpartition(".")[2] in _MEDIA
}
"""File name -> bytes and media type. Few and small: they are kept in memory."""


def html(template: str, *, status: int = 200, headers: Mapping[str, str] | None = None, **values: Any) -> HTMLResponse:  # noqa: ANN401
    return HTMLResponse(_ENVIRONMENT.get_template(template).render(values), status_code=status, headers=headers)


def static_url(name: str) -> str:
    """The address of a static file; it changes when the file does."""
    return f"/static/{name}?v={hashlib.sha256(STATIC[name][0]).hexdigest()[:12]}"


def clock(time: datetime | str) -> str:
    """``22 Nov 08:15``, in UTC."""
    return f"{_moment(time):%-d %b %H:%M}"


def instant(time: datetime | str) -> str:
    """RFC 3339, to the second: what ``<time datetime>`` holds."""
    return f"{_moment(time):%Y-%m-%dT%H:%M:%SZ}"


def until(time: datetime | str, now: datetime) -> str:
    """``in 12 min``, ``now`` where it has passed."""
    seconds = (_moment(time) - now).total_seconds()
    return f"in {_length(seconds)}" if seconds > 0 else "now"


def _moment(time: datetime | str) -> datetime:
    return (datetime.fromisoformat(time) if isinstance(time, str) else time).astimezone(UTC)


def _length(seconds: float) -> str:
    """Rounded up, so that nobody comes too early."""
    for unit, size in (("d", 86_400), ("h", 3_600), ("min", 60)):
        if seconds > (size if unit == "min" else 2 * size):
            return f"{math.ceil(seconds / size)} {unit}"
    return f"{math.ceil(seconds)} s"


def percent(share: float) -> str:
    """Rounded down: only what is certain is 100 %."""
    return f"{int(share * 100 + 1e-9)} %"


def path(text: str) -> str:
    """A name as one step of an address."""
    return quote(text, safe="")


def _line(text: str, limit: int = _LINE) -> str:
    return one_line(text, limit)


def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(str(_HERE.joinpath("templates"))),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {
        "amount": amount_of,
        "clock": clock,
        "instant": instant,
        "line": _line,
        "parties": lambda fact: ", ".join(parties_of(fact)),
        "path": path,
        "percent": percent,
        "plain": plain,
        "safe_link": link,
        "until": until,
    }
    environment.globals |= {"static_url": static_url}
    environment.globals["parts"] = environment.get_template("parts.html.j2").module
    return environment


_ENVIRONMENT = _environment()
