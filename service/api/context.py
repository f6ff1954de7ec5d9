"""What every request is answered from."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from fastapi import Depends, Request

from service.store.engine import Database

__all__ = ["Context", "Here"]


@dataclass(frozen=True, slots=True)
class Context:
    """Kept in ``app.state.context``."""

    db: Database
    now: Callable[[], datetime]


async def _context(request: Request) -> Context:
    context: Context = request.app.state.context
    return context


Here = Annotated[Context, Depends(_context)]
