"""What pages that change something share: who may, where an act leads, and what it is told with."""

from typing import Annotated
from urllib.parse import urlencode

from fastapi import Depends
from fastapi.responses import RedirectResponse

from service.api.access import Writer
from service.api.context import Here
from service.domain.access import NOBODY_ELSE
from service.web.pages.frame import Frame

__all__ = ["Acting", "author", "done_at"]


async def _acting(here: Here, caller: Writer) -> Frame:
    return Frame(here, caller)


Acting = Annotated[Frame, Depends(_acting)]
"""A frame of somebody who may write; anybody else is refused."""


def author(frame: Frame) -> str:
    """Who did it, as it is kept; empty where nobody needs to sign in."""
    return "" if frame.caller is NOBODY_ELSE else frame.caller.name


def done_at(path: str, done: str, *, part: str = "", **more: str) -> RedirectResponse:
    """After an act (303, so that reloading repeats nothing): the page that shows it. ``done``: which of its sentences
    it begins with. ``part``: the id of what is to be seen there."""
    return RedirectResponse(f"{path}?{urlencode({**more, 'done': done})}{f'#{part}' if part else ''}", 303)
