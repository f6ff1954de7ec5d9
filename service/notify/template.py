"""A webhook's body from a template of the operator's own: sandboxed, bounded, and safe inside JSON.

    template (trusted, from the watch list) + alert (its texts from the web) -> bytes shorter than MAX_BODY

Texts reach a template as values only, so no ``{{ }}`` in a title is ever evaluated. In a JSON body whatever is written
out is escaped for the inside of a JSON string; ``{{ value | json }}`` writes a whole JSON value. Nothing can be called,
filters are a chosen few, and texts cannot be multiplied, so that a slip costs neither memory nor the loop.
"""

import json
from collections.abc import Callable, Mapping
from functools import cache
from typing import Any, Final

from jinja2 import StrictUndefined, Template, TemplateError
from jinja2.exceptions import SecurityError
from jinja2.sandbox import ImmutableSandboxedEnvironment

from service.notify.body import MAX_BODY, webhook_data
from service.notify.channel import DeliveryError, Outgoing
from service.notify.clean import cut, one_line

__all__ = ["CONTENT_TYPES", "template_body", "template_problem"]

CONTENT_TYPES: Final = ("application/json", "text/plain")
_FILTERS: Final = (
    *("capitalize", "count", "default", "first", "float", "int", "join", "last", "length", "list", "lower", "map"),
    *("max", "min", "reject", "rejectattr", "reverse", "round", "select", "selectattr", "sort", "sum", "title", "trim"),
    *("truncate", "unique", "upper"),
)
_CALLABLE: Final = frozenset({"items", "keys", "values", "get"})
"""The methods of a mapping; nothing else can be called."""

_TOO_LONG: Final = (
    f"its output is longer than {MAX_BODY:,} bytes. Write out less of the alert, as alert.mentions[:5] or "
    "mention.snippet | cut(200), and try the delivery again"
)


class _Whole(str):
    """JSON as it is to stand in the body."""

    __slots__ = ()


class _Sandbox(ImmutableSandboxedEnvironment):
    intercepted_binops = frozenset({"*", "**", "%"})

    def is_safe_callable(self, obj: Any) -> bool:  # noqa: ANN401 - Jinja's own signature
        return isinstance(getattr(obj, "__self__", None), Mapping) and getattr(obj, "__name__", "") in _CALLABLE

    def call_binop(self, context: Any, operator: str, left: Any, right: Any) -> Any:  # noqa: ANN401
        if operator == "**" or not all(isinstance(side, int | float) for side in (left, right)):
            raise SecurityError(f"{operator} is for numbers, and ** is not to be had")
        return super().call_binop(context, operator, left, right)


def template_problem(source: str, content_type: str) -> str | None:
    """What is wrong with a template, in a line; None when it can be read. Renders nothing."""
    try:
        _read(source, content_type)
    except TemplateError as error:
        return f"line {getattr(error, 'lineno', None) or 1}: {one_line(str(error), 200)}"
    return None


def template_body(message: Outgoing, source: str, content_type: str) -> bytes:
    """The request's body, shorter than MAX_BODY; JSON where that is the type. Raises DeliveryError, never transient.

    A template sees ``alert``: the webhook's ``data``, cleaned and bounded as there.
    """
    try:
        pieces, size = [], 0
        for piece in _read(source, content_type).generate(alert=webhook_data(message)):
            pieces.append(piece.encode())
            size += len(pieces[-1])
            if size >= MAX_BODY:
                raise _failed(_TOO_LONG)
    except (TemplateError, TypeError, ValueError, ArithmeticError, RecursionError, LookupError) as error:
        raise _failed(one_line(str(error), 200)) from error
    body = b"".join(pieces)
    if content_type == "application/json":
        try:
            json.loads(body)
        except ValueError as error:
            raise _failed(f"its output is no JSON: {error}") from error
    return body


def _failed(why: str) -> DeliveryError:
    return DeliveryError(f"The channel's template failed: {why}", transient=False)


@cache
def _environment(content_type: str) -> _Sandbox:
    inside_json = content_type == "application/json"
    environment = _Sandbox(
        undefined=StrictUndefined,
        finalize=_inside_json if inside_json else _plain,
        autoescape=False,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    filters: dict[str, Callable[..., Any]] = {name: environment.filters[name] for name in _FILTERS}
    environment.filters = {**filters, "json": _whole, "one_line": _one_line, "cut": _cut}
    environment.globals = {}
    return environment


@cache
def _read(source: str, content_type: str) -> Template:
    return _environment(content_type).from_string(source)


def _inside_json(value: object) -> str:
    """What ``{{ value }}`` writes, for the inside of a JSON string."""
    if isinstance(value, _Whole):
        return str(value)
    if isinstance(value, bool) or value is None or isinstance(value, int | float):
        return json.dumps(value)
    return json.dumps(value if isinstance(value, str) else _as_json(value), ensure_ascii=False)[1:-1]


def _plain(value: object) -> str:
    return str(value) if isinstance(value, str | int | float) else _as_json(value)


def _as_json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, default=str)


def _whole(value: object) -> _Whole:
    return _Whole(_as_json(value))


def _one_line(value: object, limit: int = 200) -> str:
    return one_line(str(value), max(1, int(limit)))


def _cut(value: object, limit: int = 200) -> str:
    return cut(str(value), max(1, int(limit)))
