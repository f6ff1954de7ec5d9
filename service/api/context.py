"""What every request is answered from."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from fastapi import Depends, Request

from service.api.lock import Lock
from service.desk.outside import Outside
from service.store.engine import Database

__all__ = ["Context", "Here"]


@dataclass(frozen=True, slots=True)
class Context:
    """Kept in ``app.state.context``."""

    db: Database
    now: Callable[[], datetime]
    lock: Lock
    outside: Outside
    secure: bool = False
    """Whether browsers reach it over TLS, as far as we were told: cookies then go no other way."""


async def _context(request: Request) -> Context:
    context: Context = request.app.state.context
    return context


Here = Annotated[Context, Depends(_context)]
