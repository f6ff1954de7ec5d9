"""What most commands begin with: the settings, quiet logs, the database."""

import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

from service.cli.output import visible

if TYPE_CHECKING:
    from service.settings import Settings
    from service.store.engine import Database

__all__ = ["database", "person", "settings"]


def settings(*, logs: bool = False) -> "Settings":
    """The settings; the log shows warnings only, unless ``logs``. Raises SettingsError."""
    from service.logs import configure
    from service.settings import load_settings

    loaded = load_settings()
    configure(loaded.log_format, loaded.log_level if logs else "warning")
    return loaded


@asynccontextmanager
async def database() -> "AsyncIterator[Database]":
    from service.opening import open_database

    async with open_database(settings()) as db:
        yield db
        if db.begun:  # whoever stands in the wrong folder finds out
            place = str(db.file) if db.file else db.url.render_as_string(hide_password=True)
            print(f"newsvane: this began a new database, {visible(place)}", file=sys.stderr)


def person() -> str:
    """The login name of who runs this; empty where there is none, as in some containers."""
    import getpass

    try:
        return getpass.getuser()
    except (KeyError, OSError, ImportError):
        return ""
