"""Log lines: one an outcome, on standard error; for people on a terminal, JSON otherwise.

Nothing from the web reaches a terminal unescaped: every text value is written as Python writes a literal, which turns
control characters, escape sequences and bidirectional overrides into visible codes.
"""

import logging
import sys
import traceback
from datetime import datetime
from typing import Any, TextIO

import structlog

from service.written import visible

__all__ = ["configure"]

_QUIET = ("apscheduler", "uvicorn", "uvicorn.error", "uvicorn.access", "httpx", "trafilatura", "asyncio", "mail.log")


def configure(log_format: str, level: str) -> None:
    """``log_format``: ``auto``, ``console`` or ``json``; ``level``: ``debug`` to ``error``."""
    console = log_format == "console" or (log_format == "auto" and sys.stderr.isatty())
    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        _plain_times,
    ]
    if console:
        renderer: list[Any] = [
            structlog.dev.ConsoleRenderer(
                colors=sys.stderr.isatty(), repr_native_str=True, sort_keys=False, exception_formatter=_write_traceback
            )
        ]
    else:
        renderer = [structlog.processors.format_exc_info, structlog.processors.JSONRenderer(ensure_ascii=True)]
    structlog.configure(
        processors=[*shared, *renderer],
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelNamesMapping()[level.upper()]),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=False,
    )
    logging.basicConfig(
        stream=sys.stderr, level=logging.WARNING, format="%(levelname)s %(name)s: %(message)r", force=True
    )
    for name in _QUIET:
        logging.getLogger(name).setLevel(logging.ERROR)


def _write_traceback(out: TextIO, exc_info: Any) -> None:  # noqa: ANN401 - structlog's
    """Without the values of variables, which the stock formatter shows: they may be secrets."""
    out.writelines(f"\n{visible(line)}" for line in "".join(traceback.format_exception(*exc_info)).splitlines())


def _plain_times(_logger: object, _name: str, line: Any) -> Any:  # noqa: ANN401 - structlog's event dict
    for key, value in line.items():
        if isinstance(value, datetime):
            line[key] = value.isoformat(timespec="seconds")
    return {key: value for key, value in line.items() if value is not None}
