"""The style sheet, the modules and the icon."""

from http import HTTPStatus

from fastapi import APIRouter, HTTPException
from fastapi.responses import Response

from service.web.render import STATIC

__all__ = ["router"]

router = APIRouter()


@router.get("/static/{name}")
async def static(name: str) -> Response:
    """A file. Pages link it by an address that holds its digest, so it may be kept for good."""
    if name not in STATIC:
        raise HTTPException(HTTPStatus.NOT_FOUND, "there is no such file")
    content, media_type = STATIC[name]
    return Response(content, media_type=media_type, headers={"Cache-Control": "public, max-age=31536000, immutable"})
