"""What acts need that is not in the database. The composition root makes one; whoever asks for an act hands it on."""

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass

from scrapers.http import WebClient
from scrapers.overhearing import Hop
from scrapers.workers import ParserPool
from service.domain.model import ChannelSpec
from service.notify import Channel

__all__ = ["OpenChannel", "Outside"]

OpenChannel = Callable[[ChannelSpec, Callable[[str], None] | None], Channel]


@dataclass(frozen=True, slots=True)
class Outside:
    """Identities, chance, the web through its choke point, parsing processes, channels; and two of the settings.

    ``open_web``: with a list that takes a note of every hop, or None.
    """

    new_id: Callable[[], str]
    random: Callable[[], float]
    open_web: Callable[[list[Hop] | None], AbstractAsyncContextManager[WebClient]]
    new_parser: Callable[[], ParserPool]
    open_channels: Callable[[], AbstractAsyncContextManager[OpenChannel]]
    max_feed_items: int
    first_poll_summary: bool

    @asynccontextmanager
    async def parser(self) -> AsyncIterator[ParserPool]:
        """A process of its own, until the block ends."""
        pool = self.new_parser()
        try:
            yield pool
        finally:
            await pool.close()
