"""What most commands begin with: the settings, quiet logs, the database."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

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


def person() -> str:
    """The login name of who runs this; empty where there is none, as in some containers."""
    import getpass

    try:
        return getpass.getuser()
    except (KeyError, OSError, ImportError):
        return ""
