"""Errors as RFC 9457 has them: what is wrong, and in ``detail`` how to mend it."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from fastapi import HTTPException
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import BaseModel, ConfigDict
from starlette.exceptions import HTTPException as AnyHTTPException

from service.search import AskError

__all__ = ["NOT_FOUND", "Problem", "ProblemResponse", "describe", "problem_responses"]

NOT_FOUND = HTTPStatus.NOT_FOUND
_PLAIN = {
    HTTPStatus.NOT_FOUND: "there is nothing at this address; /api/v1/openapi.json lists what there is",
    HTTPStatus.METHOD_NOT_ALLOWED: "this address can only be read: use GET",
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


class ProblemResponse(JSONResponse):
    media_type = "application/problem+json"

    def __init__(self, status: int, detail: str, headers: Mapping[str, str] | None = None) -> None:
        problem = Problem(title=HTTPStatus(status).phrase, status=status, detail=detail)
        super().__init__(problem.model_dump(), status_code=status, headers=headers)


def describe(error: Exception) -> tuple[int, str]:
    """Status and detail of anything that can go wrong while a request is answered."""
    match error:
        case AskError():
            return HTTPStatus.BAD_REQUEST, str(error)
        case RequestValidationError():
            return HTTPStatus.BAD_REQUEST, "; ".join(_invalid(one) for one in error.errors())
        case HTTPException():
            return error.status_code, str(error.detail)
        case AnyHTTPException():  # raised by the router itself, with nothing but the status in words
            status = HTTPStatus(error.status_code)
            return status, _PLAIN.get(status, status.description or status.phrase)
        case _:
            return HTTPStatus.INTERNAL_SERVER_ERROR, "this is an error in newsvane; its log says more"


def problem_responses() -> dict[int | str, dict[str, Any]]:
    """What a route's description says of its errors."""
    content = {ProblemResponse.media_type: {"schema": Problem.model_json_schema()}}
    return {"default": {"description": "What is wrong, and how to mend it (RFC 9457).", "content": content}}


def _invalid(error: Mapping[str, Any]) -> str:
    """``limit: Input should be less than or equal to 500``."""
    message = str(error["msg"]).removeprefix("Value error, ")
    if error["type"] == "string_pattern_mismatch":
        message = "holds a NUL character; leave it out"
    where = ".".join(str(step) for step in error["loc"][1:])
    return f"{where}: {message}" if where else message
