"""What acts need that is not in the database. The composition root makes one; whoever asks for an act hands it on."""

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from scrapers.errors import FetchError
from scrapers.http import WebClient
from scrapers.overhearing import Hop
from scrapers.types import Fetched, Unchanged
from scrapers.workers import ParserPool
from service.domain.model import ChannelSpec
from service.notify import Channel

__all__ = ["OpenChannel", "Outside", "first_answer"]

OpenChannel = Callable[[ChannelSpec, Callable[[str], None] | None], Channel]


@dataclass(frozen=True, slots=True)
class Outside:
    """Identities, chance, the web through its choke point, parsing processes, channels; and some of the settings.

    ``open_web``: with a list that takes a note of every hop, or None. ``keep``: how long articles are kept, None for
    good; ``backups``: the folder that somebody named for them. ``open_channels``: with what signs the links in mails.
    """

    new_id: Callable[[], str]
    random: Callable[[], float]
    open_web: Callable[[list[Hop] | None], AbstractAsyncContextManager[WebClient]]
    new_parser: Callable[[], ParserPool]
    open_channels: Callable[[bytes | None], AbstractAsyncContextManager[OpenChannel]]
    max_feed_items: int
    first_poll_summary: bool
    keep: timedelta | None = None
    backups: Path | None = None

    @asynccontextmanager
    async def parser(self) -> AsyncIterator[ParserPool]:
        """A process of its own, until the block ends."""
        pool = self.new_parser()
        try:
            yield pool
        finally:
            await pool.close()


async def first_answer(web: WebClient, url: str, *, accept: str, now: datetime) -> Fetched:
    """A full answer, where nothing is known to be unchanged. Raises FetchError."""
    answer = await web.fetch(url, accept=accept, now=now)
    if isinstance(answer, Unchanged):
        message = "The server says that nothing changed, to a first request."
        raise FetchError(message, code="protocol", transient=True, status=304)
    return answer
