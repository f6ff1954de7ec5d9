"""What every command needs: the clock, new names, and the database.

Apart from the composition root, which loads all that polls, reads and sends, so that a command that only asks starts
quickly and stays small.
"""

import asyncio
import uuid
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime

import structlog
from sqlalchemy.engine import URL

from service.settings import Settings, SettingsError
from service.store.engine import Database, normalise_url
from service.store.migrate import migrate

__all__ = ["database_url", "new_id", "now", "open_database"]

log = structlog.get_logger("newsvane")


def now() -> datetime:
    """The clock: aware, UTC. Everyone else is handed a time."""
    return datetime.now(UTC)


def new_id() -> str:
    return uuid.uuid4().hex


def database_url(settings: Settings) -> URL:
    """The address of the database, with its driver. Raises SettingsError when it cannot be used."""
    try:
        return normalise_url(settings.database_url.get_secret_value())
    except ValueError as error:
        raise SettingsError(f"NEWSVANE_DATABASE_URL: {error}") from error


@asynccontextmanager
async def open_database(settings: Settings) -> AsyncIterator[Database]:
    """The database, brought to this version's schema. Raises SettingsError when its address cannot be used."""
    url = database_url(settings)
    db = Database(url)
    try:
        before, head = await asyncio.to_thread(migrate, url)
        db.begun = before is None
        if before != head:
            log.info("database migrated", before=before, now=head)
        yield db
    finally:
        await db.close()
