"""A source as a person reads it: how it stands, when it is tried next and why then, and its last polls."""

from collections.abc import Callable, Iterator

from service.cli.listings import minute
from service.cli.output import Line
from service.domain.addresses import without_credentials

__all__ = ["HISTORY", "discovering", "standing"]

_WIDTH = 12


def standing(line: Line) -> Iterator[str]:
    """The lines above the history, of a source as ``service.search.one`` gives it."""
    yield line["title"] or line["url"]
    for name, value in _facts(line):
        if value:
            yield f"{name:{_WIDTH}} {value}"


def discovering(problem: str, url: str) -> str:
    """What to do about a site's address in the place of its feed's; else nothing."""
    if "This is not a feed: an HTML page" not in problem:
        return ""
    return f" `newsvane sources discover {without_credentials(url)}` looks for the feeds of that site."


def _facts(line: Line) -> Iterator[tuple[str, str | None]]:
    yield "address", line["url"]
    yield "moved from", line["listed_url"]
    yield "number", str(line["id"])
    yield "tags", ", ".join(line["tags"])
    yield "state", _state(line)
    yield "error", line["last_error"] and line["last_error"] + discovering(line["last_error"], line["url"])
    yield "last poll", _moment(line["last_polled_at"])
    yield "last success", _moment(line["last_success_at"])
    yield "next try", _moment(line["next_poll_at"]) if line["enabled"] else None
    yield "why then", line["next_try_because"]
    yield "hub", line["websub"]["words"] if line["websub"] else None


def _state(line: Line) -> str:
    if not line["enabled"]:
        return "off"
    if not line["failures"]:
        return str(line["status"])
    times = "1 failure" if line["failures"] == 1 else f"{line['failures']} failures in a row"
    weight = f', the last one of the kind "{line["fault"]}" (docs/polling.md)' if line["fault"] else ""
    return f"{line['status']}: {times}{weight}"


def _moment(time: str | None) -> str | None:
    return f"{minute(time)} UTC" if time else None


def _status(poll: Line) -> str:
    """With the redirects before it: ``301 > 200``."""
    return " > ".join(str(status) for status in (*poll["redirects"], poll["status_code"]) if status)


HISTORY: dict[str, Callable[[Line], object]] = {
    "time (UTC)": lambda poll: poll["at"][:19].replace("T", " "),
    "outcome": lambda poll: poll["outcome"],
    "status": _status,
    "items": lambda poll: poll["entries"] or "",
    "new": lambda poll: poll["new_articles"] or "",
    "bytes": lambda poll: f"{poll['bytes']:,}" if poll["bytes"] else "",
    "ms": lambda poll: poll["milliseconds"],
    "what went wrong, or was cut": lambda poll: poll["detail"],
}
