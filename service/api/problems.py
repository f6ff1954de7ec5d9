"""Errors as RFC 9457 has them: what is wrong, and in ``detail`` how to mend it."""

import sqlite3
from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any

from fastapi import HTTPException
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import BaseModel, ConfigDict
from sqlalchemy.exc import InterfaceError, OperationalError, ProgrammingError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from starlette.exceptions import HTTPException as AnyHTTPException

from service.desk.errors import Forbidden, Refused, Unknown, Wrong, listing_of
from service.domain.matching import DefinitionError
from service.search import AskError
from service.watchlist import WatchListError

__all__ = [
    "EXPECTED",
    "NOT_FOUND",
    "UNREACHABLE",
    "Problem",
    "ProblemResponse",
    "describe",
    "is_mistake",
    "is_unreachable",
    "places_of",
    "problem_responses",
]

_LISTED = frozenset(
    {
        *("sources", "entities", "rules", "channels", "inhibitions", "silences", "mentions", "articles", "stories"),
        "searches",
        *("alerts", "deliveries", "tokens", "users", "rescans", "jobs", "backups"),
    }
)

NOT_FOUND = HTTPStatus.NOT_FOUND
EXPECTED = (AskError, DefinitionError, Refused, WatchListError)
"""Errors of the layers below that tell the asker what to change."""
UNREACHABLE = (OperationalError, InterfaceError, PoolTimeout)
"""What is raised when the database is gone, or so busy that it does not answer; see ``is_unreachable``."""
_PLAIN = {
    HTTPStatus.NOT_FOUND: "there is nothing at this address; /api/v1/openapi.json lists what there is",
    HTTPStatus.METHOD_NOT_ALLOWED: "this address cannot be asked that way; `Allow` lists how it can",
}


class Problem(BaseModel):
    """RFC 9457."""

    model_config = ConfigDict(use_attribute_docstrings=True)

    type: str = "about:blank"
    title: str
    """The status in words."""
    status: int
    detail: str
    """What is wrong, and the mend."""
    places: list[str] = []
    """The parts of the request that are wrong, where that can be said: `body.name`, `rules[0].query`."""


class ProblemResponse(JSONResponse):
    media_type = "application/problem+json"

    def __init__(
        self, status: int, detail: str, headers: Mapping[str, str] | None = None, places: Sequence[str] = ()
    ) -> None:
        sayable = [text.encode("utf-8", "backslashreplace").decode() for text in (detail, *places)]
        problem = Problem(title=HTTPStatus(status).phrase, status=status, detail=sayable[0], places=sayable[1:])
        super().__init__(problem.model_dump(), status_code=status, headers=headers)


def is_unreachable(error: Exception) -> bool:
    """Whether the database may well be there the next time."""
    return isinstance(error, UNREACHABLE) and not is_mistake(error)


def is_mistake(error: Exception) -> bool:
    """Whether the database did not understand a statement of ours. SQLite says so (SQLITE_ERROR) with the class of
    error that also tells of a file that cannot be read."""
    code = getattr(getattr(error, "orig", None), "sqlite_errorcode", None)
    return isinstance(error, ProgrammingError) or code == sqlite3.SQLITE_ERROR


def describe(error: Exception) -> tuple[int, str]:
    """Status and detail of anything that can go wrong while a request is answered."""
    match error:
        case Unknown():
            listed = listing_of(error.kind)
            return HTTPStatus.NOT_FOUND, f"{error}; GET /api/v1/{listed} lists them" if listed in _LISTED else str(
                error
            )
        case Forbidden():
            return HTTPStatus.FORBIDDEN, str(error)
        case Refused():
            return (HTTPStatus.UNPROCESSABLE_ENTITY if isinstance(error, Wrong) else HTTPStatus.CONFLICT), str(error)
        case WatchListError() | DefinitionError():
            return HTTPStatus.UNPROCESSABLE_ENTITY, str(error)
        case AskError():
            return HTTPStatus.BAD_REQUEST, str(error)
        case RequestValidationError():
            return HTTPStatus.BAD_REQUEST, "; ".join(_invalid(one) for one in error.errors())
        case HTTPException():
            return error.status_code, str(error.detail)
        case _ if is_unreachable(error):
            return HTTPStatus.SERVICE_UNAVAILABLE, "the database cannot be used right now: see /readyz, and try again"
        case AnyHTTPException():  # raised by the router itself, with nothing but the status in words
            status = HTTPStatus(error.status_code)
            return status, _PLAIN.get(status, status.description or status.phrase)
        case _:
            return HTTPStatus.INTERNAL_SERVER_ERROR, "this is an error in newsvane; its log says more"


def places_of(error: Exception) -> list[str]:
    """Which parts of the request are wrong; empty where that is the whole, or not known."""
    match error:
        case RequestValidationError():
            return [
                "body" if one["type"] == "json_invalid" else ".".join(str(step) for step in one["loc"])
                for one in error.errors()
            ]
        case WatchListError() if error.where:
            return [error.where.removeprefix("this request: ")]
        case Wrong() if error.place:
            return [f"body.{error.place}"]
    return []


def problem_responses() -> dict[int | str, dict[str, Any]]:
    """What a route's description says of its errors."""
    content = {ProblemResponse.media_type: {"schema": Problem.model_json_schema()}}
    return {"default": {"description": "What is wrong, and how to mend it (RFC 9457).", "content": content}}


def _invalid(error: Mapping[str, Any]) -> str:
    """``limit: Input should be less than or equal to 500``."""
    message = str(error["msg"]).removeprefix("Value error, ")
    if error["type"] == "string_pattern_mismatch":
        message = "holds a NUL character; leave it out"
    if error["type"] == "json_invalid":
        return f"the body is no JSON: {error['ctx']['error']}, at character {error['loc'][-1]}"
    where = ".".join(str(step) for step in error["loc"][1:])
    return f"{where}: {message}" if where else message
