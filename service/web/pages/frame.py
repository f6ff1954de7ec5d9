"""What every page needs: who asks, what time it is, and the way from values to HTML."""

from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus
from typing import Annotated, Any
from urllib.parse import urlsplit

from fastapi import Depends
from fastapi.responses import HTMLResponse, RedirectResponse

from service.api.access import Reader
from service.api.context import Context, Here, outdoors
from service.desk.outside import Outside
from service.domain.access import NOBODY_ELSE, Caller, Scope
from service.store.engine import Database
from service.web.render import html

__all__ = ["Frame", "Framed", "back", "ours"]


@dataclass(frozen=True, slots=True)
class Frame:
    """Of one request. ``html`` gives templates ``now``, ``who`` (None where nobody needs to sign in), ``may_write``
    and ``may_administer`` besides what it is given."""

    here: Context
    caller: Caller

    @property
    def db(self) -> Database:
        return self.here.db

    @property
    def now(self) -> datetime:
        return self.here.now()

    @property
    def reader(self) -> str:
        """Whose triage is shown."""
        return self.caller.key

    @property
    def outside(self) -> Outside:
        """What acts need of the web and of channels. Raises HTTPException where only the database is served."""
        return outdoors(self.here)

    def html(self, template: str, *, status: int = HTTPStatus.OK, **values: Any) -> HTMLResponse:  # noqa: ANN401
        return html(
            template,
            status=status,
            now=self.now,
            who=None if self.caller is NOBODY_ELSE else self.caller,
            may_write=self.caller.scope >= Scope.WRITE,
            may_administer=self.caller.scope >= Scope.ADMIN,
            **values,
        )


async def _frame(here: Here, caller: Reader) -> Frame:
    return Frame(here, caller)


Framed = Annotated[Frame, Depends(_frame)]


def back(to: str, otherwise: str = "/") -> RedirectResponse:
    """After a form: to the page that it names, when that is one of ours."""
    return RedirectResponse(ours(to, otherwise), HTTPStatus.SEE_OTHER)


def ours(to: str, otherwise: str = "/") -> str:
    """A path of this site, with its query; ``otherwise`` for what a browser could take for another site's address."""
    try:
        parts = urlsplit(to)
    except ValueError:
        return otherwise
    is_path = to.startswith("/") and not to.startswith(("//", "/\\")) and not parts.netloc and to.isprintable()
    return to if is_path else otherwise
